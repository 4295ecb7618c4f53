"""kill -9 at every named step and at any moment: nothing accepted is lost, nothing half stays."""

from __future__ import annotations

import random
import re
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parent))  # the killed process imports it by name too
from library_crashing import Scene, Way

SOURCES = Path(__file__).resolve().parents[3]


def _steps() -> Iterator[str]:
    """Every step of a write to the library or the index, as the code names it."""
    for room in ("corpus", "indexer", "service"):
        for path in sorted((SOURCES / room).glob("tiaowen_*/**/*.py")):
            text = path.read_text("utf-8")
            yield from re.findall(r'durable\.step\("([\w.]+)"\)', text)
            for name in re.findall(r'durable\.write\([^\n]*name="(\w+)"', text):
                yield from (f"{name}.opened", f"{name}.written", f"{name}.renamed")


# a crash here is another test's: nothing in `work` comes by
ELSEWHERE = {"activate.verified", "activate.published", "pin", "keys"}
BUILDING = {"build", "seal", "publish", "history", "prune", "stamps"}  # in the builder's process
STEPS = sorted({step for step in _steps() if not {step, step.split(".")[0]} & ELSEWHERE})


def test_the_steps_cover_add_index_publish_and_delete() -> None:
    for part in (
        "blob",
        "journal",
        "accept",
        "shelf",
        "apply",
        "build",
        "seal",
        "publish",
        "prune",
    ):
        assert any(step.startswith(part + ".") for step in STEPS), part


def _killed_at(folder: Path, steps: list[str]) -> list[str]:
    """Return the steps that were reached and survived."""
    scene, reached = Scene(folder), []
    for number, step in enumerate(steps):
        if scene.run(Way(number, step, rounds=6)) == -9:
            reached.append(step)
        scene.check(index_too=number % 8 == 7)
    return reached


def test_killed_at_a_step_of_every_kind(tmp_path: Path) -> None:
    steps = ["blob.written", "journal.half", "accept.accepted", "seal.renamed", "publish.written"]
    assert _killed_at(tmp_path, steps) == steps


@pytest.mark.slow
def test_killed_at_every_step(tmp_path: Path) -> None:
    assert _killed_at(tmp_path, STEPS) == STEPS


def _builder_killed_at(folder: Path, steps: list[str]) -> list[str]:
    """Return the steps at which the builder alone died, and the next one built."""
    scene, reached = Scene(folder), []
    for number, step in enumerate(steps):
        code = scene.run(Way(number, step, rounds=4, apart=True))
        if code == 0 and "builder_died" in scene.built:
            reached.append(step)
        assert set(scene.built) <= {"", "builder_died"}
        scene.check(index_too=number % 4 == 3)
    return reached


def test_a_builder_that_dies_dies_alone(tmp_path: Path) -> None:
    steps = ["build.written", "seal.renamed", "publish.written"]
    assert _builder_killed_at(tmp_path, steps) == steps


@pytest.mark.slow
def test_a_builder_dies_alone_at_every_step_of_a_build(tmp_path: Path) -> None:
    steps = [step for step in STEPS if step.partition(".")[0] in BUILDING]
    assert _builder_killed_at(tmp_path, steps) == steps


def _killed_at_random(folder: Path, kills: int, seed: int, *, apart: bool = False) -> None:
    choose, scene = random.Random(seed), Scene(folder)
    killed = 0
    for number in range(kills):
        way = Way(seed + number, rounds=-1, apart=apart)
        code = scene.run(way, after=choose.uniform(0.02, 0.6))
        killed += code == -9
        scene.check(index_too=number % 4 == 3)
    assert killed == kills


def test_killed_at_random(tmp_path: Path) -> None:
    _killed_at_random(tmp_path, 25, seed=1000)


def test_killed_at_random_while_another_process_builds(tmp_path: Path) -> None:
    _killed_at_random(tmp_path, 15, seed=3000, apart=True)


@pytest.mark.slow
def test_killed_at_random_two_hundred_times(tmp_path: Path) -> None:
    _killed_at_random(tmp_path, 220, seed=5000)
