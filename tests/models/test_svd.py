"""The first embedder: deterministic, saved and loaded alike, near what is alike."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from tiaowen_models.svd import SvdEmbedder, fit

TEXTS = [
    f"{period}{duty}，由{who}负责。"
    for period in ("每周", "每月", "每学期")
    for duty in ("检查教室卫生", "组织家长听课", "开展安全教育", "批改学生作业")
    for who in ("班主任", "教务处")
]


@pytest.fixture(scope="module")
def embedder() -> SvdEmbedder:
    return fit(TEXTS, dimensions=8)


def test_rows_have_length_one_and_nothing_known_is_zero(embedder: SvdEmbedder) -> None:
    vectors = embedder.encode_clauses([*TEXTS, "", "xyz 。。"])
    assert vectors.dtype == np.float32
    assert vectors.shape == (len(TEXTS) + 2, embedder.dimensions)
    np.testing.assert_allclose(np.linalg.norm(vectors[:-2], axis=1), 1.0, rtol=1e-5)
    assert not vectors[-2:].any()
    assert embedder.encode_clauses([]).shape == (0, embedder.dimensions)


def test_like_wording_is_near_in_either_script(embedder: SvdEmbedder) -> None:
    query = embedder.encode_queries(["家長聽課"])[0]
    cosines = embedder.encode_clauses(TEXTS) @ query
    assert "听课" in TEXTS[int(np.argmax(cosines))]
    np.testing.assert_array_equal(query, embedder.encode_queries(["家长听课"])[0])


def test_the_same_texts_give_the_same_model(embedder: SvdEmbedder) -> None:
    again = fit(TEXTS, dimensions=8)
    assert again.fingerprint == embedder.fingerprint
    assert fit(TEXTS[:-1], dimensions=8).fingerprint != embedder.fingerprint


def test_what_is_saved_is_loaded(embedder: SvdEmbedder, tmp_path: Path) -> None:
    embedder.save(tmp_path)
    loaded = SvdEmbedder.load(tmp_path)
    assert loaded.fingerprint == embedder.fingerprint
    np.testing.assert_array_equal(loaded.encode_clauses(TEXTS), embedder.encode_clauses(TEXTS))


def test_a_corpus_of_one_clause_can_be_fitted() -> None:
    only = fit(["每周检查教室卫生。", "每月检查。"])
    assert only.encode_queries(["检查卫生"]).any()
