"""Precedents, checks, requirements, comparison and export over two invented documents."""

from __future__ import annotations

import gc
import io
import weakref
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from docx import Document as Word
from docx.oxml.ns import qn
from fastapi.testclient import TestClient
from hypothesis import given, settings
from hypothesis import strategies as st
from tiaowen_corpus.types import Clause, Span
from tiaowen_indexer.build import build
from tiaowen_indexer.store import StoredClause
from tiaowen_service.citation import citation
from tiaowen_service.drafting.align import diff, formula, held, likeness, longest_run
from tiaowen_service.drafting.precedents import precedents
from tiaowen_service.drafting.sheets import csv_of, safe
from tiaowen_service.drafting.similar import Finder, sentences_of
from tiaowen_service.drafting.topics import topics
from tiaowen_service.drafting.workshop import workshop_of
from tiaowen_service.live import Live
from tiaowen_service.searcher import Searcher

TEXTS = st.text(alphabet="学校每期一二三0123次家长会至少不，。 以上", max_size=40)


@given(draft=TEXTS, source=TEXTS)
@settings(max_examples=150, deadline=None)
def test_a_diff_tells_both_wordings(draft: str, source: str) -> None:
    parts = diff(draft, source)
    for name, text in (("draft", draft), ("source", source)):
        spans = [(part[f"{name}_start"], part[f"{name}_end"]) for part in parts]
        assert all(
            text[start:end] == part[name] for part, (start, end) in zip(parts, spans, strict=True)
        )
        assert spans == sorted(spans)
        covered = {at for start, end in spans for at in range(start, end)}
        left = [text[at] for at in range(len(text)) if at not in covered]
        assert not any(character.isalnum() for character in left)
    assert all(part["op"] != "equal" or not part["number"] for part in parts)


def test_figures_are_compared_whole() -> None:
    (changed,) = [part for part in diff("听课15节", "听课20节") if part["op"] != "equal"]
    assert (changed["draft"], changed["source"], changed["number"]) == ("15", "20", True)
    assert likeness("每学期听课15节", "每学期听课不少于15节") < 1
    assert likeness("每学期听课15节", "每学期听课二十节") == 1


def test_signs_do_not_break_a_run() -> None:
    length, start, end = longest_run("又：教师不得，拖堂、早退。", "教师不得拖堂早退")
    assert (length, "又：教师不得，拖堂、早退。"[start:end]) == (8, "教师不得，拖堂、早退")
    assert held("教师不得拖堂", "各校教师不得在课上拖堂") == 1


def test_a_formula_keeps_what_all_share() -> None:
    assert (
        formula(["每学期召开2次家长会", "每学期至少召开3次家长会"]) == "每学期…召开〔数〕次家长会"
    )


@pytest.mark.parametrize(
    ("draft", "verdict"),
    [
        ("每学期至少开放课堂2次，每次不少于3天。", "near_verbatim"),
        ("每学期至少开放课堂4次，每次不少于5天。", "near_verbatim"),
        ("海水养殖区禁止使用违禁渔药。", "none"),
    ],
)
def test_verdicts(searcher: Searcher, draft: str, verdict: str) -> None:
    (sentence,) = precedents(Finder(searcher), draft)["sentences"]
    assert sentence["verdict"] == verdict
    assert bool(sentence["groups"]) == (verdict != "none")


def test_both_scripts_are_one_precedent_with_both_documents(searcher: Searcher) -> None:
    (sentence,) = precedents(Finder(searcher), "每学期至少开放课堂2次，每次不少于3天。")[
        "sentences"
    ]
    group = sentence["groups"][0]
    assert group["documents"] == 2
    assert {hit["doc_id"] for hit in group["hits"]} == {"rules", "plan"}
    assert group["earliest"]["doc_id"] == "rules"
    assert sentence["copied"]["characters"] >= 13
    assert sentence["copied"]["citation"].startswith("《")


def _json(client: TestClient, path: str, body: dict[str, Any]) -> Any:
    answer = client.post(path, json=body)
    assert answer.status_code == 200, answer.text
    return answer.json()


def test_a_changed_number_is_marked(client: TestClient) -> None:
    answer = _json(client, "/v1/precedents", {"text": "每学期至少开放课堂4次，每次不少于3天。"})
    first = answer["sentences"][0]["groups"][0]["hits"][0]
    changed = [part for part in first["diff"] if part["number"]]
    assert [(part["draft"], part["source"]) for part in changed] == [("4", "2")]


