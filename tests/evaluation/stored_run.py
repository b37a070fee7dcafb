"""A run as a worker leaves it when it finishes: trained for real, in the calling process, within a second or two."""

from datetime import UTC, datetime
from functools import cache

import numpy as np

from mnist_core import EpochResult, TrainingConfig, load_mnist, train
from mnist_core.runs import OPERATOR, Run, RunStore, weights_sha256
from mnist_core.training import Trainer

RECIPE = TrainingConfig(
    hidden_units=(16,),
    epochs=3,
    batch_size=32,
    optimizer="adam",
    learning_rate=0.005,
    train_size=3000,
    validation_size=1000,
)


@cache
def trained(config: TrainingConfig) -> tuple[Trainer, list[EpochResult]]:
    """Train once in a session."""
    trainer = train(config, load_mnist())
    return trainer, list(trainer)


def store_run(store: RunStore, name: str, **changes: object) -> Run:
    """Train `RECIPE`, with changes, and put the finished run into the store."""
    config, dataset = RECIPE.model_copy(update=changes), load_mnist()
    (trainer, results), run = trained(config), store.create(config, name=name, who=OPERATOR)
    store.append_epochs(run.id, results)
    store.save_checkpoint(run.id, trainer.checkpoint())
    correct = int(np.count_nonzero(trainer.network.predict(dataset.test.images) == dataset.test.labels))
    store.update(
        run.id,
        status="finished",
        finished_at_utc=datetime.now(UTC),
        dataset_name=dataset.name,
        dataset_fingerprint=dataset.fingerprint,
        test_accuracy=correct / len(dataset.test),
        test_correct=correct,
        test_count=len(dataset.test),
        weights_sha256=weights_sha256(trainer.network),
    )
    return store.get(run.id, who=OPERATOR)
