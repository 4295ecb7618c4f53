"""Settings of the service, from TIAOWEN_* and the command line."""

from __future__ import annotations

from pathlib import Path
from typing import Literal

from pydantic_settings import BaseSettings, SettingsConfigDict


class Settings(BaseSettings):
    """Every field can be set by the variable of its name, e.g. TIAOWEN_INDEX."""

    model_config = SettingsConfigDict(env_prefix="TIAOWEN_", extra="ignore")

    corpus: Path = Path("corpus/documents")
    index: Path = Path(".index")
    host: str = "127.0.0.1"
    port: int = 8000
    embedder: str | None = None
    largest_body: int = 1 << 20  # bytes of a request other than an upload
    largest_upload: int = 64 << 20  # bytes of an upload, all its files together
    body_seconds: float = 30.0  # for a request's body; large ones get more, see `limits`
    keys: str = ""  # API keys as lines of a keys file
    keys_file: Path = Path(".tiaowen/keys.jsonl")
    read_rate: float = 0.0  # requests a second and caller; 0: no limit
    write_rate: float = 10.0
    hosts: str = ""  # further names this service is called by, separated by commas
    origins: str = ""  # pages of other sites that may call it (CORS), separated by commas
    parse_seconds: float = 20.0  # for one uploaded file
    parse_memory: int = 768 << 20  # bytes for one uploaded file
    kept_indexes: int = 5  # versions of the index that stay for a roll back
    log: Literal["json", "text"] = "text"
    access_log: bool = False  # every request, not only slow and failed ones
    searchers: int | None = None  # processes that search; None: one a core, 8 at most
    graceful_seconds: int = 20  # that requests and the build in hand get to end, together
