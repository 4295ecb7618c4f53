from dataclasses import replace

from tiaowen_evaluation.collection import Collection
from tiaowen_evaluation.labels import question_digest, resolve
from tiaowen_evaluation.questions import load_questions


def judged(*rows):
    return [
        {"file_id": file_id, "quote": quote, "grade": grade, **more}
        for file_id, quote, grade, more in ((*row, {}) if len(row) == 3 else row for row in rows)
    ]


def resolved(folder, collection, **options):
    questions, errors = load_questions(folder)
    assert not errors
    return resolve(questions, collection, **options)


def test_quotes_find_their_clause_in_any_script_width_and_spacing(written, question, collection):
    folder = written(
        question(judgements=judged(("plan", "家長 會每學期", 3), ("plan", "１．骨干", 1)))
    )
    labels, errors = resolved(folder, collection)
    assert not errors
    assert labels.grades == {"q1": {"plan/一": 3, "plan/三/1": 1}}


def test_wrong_anchors_are_all_listed(written, question, collection):
    folder = written(
        question("q1", judgements=judged(("plan", "家长会每学期", 3), ("plan", "没有此话", 1))),
        question("q2", judgements=judged(("plan", "家长会每学期", 3), ("plan", "听课不少于", 1))),
        question("q3", judgements=judged(("plan", "家长会每学期", 3), ("plan", "长会每学期", 1))),
        question("q4", judgements=judged(("plan", "家长会每学期", 3), ("lost", "什么", 1))),
        question("q5", answer={"file_id": "plan", "quote": "开放周"}),
        question(
            "q6",
            judgements=judged(
                ("plan", "家长会每学期", 3), ("plan", "听课不少于", 1, {"path": ["四"]})
            ),
        ),
    )
    _, errors = resolved(folder, collection)
    by_line = {error.where.line: error.message for error in errors}
    assert "quote '没有此话' not found in plan" in by_line[1]
    assert "occurs 2 times in plan: 三, 三/1" in by_line[2]
    assert "has grade 1, and grade 3 at own.jsonl:3" in by_line[3]
    assert "unknown document lost" in by_line[4]
    assert "answer '开放周' is in no clause of grade 2+" in by_line[5]
    assert "stands at 三, 三/1, not at 四" in by_line[6]
    assert len(errors) == 6


def test_a_path_settles_a_quote_that_recurs(written, question, collection):
    path = {"path": ["三", "1"]}
    folder = written(
        question(
            judgements=judged(("plan", "家长会每学期", 3), ("plan", "听课不少于", 2, path)),
        )
    )
    labels, errors = resolved(folder, collection)
    assert not errors
    assert labels.grades["q1"]["plan/三/1"] == 2


def test_questions_about_other_files_are_skipped_and_counted(written, question, collection):
    folder = written(question("q1"))
    elsewhere = {"file_id": "elsewhere", "quote": "家长会"}
    written(
        question("q2", judgements=[{**elsewhere, "grade": 3}], answer=elsewhere), name="other.jsonl"
    )
    labels, errors = resolved(folder, collection)
    assert not errors
    assert [q.question_id for q in labels.questions] == ["q1"]
    assert [q.question_id for q in labels.skipped] == ["q2"]


def test_a_document_that_is_gone_is_no_mistake_when_not_strict(written, question, collection):
    lost = {"file_id": "lost", "quote": "家长会"}
    folder = written(question("q1"), question("q2", judgements=[{**lost, "grade": 3}], answer=lost))
    assert len(resolved(folder, collection)[1]) == 1
    labels, errors = resolved(folder, collection, strict=False)
    assert not errors
    assert len(labels.skipped) == 1


def test_changing_the_segmenter_never_invalidates_labels(written, question, collection):
    folder = written(
        question(judgements=judged(("plan", "家长会每学期", 3), ("plan", "教学开放周", 1)))
    )
    first, second, *rest = collection.entries
    merged = Collection((replace(first, text=first.text + second.text), *rest))
    labels, errors = resolved(folder, merged)
    assert not errors
    assert labels.grades == {"q1": {"plan/一": 3}}  # two quotes in one clause: the higher counts

    halves = [
        replace(first, text=first.text[:6]),
        replace(first, clause_id="x", text=first.text[6:]),
    ]
    cut = Collection((*halves, second, *rest))
    labels, errors = resolved(folder, cut)
    assert not errors
    assert labels.grades["q1"] == {"plan/一": 3, "x": 3, "plan/二": 1}  # the quote lies in both


def test_the_digest_changes_with_grades_and_not_with_notes(written, question, collection):
    def digest(**changes):
        (asked,), _ = load_questions(written(question(**changes)))
        labels, _ = resolve([asked], collection)
        return labels.digest, question_digest(asked)

    plain = digest()
    assert digest(note="read again") == plain
    stemmed = digest(judgements=judged(("plan", "家长会每学期", 2)))
    assert stemmed[0] != plain[0]
    assert stemmed[1] != plain[1]
