"""The sentences that answer, chosen by the compiled kernel."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from tiaowen_models.kernels import LIBRARY, address
from tiaowen_models.protocols import Floats
from tiaowen_models.wording import NEAREST, SPREAD, WORDING, Sentences

COLUMNS = tuple(WORDING.index(name) for name in ("terms held", NEAREST, SPREAD))


def chosen(found: Sentences, weights: Floats) -> NDArray[np.int64]:
    """Return the sentence of each clause that `passage_choice` weighs most, int64 ``[n]``.

    Rows and weights are float32 and lie in a row, as they are measured and loaded.
    """
    assert LIBRARY is not None
    count = len(found.first) - 1
    best = np.empty(count, np.int64)
    LIBRARY.tiaowen_choose(
        *(address(found.rows), found.rows.shape[1], address(found.first), count),
        *(address(weights), *COLUMNS, address(best)),
    )
    return best
