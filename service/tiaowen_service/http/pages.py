"""The web page: built files held in memory, every view's address answered with the same page.

Addresses of assets carry a digest of their content, so browsers may keep them for good; the page
itself is asked for anew each time and answered with 304 while it is the same.
"""

from __future__ import annotations

import gzip
import hashlib
from dataclasses import dataclass
from pathlib import Path

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route
from tiaowen_corpus.places import shipped

VIEWS = (
    "",
    "read",
    "draft",
    "basket",
    "requirements",
    "compare",
    "overview",
    "quality",
    "judging",
    "library",
)
_FOR_GOOD = "public, max-age=31536000, immutable"
_ASK_AGAIN = "no-cache"
_TYPES = {  # named here: what a machine's own table says of .js differs
    ".html": "text/html; charset=utf-8",
    ".css": "text/css; charset=utf-8",
    ".js": "text/javascript; charset=utf-8",
    ".svg": "image/svg+xml",
}


@dataclass(frozen=True, slots=True)
class Page:
    """One built file: its bytes, gzipped too where that is worth it, and its headers."""

    body: bytes
    zipped: bytes | None
    media_type: str
    etag: str
    cache: str

    def answer(self, request: Request) -> Response:
        """Answer ``request``; 304 to whom it is no news."""
        headers = {"etag": self.etag, "cache-control": self.cache, "vary": "accept-encoding"}
        if self.etag in request.headers.get("if-none-match", ""):
            return Response(status_code=304, headers=headers)
        if self.zipped is not None and "gzip" in request.headers.get("accept-encoding", ""):
            headers["content-encoding"] = "gzip"
            return Response(self.zipped, media_type=self.media_type, headers=headers)
        return Response(self.body, media_type=self.media_type, headers=headers)


def routes(folder: Path | None = None) -> list[Route]:
    """Return a route for every view and every built file under ``folder``.

    Raises FileNotFoundError if the page is not part of this installation.
    """
    folder = folder or shipped("service/web/dist")
    index = _page(folder / "index.html", _ASK_AGAIN)
    found = [_route(f"/{view}", index) for view in VIEWS]
    for path in sorted(folder.rglob("*")):
        if path.is_file() and path.name != "index.html":
            inner = path.relative_to(folder).as_posix()
            cache = _FOR_GOOD if inner.startswith("assets/") else _ASK_AGAIN
            found.append(_route(f"/{inner}", _page(path, cache)))
    return found


def _route(address: str, page: Page) -> Route:
    async def page_file(request: Request) -> Response:
        return page.answer(request)

    return Route(address, page_file, methods=["GET"], include_in_schema=False)


def _page(path: Path, cache: str) -> Page:
    body = path.read_bytes()
    media_type = _TYPES.get(path.suffix, "application/octet-stream")
    zipped = gzip.compress(body, mtime=0) if path.suffix in _TYPES else None
    etag = f'"{hashlib.blake2b(body, digest_size=12).hexdigest()}"'
    return Page(body, zipped, media_type, etag, cache)
