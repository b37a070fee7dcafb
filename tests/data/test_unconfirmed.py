"""The 15 unconfirmed labels belong to MNIST, wherever it was loaded from, and to nothing else."""

from mnist_core.data.mnist import PACKAGED_DIR, load_folder
from mnist_core.data.unconfirmed import unconfirmed_test_indices


def test_mnist_has_fifteen():
    dataset = load_folder(PACKAGED_DIR)
    indices = unconfirmed_test_indices(dataset)
    assert len(set(indices.tolist())) == 15
    # The digits these images are labelled with; read off the label file.
    assert dataset.test.labels[indices].tolist() == [8, 0, 9, 4, 2, 5, 6, 6, 5, 5, 0, 1, 4, 6, 5]


def test_a_copy_of_mnist_counts_and_other_data_do_not(tmp_path, folder):
    copy = tmp_path / "copy"
    copy.symlink_to(PACKAGED_DIR)
    assert len(unconfirmed_test_indices(load_folder(copy))) == 15
    assert len(unconfirmed_test_indices(load_folder(folder))) == 0
