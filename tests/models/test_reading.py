"""Figures, periods, units and signs of an answer; sentences; how the models are fitted."""

from __future__ import annotations

import re
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tiaowen_models.figures import alike, figure_places, figures, periods, placed_figures
from tiaowen_models.passages import LONGEST, sentences
from tiaowen_models.signals import intents, sign_places
from tiaowen_models.training import confidence, ranker
from tiaowen_models.units import given_places, units_asked


@pytest.mark.parametrize("text", ["每学期两次", "每学期2次", "每学期 2 次", "twice a term"])
def test_one_figure_and_period_in_every_wording(text: str) -> None:
    assert figures(text) == ("2次",)
    assert periods(text) == {"term"}


def test_shares_and_like_units() -> None:
    assert figures("达到百分之八十五") == ("85%",)
    assert alike("3名") == alike("3人")
    assert alike("10日") == alike("10天")


_WRITTEN = (
    *(
        "1",
        "12",
        "2",
        "3.5",
        ".",
        "03",
        " ",
        "\n",
        "  \n",
        "五",
        "十二",
        "两",
        "一",
        "百",
        "百分之",
    ),
    *("%", "次", "名", "人", "日", "天", "年", "万元", "元", "每", "每学期", "每个月", "twice"),
    *("once", "times", "timesheet", "x", "，", "第", "条", "分钟"),
)


@settings(max_examples=400)
@given(st.lists(st.sampled_from(_WRITTEN), max_size=14).map("".join), st.sampled_from(["2", "2次"]))
def test_a_figure_is_found_wherever_it_is_among_all(text: str, other: str) -> None:
    placed = [(place, alike(figure)) for place, figure in placed_figures(text)]
    for wanted in [{figure} for _, figure in placed] + [{other}]:
        expected = sorted(place for place, figure in placed if figure in wanted)
        assert sorted(figure_places(frozenset(wanted), text)[min(wanted)]) == expected


@pytest.mark.parametrize(
    ("question", "answer", "other"),
    [
        ("产假有多少天", "产假为98天", "产假工资照发"),
        ("几岁可以上小学", "年满六周岁的儿童", "适龄儿童应当入学"),
        ("what proportion must pass", "合格率达到95%", "全部合格"),
        ("how many days of leave", "不超过3日", "须经批准"),
    ],
)
def test_the_unit_that_is_asked_for(question: str, answer: str, other: str) -> None:
    kinds = units_asked(question)
    assert kinds
    assert any(given_places(answer)[kind] for kind in kinds)
    assert not any(given_places(other)[kind] for kind in kinds)


def test_no_unit_no_kind() -> None:
    assert units_asked("教学开放周有什么要求") == ()


def test_signs_of_intents() -> None:
    assert sorted(sign_places("由教务处牵头")["who"]) == [0, 4]
    assert sign_places("严禁体罚学生")["prohibited"].tolist() == [0]
    assert not len(sign_places("美丽的校园")["penalty"])
    assert sorted(sign_places("第3周，二十次")["how_often"]) == [5]


_SIGNED = st.lists(
    st.sampled_from(
        [*"由科局可不得学期年月%个节课时分钟3两十半.。\n", "\U0001f600", "不少于", "１"]
    ),
    max_size=20,
).map("".join)


@settings(max_examples=400)
@given(_SIGNED)
def test_signs_are_found_wherever_they_stand(text: str) -> None:
    found = sign_places(text)
    for intent in intents():
        expected = set()
        for sign in intent.signals:
            # a figure is a number, or one Han digit
            pattern = re.escape(sign).replace(
                r"\#", r"[\d零一二三四五六七八九十百千两半](?:(?<=\d)\d*(?:\.\d+)?)?"
            )
            expected |= {match.start() for match in re.finditer(pattern, text)}
        assert set(found[intent.name].tolist()) == expected, intent.name


@settings(max_examples=100)
@given(st.text(alphabet="一二校。；，、!\n 　a1”", max_size=600))
def test_sentences_are_ordered_disjoint_and_short(text: str) -> None:
    spans = sentences(text)
    assert all(0 < len(span) <= LONGEST for span in spans)
    assert all(one.end <= two.start for one, two in pairwise(spans))


def _list(name: str, good: float) -> ranker.Example:
    features = np.array([[good, 1.0], [0.1, 1.0], [0.2, 1.0]], np.float32)
    return ranker.Example(name, "made up", features, np.array([3, 0, 1]))


def test_ranking_learns_what_tells_answers_apart() -> None:
    lists = [_list(f"q{n}", 0.7 + n / 100) for n in range(20)]
    model = ranker.fit(lists, ranker.Plan())
    assert model.plain[0] > 0
    assert model.weights[1] == pytest.approx(0.0, abs=1e-6)  # the same for all: says nothing
    assert np.argmax(ranker.predict(model, lists[0].features)) == 0
    assert (ranker.fit(lists, ranker.Plan()).weights == model.weights).all()


def test_lists_without_an_answer_teach_nothing() -> None:
    lists = [_list(f"q{n}", 0.9) for n in range(5)]
    none = ranker.Example("none", "made up", lists[0].features, np.array([0, 1, 0]))
    one, two = (ranker.fit(found, ranker.Plan()) for found in (lists, [*lists, none]))
    assert (one.weights == two.weights).all()


def test_confidence_is_calibrated() -> None:
    random = np.random.default_rng(3)
    cases = []
    for n in range(400):
        strong = bool(random.random() < 0.9)  # unanswered are as rare as they are met
        evidence = np.array([random.normal(1.5 if strong else -1.5)], np.float32)
        hit = strong and bool(random.random() < 0.8)
        kind: confidence.Kind = "answerable" if strong else "unanswerable"
        cases.append(confidence.Case(f"q{n}", evidence, kind, hit))
    model = confidence.fit(cases)
    stated = [1 / (1 + np.exp(-confidence.logit(model, case.evidence))) for case in cases]
    assert abs(np.mean(stated) - np.mean([case.hit for case in cases])) < 0.03
    assert confidence.logit(model, np.array([2.0], np.float32)) > confidence.logit(
        model, np.array([-2.0], np.float32)
    )
