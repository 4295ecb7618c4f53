"""Groups of near-duplicates, looked up by row."""

from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st
from tiaowen_service.duplicates import Duplicates


@given(st.lists(st.integers(0, 6), max_size=30))
def test_the_others_of_a_group_in_order(drawn: list[int]) -> None:
    lowest = [drawn.index(name) for name in drawn]  # as an index writes groups
    duplicates = Duplicates(np.array(lowest, np.int32))
    others = [
        [at for at, other in enumerate(lowest) if other == group and at != row]
        for row, group in enumerate(lowest)
    ]
    assert duplicates.of([*range(len(lowest))]) == others
