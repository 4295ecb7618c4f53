"""What deploy/ says agrees with the service: figures, settings, the unit, the audit's verdict."""

from __future__ import annotations

import importlib.util
import json
import re
import shutil
import subprocess
import sys
import tomllib
import zipfile
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest
from tiaowen_service.http.observed import Figures
from tiaowen_service.settings import Settings

ROOT = Path(__file__).resolve().parents[2]
DEPLOY = ROOT / "deploy"


def _panels() -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = json.loads((DEPLOY / "grafana.json").read_text("utf-8"))["panels"]
    return found


def _expressions() -> Iterator[str]:
    for panel in _panels():
        for target in panel["targets"]:
            yield target["expr"]


def _exported() -> dict[str, set[str]]:
    """Return the names that /metrics has, each with its labels."""
    figures, names = Figures(), {}
    for collector in list(figures.registry._collector_to_names):
        labels = set(collector._labelnames)  # type: ignore[attr-defined]
        for name in figures.registry._collector_to_names[collector]:
            names[name] = labels | ({"le"} if name.endswith("_bucket") else set())
    return names


def test_every_figure_of_the_dashboard_is_exported() -> None:
    exported = _exported()
    used = {
        name for expression in _expressions() for name in re.findall(r"tiaowen_\w+", expression)
    }
    assert len(used) > 8
    assert used <= set(exported)
    for expression in _expressions():
        labels = set().union(*(exported[name] for name in re.findall(r"tiaowen_\w+", expression)))
        named = re.findall(r"by \(([^)]*)\)|[{,](\w+)[=!]~?\"", expression)
        for grouped, matched in named:
            assert set(re.findall(r"\w+", grouped or matched)) <= labels, expression


def test_every_figure_that_the_runbook_names_is_exported() -> None:
    text = (ROOT / "docs" / "operations.md").read_text("utf-8")
    used = set(re.findall(r"`(tiaowen_\w+)", text))
    assert used and used <= set(_exported())


def test_panels_have_ids_and_places_of_their_own() -> None:
    panels = _panels()
    assert len({panel["id"] for panel in panels}) == len(panels)
    assert len({(p["gridPos"]["x"], p["gridPos"]["y"]) for p in panels}) == len(panels)


@pytest.mark.parametrize("name", ["Dockerfile", "tiaowen.service"])
def test_every_variable_is_a_setting(name: str) -> None:
    used = set(re.findall(r"TIAOWEN_(\w+)=", (DEPLOY / name).read_text("utf-8")))
    assert {"CORPUS", "INDEX", "KEYS_FILE"} <= used
    assert {variable.lower() for variable in used} <= set(Settings.model_fields)


def test_the_unit_is_one_that_systemd_takes(tmp_path: Path) -> None:
    if shutil.which("systemd-analyze") is None:
        pytest.skip("systemd-analyze is not installed")
    unit = (DEPLOY / "tiaowen.service").read_text("utf-8")
    copy = tmp_path / "tiaowen.service"
    copy.write_text(re.sub(r"ExecStart=\S+", f"ExecStart={shutil.which('true')}", unit), "utf-8")
    done = subprocess.run(
        ["systemd-analyze", "verify", str(copy)], capture_output=True, text=True, check=False
    )
    told = [line for line in done.stderr.splitlines() if "tiaowen" in line]
    assert (done.returncode, told) == (0, [])


@pytest.mark.slow
def test_a_wheel_holds_all_that_it_is_to_ship(tmp_path: Path) -> None:
    """The page was missing: hatchling took a pattern of .gitignore for it, and nothing started."""
    listed = subprocess.run(
        ["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, text=True, check=False
    ).stdout.split("\0")
    if not listed[0]:
        pytest.skip("not a checkout")
    for name in filter(None, listed):  # as a clean checkout has it: ignored files left behind
        target = tmp_path / "source" / name
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(ROOT / name, target)
    wheel = ["wheel", "-q", "--no-deps", "--wheel-dir", str(tmp_path), str(tmp_path / "source")]
    made = subprocess.run(
        [sys.executable, "-m", "pip", *wheel], capture_output=True, text=True, check=False
    )
    if made.returncode and "hatchling" in made.stderr:
        pytest.skip("the build backend cannot be fetched here")
    with zipfile.ZipFile(next(tmp_path.glob("*.whl"))) as archive:
        shipped = [name.partition(".data/data/")[2] for name in archive.namelist()]
    hatch = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["tool"]["hatch"]
    for folder, place in hatch["build"]["targets"]["wheel"]["shared-data"].items():
        ours = {name for name in listed if name == folder or name.startswith(f"{folder}/")}
        theirs = {name for name in shipped if name == place or name.startswith(f"{place}/")}
        assert ours and {place + name.removeprefix(folder) for name in ours} == theirs
    if any(map(shutil.which, ("cc", "gcc", "clang"))):
        assert any("/kernels/kernels-" in name for name in archive.namelist())


def test_the_audit_tells_what_was_not_asked_about() -> None:
    audit = _audit()
    hole = {"id": "PYSEC-1", "fix_versions": ["2.0"]}
    rows = [
        {"name": "sound", "version": "1.0", "vulns": []},
        {"name": "tiaowen", "skip_reason": "distribution marked as editable"},
    ]
    assert audit.verdict({"dependencies": rows})[0] == 0
    assert "1 packages, 0 holes" in audit.verdict({"dependencies": rows})[1][-1]
    rows.append({"name": "unheard-of", "skip_reason": "Dependency not found on PyPI"})
    status, lines = audit.verdict({"dependencies": rows})
    assert status == 0 and "1 packages, which says nothing of them: unheard-of" in lines[-1]
    rows.append({"name": "holed", "version": "1.0", "vulns": [hole]})
    status, lines = audit.verdict({"dependencies": rows})
    assert status == 1 and lines[0].startswith("holed 1.0: PYSEC-1") and "2.0" in lines[0]


def _audit() -> ModuleType:
    spec = importlib.util.spec_from_file_location("audit", DEPLOY / "audit.py")
    assert spec is not None and spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module
