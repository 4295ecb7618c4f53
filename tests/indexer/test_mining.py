"""Requirements mined from sentences of our own wording."""

from pathlib import Path

import pytest
from tiaowen_corpus.places import shipped
from tiaowen_corpus.types import Clause, Document, Norm, Quantity, Span
from tiaowen_evaluation.requirements import figures, mined_of, read_labels
from tiaowen_indexer.mining import mine


def _mined(text: str, kind: str = "方案") -> list[Norm]:
    whole = Span(0, len(text))
    document = Document(
        "d", "d", 1, "", kind, "", "", "", "", "simplified", "d.txt", "", text, whole, text, ()
    )
    clause = Clause("d/1", "d", "", ("1",), "", (), "clause", whole, whole, "")
    return list(mine(document, [clause]))


def test_a_duty_has_actor_action_quantity_and_period() -> None:
    (norm,) = _mined("各年级组每学期至少组织3次家访。")
    assert (norm.actor, norm.modality, norm.period) == ("各年级组", "must", "每学期")
    assert norm.action == "组织3次家访"
    assert norm.quantity == Quantity(3.0, "at_least", "次")


def test_every_actor_of_a_sentence_keeps_its_own_quantity() -> None:
    text = "每名教研组长要带两名新教师,每名教研员每月听课不少于8节。"
    found = [(norm.actor, norm.quantity) for norm in _mined(text)]
    assert found == [
        ("每名教研组长", Quantity(2.0, "exact", "名")),
        ("每名教研员", Quantity(8.0, "at_least", "节")),
    ]


@pytest.mark.parametrize(
    ("text", "modality"),
    [
        ("严禁教师收受家长礼品。", "must_not"),
        ("学校不得以任何名义收取押金。", "must_not"),
        ("学校可以邀请家长代表参加评议。", "may"),
        ("鼓励教师开发校本课程。", "encouraged"),
        ("县教育局将组织专项检查。", "planned"),
        ("各校应当公开收费项目。", "must"),
        ("建立校长接待日制度。", "must"),
    ],
)
def test_modality(text: str, modality: str) -> None:
    assert [norm.modality for norm in _mined(text)] == [modality]


def test_a_ban_names_whom_it_binds() -> None:
    (norm,) = _mined("严禁教师收受家长礼品。")
    assert (norm.actor, norm.action) == ("教师", "收受家长礼品")


@pytest.mark.parametrize(
    ("text", "quantity"),
    [
        ("班主任每周找学生谈心不得少于五人次。", Quantity(5.0, "at_least", "人次")),
        ("各校每月召开1至2次例会。", Quantity((1.0, 2.0), "range", "次")),
        ("各校每学期至少安排教师外出听课2次。", Quantity(2.0, "at_least", "次")),
        ("各校要组织听课20节以上。", Quantity(20.0, "at_least", "节")),
        ("各校要开展“六个一”活动。", None),
        ("各校要建立一个长效机制。", None),
    ],
)
def test_quantities(text: str, quantity: Quantity | None) -> None:
    assert [norm.quantity for norm in _mined(text)] == [quantity]


def test_deadline_and_share() -> None:
    (norm,) = _mined("各校务必于9月10日前报送方案。")
    assert norm.deadline.startswith("9月10日前")
    (norm,) = _mined("各校要确保家长满意率达到90%以上。")
    assert norm.share == "90%以上"


def test_the_actor_may_stand_a_sentence_earlier() -> None:
    first, second = _mined("各完小要制定方案。认真组织演练。")
    assert (first.actor, second.actor) == ("各完小", "各完小")


def test_a_duty_of_persons_does_not_pass_on() -> None:
    *_, last = _mined("各完小要制定方案。每名教师要写反思一篇。建立检查台账。")
    assert last.actor == "各完小"


@pytest.mark.parametrize(
    "text",
    [
        "去年投入80万元完成了三所学校的维修。",
        "全县新建幼儿园5所,入园率明显提高了。",
        "教研组长是学科教学的带头人。",
        "活动取得了良好的成效。",
    ],
)
def test_facts_are_no_requirements(text: str) -> None:
    assert _mined(text) == []


def test_a_responsible_office_in_brackets_is_the_actor() -> None:
    norms = _mined("完善资助台账,做到应助尽助。(责任科室:资助中心)")
    assert {norm.actor for norm in norms} == {"资助中心"}


def test_a_summary_tells_what_was_done() -> None:
    assert _mined("加强常规管理。开展教学比武。", kind="总结") == []


@pytest.mark.parametrize(
    ("text", "actor", "action"),
    [
        ("各校要结合实际,制定培训方案。", "各校", "制定培训方案"),
        ("市教育局不定期对食堂进行抽查。", "市教育局", "对食堂进行抽查"),
        ("由教务处牵头整理听课记录。", "教务处", "牵头整理听课记录"),
        ("教师对收上来的试卷必须当天批阅。", "教师", "当天批阅"),
    ],
)
def test_circumstances_are_no_actions(text: str, actor: str, action: str) -> None:
    assert [(norm.actor, norm.action) for norm in _mined(text)] == [(actor, action)]


def test_a_row_of_numbers_repeats_its_verb() -> None:
    text = "校长每学期听课不少于20节,教导主任不少于30节。"
    found = [(norm.actor, norm.action, norm.period, norm.quantity) for norm in _mined(text)]
    assert found == [
        ("校长", "听课不少于20节", "每学期", Quantity(20.0, "at_least", "节")),
        ("教导主任", "听课不少于30节", "每学期", Quantity(30.0, "at_least", "节")),
    ]


