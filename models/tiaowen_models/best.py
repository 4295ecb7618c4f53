"""The best of many scores, in order."""

from __future__ import annotations

import numpy as np

from tiaowen_models.kernels import AVAILABLE
from tiaowen_models.kernels import postings as kernels
from tiaowen_models.protocols import Floats, Integers


def best(scores: Floats, order: Integers, k: int) -> Integers:
    """Return the positions of the ``k`` largest scores above 0, best first, equals by ``order``."""
    if AVAILABLE:
        return kernels.best(scores, order, k)
    # the comparison first: nonzero of bool is ten times faster than of float
    found = np.flatnonzero(scores > 0)
    if len(found) > k > 0:
        values = scores[found]
        cut = np.partition(values, len(found) - k)[len(found) - k]
        found = found[values >= cut]
    return found[np.lexsort((order[found], -scores[found]))][:k].astype(np.int32)
