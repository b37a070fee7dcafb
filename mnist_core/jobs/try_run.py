"""What a worker does with a try: train it for three seconds at most, and write as little as those who watch need."""

import time
from dataclasses import replace
from functools import partial

import numpy as np

from mnist_core.data import load_mnist
from mnist_core.jobs.attend import Attendance
from mnist_core.jobs.overflow import BLOWN_UP, overflows
from mnist_core.lessons.digits_to_watch import digits_to_watch
from mnist_core.machine import available_cores
from mnist_core.runs import Run, RunStatus, weights_sha256
from mnist_core.runs.tries import BOUND_S, BOUNDED, News, write_try
from mnist_core.settings import settings
from mnist_core.threads import Threads
from mnist_core.training import EpochProgress, EpochResult, Trainer, train
from mnist_core.training.measure import measure
from mnist_core.training.results import Point
from mnist_core.training.split import split_training

_WRITE_EVERY_S = 0.04
# On a slow disk it writes less often, so that writing takes at most a tenth of the time.
_WRITE_SHARE = 0.1
_PROBED = 100


def run_try(attendance: Attendance, run: Run) -> None:
    """Train from the first weights, also where a worker died over it: that is quicker than going on."""
    _Try(attendance, run).run()


class _Try:
    """One execution of one try."""

    def __init__(self, attendance: Attendance, run: Run) -> None:
        self._attendance, self._run, self._dataset = attendance, run, load_mnist()
        self._threads = run.threads or attendance.order.threads or max(1, available_cores() // settings().workers)
        self._trainer: Trainer = train(run.config, self._dataset, threads=self._threads)
        self._watched = digits_to_watch(self._dataset).images
        self._epochs: list[EpochResult] = []
        self._points: list[Point] = []
        self._write_due_at = 0.0

    def run(self) -> None:
        """Train to the end, to the bound, or until nobody wants it any more."""
        events, trained_s = self._trainer.events(), 0.0
        while True:
            began = time.monotonic()
            event = next(events, None)
            trained_s += time.monotonic() - began  # without what is written between: a slow disk shortens no try
            if event is None:
                break
            self._note(event)
            if self._attendance.watch.lost:
                return
            if self._attendance.watch.orders.requested:
                self._end("stopped")
                return
            if self._trainer.status == "running" and trained_s > BOUND_S:
                self._end("finished", error=BOUNDED, **self._measured())
                return
        self._finish()

    def _finish(self) -> None:
        if self._trainer.status == "finished" and overflows(self._trainer.network, self._dataset.train, _PROBED):
            self._end("diverged", error=BLOWN_UP)
        else:
            self._end(self._trainer.status, error=self._trainer.message)

    def _note(self, event: EpochResult | EpochProgress) -> None:
        if isinstance(event, EpochResult):
            self._epochs.append(event)
        elif event.point is not None:
            self._points.append(event.point)
        began = time.monotonic()
        if (self._epochs or self._points) and began >= self._write_due_at:
            self._write(self._news())
            ended = time.monotonic()
            self._write_due_at = ended + max(_WRITE_EVERY_S, (ended - began) / _WRITE_SHARE)

    def _news(self) -> News:
        with np.errstate(all="ignore"):  # a network that diverges
            guesses = self._trainer.network.predict(self._watched)
        return News(self._epochs, self._points, guesses.astype("u1").tobytes())

    def _write(self, news: News, **values: object) -> None:
        attendance = self._attendance
        ticket, lease = attendance.order.ticket, attendance.lease
        attendance.order.patiently(partial(write_try, attendance.store, ticket.id, lease, news, **values))
        self._epochs, self._points = [], []

    def _measured(self) -> dict[str, object]:
        """Return what is to be known of a try that ends within a pass."""
        _, validation = split_training(self._run.config, self._dataset)
        with Threads(self._threads) as threads, np.errstate(all="ignore"):
            _, accuracy = measure(self._trainer.network, validation, threads)
        return {"validation_accuracy": accuracy, "train_s": BOUND_S}

    def _end(self, status: RunStatus, **values: object) -> None:
        network, done = self._trainer.network, self._trainer.checkpoint().epochs_done
        known: dict[str, object] = {
            "dataset_name": self._dataset.name,
            "dataset_fingerprint": self._dataset.fingerprint,
        }
        known |= {"threads": self._threads, "weights_sha256": weights_sha256(network)}
        news = replace(self._news(), status=status, epochs_done=done, network=network)
        self._write(news, **known, **values)
