"""A contestant's own process: `python -m mnist_core.benchmark.worker NAME`.

It reads commands from its standard input, JSON lines such as {"do": "measure", "task": "full-batch"}, answers each with
a JSON line, and ends when its input ends.
"""

import gc
import json
import os
import sys
from importlib import import_module
from statistics import median
from time import perf_counter, process_time
from typing import IO, Any

import numpy as np

from mnist_core.benchmark.contestants import CONTESTANTS
from mnist_core.benchmark.peers import Peer
from mnist_core.benchmark.tasks import TASKS, Task
from mnist_core.data import Split, load_mnist
from mnist_core.machine import available_cores
from mnist_core.nn import MLP
from mnist_core.nn.mlp import as_rows
from mnist_core.training.parallel.blocks import batch_order
from mnist_core.training.streams import stream

# A measurement is the median of as many repetitions as fit in so long, at least one.
_MEASURE_S = 0.3
_CHECK_STEPS = {"full-batch": 5, "mini-batch": 50, "best": 5}
_JUDGED_IMAGES = 5000


class Session:
    """What a worker process does for its parent: each public method is a command."""

    def __init__(self, name: str) -> None:
        contestant = CONTESTANTS[name]
        self._threads = available_cores()
        self._peer: Peer = import_module(contestant.module).make(contestant.form, self._threads)
        self._measured: Task | None = None
        self._epoch = self._images = 0

    def describe(self) -> dict[str, Any]:
        """Return the library's version, the BLAS libraries it loaded, and its threads."""
        from mnist_core.benchmark.machine import blas_libraries  # noqa: PLC0415 - not a part of the start-up measured

        return {"version": self._peer.version, "blas": blas_libraries(), "threads": self._threads}

    def check(self, task: str) -> float:
        """Return the cost after some steps, or the share of predictions that are not those of the same weights here."""
        asked = TASKS[task]
        if asked.kind == "predict":
            self._start(asked, asked.batch_size)
            x = self._images_to_predict(asked)
            return float(np.mean(self._peer.predict(x) != self._network.predict(x)))
        full = asked.config.batch_size is None
        steps = _CHECK_STEPS[asked.workload]
        # A last step of the epoch's own odd size too, so that all that is compiled for a size is compiled.
        rest = asked.images % asked.batch_size
        self._start(asked, asked.images if full else steps * asked.batch_size + rest)
        for _ in range(steps if full else 1):
            self._one_epoch()
        return self._cost()

    def measure(self, task: str) -> dict[str, float]:
        """Return the median duration of the task, and how many cores it kept busy."""
        asked = TASKS[task]
        if self._measured is not asked:
            self._start(asked, asked.images)
            self._repeat_once(asked)
            self._measured = asked
        durations_s: list[float] = []
        cpu_s = 0.0
        while sum(durations_s) < _MEASURE_S:
            cpu_before_s = process_time()
            durations_s.append(self._repeat_once(asked))
            cpu_s += process_time() - cpu_before_s
        return {"duration_s": median(durations_s), "cores": cpu_s / sum(durations_s)}

    def first_epoch(self, task: str) -> float:
        """Train for one epoch, to be timed from the start of this process. Return the epoch's number, 0."""
        asked = TASKS[task]
        self._start(asked, asked.images)
        self._one_epoch()
        return 0.0

    def memory(self) -> int:
        """Return the most memory that this process has held, in bytes."""
        from mnist_core.benchmark.machine import peak_memory_bytes  # noqa: PLC0415 - as above

        return peak_memory_bytes()

    def sgemm(self) -> float:
        """Return the machine's best rate of matrix products, in floating-point operations a second."""
        from mnist_core.benchmark.machine import sgemm_flop_per_s  # noqa: PLC0415 - as above

        return sgemm_flop_per_s(self._threads)

    def _start(self, task: Task, images: int) -> None:
        """Give the peer the first `images` training images, the config's initial weights and a fresh optimizer."""
        self._measured, self._epoch, self._config = None, 0, task.config
        if task.kind != "predict" and images != self._images:
            train = load_mnist().train
            self._peer.load(Split(train.images[:images], train.labels[:images]))
            self._images = images
        config = task.config
        rng = stream(config.seed, "weights")
        self._network = MLP(config.layer_sizes, config.activation, config.initializer, rng, config.dtype)
        self._peer.start(config, self._network)
        # What is left of the last task must not count as memory of this one.
        gc.collect()

    def _repeat_once(self, task: Task) -> float:
        """Carry the task out once and return how long it took, in seconds."""
        if task.kind != "predict":
            return self._one_epoch()
        x = self._images_to_predict(task)
        repeats = 1 if task.images > 1 else 5
        began_s = perf_counter()
        for _ in range(repeats):
            self._peer.predict(x)
        return (perf_counter() - began_s) / repeats

    def _one_epoch(self) -> float:
        order = None if self._config.batch_size is None else batch_order(self._config.seed, self._epoch, self._images)
        self._peer.prepare(order)
        self._epoch += 1
        began_s = perf_counter()
        self._peer.epoch()
        return perf_counter() - began_s

    def _images_to_predict(self, task: Task) -> np.ndarray:
        return as_rows(load_mnist().test.images[: task.images], np.dtype(np.float32))

    def _cost(self) -> float:
        """Return the mean cross-entropy of some training images with the peer's weights, computed alike for all."""
        from mnist_core.nn.losses import cross_entropy  # noqa: PLC0415 - as above

        vector = np.concatenate([array.ravel() for array in self._peer.arrays()])
        network = MLP.from_parameters(self._config.layer_sizes, self._config.activation, vector)
        train = load_mnist().train
        logits = network.logits(train.images[:_JUDGED_IMAGES])
        return float(cross_entropy(logits, train.labels[:_JUDGED_IMAGES]).mean())


def main(name: str) -> None:
    """Answer commands until the input ends."""
    answers = _own_output()
    session = Session(name)
    for line in sys.stdin:
        command = json.loads(line)
        answer = getattr(session, command.pop("do"))(**command)
        answers.write(json.dumps(answer) + "\n")
        answers.flush()


def _own_output() -> IO[str]:
    """Return the standard output, and send all that libraries print there to the standard error."""
    own = os.dup(1)
    os.dup2(2, 1)
    return os.fdopen(own, "w", encoding="utf-8")


if __name__ == "__main__":
    main(sys.argv[1])
