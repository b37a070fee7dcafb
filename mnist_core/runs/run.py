"""What the store knows about one run."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal

from mnist_core.nn.origin import Origin
from mnist_core.training.config import TrainingConfig

Kind = Literal["numpy", "keras"]
Purpose = Literal["run", "try"]
RunStatus = Literal["queued", "running", "paused", "finished", "stopped", "diverged", "failed"]
Request = Literal["", "pause", "step", "stop"]
Visibility = Literal["everybody", "owner"]

ACTIVE: tuple[RunStatus, ...] = ("queued", "running")
UNFINISHED: tuple[RunStatus, ...] = (*ACTIVE, "paused")
ENDED: tuple[RunStatus, ...] = ("finished", "stopped", "diverged", "failed")
SILENT_AFTER_S = 3.0


@dataclass(frozen=True, slots=True)
class Run:
    """One row of the run store, as it was when it was read.

    Attributes
    ----------
    id
        Unguessable: who has it, has the link to the run.
    name, notes
        For people; the name is readable and automatic ("calm-otter-17") until somebody changes it.
    purpose
        "run", or "try": short, not listed, replaced by the next one (`mnist_core.runs.tries`).
    preset
        The preset that the config equals, whatever its seed, or "".
    status
        queued (waits for a worker), running, paused (resumable, holds no worker), finished (all epochs done), stopped
        (by a person or a limit, see `error`), diverged (the cost is no longer finite), failed (see `error`).
    owner
        The identity of who started it (`Who`); limits count by it.
    visibility
        Who may see it: everybody, or the owner only.
    deleted_at_utc
        Since when it has been in the trash; None for a run that is not.
    epochs_done, epoch_share, target_epochs
        Passes finished; how much of the next one, in [0, 1); after how many passes the worker is to pause or finish.
        `target_epochs` is `config.epochs` except while stepping.
    train_s
        Training time so far; pauses and waiting do not count.
    versions
        Library name -> version in the worker; empty before the run first starts.
    threads
        Cores the run may use in its worker.
    worker
        Host and process id of the worker that has the run, or had it last.
    validation_accuracy
        After the last finished pass, in [0, 1]; None where no images are held out.
    test_accuracy, test_correct, test_count
        Measured once, when the run finishes.
    temperature
        What makes the finished network's probabilities mean what they say (`mnist_core.nn.calibration.calibrated`),
        fitted on up to 10,000 training images that it did not learn from; None where it learnt from all of them.
    weights_sha256
        Of the final parameters' bytes: equal hashes mean bit-identical networks.
    error, traceback
        Why a run ended otherwise than finished, in words; and the traceback, which the store gives to the owner and
        administrators alone, and which `list_runs` leaves out.
    requested
        What the worker is asked to do and has not done yet.
    heartbeat_at_utc
        When a worker last showed that it is alive.
    attempt
        How often the run was handed to the cluster.
    deaths
        How many workers ended over the run, one after the other, since its last progress.
    priority
        What has more is handed out first.
    pair_id
        Shared by a NumPy run and the Keras run it is compared with.
    named, pinned
        Whether a person gave the name; whether somebody wants it kept. Other runs may be deleted to make room.
    read_at_utc
        When the row was read, by the clock that set all these times: the database's.
    expected_bytes
        What the run may come to take in the store; 0 where nobody has estimated it.
    """

    id: str
    name: str
    notes: str
    kind: Kind
    purpose: Purpose
    preset: str
    config: TrainingConfig
    status: RunStatus
    requested: Request
    owner: str
    visibility: Visibility
    deleted_at_utc: datetime | None
    pair_id: str | None
    created_at_utc: datetime
    queued_at_utc: datetime
    started_at_utc: datetime | None
    finished_at_utc: datetime | None
    heartbeat_at_utc: datetime | None
    attempt: int
    deaths: int
    priority: int
    epochs_done: int
    epoch_share: float
    target_epochs: int
    train_s: float
    dataset_name: str
    dataset_fingerprint: str
    versions: Mapping[str, str]
    threads: int | None
    worker: str
    validation_accuracy: float | None
    test_accuracy: float | None
    temperature: float | None
    test_correct: int | None
    test_count: int | None
    weights_sha256: str
    error: str
    traceback: str
    named: bool
    pinned: bool
    expected_bytes: int
    read_at_utc: datetime = field(compare=False)

    @property
    def is_active(self) -> bool:
        """Whether the run waits for a worker or has one."""
        return self.status in ACTIVE

    @property
    def has_ended(self) -> bool:
        """Whether nothing will happen to the run any more, unless somebody runs it again."""
        return self.status in ENDED

    @property
    def progress(self) -> float:
        """Share of all epochs done, in [0, 1]."""
        return min(1.0, (self.epochs_done + self.epoch_share) / self.config.epochs)

    def origin(self) -> Origin:
        """Return what the run's network is to say of itself."""
        return Origin(
            config=self.config.model_dump(mode="json"),
            dataset_name=self.dataset_name,
            dataset_fingerprint=self.dataset_fingerprint,
            status=self.status,
            epochs_done=self.epochs_done,
            versions=dict(self.versions),
        )

    @property
    def is_silent(self) -> bool:
        """Whether the run should be in a worker, but no worker has shown a sign of life for some seconds."""
        if self.status != "running" or self.heartbeat_at_utc is None:
            return False
        return (self.read_at_utc - self.heartbeat_at_utc).total_seconds() > SILENT_AFTER_S


@dataclass(frozen=True, slots=True)
class UnreadableRun:
    """A run whose recipe this release of the app does not understand: a newer one has written it, or it is damaged.

    Attributes
    ----------
    id, name, notes, owner, created_at_utc
        As of a `Run`.
    config_text
        The recipe as it is stored, usually JSON.
    problem
        Why it cannot be read, in words.
    """

    id: str
    name: str
    notes: str
    owner: str
    created_at_utc: datetime
    config_text: str
    problem: str
