"""The gate on our own corpus: planted regressions are caught, noise is not."""

from __future__ import annotations

import json
import shutil
from dataclasses import dataclass, replace
from itertools import groupby
from pathlib import Path

import numpy as np
import pytest
from tiaowen_corpus.places import shipped
from tiaowen_corpus.types import Span
from tiaowen_evaluation import gate, hook
from tiaowen_evaluation import pins as baseline_pins
from tiaowen_evaluation.collection import of_snapshot
from tiaowen_evaluation.session import (
    Session,
    mistakes,
    open_session,
    pair_folders,
    questions_folder,
)
from tiaowen_evaluation.statistics import SEED
from tiaowen_indexer.build import build, build_collected
from tiaowen_indexer.collect import Collected, collect
from tiaowen_indexer.lexical import LexicalIndex, Postings
from tiaowen_indexer.snapshot import open_snapshot
from tiaowen_indexer.vectors import VectorIndex
from tiaowen_models.protocols import Embedder, Ranker, Ranking
from tiaowen_service.request import SearchRequest
from tiaowen_service.searcher import Searcher, open_searcher


@pytest.fixture(scope="module")
def folder(tmp_path_factory) -> Path:
    return build(shipped("corpus/documents"), tmp_path_factory.mktemp("index")).folder


@pytest.fixture(scope="module")
def session(folder) -> Session:
    return open_session(open_snapshot(folder))


@pytest.fixture(scope="module")
def record(session):
    return session.run(session.systems(baselines=False))


@pytest.fixture(scope="module")
def pins(record):
    return (baseline_pins.pin(record, "documents"),)


def judged(session: Session, searcher: Searcher, pins) -> gate.Verdict:
    planted = replace(session, searcher=searcher)
    return gate.judge(planted.run(planted.systems(baselines=False)), pins)


@dataclass(frozen=True)
class Replanted:
    """The served ranker with each feature's share weighed anew."""

    honest: Ranker
    weights: dict[str, float]
    jitter: float = 0.0

    @property
    def name(self) -> str:
        return self.honest.name

    def rank(self, analysis, candidates) -> Ranking:
        shares = self.honest.rank(analysis, candidates).shares
        planted = {n: share * np.float32(self.weights.get(n, 1)) for n, share in shares.items()}
        scores = sum(planted.values())
        rng = np.random.default_rng(len(candidates))
        noise = rng.normal(0, self.jitter, len(candidates)).astype(np.float32)
        return Ranking(np.asarray(scores + noise, np.float32), planted)


@dataclass(frozen=True)
class Deaf:
    """The honest embedder, whose queries mean nothing."""

    honest: Embedder

    @property
    def name(self) -> str:
        return self.honest.name

    @property
    def fingerprint(self) -> str:
        return self.honest.fingerprint

    @property
    def dimensions(self) -> int:
        return self.honest.dimensions

    def encode_clauses(self, texts):
        return self.honest.encode_clauses(texts)

    def encode_queries(self, texts):
        return np.zeros((len(texts), self.dimensions), np.float32)


def test_a_rerun_differs_in_no_figure(folder, record):
    again = open_session(open_snapshot(folder))
    repeated = again.run(again.systems(baselines=False))
    assert repeated.figures == record.figures
    assert repeated.per_question == record.per_question
    assert {n: {q: a.clause_ids for q, a in r.answers.items()} for n, r in record.runs.items()} == {
        n: {q: a.clause_ids for q, a in r.answers.items()} for n, r in repeated.runs.items()
    }
    assert (repeated.labels, repeated.inputs) == (record.labels, record.inputs)


def test_the_same_index_passes(record, pins):
    verdict = gate.judge(record, pins)
    assert verdict.status == "passed"
    assert not verdict.reasons
    assert len(verdict.table) > 20


