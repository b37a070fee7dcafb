"""A local Dask cluster in a process of its own: ``python -m mnist_core.cluster WORKERS``.

It prints its address as one line of JSON and ends when its standard input closes, which the operating system sees to
however its owner dies. A cluster inside the server would share its interpreter lock and import its script again.

Whoever can reach a Dask scheduler can run code as its user, and any account on this machine can reach it. So everything
goes through TLS with a key made at each start, which is printed after the address and kept only in memory.
"""

import json
import sys
import threading

import dask
from distributed import LocalCluster
from distributed.security import Security
from distributed.system import MEMORY_LIMIT

from mnist_core.cluster.lanes import LANES

CONFIG = {
    # A worker trains a run and a try side by side, and each on threads of its own. BLAS has one thread from the start:
    # a limit that one of them lifts would change how the other's sums round.
    "distributed.nanny.pre-spawn-environ": {"MALLOC_TRIM_THRESHOLD_": 65536, "OPENBLAS_NUM_THREADS": 1},
    "distributed.worker.profile.enabled": False,
    # Workers import what runs need before the first one comes.
    "distributed.worker.preload": ["mnist_core.jobs.worker"],
    # Runs keep nothing in Dask's own memory: there is nothing to spill, and pausing would only block the queue.
    "distributed.worker.memory.target": False,
    "distributed.worker.memory.spill": False,
    "distributed.worker.memory.pause": False,
    "distributed.worker.memory.terminate": 0.95,
    # Dask opens ports for pages about itself, which need no key. Nothing is served there.
    "distributed.scheduler.http.routes": [],
    "distributed.worker.http.routes": [],
    "distributed.nanny.http.routes": [],
}
_CHECK_EVERY_S = 2.0


def main(workers: int) -> None:
    """Run a cluster of `workers` processes until standard input closes.

    Each process takes one piece of work at a time, and a try beside it: somebody who moves a slider does not wait for a
    run, and what the process has loaded serves both.
    """
    dask.config.set(CONFIG)
    security = Security.temporary()
    with LocalCluster(
        protocol="tls://",
        security=security,
        n_workers=workers,
        threads_per_worker=len(LANES),
        resources=dict.fromkeys(LANES, 1),
        processes=True,
        host="127.0.0.1",
        dashboard_address=None,
        scheduler_kwargs={"dashboard_address": "127.0.0.1:0"},  # no dashboard, but its port would be the usual 8787
        memory_limit=MEMORY_LIMIT // workers,
    ) as cluster:
        way = {"address": cluster.scheduler_address, "key": security.tls_client_key, "cert": security.tls_client_cert}
        sys.stdout.write(json.dumps(way) + "\n")
        sys.stdout.flush()
        owner_is_gone = _notice_end_of_input()
        while not owner_is_gone.wait(_CHECK_EVERY_S):
            # A worker process that dies is restarted by its nanny. One that the scheduler has given up on, as when the
            # machine was busy for too long, leaves for good: this brings it back.
            cluster.scale(workers)


def _notice_end_of_input() -> threading.Event:
    ended = threading.Event()

    def wait() -> None:
        sys.stdin.read()
        ended.set()

    threading.Thread(target=wait, daemon=True).start()
    return ended


if __name__ == "__main__":
    main(int(sys.argv[1]))
