"""MNIST is known by its content; of other data nothing is claimed that only holds for MNIST."""

from mnist_core.data.mnist import CHECKSUMS, PACKAGED_DIR, load_folder
from mnist_core.data.provenance import file_table, is_mnist


def test_mnist_is_known_wherever_it_lies(tmp_path):
    copy = tmp_path / "copy"
    copy.symlink_to(PACKAGED_DIR)
    assert is_mnist(load_folder(copy))


def test_other_data_are_not_mnist(folder):
    assert not is_mnist(load_folder(folder))


def test_the_table_holds_the_checksums_of_the_files():
    table = file_table(load_folder(PACKAGED_DIR))
    assert table["sha256"].tolist() == list(CHECKSUMS.values())
    assert table["shape"].tolist() == ["60,000 x 28 x 28", "60,000", "10,000 x 28 x 28", "10,000"]