def test_a_flipped_sign_is_caught(session, record, pins):
    """Of the six features that weigh most: each flip is caught, or it makes no answer worse."""
    honest = session.searcher
    caught = 0
    for name in _heaviest(session)[:6]:
        ranker = Replanted(honest.ranker, {name: -1.0})
        planted = Searcher(honest.snapshot, honest.embedder, ranker=ranker)
        verdict = judged(session, planted, pins)
        caught += verdict.status == "failed"
        if verdict.status == "passed":
            lost = [
                f.pinned - f.now for f in verdict.table if (f.system, f.group) == ("ranked", "all")
            ]
            assert max(lost) < 0.03, name
    assert caught >= min(3, len(_heaviest(session)) - 1)


def test_a_ranking_upside_down_is_caught(session, pins):
    honest = session.searcher
    ranker = Replanted(honest.ranker, dict.fromkeys(_heaviest(session), -1.0))
    planted = Searcher(honest.snapshot, honest.embedder, ranker=ranker)
    assert judged(session, planted, pins).status == "failed"


def _heaviest(session: Session) -> list[str]:
    """Return the ranker's features by how far apart they set the candidates."""
    spread: dict[str, float] = {}
    for question in session.labels.questions[:40]:
        analysis = session.searcher.analyser.analyse(question.query)
        ordered = session.searcher.order(analysis, SearchRequest(question.query))
        for name, share in ordered.ranking.shares.items():
            spread[name] = spread.get(name, 0.0) + float(np.std(share))
    return sorted(spread, key=lambda name: -spread[name])


def test_shuffled_vectors_are_caught(session, pins):
    snapshot = session.searcher.snapshot
    shuffled = np.random.default_rng(1).permutation(len(snapshot.vectors.stored))
    vectors = VectorIndex(np.asarray(snapshot.vectors.stored)[shuffled], snapshot.vectors.keys)
    planted = open_searcher(replace(snapshot, vectors=vectors))
    verdict = judged(session, planted, pins)
    assert verdict.status == "failed"
    assert any(fall.significant and fall.system == "vector" for fall in verdict.table)


def test_a_dropped_vector_leg_is_caught(session, pins):
    honest = session.searcher
    verdict = judged(session, Searcher(honest.snapshot, Deaf(honest.embedder)), pins)
    assert verdict.status == "failed"
    assert any(fall.significant and fall.system == "vector" for fall in verdict.table)


def test_a_dropped_lexical_leg_is_caught(session, pins):
    snapshot = session.searcher.snapshot
    nothing = Postings(
        data=np.zeros(0, np.float32),
        indices=np.zeros(0, np.int32),
        indptr=np.zeros(1, np.int64),
        counts=np.zeros(0, np.uint16),
        lengths=np.zeros(snapshot.lexical.count, np.int32),
    )
    empty = LexicalIndex([], {"body": nothing, "context": nothing}, snapshot.lexical.count)
    verdict = judged(session, open_searcher(replace(snapshot, lexical=empty)), pins)
    assert verdict.status == "failed"
    assert any(fall.significant and fall.system == "bm25" for fall in verdict.table)


def test_labels_cut_to_their_stems_are_caught(pins, tmp_path):
    """三/3 becomes 三: sections instead of items. Ranks look fine, answers are pages long."""
    honest = collect(shipped("corpus/documents"))
    merged = []
    for _, group in groupby(honest.clauses, key=lambda c: (c.clause.doc_id, c.clause.path[:1])):
        first, *rest = group
        end = (rest or [first])[-1].clause.span.end
        span = Span(first.clause.span.start, end)
        text = span.of(honest.documents[first.document].text)
        clause_id = f"{first.clause.doc_id}/{first.clause.path[0]}/{len(merged)}"
        clause = replace(
            first.clause, clause_id=clause_id, path=first.clause.path[:1], span=span, body=span
        )
        merged.append(replace(first, row=len(merged), clause=clause, text=text, repairs=()))
    stemmed = Collected(honest.documents, tuple(merged), ())
    built = build_collected(stemmed, tmp_path, fingerprint="stemmed")
    session = open_session(open_snapshot(built.folder))
    verdict = gate.judge(session.run(session.systems(baselines=False)), pins)
    assert verdict.status == "failed"
    assert any("clauses that answer grew" in reason for reason in verdict.reasons)


