"""Requirements kept in a snapshot, and what the clauses' modalities go by."""

from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st
from tiaowen_corpus.types import Norm, Quantity, Span
from tiaowen_indexer.modality import modalities_of
from tiaowen_indexer.norms import read_norms, write_norms

QUANTITIES = st.none() | st.builds(
    Quantity,
    st.integers(0, 10**6).map(float) | st.tuples(st.just(1.0), st.just(2.5)),
    st.sampled_from(["at_least", "at_most", "exact"]),
    st.sampled_from(["次", "节", "万元"]),
)
TEXT = st.text(alphabet="学校每期\n'\"，x", max_size=8)
NORMS = st.builds(
    Norm,
    *(TEXT, TEXT, TEXT),
    st.sampled_from(["must", "must_not", "may", "encouraged", "planned"]),
    TEXT,
    QUANTITIES,
    *(TEXT, TEXT, TEXT, TEXT),
    st.integers(0, 99).map(lambda start: Span(start, start + 7)),
)


@given(norms=st.lists(NORMS, max_size=4))
def test_what_is_written_is_read(tmp_path_factory, norms) -> None:
    folder: Path = tmp_path_factory.mktemp("norms")
    write_norms(folder / "a", norms)
    assert read_norms(folder / "a") == tuple(norms)
    write_norms(folder / "b", norms)
    assert (folder / "a").read_bytes() == (folder / "b").read_bytes()


def test_modalities_come_from_cues_and_from_bare_imperatives() -> None:
    assert modalities_of("学生不得染发，可以申诉。") == ("must_not", "may")
    assert modalities_of("建立台账。") == ()
    assert modalities_of("建立台账。", {"must"}) == ("must",)
