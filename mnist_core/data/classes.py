"""What the ten classes of a data set are called, and how to speak of them in a sentence."""

from dataclasses import dataclass
from pathlib import Path

from mnist_core.errors import DatasetError

COUNT = 10
NAMES_FILE = "class-names.txt"
_LONGEST = 40
_NUMBERS = tuple(str(number) for number in range(COUNT))


@dataclass(frozen=True)
class Classes:
    """The ten classes of a data set.

    Attributes
    ----------
    names
        The name of each class, in the order of the labels.
    noun, plural
        What one of them, and several, are called: "digit" and "digits" in MNIST, "class" and "classes" elsewhere.
    thing
        What an image shows, or a person is to draw.
    """

    names: tuple[str, ...] = _NUMBERS
    noun: str = "class"
    plural: str = "classes"
    thing: str = "picture"

    def one(self, label: int) -> str:
        """Return a class as it stands in a sentence: "a 7", "an 8", "class 7" or "“Ankle boot”"."""
        if self.noun == "digit":
            return f"an {label}" if label == 8 else f"a {label}"
        return f"class {label}" if self.names == _NUMBERS else f"“{self.names[label]}”"

    def caption(self, label: int) -> str:
        """Return a class as it stands in a caption: "digit 7", "class 7" or "Ankle boot"."""
        return f"{self.noun} {label}" if self.names == _NUMBERS else self.names[label]


DIGITS = Classes(noun="digit", plural="digits", thing="digit")
FASHION = Classes(
    ("T-shirt/top", "Trouser", "Pullover", "Dress", "Coat", "Sandal", "Shirt", "Sneaker", "Bag", "Ankle boot")
)
KUZUSHIJI = Classes(("o", "ki", "su", "tsu", "na", "ha", "ma", "ya", "re", "wo"))

MNIST_FINGERPRINT = "06b0d1f124c4e5fa796686ade41a9b778edacc8622f2195a352ef479ad44fc16"
BY_FINGERPRINT = {
    MNIST_FINGERPRINT: DIGITS,
    "ca3ab2a37f845e1b8ae23cab1b51749a3011ba3bf1d9016176d75cbaabac376f": FASHION,
}
# KMNIST is recognized by the MD5 that its makers publish for the gzipped test labels.
BY_TEST_LABELS_MD5 = {"7320c461ea6c1c855c0b718fb2a4b134": KUZUSHIJI}


def read_names(path: Path) -> Classes:
    """Read a file of ten names, one a line in the order of the labels.

    Raises
    ------
    DatasetError
        There are not ten different names of 1 to 40 printable characters.
    """
    try:
        names = tuple(line.strip() for line in path.read_text(encoding="utf-8").splitlines() if line.strip())
    except (OSError, UnicodeDecodeError) as error:
        raise DatasetError(f"{path}: expected a text file in UTF-8, found {error}.") from error
    fit = all(len(name) <= _LONGEST and name.isprintable() for name in names)
    if len(set(names)) != COUNT or len(names) != COUNT or not fit:
        raise DatasetError(
            f"{path}: expected {COUNT} different names of at most {_LONGEST} characters, one a line, found "
            f"{len(names)} lines: {', '.join(names)[:200]}."
        )
    return Classes(names)
