"""What every store holds to: the local one is the measure, Milvus runs as Milvus Lite."""

from __future__ import annotations

import importlib.util
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray
from tiaowen_indexer.modality import bits
from tiaowen_indexer.snapshot import Snapshot
from tiaowen_indexer.stores.errors import NotLoaded, StillLive
from tiaowen_indexer.stores.filters import Filters
from tiaowen_indexer.stores.local import LocalHost, LocalStore, document_facts
from tiaowen_indexer.stores.protocol import RRF_K, ClauseStore, StoreHost
from tiaowen_models.loading import load_embedder

from .store_contract import snapshot

QUERIES = ("教师每学期听课不少于两次", "开放周家长进课堂", "严禁校车超载", "请假", "考核奖励公示")
FILTERS = (
    Filters(doc_ids=("d1", "d3")),
    Filters(kinds=("通知",)),
    Filters(issuers=("区教育局",), modality=("must",)),
    Filters(regions=("灞桥区",)),
    Filters(modality=("may", "must")),
    Filters(issued_from="2014-03-01"),
    Filters(issued_from="2014-04"),
    Filters(issued_to="2014"),
    Filters(issued_to="2014-03-01"),
    Filters(issued_from="2013", issued_to="2013-12"),
    Filters(doc_ids=('不"存在\\',)),
)


@pytest.fixture(scope="module")
def first(tmp_path_factory: pytest.TempPathFactory) -> Snapshot:
    return snapshot(tmp_path_factory.mktemp("first"))


@pytest.fixture(scope="module")
def second(tmp_path_factory: pytest.TempPathFactory) -> Snapshot:
    return snapshot(tmp_path_factory.mktemp("second"), seed=2, fewer=7)


