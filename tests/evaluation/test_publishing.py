"""An index that a gate refuses stays aside; the live one serves on."""

import pytest
from tiaowen_indexer import publishing, snapshot
from tiaowen_indexer.publishing import Decision, IndexKeptAside, build_and_publish


def decision(may_publish: bool) -> Decision:
    return Decision(
        may_publish=may_publish,
        status="passed" if may_publish else "failed",
        reasons=[] if may_publish else ["ranked S@1: 0.7 → 0.1"],
        notices=[],
        summary="",
        report="" if may_publish else "reports/x.html",
        figures={},
    )


@pytest.fixture
def corpus(tmp_path):
    folder = tmp_path / "corpus"
    folder.mkdir()
    (folder / "notice.txt").write_text(
        "关于听课的通知\n一、时间\n每学期听课不少于十五节。\n", "utf-8"
    )
    return folder


def test_a_refused_index_stays_aside_until_a_reason_is_given(corpus, tmp_path, monkeypatch):
    asked = []

    def gate(folder, *, model=None, allow_regression=""):
        asked.append((folder, snapshot.current_version(folder.parent)))
        return decision(bool(allow_regression))

    monkeypatch.setattr(publishing, "gates", lambda: (gate,))
    index = tmp_path / "index"
    first = build_and_publish(corpus, index, model="svd").built.manifest.version
    assert not asked  # nothing was live: nothing to fall behind

    (corpus / "rules.txt").write_text("考勤规定\n一、请假\n事假由校长批准。\n", "utf-8")
    with pytest.raises(IndexKeptAside, match="ranked S@1") as refused:
        build_and_publish(corpus, index, model="svd")
    assert "reports/x.html" in str(refused.value)
    assert snapshot.current_version(index) == first
    (folder, live) = asked[-1]
    assert live == first  # judged before it was live
    assert snapshot.open_snapshot(folder).manifest.documents == 2

    allowed = build_and_publish(corpus, index, model="svd", allow_regression="two files now")
    assert snapshot.current_version(index) == allowed.built.manifest.version != first
    assert build_and_publish(corpus, index, model="svd").built.reused
    assert len(asked) == 2


def test_what_is_live_is_judged_when_asked_and_stays_live(corpus, tmp_path, monkeypatch):
    monkeypatch.setattr(publishing, "gates", lambda: (lambda folder, **_: decision(False),))
    index = tmp_path / "index"
    first = build_and_publish(corpus, index, model="svd")
    again = build_and_publish(corpus, index, model="svd", again=True)
    assert again.built.reused
    assert [each["may_publish"] for each in again.decisions] == [False]
    assert snapshot.current_version(index) == first.built.manifest.version


def test_the_installed_gate_is_found():
    from tiaowen_evaluation.hook import gate

    assert gate in publishing.gates()
