"""Fixtures shared by all rooms' tests."""

from pathlib import Path

import pytest

_SHARED = Path(__file__).resolve().parents[2] / "shared"


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Put what drives a browser last: its event loop runs on, and no other loop may start then."""
    items.sort(key=lambda item: item.get_closest_marker("browser") is not None)


@pytest.fixture(scope="session")
def shared() -> Path:
    """The folder of real documents and data beside the checkout; skips where there is none."""
    if not (_SHARED / "seeds").is_dir():
        pytest.skip("real documents (../shared) are not beside this checkout")
    return _SHARED
