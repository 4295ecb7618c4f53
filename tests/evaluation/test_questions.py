from tiaowen_evaluation.questions import BadLabelsError, load_questions


def test_a_correct_question_is_read_whole(written, question):
    questions, errors = load_questions(written(question(note="why")))
    assert not errors
    (read,) = questions
    assert (read.question_id, read.category, read.split, read.note) == (
        "q1",
        "number",
        "test",
        "why",
    )
    assert read.file_ids == ("plan",)
    assert read.judgements[0].grade == 3
    assert read.answers[0].quote == "不少于两次"


def test_every_mistake_is_listed_at_once_with_file_and_line(written, question):
    judged = [{"file_id": "plan", "quote": "听课", "grade": 4}]
    folder = written(
        question("q1"),
        "{not json",
        question("q2", category="keywords", split="Test"),
        question("q3", judgements=judged),
        question("q1", query="又一个问题"),
        question(
            "q4",
            judgements=[{"file_id": "plan", "quote": "十三个字的锚点超过了规定长度", "grade": 3}],
        ),
        question("q5", judgements=[{"file_id": "plan", "quote": "听课", "grade": 1}]),
        question("q6", answer=None),
        question("q7", category="unanswerable"),
        question("q8", category="unanswerable", judgements=[], answer=None),
        question("q9", colour="red"),
        question("qa", query="家长会一学期开几次 q1"),
        {"question_id": "nobody", "judgements": [{"file_id": "plan", "quote": "x", "grade": 1}]},
    )
    questions, errors = load_questions(folder)
    lines = {}
    for error in errors:
        assert error.where.file == "own.jsonl"
        lines.setdefault(error.where.line, []).append(error.message)
    wanted = {
        2: ["not JSON"],
        3: ["category is 'keywords'", "split is 'Test'"],
        4: ["grade 4"],
        5: ["question_id q1 stands at own.jsonl:1"],
        6: ["more than 12 characters"],
        7: ["no judgement of grade 2 or 3"],
        8: ["no answer"],
        9: ["a judgement has grade 3", "an answer is given"],
        10: ["file_ids names no file"],
        11: ["unknown field colour"],
        12: ["query of qa stands at own.jsonl:1"],
        13: ["judges nobody, which no file asks"],
    }
    assert lines.keys() == wanted.keys()
    for line, parts in wanted.items():
        for part in parts:
            assert any(part in message for message in lines[line]), (line, lines[line])
    assert [each.question_id for each in questions] == ["q1", "qa"]
    listed = str(BadLabelsError(errors))
    assert all(f"own.jsonl:{line}: " in listed for line in wanted)


def test_later_rows_add_judgements(written, question):
    folder = written(question())
    written(
        {"question_id": "q1", "judgements": [{"file_id": "plan", "quote": "开放周", "grade": 1}]},
        name="pooled.jsonl",
    )
    (read,), errors = load_questions(folder)
    assert not errors
    assert [(each.anchor.quote, each.grade) for each in read.judgements] == [
        ("家长会每学期", 3),
        ("开放周", 1),
    ]
