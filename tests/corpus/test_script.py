from hypothesis import given, settings
from hypothesis import strategies as st
from tiaowen_corpus.script import fold, fold_all


def test_traditional_and_width_fold_to_one_form() -> None:
    assert fold("學校精細化管理，規範（一）ＡＢ①") == "学校精细化管理,规范(一)ab1"


@given(st.text())
def test_folding_keeps_every_offset(text: str) -> None:
    assert len(fold(text)) == len(text)


@given(st.text())
def test_folding_twice_changes_nothing(text: str) -> None:
    assert fold(fold(text)) == fold(text)


@settings(deadline=None)
@given(st.lists(st.text(st.characters())))
def test_many_texts_fold_as_each_does(texts: list[str]) -> None:
    assert fold_all([*texts, "\ud800", "\udc00"]) == [*map(fold, texts), "\ud800", "\udc00"]