def test_a_draft_is_checked(client: TestClient) -> None:
    text = "一、组织领导\n严禁在校园内吸烟。\n校门口设无人机起降坪。"
    answer = _json(client, "/v1/drafts:check", {"text": text})
    verdicts = {one["text"]: one["verdict"] for one in answer["sentences"]}
    assert verdicts["严禁在校园内吸烟。"] == "near_verbatim"
    assert verdicts["校门口设无人机起降坪。"] == "novel"
    assert sum(answer["counts"].values()) == len(answer["sentences"])


def test_a_word_file_is_checked(client: TestClient) -> None:
    document = Word()
    document.add_paragraph("严禁体罚和变相体罚学生。")
    stream = io.BytesIO()
    document.save(stream)
    files = {"file": ("草稿.docx", stream.getvalue())}
    answer = client.post("/v1/drafts:check", files=files)
    assert answer.status_code == 200
    assert answer.json()["copied"][0]["copied"]["clause_id"].startswith("rules/三")


def test_requirements_are_filtered_and_sorted(client: TestClient) -> None:
    answer = client.get("/v1/requirements", params={"modality": "must_not"}).json()
    assert answer["total"] and {row["modality"] for row in answer["requirements"]} == {"must_not"}
    rows = client.get("/v1/requirements", params={"sort": "quantity"}).json()["requirements"]
    values = [row["quantity"]["value"] for row in rows if row["quantity"]]
    assert values == sorted(values, reverse=True)
    only = client.get("/v1/requirements", params={"topic": "吸烟"}).json()["requirements"]
    assert [row["action"] for row in only] == ["在校园内吸烟"]


def test_the_spread_of_a_number_over_documents(client: TestClient) -> None:
    spread = client.get("/v1/requirements", params={"view": "distribution"}).json()["distribution"]
    (classes,) = [row for row in spread if row["what"] == "课堂" and row["unit"] == "次"]
    (number,) = classes["numbers"]
    assert number["wording"].startswith("至少2次")
    assert number["documents"] == ["plan", "rules"]


def test_requirements_as_files(client: TestClient) -> None:
    text = client.get("/v1/requirements", params={"format": "csv"}).content.decode("utf-8-sig")
    assert text.splitlines()[0].startswith("责任主体,性质,事项")
    body = client.get("/v1/requirements", params={"format": "xlsx"}).content
    sheet = openpyxl.load_workbook(io.BytesIO(body)).active
    assert sheet is not None
    assert sheet.freeze_panes == "A2"
    assert sheet.max_row == len(text.splitlines())


def test_cells_are_no_formulas() -> None:
    assert safe("=1+1") == "'=1+1"
    assert safe("家长\x07会") == "家长会"
    assert b"'@x" in csv_of({"a": "甲"}, [{"a": "@x"}])


def test_a_comparison_marks_differences_and_gaps(client: TestClient) -> None:
    body = {"topic": "家长听课不得随意走动", "columns": ["rules", "plan"], "base": "rules"}
    matrix = _json(client, "/v1/compare", body)
    assert matrix["base"] == "rules"
    assert all(set(row["cells"]) == {"rules", "plan"} for row in matrix["rows"])
    rows = [row for row in matrix["rows"] if row["cells"]["rules"] and row["cells"]["plan"]]
    gaps = [row for row in matrix["rows"] if not row["cells"]["plan"]]
    assert len(matrix["gaps"]) >= len(gaps)
    assert all(row["cells"]["plan"]["diff"] for row in rows)


@pytest.mark.parametrize("format", ["html", "xlsx", "docx"])
def test_a_comparison_as_a_file(client: TestClient, format: str) -> None:
    body = {"clause_ids": ["rules/一/二"], "columns": ["rules", "plan"], "format": format}
    answer = client.post("/v1/compare", json=body)
    assert answer.status_code == 200
    if format == "html":
        assert "开放课堂" in answer.text and "<script" not in answer.text
    elif format == "xlsx":
        sheet = openpyxl.load_workbook(io.BytesIO(answer.content)).active
        assert sheet is not None and sheet.max_column == 3
    else:
        (table,) = Word(io.BytesIO(answer.content)).tables
        assert len(table.columns) == 3


def test_an_export_is_typeset_like_an_official_document(client: TestClient) -> None:
    body = {"clause_ids": ["rules/一/二", "plan/三/二"], "title": "开放课堂摘编"}
    document = Word(io.BytesIO(client.post("/v1/export", json=body).content))
    section = document.sections[0]
    assert [round(side.mm) for side in (section.top_margin, section.left_margin)] == [37, 28]
    title = document.paragraphs[0].runs[0]
    assert title._element.rPr.rFonts.get(qn("w:eastAsia")) == "方正小标宋简体"
    (clause,) = [one for one in document.paragraphs if one.text.startswith("每学期至少")]
    assert clause.runs[0]._element.rPr.rFonts.get(qn("w:eastAsia")) == "仿宋_GB2312"
    assert (clause.runs[0].font.size.pt, clause.paragraph_format.line_spacing.pt) == (16, 28)
    assert any("青教发〔2019〕7号" in one.text for one in document.paragraphs)


