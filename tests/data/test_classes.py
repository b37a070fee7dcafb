"""Class names travel with the data: from a file beside them, or as known data sets have them."""

import hashlib

import pytest

from mnist_core.data import classes
from mnist_core.data.classes import DIGITS, FASHION, KUZUSHIJI, NAMES_FILE, Classes
from mnist_core.data.mnist import PACKAGED_DIR, load_folder
from mnist_core.errors import DatasetError

NAMES = "zero\none\ntwo\nthree\nfour\nfive\nsix\nseven\neight\n\nnine\n"


def test_mnist_has_digits_wherever_it_lies(tmp_path):
    (tmp_path / "copy").symlink_to(PACKAGED_DIR)
    assert load_folder(tmp_path / "copy").classes is DIGITS
    assert load_folder(PACKAGED_DIR).classes is DIGITS


def test_fashion_mnist_is_known_by_its_fingerprint(fashion_dir):
    assert load_folder(fashion_dir).classes.names[9] == "Ankle boot"


def test_kmnist_is_known_by_the_published_checksum_of_its_test_labels(folder, monkeypatch):
    digest = hashlib.md5((folder / "t10k-labels-idx1-ubyte").read_bytes()).hexdigest()
    assert classes.BY_TEST_LABELS_MD5 == {"7320c461ea6c1c855c0b718fb2a4b134": KUZUSHIJI}
    monkeypatch.setitem(classes.BY_TEST_LABELS_MD5, digest, KUZUSHIJI)
    assert load_folder(folder).classes.names[4] == "na"


def test_a_file_beside_the_images_names_the_classes(folder):
    (folder / NAMES_FILE).write_text(NAMES)
    named = load_folder(folder).classes
    assert (named.names[0], named.names[9]) == ("zero", "nine")
    assert (named.noun, named.plural, named.thing) == ("class", "classes", "picture")


def test_other_data_have_numbered_classes(folder):
    assert load_folder(folder).classes == Classes()


@pytest.mark.parametrize(
    "content",
    [
        b"zero\none\n",
        NAMES.replace("nine", "one").encode(),
        NAMES.replace("nine", "n" * 41).encode(),
        NAMES.replace("nine", "ni\0ne").encode(),
        (NAMES + "ten").encode(),
        b"\xff" * 20,
    ],
)
def test_a_file_without_ten_names_is_refused_in_words(folder, content):
    (folder / NAMES_FILE).write_bytes(content)
    with pytest.raises(DatasetError, match=r"class-names\.txt: expected"):
        load_folder(folder)


@pytest.mark.parametrize(
    ("spoken", "one", "caption"),
    [
        (DIGITS, ["a 1", "an 8"], "digit 8"),
        (FASHION, ["“Trouser”", "“Bag”"], "Bag"),
        (Classes(), ["class 1", "class 8"], "class 8"),
    ],
)
def test_classes_in_a_sentence(spoken, one, caption):
    assert [spoken.one(1), spoken.one(8)] == one
    assert spoken.caption(8) == caption
