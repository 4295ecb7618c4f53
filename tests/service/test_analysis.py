"""What is understood of a query."""

from __future__ import annotations

import pytest
from tiaowen_corpus import lexicon
from tiaowen_indexer.terms import SearchTerms
from tiaowen_service.citation import citation
from tiaowen_service.query.analysis import Analyser
from tiaowen_service.query.numbers import figures, han_number


@pytest.fixture(scope="module")
def analyser() -> Analyser:
    words = lexicon.load()
    return Analyser(SearchTerms(words.words), words)


def test_question_words_are_not_looked_up(analyser: Analyser) -> None:
    analysis = analyser.analyse("教学开放周有什么要求？")
    assert analysis.words == ("教学开放周", "要求")
    assert {"教学", "开放"} <= {term.text for term in analysis.terms if term.origin == "part"}


def test_a_query_of_question_words_alone_keeps_them(analyser: Analyser) -> None:
    assert analyser.analyse("为什么").words


def test_english_is_translated_by_the_longest_term(analyser: Analyser) -> None:
    analysis = analyser.analyse("Requirements for Teaching Open Weeks")
    assert analysis.language == "en"
    added = {term.text: term.source for term in analysis.terms if term.origin == "translation"}
    assert added["教学开放周"] == "teaching open weeks"


def test_script_and_phrases(analyser: Analyser) -> None:
    analysis = analyser.analyse("「精細化管理」是什麼")
    assert analysis.script == "traditional"
    assert analysis.phrases == ("精细化管理",)
    assert analyser.analyse("精细化").script == "simplified"
    assert analyser.analyse("weeks").script == "latin"


def test_a_term_is_looked_up_once_with_its_largest_weight(analyser: Analyser) -> None:
    terms = analyser.analyse("学生 学生 小孩").terms
    assert len(terms) == len({term.text for term in terms})
    assert next(term for term in terms if term.text == "学生").weight == 1.0


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("每学期两次", ("2次",)),
        ("每学期2次", ("2次",)),
        ("不少于十五篇", ("15篇",)),
        ("85%以上,3 天", ("85%", "3天")),
        ("一百二十人", ("120人",)),
        ("统一思想", ()),
    ],
)
def test_figures_are_one_in_digits_and_in_words(text: str, expected: tuple[str, ...]) -> None:
    assert figures(text) == expected


def test_han_numbers() -> None:
    assert [han_number(text) for text in ("十", "二十一", "三百零五", "两千", "二〇")] == [
        10,
        21,
        305,
        2000,
        20,
    ]


def test_citation_leaves_out_what_is_not_stated() -> None:
    full = citation(
        title="规定",
        issuer="县教育局",
        doc_number="教〔2014〕5号",
        issued="2014-03-02",
        path=("三", "二", "2"),
    )
    assert full == "《规定》(县教育局, 教〔2014〕5号, 2014-03-02) 三(二)2"
    bare = citation(title="规定", issuer="", doc_number="", issued="", path=("第三条",))
    assert bare == "《规定》 第三条"


@pytest.mark.parametrize(
    ("query", "words"),
    [
        ("校车上要不要装座椅", {"校车", "座椅"}),
        ("德育工作由谁来抓", {"德育工作"}),
        ("病假请几天要医院证明", {"病假", "医院", "证明"}),
    ],
)
def test_asking_expressions_do_not_stick_to_words(
    analyser: Analyser, query: str, words: set[str]
) -> None:
    found = set(analyser.analyse(query).words)
    assert words <= found
    assert not any(asking in word for word in found for asking in ("不要", "谁", "几"))


def test_it_is_not_an_intent_word(analyser: Analyser) -> None:
    assert analyser.analyse("the school or class in it").asks == ()
    assert "who" in analyser.analyse("who is in charge of safety").asks
    assert "how_often" in analyser.analyse("家长会多久开一次").asks