def test_edited_labels_are_caught(session, record, pins):
    first = next(iter(record.questions))
    edited = {**record.questions, first: {**record.questions[first], "signature": "other"}}
    verdict = gate.judge(replace(record, questions=edited), pins)
    assert verdict.status == "failed"
    assert any(first in reason for reason in verdict.reasons)


def test_a_nudged_ranker_is_noise(session, pins):
    honest = session.searcher
    ranker = Replanted(honest.ranker, {}, jitter=1e-3)
    verdict = judged(session, Searcher(honest.snapshot, honest.embedder, ranker=ranker), pins)
    assert verdict.status == "passed", verdict.reasons


def test_luck_is_noise(record, pins):
    """Questions that exchange their fates move single figures, not the sum."""
    alarms = 0
    for seed in range(40):
        rng = np.random.default_rng([SEED, seed])
        values = {}
        for system, measures in record.per_question.items():
            ids = sorted(next(iter(measures.values())))
            chosen = rng.choice(len(ids), 16, replace=False)
            swapped = dict(zip(chosen, rng.permutation(chosen), strict=True))
            values[system] = {
                measure: {q: by[ids[swapped.get(at, at)]] for at, q in enumerate(ids)}
                for measure, by in measures.items()
            }
        verdict = gate.judge(replace(record, per_question=values), pins)
        alarms += verdict.status == "failed"
    assert alarms <= 4  # 5 % of 40, and room for luck


def test_a_lost_system_is_caught(record, pins):
    runs = {name: run for name, run in record.runs.items() if name != "vector"}
    values = {name: by for name, by in record.per_question.items() if name != "vector"}
    verdict = gate.judge(replace(record, runs=runs, per_question=values), pins)
    assert verdict.status == "failed"


def test_many_small_falls_end_at_the_floor(record, pins):
    (pin,) = pins
    floors = {"ranked": {m: v + 0.5 for m, v in pin.floors["ranked"].items()}}
    verdict = gate.judge(record, (replace(pin, floors=floors),))
    assert verdict.status == "failed"
    assert all("under the floor" in reason for reason in verdict.reasons)


def test_questions_of_a_deleted_document_are_left_out(record, pins):
    gone = {
        q for q, f in record.questions.items() if "lanting-2015-emergency-plan" in f["file_ids"]
    }
    assert gone
    kept = {q: facts for q, facts in record.questions.items() if q not in gone}
    values = {
        system: {m: {q: v for q, v in by.items() if q not in gone} for m, by in measures.items()}
        for system, measures in record.per_question.items()
    }
    verdict = gate.judge(replace(record, questions=kept, per_question=values), pins)
    assert verdict.status == "passed", verdict.reasons
    assert any("left out" in notice for notice in verdict.notices)


def test_new_documents_that_nobody_judged_do_not_count_against_an_index(tmp_path, pins):
    """A copy of every plan takes first ranks; for the pinned files nothing changed."""
    corpus = tmp_path / "corpus"
    shutil.copytree(shipped("corpus/documents"), corpus)
    for plan in sorted(shipped("corpus/documents").glob("*plan.txt")):
        shutil.copy(plan, corpus / f"copy-{plan.name}")
    session = open_session(open_snapshot(build(corpus, tmp_path / "index").folder))
    files = frozenset(pins[0].files)
    assert len(files) >= 14
    passed_over = session.run(session.systems(baselines=False, files=files))
    falls = gate.judge(passed_over, pins)
    assert not [fall for fall in falls.table if fall.significant and fall.system != "bm25"]
    known = {c for c, e in session.collection.by_id.items() if e.file_id in files}
    for run in passed_over.runs.values():
        assert all(known.issuperset(answer.clause_ids) for answer in run.answers.values())


def test_no_pin_no_judgement(record):
    verdict = gate.judge(record, ())
    assert verdict.status == "unpinned"
    assert verdict.may_publish


