"""Sub-word features and the vocabulary that turns them into table rows."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tiaowen_models.features import Vocabulary, subwords
from tiaowen_models.tokens import Tokeniser

TOKENISER = Tokeniser()
HAN = st.text(alphabet="教学开放周家长听课不少于两次", min_size=1, max_size=6)


def test_a_long_word_is_itself_its_bigrams_and_its_characters() -> None:
    names = dict(subwords("开放周"))
    assert names["开放周"] == 1.0
    assert names["开放"] == names["放周"] == pytest.approx(1 / 2)
    assert names["开"] == pytest.approx(1 / 3)


def test_a_character_alone_differs_from_one_inside_a_word() -> None:
    assert [name for name, _ in subwords("校")] == ["_校", "校"]


def test_english_words_share_n_grams_with_their_inflections() -> None:
    one, many = dict(subwords("teacher")), dict(subwords("teachers"))
    assert {"~<teac", "~teach", "~eache"} <= one.keys() & many.keys()
    assert dict(subwords("teacher's")) == one
    assert subwords("the") == [("the", 1.0)]


def test_numbers_keep_their_value_and_their_form() -> None:
    assert subwords("2014") == [("2014", 1.0), ("#4", 1.0)]
    assert subwords("30%")[1] == ("#%", 1.0)
    assert subwords("0.5")[1] == ("#.", 1.0)


@given(HAN)
def test_shares_of_each_kind_sum_to_one(token: str) -> None:
    by_size: dict[str, float] = {}
    for name, share in subwords(token):
        kind = "itself" if name.strip("_") == token and share == 1.0 else str(len(name))
        by_size[kind] = by_size.get(kind, 0.0) + share
    if len(token) > 1:
        assert all(total == pytest.approx(1.0) for total in by_size.values())


@given(st.text(max_size=60))
def test_every_token_of_any_text_has_features(text: str) -> None:
    for word in TOKENISER.words(text):
        assert subwords(word)


def test_unknown_tokens_have_no_rows_and_known_parts_are_found() -> None:
    vocabulary = Vocabulary(("开放", "放", "周"))
    assert vocabulary.rows("骉") == ((), ())
    rows, shares = vocabulary.rows("开放周")
    assert {vocabulary.names[row] for row in rows} == {"开放", "放", "周"}
    assert sum(shares) == pytest.approx(1 / 2 + 2 / 3)


def test_table_is_the_rows_of_each_token_in_order() -> None:
    vocabulary = Vocabulary(("a", "b"))
    parts = [part.tolist() for part in vocabulary.table(["b", "zz", "a"])]
    assert parts == [[0, 1, 1, 2], [1, 0], [1.0, 1.0]]


def test_repeated_names_are_refused() -> None:
    with pytest.raises(ValueError, match="repeat"):
        Vocabulary(("a", "a"))


def test_the_most_frequent_features_are_kept_ties_by_name() -> None:
    counts = [("c", 2), ("b", 2), ("a", 1), ("d", 9)]
    assert Vocabulary.most_frequent(counts, limit=2).names == ("b", "d")
