"""What is to be read, wherever it came from."""

from dataclasses import dataclass

from mnist_core.data.drawing import Image, Ink, Preparation
from mnist_core.uploads.photos import Colours


@dataclass(frozen=True, eq=False)
class Subject:
    """What is to be read.

    Attributes
    ----------
    image
        uint8 (28, 28), or None if there is nothing to read.
    why_not
        Why there is nothing to read, and what to do.
    preparation
        How the image was made; None for an image of the test set, which comes prepared.
    picture
        What came in, as a program sees it that squeezes it as it is.
    photo
        The photo, if it was one.
    hint
        What to do for a better answer, if anything.
    truth
        Its class, if that is known.
    guess
        What the visitor said before seeing the answer; None: the answer is to stay hidden until then.
    """

    image: Image | None
    why_not: str = ""
    preparation: Preparation | None = None
    picture: Ink | None = None
    photo: Colours | None = None
    hint: str = ""
    truth: int | None = None
    guess: int | None = None

    @property
    def awaits_guess(self) -> bool:
        """Whether the answer is to stay hidden until the visitor has guessed."""
        return self.truth is not None and self.guess is None
