"""Fair comparisons: recipes are told apart on images that none of them has learnt from."""

from mnist_core.training.config import TrainingConfig

# Of 60,000 training images: the more are held out, the surer the comparison, but the less there is to learn from.
HELD_OUT = 5000


def is_published(config: TrainingConfig) -> bool:
    """Tell whether a config is the published recipe, whatever its seed. It learns from all images, as was published."""
    return config.model_copy(update={"seed": TrainingConfig().seed}) == TrainingConfig()


def hold_out(config: TrainingConfig) -> TrainingConfig:
    """Return the recipe with 5,000 images held out; the published recipe is returned unchanged."""
    return config if is_published(config) else config.model_copy(update={"validation_size": HELD_OUT})
