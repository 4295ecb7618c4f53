"""The shipped embedder: shapes, sides, files, speed and what it understands."""

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tiaowen_corpus.places import shipped
from tiaowen_models.features import Vocabulary
from tiaowen_models.static import CONFIG, StaticEmbedder, pack, quantise, unpack, write

MODEL = "models/tiaowen-static"
NAMES = ("教师", "学生", "教", "师", "学", "生", "teacher", "#1")


def small(seed: int = 0) -> StaticEmbedder:
    rng = np.random.default_rng(seed)
    table, scale = quantise(rng.normal(size=(len(NAMES), 16)).astype(np.float32))
    return StaticEmbedder("small", Vocabulary(NAMES), table, scale, scale * np.float32(0.5))


@pytest.fixture(scope="module")
def model() -> StaticEmbedder:
    try:
        folder = shipped(MODEL)
    except FileNotFoundError:
        pytest.skip("the model is not trained yet: make train")
    return StaticEmbedder.load(folder)


def test_vectors_have_length_one_or_zero() -> None:
    vectors = small().encode_clauses(["教师和学生", "", "zzz"])
    assert vectors.dtype == np.float32
    assert np.linalg.norm(vectors, axis=1) == pytest.approx([1, 0, 0], abs=1e-6)


def test_a_text_is_the_sum_of_its_token_vectors() -> None:
    embedder = small()
    tokens = embedder.features("教师教师学生")
    assert tokens == ["教师", "教师", "学生"]
    first, second = embedder.token_vectors(["教师", "学生"])
    summed = 2**0.5 * first + second
    expected = summed / np.linalg.norm(summed)
    assert embedder.encode_clauses(["教师教师学生"])[0] == pytest.approx(expected, abs=1e-6)


def test_sides_have_their_own_weights() -> None:
    embedder = small()
    clause = embedder.token_vectors(["教师"])
    query = embedder.token_vectors(["教师"], side="query")
    assert query == pytest.approx(clause * 0.5, abs=1e-6)


def test_unknown_tokens_are_zero_and_unit_vectors_stay_finite() -> None:
    vectors = small().unit_token_vectors(["骉", "教师"])
    assert not vectors[0].any()
    assert np.linalg.norm(vectors[1]) == pytest.approx(1, abs=1e-6)
    assert small().token_vectors([]).shape == (0, 16)


def test_encoding_does_not_depend_on_the_company() -> None:
    embedder = small()
    alone = embedder.encode_queries(["学生"])
    np.testing.assert_allclose(embedder.encode_queries(["教师", "学生"])[1:], alone, atol=1e-6)
    clause = embedder.encode_clauses(["学生"])
    assert np.array_equal(embedder.encode_clauses(["教师", "学生"])[1:], clause)


def test_files_round_trip(tmp_path: Path) -> None:
    embedder = small()
    write(embedder, tmp_path)
    loaded = StaticEmbedder.load(tmp_path)
    assert loaded.fingerprint == embedder.fingerprint
    assert loaded.dimensions == 16
    texts = ["教师", "teacher 1"]
    assert np.array_equal(loaded.encode_clauses(texts), embedder.encode_clauses(texts))


def test_fingerprint_sees_weights_and_words() -> None:
    one, other = small(0), small(1)
    renamed = StaticEmbedder(
        "small", Vocabulary(("改", *NAMES[1:])), one.table, one.clause_scale, one.query_scale
    )
    assert len({one.fingerprint, other.fingerprint, renamed.fingerprint}) == 3


def test_another_format_is_refused_with_the_remedy(tmp_path: Path) -> None:
    write(small(), tmp_path)
    (tmp_path / CONFIG).write_text(json.dumps({"format": 99, "name": "x"}), encoding="utf-8")
    with pytest.raises(ValueError, match="make train"):
        StaticEmbedder.load(tmp_path)


@given(st.integers(1, 40), st.integers(0, 2**32 - 1))
@settings(max_examples=50)
def test_quantising_keeps_the_direction(rows: int, seed: int) -> None:
    vectors = np.random.default_rng(seed).normal(size=(rows, 64)).astype(np.float32)
    table, scale = quantise(vectors)
    again = unpack(table) * scale[:, None]
    cosines = (again * vectors).sum(1) / np.linalg.norm(again, axis=1)
    assert (cosines / np.linalg.norm(vectors, axis=1) > 0.98).all()


@given(st.integers(0, 30), st.integers(0, 2**32 - 1))
@settings(max_examples=50)
def test_packing_round_trips(rows: int, seed: int) -> None:
    levels = np.random.default_rng(seed).integers(-7, 8, (rows, 10)).astype(np.int8)
    assert np.array_equal(unpack(pack(levels)), levels)


def test_odd_dimensions_are_refused() -> None:
    with pytest.raises(ValueError, match="odd"):
        pack(np.zeros((2, 3), dtype=np.int8))


def test_quantising_a_zero_row_gives_zeros() -> None:
    table, scale = quantise(np.zeros((1, 4), dtype=np.float32))
    assert not unpack(table).any()
    assert scale[0] > 0


def cosine(model: StaticEmbedder, query: str, clause: str) -> float:
    return float(model.encode_queries([query])[0] @ model.encode_clauses([clause])[0])


@pytest.mark.parametrize(
    ("query", "right", "wrong"),
    [
        ("老师能不能在外面补课赚钱", "严禁在职教师从事有偿家教", "加强教师培训，提高专业水平"),
        (
            "how often are parent meetings held",
            "每学期至少召开两次家长会",
            "每学期至少检查两次食堂",
        ),
        ("学校饭堂卫生谁管", "食堂食品安全实行校长负责制", "图书室由专人负责管理"),
        ("娃儿作业太多", "切实减轻学生过重课业负担", "认真批改作文"),
    ],
)
def test_meaning_beats_shared_words(
    model: StaticEmbedder, query: str, right: str, wrong: str
) -> None:
    assert cosine(model, query, right) > cosine(model, query, wrong)


def test_script_and_width_make_no_difference(model: StaticEmbedder) -> None:
    simplified, traditional = model.encode_clauses(["教学开放周ＡＢ", "教學開放周ab"])
    assert np.array_equal(simplified, traditional)


def test_the_shipped_model_is_small() -> None:
    folder = shipped(MODEL)
    assert sum(path.stat().st_size for path in folder.iterdir()) <= 30 * 2**20


def as_sentence_transformer() -> Any:
    """Load as a user would; from version 6 on the library asks leave to import our module."""
    import sentence_transformers

    trust = {"trust_remote_code": True} if sentence_transformers.__version__ >= "6" else {}
    return sentence_transformers.SentenceTransformer(str(shipped(MODEL)), device="cpu", **trust)


@pytest.mark.neural
def test_sentence_transformers_gives_the_same_vectors(model: StaticEmbedder) -> None:
    other = as_sentence_transformer()
    texts = ["每学期至少召开两次家长会", "requirements for teaching open weeks", "教學開放周", ""]
    assert other.encode_query(texts) == pytest.approx(model.encode_queries(texts), abs=1e-5)
    assert other.encode_document(texts) == pytest.approx(model.encode_clauses(texts), abs=1e-5)


@pytest.mark.neural
def test_sentence_transformers_saves_what_it_loads(model: StaticEmbedder, tmp_path: Path) -> None:
    as_sentence_transformer().save(str(tmp_path / "again"))
    again = StaticEmbedder.load(tmp_path / "again")
    texts = ["家长开放日", "who approves leave"]
    cosines = (again.encode_clauses(texts) * model.encode_clauses(texts)).sum(1)
    assert (cosines > 0.999).all()
