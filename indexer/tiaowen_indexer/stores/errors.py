"""What can be wrong with a store."""

from __future__ import annotations

from tiaowen_corpus.errors import TiaowenError


class BadStore(TiaowenError):
    """TIAOWEN_STORE names nothing that is known, or the client is not installed."""

    code = "bad_store"
    template = "TIAOWEN_STORE 无法使用 / TIAOWEN_STORE cannot be used: {detail}"
    remedy = (
        "写作 milvus+http://主机:19530 或 milvus+文件.db,并安装 tiaowen[milvus] / "
        "say milvus+http://HOST:19530 or milvus+FILE.db, and install tiaowen[milvus]"
    )


class StoreAway(TiaowenError):
    """The store does not answer, or refused what was sent."""

    code = "store_away"
    template = "检索库没有应答 / the store does not answer: {detail}"
    remedy = (
        "检查 TIAOWEN_STORE 所指的服务后重试 / check the service TIAOWEN_STORE names, try again"
    )


class NotLoaded(TiaowenError):
    """The store does not hold this version, or not the whole of it."""

    code = "not_loaded"
    template = "检索库中没有此索引版本 / the store does not hold this version: {detail}"
    remedy = "运行 tiaowen index 载入 / run 'tiaowen index' to load it"


class StillLive(TiaowenError):
    """The live version is not removed."""

    code = "still_live"
    template = "正在使用的版本不能删除 / the live version is not removed: {detail}"
    remedy = "先发布另一版本 / publish another version first"