def test_lowering_a_floor_takes_a_reason(pins, tmp_path):
    (old,) = pins
    lower = {**old.floors, "ranked": {m: v - 0.1 for m, v in old.floors["ranked"].items()}}
    new = replace(old, floors=lower)
    with pytest.raises(baseline_pins.FloorLowered, match="ranked S@1"):
        baseline_pins.repin(pins, new)
    (allowed,), lowered = baseline_pins.repin(pins, new, reason="six documents were withdrawn")
    assert lowered
    assert allowed.allowed[-1]["reason"] == "six documents were withdrawn"
    baseline_pins.save_pins([allowed], tmp_path / "baseline.json")
    assert baseline_pins.load_pins(tmp_path / "baseline.json") == (allowed,)
    (raised,), lowered = baseline_pins.repin((allowed,), old)
    assert not lowered
    assert raised.allowed == allowed.allowed  # what was once allowed stays on record


def test_the_hook_decides_and_reports(folder, pins, tmp_path, monkeypatch):
    baseline = tmp_path / "baseline.json"
    baseline_pins.save_pins(pins, baseline)
    monkeypatch.setattr(hook, "baseline", lambda: baseline)
    decision = hook.gate(folder)
    assert (decision["may_publish"], decision["status"]) == (True, "passed")
    assert json.loads(json.dumps(decision)) == decision
    page = Path(decision["report"]).read_text("utf-8")
    assert folder.name in page

    strict = replace(pins[0], floors={"ranked": dict.fromkeys(pins[0].floors["ranked"], 1.01)})
    baseline_pins.save_pins([strict], baseline)
    allowed = hook.gate(folder, allow_regression="measured on purpose")
    assert (allowed["may_publish"], allowed["status"]) == (True, "allowed")
    assert allowed["reasons"]
    assert any("measured on purpose" in notice for notice in allowed["notices"])


def test_an_index_that_no_question_speaks_about_is_not_judged(tmp_path):
    corpus = tmp_path / "other"
    corpus.mkdir()
    (corpus / "notice.txt").write_text("关于放假的通知\n一、时间\n5月1日放假一天。\n", "utf-8")
    decision = hook.gate(build(corpus, tmp_path / "index").folder)
    assert (decision["may_publish"], decision["status"]) == (True, "unpinned")


def test_a_lost_quote_is_a_regression(folder, monkeypatch, tmp_path):
    questions = tmp_path / "questions"
    questions.mkdir()
    source = shipped("evaluation/questions")
    rows = [json.loads(line) for line in (source / "own-corpus.jsonl").open(encoding="utf-8")]
    rows[0]["judgements"][0]["quote"] = "此话已被删去"
    text = "\n".join(json.dumps(row, ensure_ascii=False) for row in rows)
    (questions / "own.jsonl").write_text(text, "utf-8")
    monkeypatch.setattr("tiaowen_evaluation.session.questions_folder", lambda: questions)
    decision = hook.gate(folder)
    assert decision["status"] == "failed"
    assert any("此话已被删去" in reason for reason in decision["reasons"])
    assert not decision["may_publish"]
    assert "未通过" in decision["summary"]


def test_fewer_judgements_are_noticed(record, pins):
    (pin,) = pins
    more = {**pin.limits, "Judged@10": 1.5}  # above any share, since all may be judged
    verdict = gate.judge(record, (replace(pin, limits=more),))
    assert verdict.status == "passed"
    assert any("tiaowen evaluate judge" in notice for notice in verdict.notices)


def test_our_labels_have_no_mistake(session):
    labels, errors = mistakes(questions_folder(), session.collection, pairs=pair_folders())
    assert not errors, "\n".join(map(str, errors))
    assert len(labels.questions) >= 200


def test_labels_of_the_real_documents_have_no_mistake(shared, tmp_path):
    snapshot = open_snapshot(build(shared / "seeds", tmp_path).folder)
    folders = (*pair_folders(), shared / "data" / "train")
    labels, errors = mistakes(questions_folder(), of_snapshot(snapshot), pairs=folders)
    assert not errors, "\n".join(map(str, errors))
    assert len(labels.questions) >= 150


def test_the_shipped_baseline_holds(record):
    verdict = gate.judge(record, baseline_pins.load_pins(hook.baseline()))
    remedy = "tiaowen evaluate pin --corpus corpus/documents --name documents"
    reasons = "\n".join(verdict.reasons)
    assert verdict.status == "passed", f"{reasons}\nif this is meant: {remedy}"
