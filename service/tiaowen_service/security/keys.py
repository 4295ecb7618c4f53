"""API keys: made once, shown once, kept only as salted hashes.

A key is ``tw_<id>_<secret>`` with 256 random bits of secret: guessing is hopeless however fast the
hash, so a keyed BLAKE2b does, at microseconds a request, where passwords would need scrypt.
"""

from __future__ import annotations

import hmac
import json
import secrets
import time
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, replace
from datetime import UTC, datetime
from hashlib import blake2b
from pathlib import Path
from typing import Literal, get_args

from tiaowen_corpus import durable
from tiaowen_corpus.errors import TiaowenError

Scope = Literal["read", "write", "admin"]
SCOPES: tuple[Scope, ...] = get_args(Scope)  # each holds those before it
LOOK_AGAIN = 1.0  # seconds until a revoked key is refused


class BadKeys(TiaowenError):
    """The keys cannot be read, or there is none of that name."""

    code = "bad_keys"
    template = "密钥不可用 / keys: {detail}"
    remedy = "用 tiaowen keys list 查看,用 tiaowen keys create 新建 / see 'tiaowen keys --help'"


@dataclass(frozen=True, slots=True)
class Key:
    """What is kept of a key."""

    key_id: str
    name: str
    scope: Scope
    salt: str
    digest: str
    created: str
    revoked: str = ""

    def opens(self, scope: Scope) -> bool:
        """Say whether the key may do what asks for ``scope``."""
        return not self.revoked and SCOPES.index(self.scope) >= SCOPES.index(scope)

    def fits(self, secret: str) -> bool:
        """Say whether ``secret`` is this key's, in constant time."""
        return hmac.compare_digest(_digest(secret, self.salt), self.digest)


def create(name: str, scope: Scope) -> tuple[Key, str]:
    """Return a new key and the text that opens it, which is kept nowhere."""
    key_id, secret, salt = secrets.token_hex(4), secrets.token_urlsafe(32), secrets.token_hex(16)
    created = datetime.now(UTC).isoformat(timespec="seconds")
    return Key(key_id, name, scope, salt, _digest(secret, salt), created), f"tw_{key_id}_{secret}"


class KeyRing:
    """The keys of a file and of the environment; the file is read again when it changes."""

    def __init__(self, path: Path | None, *, more: str = "") -> None:
        """``more`` holds further keys, as lines of the file. Raises BadKeys."""
        self.path = path
        self._more = _parsed(more.splitlines())
        self._looked, self._stamp = 0.0, (0, 0)
        self._keys: Mapping[str, Key] = {}
        self._look()

    def __bool__(self) -> bool:
        self._look()
        return any(not key.revoked for key in self._keys.values())

    def find(self, token: str) -> Key | None:
        """Return the key that ``token`` opens, or None."""
        self._look()
        kind, _, rest = token.partition("_")
        key_id, _, secret = rest.partition("_")
        key = self._keys.get(key_id) if kind == "tw" else None
        return key if key is not None and not key.revoked and key.fits(secret) else None

    def all(self) -> list[Key]:
        """Return every key, revoked ones too."""
        self._look(force=True)
        return list(self._keys.values())

    def add(self, key: Key) -> None:
        """Keep ``key`` in the file. Raises BadKeys if the name is taken."""
        if any(key.name == other.name and not other.revoked for other in self.all()):
            raise BadKeys(f"{key.name}: 名称已用 / the name is taken")
        self._save([*_of_file(self.path), key])

    def revoke(self, name: str) -> Key:
        """Shut the key of this name or id out. Raises BadKeys if there is none."""
        keys = _of_file(self.path)
        for at, key in enumerate(keys):
            if name in {key.name, key.key_id} and not key.revoked:
                now = datetime.now(UTC).isoformat(timespec="seconds")
                keys[at] = replace(key, revoked=now)
                self._save(keys)
                return keys[at]
        raise BadKeys(f"{name}: 没有 / none")

    def _save(self, keys: Iterable[Key]) -> None:
        if self.path is None:
            raise BadKeys("TIAOWEN_KEYS_FILE")
        try:
            self.path.parent.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise durable.ReadOnlyFolder(f"{self.path}: {error.strerror}") from error
        text = "".join(json.dumps(asdict(key), ensure_ascii=False) + "\n" for key in keys)
        durable.write(self.path, text.encode(), name="keys", mode=0o600)
        self._look(force=True)

    def _look(self, *, force: bool = False) -> None:
        now = time.monotonic()
        if not force and self._looked and now - self._looked < LOOK_AGAIN:
            return
        self._looked = now
        stamp = _stamp(self.path)
        if force or stamp != self._stamp or not self._keys:
            self._stamp = stamp
            self._keys = {key.key_id: key for key in [*self._more, *_of_file(self.path)]}


def _of_file(path: Path | None) -> list[Key]:
    if path is None or not path.exists():
        return []
    try:
        return _parsed(path.read_text("utf-8").splitlines())
    except OSError as error:
        raise BadKeys(f"{path}: {error.strerror}") from error


def _parsed(lines: Iterable[str]) -> list[Key]:
    try:
        keys = [Key(**json.loads(line)) for line in lines if line.strip()]
    except (ValueError, TypeError) as error:
        raise BadKeys(type(error).__name__) from error  # never the line itself
    if any(key.scope not in SCOPES for key in keys):
        raise BadKeys("scope")
    return keys


def _stamp(path: Path | None) -> tuple[int, int]:
    try:
        found = path.stat() if path is not None else None
    except OSError:
        return 0, 0
    return (found.st_mtime_ns, found.st_ino) if found is not None else (0, 0)


def _digest(secret: str, salt: str) -> str:
    return blake2b(
        secret.encode("utf-8", "replace"), key=bytes.fromhex(salt), digest_size=32
    ).hexdigest()