def test_an_export_as_text(client: TestClient) -> None:
    body = {"clause_ids": ["rules/一/二"], "format": "markdown"}
    text = client.post("/v1/export", json=body).text
    assert "> 每学期至少开放课堂2次" in text and "一(二)" in text
    body["format"] = "json"
    (item,) = client.post("/v1/export", json=body).json()["clauses"]
    assert item["key"] == "rules/一/二" and item["doc_number"] == "青教发〔2019〕7号"


@pytest.mark.parametrize(
    ("path", "body", "status", "code"),
    [
        ("/v1/precedents", {"text": "。。。"}, 422, "empty_draft"),
        ("/v1/precedents", {}, 422, "invalid_request"),
        ("/v1/drafts:check", {"text": 3}, 422, "invalid_request"),
        ("/v1/drafts:check", {"text": "…"}, 422, "empty_draft"),
        ("/v1/compare", {}, 422, "nothing_to_compare"),
        ("/v1/compare", {"clause_ids": ["x"]}, 404, "clause_not_found"),
        ("/v1/export", {"clause_ids": ["x"]}, 404, "clause_not_found"),
    ],
)
def test_refusals(
    client: TestClient, path: str, body: dict[str, Any], status: int, code: str
) -> None:
    answer = client.post(path, json=body)
    assert (answer.status_code, answer.json()["code"]) == (status, code)
    assert answer.json()["remedy"]


def test_a_profile_names_key_terms_and_reuse(client: TestClient) -> None:
    answer = client.get("/v1/documents/plan/profile").json()
    assert answer["key_terms"] and answer["requirements"]
    assert answer["reuse"]["documents"] == ["rules"]
    assert answer["sections"][0]["section"] == "指导思想"
    assert client.get("/v1/documents/nowhere/profile").status_code == 404


def test_topics_and_phrases_are_stable(client: TestClient) -> None:
    for path in ("/v1/topics?count=3", "/v1/phrases"):
        first, second = client.get(path), client.get(path)
        assert first.status_code == 200 and first.content == second.content
        tag = first.headers["etag"]
        assert client.get(path, headers={"If-None-Match": tag}).status_code == 304
    patterns = client.get("/v1/phrases").json()["patterns"]
    (bans,) = [row for row in patterns if row["pattern"] == "严禁…"]
    assert bans["count"] == 2


@pytest.mark.parametrize(
    "lines", [["每学期听课十次。"], ["每学期听课十次。"] * 9, ["甲。", "乙。"]]
)
def test_a_library_too_small_or_alike_has_no_topics(lines: list[str], tmp_path: Path) -> None:
    (tmp_path / "library").mkdir()
    text = "".join(f"{number}、{line}\n" for number, line in enumerate(lines, 1))
    (tmp_path / "library" / "small.txt").write_text(text, "utf-8")
    build(tmp_path / "library", tmp_path / "index", model="svd")
    answer = topics(workshop_of(Live(tmp_path / "index", model="svd").searcher()), 5)
    assert answer["topics"] == [] and answer["index_version"]


def test_a_workshop_goes_with_its_searcher(index: Path) -> None:
    searcher = Live(index, model="svd").searcher()
    assert workshop_of(searcher) is workshop_of(searcher)
    gone = weakref.ref(workshop_of(searcher))
    del searcher
    gc.collect()
    assert gone() is None


def test_a_heading_is_a_wording_too() -> None:
    whole = Span(0, 12)
    clause = Clause(
        "d/1", "d", "1.", ("1",), "细化食堂管理,在饭菜质量上求突破", (), "clause", whole, whole, ""
    )
    found = sentences_of(StoredClause(0, 0, clause, "食堂应当每周公布菜谱。", ()))
    assert [one.text for one in found] == [clause.heading, "食堂应当每周公布菜谱。"]
    assert (found[0].start, found[0].end) == (0, 0)


def test_a_listed_label_is_cited_in_brackets() -> None:
    facts = {"title": "办法", "issuer": "", "doc_number": "", "issued": ""}
    assert citation(**facts, path=("三", "一是")) == "《办法》 三(一是)"
    assert citation(**facts, path=("三", "二", "2")) == "《办法》 三(二)2"
