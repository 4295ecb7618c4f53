"""Training data: how texts are cut, aligned and kept apart from what is measured."""

import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tiaowen_models.training.bilingual import _aligned, everyday_source, glossary_source
from tiaowen_models.training.sources import _articles, asker_pairs, held_out, units


@given(st.text(alphabet="教师。，;!\n学生 ab", max_size=40))
def test_units_keep_every_character_but_blanks(text: str) -> None:
    joined = "".join(units(text))
    assert [c for c in joined if c.isalpha()] == [c for c in text if c.isalpha()]


def test_units_end_at_commas_stops_and_lines() -> None:
    assert units("各校要重视,认真落实。\n特此通知") == ("各校要重视,", "认真落实。", "特此通知")


def test_held_out_keys_are_about_the_share_and_always_the_same() -> None:
    keys = [f"topic {number}" for number in range(4000)]
    share = sum(held_out(key, 0.15) for key in keys) / len(keys)
    assert share == pytest.approx(0.15, abs=0.02)
    assert [held_out(key, 0.15) for key in keys] == [held_out(key, 0.15) for key in keys]
    assert not held_out("x", 0.0)
    assert held_out("x", 1.0)


def test_statutes_are_cut_into_articles_under_title_and_chapter() -> None:
    text = (
        "某条例\n第一章 总则\n第一条 为了规范办学行为,制定本条例。\n"
        "第二条 本条例适用于\n（一）中小学校;\n（二）幼儿园。"
    )
    found = list(_articles([{"title": "某条例", "text": text}]))
    assert [pair.query for pair in found] == [("某条例", "总则")] * 2
    assert "".join(found[1].clause).endswith("（二）幼儿园。")


def test_numbered_articles_align_item_by_item() -> None:
    english = "The school shall: 1. Keep records. 2. Report yearly."
    chinese = "學校應辦理下列事項：一、保存紀錄。二、每年報告。"
    pairs = list(_aligned(english, chinese))
    assert pairs[0] == (english, chinese)
    assert ("Report yearly.", "每年報告。") in [(en.strip(), zh) for en, zh in pairs[1:]]


def test_unequal_numbers_of_sentences_are_not_aligned() -> None:
    assert len(list(_aligned("One. Two. Three.", "一句。"))) == 1


def row(topic: str, lang: str, query: str) -> str:
    entry = {
        "topic": topic,
        "lang": lang,
        "query": query,
        "passage": f"关于{query}的规定。",
        "near_miss": "无关规定。",
    }
    return json.dumps(entry, ensure_ascii=False)


def test_held_out_topics_never_meet_the_others(tmp_path: Path) -> None:
    topics = [f"题目{number}" for number in range(60)]
    lines = [row(topic, lang, f"{topic}{lang}") for topic in topics for lang in ("zh", "en")]
    (tmp_path / "a.jsonl").write_text("\n".join(lines), encoding="utf-8")
    sides = [
        {pair.group for source in asker_pairs([tmp_path], dev=dev) for pair in source.pairs}
        for dev in (False, True)
    ]
    assert not sides[0] & sides[1]
    assert sides[0] | sides[1] == set(topics)
    assert sides[1]


def test_repeated_rows_count_once_and_languages_are_apart(tmp_path: Path) -> None:
    lines = [row("甲", "zh", "问"), row("甲", "zh", "问"), row("甲", "en", "ask")]
    (tmp_path / "a.jsonl").write_text("\n".join(lines), encoding="utf-8")
    found = {
        source.name: len(source.pairs)
        for dev in (False, True)
        for source in asker_pairs([tmp_path], dev=dev)
        if source.pairs
    }
    assert found == {"askers_zh": 1, "askers_en": 1}


def test_word_lists_give_every_pairing(tmp_path: Path) -> None:
    words = tmp_path / "words"
    words.mkdir()
    (words / "a.tsv").write_text("everyday\tofficial\n娃|孩子\t学生|儿童\n", encoding="utf-8")
    (tmp_path / "synonyms.tsv").write_text("word\talso\n课后服务\t托管 晚托\n", encoding="utf-8")
    (tmp_path / "abbreviations.tsv").write_text("short\tfull\n双减\t减轻负担\n", encoding="utf-8")
    found = everyday_source(words, tmp_path)
    pairs = {(pair.query[0], pair.clause[0]) for pair in found.pairs}
    assert {("娃", "儿童"), ("托管", "课后服务"), ("双减", "减轻负担")} <= pairs


def test_glossary_splits_alternatives(tmp_path: Path) -> None:
    path = tmp_path / "glossary.tsv"
    path.write_text("zh\ten\n教育局\teducation bureau; bureau of education\n", encoding="utf-8")
    found = glossary_source(path)
    assert [pair.query for pair in found.pairs] == [("education bureau",), ("bureau of education",)]
