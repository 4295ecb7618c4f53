"""``tiaowen evaluate check`` and ``judge``: the labels."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated

import typer

from . import judging
from .collection import of_snapshot
from .console import (
    CorpusOption,
    IndexOption,
    ModelOption,
    QuestionsOption,
    explained,
    measured,
    out,
    snapshot_of,
)
from .questions import questions_folder
from .session import mistakes, open_session, pair_folders


def check(
    *,
    corpus: CorpusOption = None,
    index: IndexOption = Path(".index"),
    questions: QuestionsOption = None,
    pairs: Annotated[
        list[Path] | None, typer.Option(help="训练题文件夹 / training queries")
    ] = None,
    model: ModelOption = None,
) -> None:
    """List every mistake in the labels, with file and line."""
    with explained():
        collection = of_snapshot(snapshot_of(corpus, index, model))
        folders = (*pair_folders(), *(pairs or ()))
        labels, errors = mistakes(questions or questions_folder(), collection, pairs=folders)
    for error in errors:
        out.print(str(error), markup=False, highlight=False, soft_wrap=True)
    out.print(
        f"{len(labels.questions)} 题可用 questions usable, {len(labels.skipped)} 略过 skipped "
        f"(files not indexed), {len(errors)} 处错误 mistakes"
    )
    if errors:
        raise typer.Exit(1)


def judge(
    *,
    corpus: CorpusOption = None,
    index: IndexOption = Path(".index"),
    questions: QuestionsOption = None,
    split: Annotated[str, typer.Option()] = "train,dev,test",
    model: ModelOption = None,
    listed: Annotated[bool, typer.Option("--list", help="只列出 / only list them")] = False,
    grades: Annotated[
        Path | None, typer.Option(help="TSV: question_id, clause_id, grade; 一次录入 / take in all")
    ] = None,
) -> None:
    """Grade what the systems returned and nobody has judged: keys 0–3, s skips, q ends.

    --list prints question_id, query, clause_id and wording; --grades takes such a list back with
    question_id, clause_id and grade.
    """
    with explained():
        session = open_session(
            snapshot_of(corpus, index, model),
            model=model,
            questions=questions,
            splits=tuple(split.split(",")),
        )
        folder = questions or questions_folder()
        if grades:
            rows = judging.graded(
                grades.read_text("utf-8"), session.labels, session.collection, name=grades.name
            )
            out.print(f"{len(rows)} 条 rows → {judging.keep(folder, rows)}", markup=False)
            return
        result = measured(session, session.systems())
    for task in judging.tasks(result, session.labels, session.collection):
        if listed:
            text = " ".join(task.entry.text.split())[:80]
            row = (task.question.question_id, task.question.query, task.entry.clause_id, text)
            sys.stdout.write("\t".join(row) + "\n")
            continue
        out.rule(f"{task.left} 条未判 left")
        out.print(task.question.query, style="bold", markup=False)
        out.print(f"[{task.question.category}] {task.entry.place}", style="dim", markup=False)
        out.print(task.entry.text, markup=False)
        key = _key()
        if key == "q":
            break
        if key != "s":
            row_text = judging.row(task.question, task.entry, int(key), session.collection)
            judging.keep(folder, [row_text])


def _key() -> str:
    while True:
        out.print("0 无关 · 1 沾边 · 2 部分 · 3 回答 · s 跳过 · q 结束 > ", end="", markup=False)
        key = str(typer.getchar() if sys.stdin.isatty() else sys.stdin.read(1) or "q")
        out.print(key, markup=False)
        if key in {"0", "1", "2", "3", "s", "q"}:
            return key
