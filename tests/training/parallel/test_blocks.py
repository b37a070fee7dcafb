"""Batches: each image once an epoch, and blocks that leave out nothing that counts."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mnist_core.data.augmentation import GROUP
from mnist_core.threads import Threads
from mnist_core.training.parallel.blocks import BLOCK_ROWS, InkedBlocks, ShuffledRows, sort_by_extent_of_ink
from mnist_core.training.parallel.sources import rows_of_a_block


def test_inked_blocks_hold_every_image_and_all_its_ink(small):
    (parts,) = InkedBlocks(small.train, Threads(2)).batches(0)
    dense, buffer = np.zeros((2000, 784), np.float32), np.empty((BLOCK_ROWS, 784), np.float32)
    row = 0
    for part in parts:
        block = part.load(buffer)
        dense[row : row + len(block), block.columns] = block.x
        row += len(block)
    order = sort_by_extent_of_ink(small.train)
    assert np.array_equal(np.sort(order), np.arange(2000))
    assert np.array_equal(dense, np.multiply(small.train.images[order].reshape(2000, 784), 1 / 255, dtype=np.float32))
    assert np.array_equal(np.concatenate([part.labels for part in parts]), small.train.labels[order])


def test_sorting_leaves_less_than_half_of_the_pixels(mnist):
    (parts,) = InkedBlocks(mnist.train, Threads()).batches(0)
    assert sum(part.levels.size for part in parts) < 0.49 * 60_000 * 784


@settings(deadline=None)
@given(n=st.integers(1, 300), batch_size=st.integers(1, 300), block_rows=st.integers(1, 100), epoch=st.integers(0, 9))
def test_each_epoch_takes_each_image_once(n, batch_size, block_rows, epoch):
    source = ShuffledRows(np.zeros((n, 1), np.uint8), np.arange(n), batch_size, block_rows, seed=0)
    buffer = np.empty((block_rows, 1), np.float32)
    seen = []
    for batch in source.batches(epoch):
        labels = [label for rows in batch for label in rows.load(buffer).labels]
        assert len(labels) <= batch_size
        assert all(len(rows) <= block_rows for rows in batch)
        seen += labels
    assert sorted(seen) == list(range(n))


def test_epochs_differ_in_their_order():
    source = ShuffledRows(np.zeros((500, 1), np.uint8), np.arange(500), 50, 50, seed=0)
    first, second = ([rows.indices.tolist() for batch in source.batches(epoch) for rows in batch] for epoch in (0, 1))
    assert first != second


@given(batch_size=st.integers(1, 60_000), threads=st.integers(1, 8))
def test_blocks_fit_the_cache(batch_size, threads):
    rows = rows_of_a_block(batch_size, 109_386, threads)
    assert 1 <= rows <= min(batch_size, 640)
    assert rows == batch_size or rows % GROUP == 0


@pytest.mark.parametrize(("batch_size", "rows"), [(32, 32), (128, 128), (256, 128), (1024, 512), (2000, 512)])
def test_two_threads_share_a_batch_only_where_there_is_work_for_both(batch_size, rows):
    assert rows_of_a_block(batch_size, 109_386, threads=2) == rows
