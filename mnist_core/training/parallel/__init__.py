"""How threads share the work of a step, so that training uses all cores.

The loop asks for an epoch's steps and gets what each batch measured; it knows nothing else of threads. A batch is
shared in one of two ways: by its images (`by_rows`), or, where it is small, by the pixels of the first layer
(`by_pixels`). Either way the number of threads changes rounding alone.

Read in this order: blocks (images, small enough for a core's cache), passes, updates, by_rows, by_pixels, sources
(which of the two ways a config takes).
"""

from mnist_core.training.parallel.sources import make_sharing, make_source
from mnist_core.training.parallel.updates import Updates

__all__ = ["Updates", "make_sharing", "make_source"]