def test_a_bound_alone_is_a_requirement() -> None:
    (norm,) = _mined("小学班额不超过45人。")
    assert norm.quantity == Quantity(45.0, "at_most", "人")


@pytest.mark.parametrize(
    "text",
    [
        "市教育局坐落在城南。",
        "开展家访,是密切家校关系的重要举措。",
        "为规范办学行为,提高质量,结合实际,制定本办法。",
        "如何才能把学校办好呢?",
    ],
)
def test_explanations_are_no_requirements(text: str) -> None:
    assert _mined(text) == []


def test_the_real_documents_say_what_the_table_must_hold(shared: Path) -> None:
    mined = mined_of(shared / "seeds")["000_14510362d29cbc03"]

    def row(anchor: str) -> Norm:
        (found,) = [one.norm for one in mined if anchor in one.norm.action]
        return found

    meeting, pupil = row("家长会"), row("一名青年教师")
    assert (meeting.actor, meeting.modality, meeting.period) == ("各级学校", "must", "每学期")
    assert meeting.quantity == Quantity(2.0, "at_least", "次")
    assert (pupil.actor, pupil.quantity) == ("每名骨干教师", Quantity(1.0, "exact", "名"))
    assert row("教学开放周").period == "每年4月和9月的最后一周"
    ban = row("体罚和变相体罚")
    assert (ban.actor, ban.modality) == ("教师", "must_not")


@pytest.mark.parametrize("split", ["dev", "test"])
def test_our_own_documents_are_mined_well_enough(split: str) -> None:
    labels = read_labels(shipped("evaluation/requirements") / "own.jsonl")
    found = figures(
        [label for label in labels if label["split"] == split],
        mined_of(shipped("corpus/documents")),
    )
    assert found["action_modality_f1"] >= 0.85
    assert found["quantity_f1"] >= 0.90
    assert found["facts_taken"] <= 0.15


def test_a_modal_word_before_circumstances_alone_still_states_a_duty() -> None:
    (norm,) = _mined("各年级要站在全校一盘棋的高度,看齐目标。")
    assert (norm.actor, norm.modality) == ("各年级", "must")
    assert "看齐目标" in norm.action


def test_a_want_to_be_ended_is_no_report() -> None:
    text = "为缓解实验员不足问题,可建立跨校兼课机制。"
    assert [(norm.modality, norm.action) for norm in _mined(text)] == [("may", "建立跨校兼课机制")]
    assert not _mined("全县还有三所学校的实验员不足。")


def test_a_request_is_a_duty() -> None:
    text = "请结合本地情况,制定本校值周细则。"
    assert [norm.action for norm in _mined(text)] == ["制定本校值周细则"]


def test_a_list_behind_a_colon_is_a_list_of_imperatives() -> None:
    found = [norm.action for norm in _mined("工作任务:成立筹备小组,制定活动方案。")]
    assert found == ["成立筹备小组", "制定活动方案"]


def test_who_is_sent_where_is_a_duty_without_a_listed_verb() -> None:
    (norm,) = _mined("县城学校的音乐教师到村小支教。")
    assert (norm.actor, norm.action) == ("县城学校的音乐教师", "到村小支教")


def test_an_office_is_the_actor_of_what_it_does_for_others() -> None:
    text = "教研室对各校的社团活动做好指导。"
    assert [(norm.actor, norm.action) for norm in _mined(text)] == [
        ("教研室", "对各校的社团活动做好指导")
    ]


def test_the_action_keeps_whom_it_falls_on_and_what_is_handed_in() -> None:
    assert _mined("对弄虚作假的班级要严肃批评。")[0].action.startswith("对弄虚作假的班级")
    assert _mined("对敷衍塞责的科室,要严肃批评。")[0].action.startswith("对敷衍塞责的科室")
    assert _mined("社团总结务于6月10日前报送教导处。")[0].action.startswith("社团总结")


def test_a_period_passes_on_to_what_goes_on_but_not_to_a_new_duty() -> None:
    text = "各联盟每学期要召开两次例会,确定1个主题,要建立例会台账。"
    assert [norm.period for norm in _mined(text)] == ["每学期", "每学期", ""]
    assert _mined("每一周期结束后,县教育局要调整结对名单。")[0].period == "每一周期结束后"


def test_a_number_that_tells_who_is_not_the_amount() -> None:
    (norm,) = _mined("城区学校要选派教龄少于5年的青年教师。")
    assert norm.quantity is None
    (norm,) = _mined("各校要组织不少于5天的研学。")
    assert norm.quantity == Quantity(5.0, "at_least", "天")


def test_an_office_named_once_does_not_take_over_the_paragraph() -> None:
    text = "各校要抓好作业管理。调研组要组织好评课活动。要公示作业清单。"
    assert [norm.actor for norm in _mined(text)] == ["各校", "调研组", "各校"]


def test_after_a_row_of_actors_the_first_one_goes_on() -> None:
    text = "各股室要落实方案,各牵头股室要制定台账。要通报进展。"
    assert [norm.actor for norm in _mined(text)] == ["各股室", "各牵头股室", "各股室"]


def test_each_verb_behind_a_duty_is_a_row_and_a_bare_circumstance_is_none() -> None:
    text = "要控制会议数量,梳理议事清单,按照统一要求,要张贴流程图。"
    found = [norm.action for norm in _mined(text)]
    assert found == ["控制会议数量", "梳理议事清单", "张贴流程图"]


def test_a_period_that_stands_alone_belongs_to_the_duty_behind_it() -> None:
    text = "各校要建立结对名单,每学年结束后,县教育局要调整名单。"
    found = [(norm.action, norm.period) for norm in _mined(text)]
    assert found == [("建立结对名单", ""), ("调整名单", "每学年")]