@pytest.fixture(scope="module", params=["local", "milvus"])
def host(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[StoreHost]:
    place = tmp_path_factory.mktemp("host")
    if request.param == "local":
        yield LocalHost(place)
        return
    yield lite_host(place / "milvus.db")


def lite_host(file: Path) -> StoreHost:
    if importlib.util.find_spec("milvus_lite") is None:
        pytest.skip("Milvus Lite is not installed: pip install 'tiaowen[milvus]'")
    from pymilvus import MilvusClient
    from tiaowen_indexer.stores.milvus_host import MilvusHost

    return MilvusHost(MilvusClient(str(file)), lite=True)


@pytest.fixture(scope="module")
def store(host: StoreHost, first: Snapshot) -> ClauseStore:
    host.load(first)
    return host.open(first)


def _vector(query: str) -> NDArray[np.float32]:
    return load_embedder().encode_queries([query])[0]


def _terms(query: str, held: Snapshot) -> dict[str, float]:
    """Every word of the index that the query holds, weighted unequally; and one it lacks."""
    words = [word for word in held.lexical.vocabulary if word in query and len(word) > 1]
    return {word: 1.0 / place for place, word in enumerate(words, 1)} | {"缺词": 0.5}


def test_it_holds_every_clause_once(store: ClauseStore, first: Snapshot) -> None:
    assert store.count() == first.manifest.clauses == 200
    assert store.version == first.manifest.version


@pytest.mark.parametrize("query", QUERIES)
def test_bm25_is_that_of_the_postings(store: ClauseStore, first: Snapshot, query: str) -> None:
    terms = _terms(query, first)
    scores = first.lexical.scores(terms)
    found = store.lexical(terms, 300)
    assert set(found.rows.tolist()) == set(np.flatnonzero(scores > 0).tolist())
    np.testing.assert_allclose(found.scores, scores[found.rows], rtol=1e-5)
    assert np.all(np.diff(found.scores) <= 0)


@pytest.mark.parametrize("query", QUERIES)
def test_the_vector_leg_is_exact_at_this_size(
    store: ClauseStore, first: Snapshot, query: str
) -> None:
    cosines = np.asarray(first.vectors.stored, np.float32) @ _vector(query)
    found = store.nearest(_vector(query), 15)
    wanted = np.sort(cosines)[::-1][:15]
    np.testing.assert_allclose(found.scores, wanted, rtol=1e-4)
    np.testing.assert_allclose(found.scores, cosines[found.rows], rtol=1e-4)


@pytest.mark.parametrize("query", QUERIES)
def test_fused_by_reciprocal_ranks(store: ClauseStore, first: Snapshot, query: str) -> None:
    terms, vector = _terms(query, first), _vector(query)
    legs = store.lexical(terms, 20), store.nearest(vector, 20)
    expected: dict[int, float] = {}
    for leg in legs:
        for rank, row in enumerate(leg.rows.tolist(), 1):
            expected[row] = expected.get(row, 0.0) + 1 / (RRF_K + rank)
    found = store.fused(terms, vector, 20)
    # engines order equal scores of a leg as they like: a rank may move by the size of a tie
    best = sorted(expected.values(), reverse=True)[:20]
    np.testing.assert_allclose(found.scores, best, atol=6e-4)


@pytest.mark.parametrize("where", FILTERS)
def test_filters_let_through_the_same(store: ClauseStore, first: Snapshot, where: Filters) -> None:
    measure = LocalStore(first)
    terms, vector = _terms(QUERIES[0], first), _vector(QUERIES[0])
    found, expected = (each.lexical(terms, 300, where=where) for each in (store, measure))
    assert set(found.rows.tolist()) == set(expected.rows.tolist())
    near = [each.nearest(vector, 300, where=where) for each in (store, measure)]
    assert set(near[0].rows.tolist()) == set(near[1].rows.tolist())
    fused = store.fused(terms, vector, 300, where=where)
    assert set(fused.rows.tolist()) >= set(expected.rows.tolist())
    facts, columns = document_facts(first), first.columns
    for row in fused.rows.tolist():
        if where.kinds:
            assert facts[columns.document[row]].kind in where.kinds
        if where.modality:
            assert columns.modality[row] & bits(where.modality)


def test_ties_stand_in_the_order_of_ids(store: ClauseStore, first: Snapshot) -> None:
    found = store.lexical({"关于": 1.0, "文件": 1.0}, 200)
    order = first.columns.order[found.rows]
    tied = np.abs(np.diff(found.scores)) < 1e-9
    assert tied.any(), "the titles are alike, so there are ties"
    assert np.all(np.diff(order)[tied] > 0)


def test_scores_of_given_rows(store: ClauseStore, first: Snapshot) -> None:
    rows = np.array([199, 0, 57, 3], np.int32)
    terms, vector = _terms(QUERIES[1], first), _vector(QUERIES[1])
    np.testing.assert_allclose(
        store.lexical_scores(terms, rows), first.lexical.scores(terms)[rows], rtol=1e-5, atol=1e-6
    )
    np.testing.assert_allclose(
        store.cosines(vector, rows),
        np.asarray(first.vectors.stored[rows], np.float32) @ vector,
        rtol=1e-4,
    )
    none = np.zeros(0, np.int32)
    assert len(store.cosines(vector, none)) == len(store.lexical_scores(terms, none)) == 0


def test_what_matches_nothing_finds_nothing(store: ClauseStore, first: Snapshot) -> None:
    nothing = np.zeros(first.vectors.dimensions, np.float32)
    assert len(store.lexical({}, 10)) == len(store.lexical({"缺词": 1.0}, 10)) == 0
    assert len(store.nearest(nothing, 10)) == 0
    assert len(store.fused({}, nothing, 10)) == 0
    one = store.fused({}, _vector(QUERIES[0]), 5)
    assert one.rows.tolist() == store.nearest(_vector(QUERIES[0]), 5).rows.tolist()


def test_versions_switch_at_once_and_are_never_mixed(
    host: StoreHost, first: Snapshot, second: Snapshot
) -> None:
    host.load(first)
    version, other = first.manifest.version, second.manifest.version
    with pytest.raises(NotLoaded):
        host.publish(other)
    with pytest.raises(NotLoaded):
        host.open(second)
    host.publish(version)
    assert host.live() == version
    serving = host.open(first)
    assert host.load(second) == 193
    assert host.load(second) == 0, "a version that is there is not loaded again"
    assert host.live() == version, "loading publishes nothing"
    host.publish(other)
    assert host.live() == other
    assert host.open(second).count() == 193
    assert serving.count() == 200, "a search that began goes on in its version"
    terms = _terms(QUERIES[0], first)
    np.testing.assert_allclose(
        serving.lexical(terms, 10).scores, LocalStore(first).lexical(terms, 10).scores, rtol=1e-5
    )
    with pytest.raises(StillLive):
        host.drop(other)
    host.publish(version)
    host.drop(other)
    assert host.versions() == [version]
