"""What a snapshot says about itself, and whether it may be served."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import asdict, dataclass, field
from functools import lru_cache
from importlib.metadata import version
from pathlib import Path

import tiaowen_corpus
import tiaowen_models
from tiaowen_corpus.errors import TiaowenError
from tiaowen_corpus.places import shipped

import tiaowen_indexer

FORMAT = 7  # of the snapshot folder; raise it when a reader of the old one would misread the new
FILE = "manifest.json"


class IndexMismatch(TiaowenError):
    """The snapshot was built by something else than what is loaded."""

    code = "index_mismatch"
    template = "索引与当前程序或模型不符 / the index does not match what is loaded: {detail}"
    remedy = "运行 tiaowen index 重建索引 / run 'tiaowen index' to rebuild it"


class IndexDamaged(TiaowenError):
    """A file of the snapshot is missing or its bytes have changed."""

    code = "index_damaged"
    template = "索引文件损坏 / the index is damaged: {detail}"
    remedy = "运行 tiaowen index --force 重建索引 / run 'tiaowen index --force' to rebuild it"


@dataclass(frozen=True, slots=True)
class ModelStamp:
    """Which embedder made the vectors."""

    name: str
    fingerprint: str
    dimensions: int


@dataclass(frozen=True, slots=True)
class Manifest:
    """Fingerprints are hex; ``files`` maps a relative path to the blake2b-128 of its bytes."""

    version: str
    corpus: str
    rules: str
    lexicon: str
    model: ModelStamp
    documents: int
    clauses: int
    errors: tuple[tuple[str, str, str], ...] = ()  # (file, code, message) of files left out
    files: dict[str, str] = field(default_factory=dict)
    words: str = ""  # fingerprint of what read the clauses; "": nothing did
    format: int = FORMAT

    def save(self, folder: Path) -> None:
        """Write ``manifest.json``."""
        text = json.dumps(asdict(self), ensure_ascii=False, indent=1, sort_keys=True)
        (folder / FILE).write_text(text + "\n", encoding="utf-8")

    @classmethod
    def load(cls, folder: Path) -> Manifest:
        """Read ``manifest.json``. Raises IndexDamaged, or IndexMismatch for another format."""
        try:
            values = json.loads((folder / FILE).read_text(encoding="utf-8"))
            if values["format"] != FORMAT:
                raise IndexMismatch(f"format {values['format']} ≠ {FORMAT}")
            values["model"] = ModelStamp(**values["model"])
            values["errors"] = tuple((*error,) for error in values["errors"])
            return cls(**values)
        except (OSError, ValueError, KeyError, TypeError) as error:
            raise IndexDamaged(f"{folder.name}/{FILE}: {error}") from error

    def verify(self, folder: Path) -> None:
        """Compare every file with its checksum. Raises IndexDamaged."""
        for name, expected in self.files.items():
            path = folder / name
            if not path.is_file() or checksum(path) != expected:
                raise IndexDamaged(f"{folder.name}/{name}")


def checksum(path: Path) -> str:
    """Return the blake2b-128 of a file's bytes, hex."""
    digest = hashlib.blake2b(digest_size=16)
    with path.open("rb") as stream:
        while block := stream.read(1 << 20):
            digest.update(block)
    return digest.hexdigest()


def checksums(folder: Path, known: Mapping[str, str] = {}) -> dict[str, str]:
    """Return the checksum of every file under ``folder`` but the manifest; ``known`` are taken."""
    return {
        (name := path.relative_to(folder).as_posix()): known.get(name) or checksum(path)
        for path in sorted(folder.rglob("*"))
        if path.is_file() and path.name != FILE
    }


@lru_cache(maxsize=1)
def rules_fingerprint() -> str:
    """Return a hash of all that turns bytes into clauses and terms: code, rules, dictionaries."""
    digest = hashlib.blake2b(digest_size=16)
    roots = [Path(module.__path__[0]) for module in (tiaowen_corpus, tiaowen_indexer)]
    with suppress(FileNotFoundError):  # an installation whose rules are all code
        roots.append(shipped("indexer/rules"))
    with suppress(FileNotFoundError):
        # of the lexicon what acts on clauses; its words have a fingerprint of their own
        digest.update(shipped("corpus/lexicon/damage.tsv").read_bytes())
    for package in ("rjieba", "opencc"):
        digest.update(f"{package} {version(package)}\0".encode())
    models = Path(tiaowen_models.__path__[0])
    # of the models what an index keeps; what its sentences state has a fingerprint of its own
    for name in ("tokens", "bags", "passages", "cut", "reader"):
        digest.update((models / f"{name}.py").read_bytes())
    for root in roots:
        for path in sorted(root.rglob("*")):
            if path.is_file() and path.suffix not in {".pyc", ".md"}:
                digest.update(path.relative_to(root).as_posix().encode() + b"\0")
                digest.update(path.read_bytes())
    return digest.hexdigest()
