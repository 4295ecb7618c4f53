"""A process that stands back rests as long as it works; any other does not."""

from __future__ import annotations

import pytest
from tiaowen_service import forked


def test_only_who_stands_back_rests(monkeypatch: pytest.MonkeyPatch) -> None:
    slept: list[float] = []
    clock = iter([3.0, 3.05, 3.05, 9.0, 9.0])
    monkeypatch.setattr(forked.time, "sleep", slept.append)
    monkeypatch.setattr(forked.time, "process_time", lambda: next(clock))
    monkeypatch.setattr(forked.os, "nice", lambda by: by)
    monkeypatch.setattr(forked.os, "sched_setscheduler", lambda *of: None, raising=False)
    monkeypatch.setattr(forked, "_worked", [])
    forked.rest()
    assert not slept
    forked.stand_back(5)
    forked.rest()
    forked.rest()
    assert slept == pytest.approx([0.05, forked.LONGEST_REST])
