"""Two processes write as fast as they can while ten threads in two more read: nobody may meet a lock."""

import subprocess
import sys
import textwrap

from mnist_core.runs import OPERATOR, RunStore
from mnist_core.training import TrainingConfig

BATCHES, BATCH = 40, 5
WRITER = f"""
    import sys
    import numpy as np
    from mnist_core.runs import RunStore
    from mnist_core.training import Checkpoint, EpochResult
    store, run_id = RunStore(sys.argv[1]), sys.argv[2]
    def result(epoch):
        return EpochResult(epoch, 1.0, 0.5, None, None, 0.1, (1.0,), (), 0.1, 1.0)
    for first in range(0, {BATCHES * BATCH}, {BATCH}):
        store.append_epochs(run_id, [result(epoch) for epoch in range(first, first + {BATCH})])
        store.save_checkpoint(run_id, Checkpoint(first + {BATCH}, np.zeros(100_000, np.float32)))
"""
READER = f"""
    import sys, threading
    from mnist_core.runs import OPERATOR, RunStore
    store, run_ids = RunStore(sys.argv[1]), sys.argv[2:]
    failures = []
    def read():
        try:
            seen = 0
            while seen < {BATCHES * BATCH} * len(run_ids):
                assert len(store.list_runs(who=OPERATOR)) == len(run_ids)
                lengths = [len(store.history(run_id, who=OPERATOR)) for run_id in run_ids]
                assert sum(lengths) >= seen and not any(length % {BATCH} for length in lengths), lengths
                seen = sum(lengths)
                store.load_checkpoint(run_ids[0], who=OPERATOR)
        except BaseException as error:
            failures.append(error)
            raise
    threads = [threading.Thread(target=read) for _ in range(5)]
    for thread in threads: thread.start()
    for thread in threads: thread.join()
    sys.exit(len(failures))
"""


def start(code: str, *arguments: str) -> subprocess.Popen[str]:
    command = [sys.executable, "-c", textwrap.dedent(code), *arguments]
    return subprocess.Popen(command, stderr=subprocess.PIPE, text=True)


def test_two_writers_and_ten_readers(database_url: str):
    store = RunStore(database_url)
    run_ids = [store.create(TrainingConfig(), who=OPERATOR).id for _ in range(2)]
    processes = [start(READER, database_url, *run_ids) for _ in range(2)]
    processes += [start(WRITER, database_url, run_id) for run_id in run_ids]
    try:
        for process in processes:
            _, errors = process.communicate(timeout=90)
            assert (process.returncode, errors) == (0, "")
    finally:
        for process in processes:
            process.kill()
    assert [len(store.history(run_id, who=OPERATOR)) for run_id in run_ids] == [BATCHES * BATCH] * 2
    store.close()


def test_many_processes_may_create_the_database_at_once(database_url: str):
    code = "import sys; from mnist_core.runs import OPERATOR, RunStore; RunStore(sys.argv[1]).list_runs(who=OPERATOR)"
    processes = [start(code, database_url) for _ in range(4)]
    for process in processes:
        _, errors = process.communicate(timeout=60)
        assert (process.returncode, errors) == (0, "")
