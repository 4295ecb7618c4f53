"""A small library of two invented documents, indexed once, and what serves it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from fastapi.testclient import TestClient
from tiaowen_indexer.build import build
from tiaowen_service.http.app import create_app
from tiaowen_service.live import Live
from tiaowen_service.searcher import Searcher

RULES = """青溪县中小学开放课堂管理规定

青教发〔2019〕7号

一、组织领导
（一）校长是开放课堂工作的第一责任人，教务处负责安排。
（二）每学期至少开放课堂2次，每次不少于3天。

二、课堂要求
（一）家长凭通知书进入教室听课，不得随意走动，不得拍摄学生。听课后填写意见表，由班主任收齐。
（二）鼓励教师在开放课堂之后召开座谈会。
（三）周一早晨举行升国旗仪式，全体师生参加。

三、安全
严禁体罚和变相体罚学生。严禁在校园内吸烟。

青溪县教育局
2019年3月5日
"""

PLAN = """青溪縣第二小學家長開放日實施方案

一、指導思想
為了密切家校聯繫，提高教育質量，特制定本方案。

二、活動安排
（一）每年五月的第二週為家長開放週，家長可以隨班聽課。
（二）升國旗儀式由少先隊大隊部主持。

三、保障措施
（一）學校成立工作小組，校長任組長，負責督促檢查。
（二）每學期至少開放課堂2次，每次不少於3天。
"""


@pytest.fixture(scope="session")
def library(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder of two documents, one of them in Traditional characters."""
    folder = tmp_path_factory.mktemp("library")
    (folder / "rules.txt").write_text(RULES, encoding="utf-8")
    (folder / "plan.txt").write_text(PLAN, encoding="utf-8")
    return folder


@pytest.fixture(scope="session")
def index(library: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The library's index, with the embedder that is fitted on it."""
    folder = tmp_path_factory.mktemp("index")
    build(library, folder, model="svd")
    return folder


@pytest.fixture(scope="session")
def live(index: Path) -> Live:
    """What follows the index."""
    return Live(index, model="svd")


@pytest.fixture
def searcher(live: Live) -> Searcher:
    """The searcher of the index."""
    return live.searcher()


@pytest.fixture(scope="session")
def client(live: Live) -> Iterator[TestClient]:
    """A client of the application; errors become answers, as they do for real clients."""
    with TestClient(create_app(live), raise_server_exceptions=False) as client:
        yield client
