"""Fixtures shared by all rooms' tests."""

from pathlib import Path

import pytest

_SHARED = Path(__file__).resolve().parents[2] / "shared"


@pytest.fixture(scope="session")
def shared() -> Path:
    """The folder of real documents and data beside the checkout; skips where there is none."""
    if not (_SHARED / "seeds").is_dir():
        pytest.skip("real documents (../shared) are not beside this checkout")
    return _SHARED
