"""Figures of a run: ir_measures for ranking, scikit-learn for confidence; none written by hand."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from functools import cache
from typing import Any

import ir_measures
import numpy as np

from .labels import Grades
from .questions import RELEVANT
from .runs import Answer, Run

PerQuestion = Mapping[str, Mapping[str, float]]  # measure -> question_id -> value

# Graded labels: grades 2 and 3 are relevant. nDCG uses the grades as gains.
GRADED = (
    "nDCG@10",
    f"RR(rel={RELEVANT})@10",
    f"R(rel={RELEVANT})@5",
    f"R(rel={RELEVANT})@10",
    f"R(rel={RELEVANT})@100",
    f"Success(rel={RELEVANT})@1",
    f"Success(rel={RELEVANT})@3",
    f"Success(rel={RELEVANT})@5",
    "Judged@10",
)
BINARY = ("nDCG@10", "RR@10", "R@5", "R@10", "R@100", "Success@1", "Success@5")  # BEIR qrels
PASSAGE = "P@1 passage"
BINS = 10  # of the calibration curve and ECE


@cache
def short(measure: str) -> str:
    """Return the name for people: ``Success(rel=2)@1`` is ``S@1``."""
    return measure.replace(f"(rel={RELEVANT})", "").replace("Success", "S")


def measure_at(measure: str, relevant: int) -> str:
    """Return ``R@10`` as ``R(rel=2)@10``; nDCG takes grades as gains and stays as it is."""
    name, cutoff = measure.split("@")
    return measure if relevant == 1 or name == "nDCG" else f"{name}(rel={relevant})@{cutoff}"


@cache
def _parsed(measures: tuple[str, ...]) -> tuple[Any, ...]:
    return tuple(ir_measures.parse_measure(name) for name in measures)


def per_question(run: Run, grades: Grades, measures: Sequence[str] = GRADED) -> PerQuestion:
    """Return every measure of every question that ``grades`` names; no answer counts 0.

    Ranks, not scores, are handed over: they fall strictly, so no tool breaks ties its own way.
    """
    known = _parsed(tuple(measures))
    qrels = [
        ir_measures.Qrel(question_id, clause_id, grade)
        for question_id, judged in grades.items()
        for clause_id, grade in judged.items()
    ]
    scored = [
        ir_measures.ScoredDoc(question_id, clause_id, float(len(answer.clause_ids) - at))
        for question_id, answer in run.answers.items()
        if question_id in grades
        for at, clause_id in enumerate(answer.clause_ids)
    ]
    values = {str(measure): dict.fromkeys(grades, 0.0) for measure in known}
    for metric in ir_measures.iter_calc(known, qrels, scored):
        values[str(metric.measure)][metric.query_id] = float(metric.value)
    return {name: values[str(measure)] for name, measure in zip(measures, known, strict=True)}


def passage_precision(right: Mapping[str, bool]) -> Mapping[str, float]:
    """P@1 over the one passage offered for each question: was it the sentence that answers?"""
    measure = ir_measures.parse_measure("P@1")
    qrels = [ir_measures.Qrel(question_id, "answering", 1) for question_id in right]
    scored = [
        ir_measures.ScoredDoc(question_id, "answering" if hit else "other", 1.0)
        for question_id, hit in right.items()
    ]
    values = dict.fromkeys(right, 0.0)
    for metric in ir_measures.iter_calc([measure], qrels, scored):
        values[metric.query_id] = float(metric.value)
    return values


def mean(values: Iterable[float]) -> float:
    """Arithmetic mean, exact in any order; nan of nothing."""
    listed = list(values)
    return math.fsum(listed) / len(listed) if listed else math.nan


def confidence_figures(
    answers: Mapping[str, Answer], answerable: Mapping[str, bool], right: Mapping[str, bool]
) -> dict[str, Any]:
    """How far ``confidence`` can be trusted.

    ``AUROC``: answerable against unanswerable questions. ``ECE``, ``Brier`` and ``curve``: against
    whether the first hit answers (Guo et al., ICML 2017: ten equal bins, weighted by their counts);
    ``AURC_AUROC``: the same target as AUROC. Empty if the system states no confidence.
    """
    from sklearn.calibration import calibration_curve
    from sklearn.metrics import brier_score_loss, roc_auc_score

    asked = [q for q in answerable if answers[q].confidence is not None]
    if not asked:
        return {}
    scores = np.asarray([answers[q].confidence for q in asked], dtype=np.float64)
    can = np.asarray([answerable[q] for q in asked])
    hit = np.asarray([right.get(q, False) for q in asked])
    figures: dict[str, Any] = {"questions": len(asked)}
    if can.any() and not can.all():
        figures["AUROC"] = float(roc_auc_score(can, scores))
    if hit.any() and not hit.all():
        figures["AUROC of the first hit"] = float(roc_auc_score(hit, scores))
    true, stated = calibration_curve(hit, scores, n_bins=BINS, strategy="uniform")
    counts = np.histogram(scores, bins=np.linspace(0.0, 1.0 + 1e-8, BINS + 1))[0]
    counts = counts[counts > 0]
    figures["ECE"] = float(np.average(np.abs(true - stated), weights=counts))
    figures["Brier"] = float(brier_score_loss(hit, scores))
    figures["curve"] = [
        {"stated": float(s), "true": float(t), "questions": int(n)}
        for s, t, n in zip(stated, true, counts, strict=True)
    ]
    return figures


def latency_figures(run: Run) -> dict[str, float]:
    """Percentiles of the time a query took, milliseconds."""
    times = [answer.took_ms for answer in run.answers.values()]
    if not times:
        return {}
    points = np.percentile(times, [50, 90, 95, 99])
    return {f"p{p}": round(float(v), 3) for p, v in zip((50, 90, 95, 99), points, strict=True)}
