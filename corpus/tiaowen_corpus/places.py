"""Where shipped data lies: beside its package in a checkout, under ``share/tiaowen`` in a wheel."""

from __future__ import annotations

import sys
from pathlib import Path

_CHECKOUT = Path(__file__).resolve().parents[2]


def shipped(relative: str) -> Path:
    """Return the folder of shipped data, e.g. ``shipped("corpus/lexicon")``.

    Raises FileNotFoundError if the installation lacks it.
    """
    for root in (_CHECKOUT, Path(sys.prefix) / "share" / "tiaowen"):
        if (root / relative).exists():
            return root / relative
    raise FileNotFoundError(f"{relative} is not part of this installation; reinstall tiaowen")
