"""The command line."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest
from tiaowen_service.cli import COMMANDS, app
from typer.testing import CliRunner

runner = CliRunner()


@pytest.fixture(autouse=True)
def fitted(monkeypatch: pytest.MonkeyPatch) -> None:
    """Use the embedder that is fitted on the library."""
    monkeypatch.setenv("TIAOWEN_EMBEDDER", "svd")


def test_index_then_search(library: Path, tmp_path: Path) -> None:
    index = ["--index", str(tmp_path / "index")]
    built = runner.invoke(app, ["index", "--corpus", str(library), *index, "--format", "json"])
    assert built.exit_code == 0, built.output
    assert json.loads(built.stdout.splitlines()[-1])["documents"] == 2
    again = runner.invoke(app, ["index", "--corpus", str(library), *index, "--format", "json"])
    assert json.loads(again.stdout.splitlines()[-1])["reused"] is True
    found = runner.invoke(app, ["search", "家长听课", *index, "-k", "2", "--format", "json"])
    assert len(json.loads(found.stdout)["hits"]) == 2
    shown = runner.invoke(app, ["search", "家长听课", *index])
    assert "《青溪县中小学开放课堂管理规定》" in shown.stdout


def test_segment_prints_one_object_a_clause(library: Path) -> None:
    result = runner.invoke(app, ["segment", str(library / "rules.txt"), "--format", "jsonl"])
    rows = [json.loads(line) for line in result.stdout.splitlines()]
    assert {tuple(row["path"]) for row in rows} >= {("一", "一"), ("二", "三"), ("三",)}
    fields = ["doc_id", "part", "clause_id", "path", "heading", "headings", "text", "start", "end"]
    assert list(rows[0]) == fields


def test_add_takes_in_what_it_can_read(library: Path, tmp_path: Path) -> None:
    (tmp_path / "broken.pdf").write_bytes(b"%PDF-1.4 nothing")
    corpus, index = tmp_path / "corpus", tmp_path / "index"
    options = ["--corpus", str(corpus), "--index", str(index), "--format", "json"]
    files = [str(library / "rules.txt"), str(tmp_path / "broken.pdf")]
    result = runner.invoke(app, ["add", *files, *options])
    assert result.exit_code == 1
    reported = {row["file"]: row["error"] for row in json.loads(result.stdout.splitlines()[-1])}
    assert reported["rules.txt"] == ""
    assert reported["broken.pdf"]
    assert [path.name for path in corpus.iterdir()] == ["rules.txt"]


def test_add_does_not_overwrite_another_document(library: Path, tmp_path: Path) -> None:
    corpus = tmp_path / "corpus"
    options = ["--corpus", str(corpus), "--index", str(tmp_path / "index")]
    assert runner.invoke(app, ["add", str(library / "rules.txt"), *options]).exit_code == 0
    (tmp_path / "rules.txt").write_text("一、别的\n另一份文件。\n", encoding="utf-8")
    other = ["add", str(tmp_path / "rules.txt"), *options]
    refused = runner.invoke(app, other)
    assert refused.exit_code == 1
    assert "--replace" in refused.output
    assert "开放课堂" in (corpus / "rules.txt").read_text("utf-8")
    assert runner.invoke(app, [*other, "--replace"]).exit_code == 0
    assert "另一份文件" in (corpus / "rules.txt").read_text("utf-8")


@pytest.mark.parametrize(
    ("arguments", "status"),
    [
        (["search", "问", "--index", "nowhere"], 1),
        (["search", " "], 2),
        (["search", "问", "--mode", "psychic"], 2),
        (["search", "问", "-k", "0"], 2),
        (["segment", "nowhere.txt"], 1),
        (["nonsense"], 2),
    ],
)
def test_mistakes_end_with_a_message_and_a_status(arguments: list[str], status: int) -> None:
    result = runner.invoke(app, arguments)
    assert result.exit_code == status
    assert result.output.strip()
    assert "Traceback" not in result.output


def test_every_command_is_listed_by_its_name() -> None:
    lines = runner.invoke(app, ["--help"], terminal_width=100).output.splitlines()
    listed = {line.split()[1] for line in lines if line.startswith("│ ") and len(line.split()) > 2}
    assert {*COMMANDS, "evaluate"} <= listed


def test_serving_imports_nothing_heavy() -> None:
    code = """
import sys
import tiaowen_service.cli.serve_command, tiaowen_service.http.app, tiaowen_service.live
heavy = {"sklearn", "torch", "sentence_transformers", "pandas", "mcp", "plotly", "bm25s", "faiss"}
print(sorted(heavy & set(sys.modules)))
"""
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
