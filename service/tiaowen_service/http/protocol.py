"""Request lines as people type them: `curl localhost:8000/v1/search?q=升国旗`.

A raw non-ASCII byte in a request line is not valid HTTP and the parser refuses it; curl sends it
nevertheless. It is percent-encoded before it is parsed, which is what it stood for.
"""

from __future__ import annotations

import re

from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

_REQUEST_LINE = re.compile(rb"(?:GET|POST|PUT|DELETE|HEAD) [^\r\n]* HTTP/1\.[01]\r\n")
_RAW = re.compile(rb"[\x80-\xff]+")


def escaped(data: bytes) -> bytes:
    """Percent-encode the non-ASCII bytes of a request line at the start of ``data``."""
    line = _REQUEST_LINE.match(data)
    if line is None or line[0].isascii():
        return data
    encoded = _RAW.sub(lambda raw: b"".join(b"%%%02X" % byte for byte in raw[0]), line[0])
    return encoded + data[line.end() :]


class TypedRequests(HttpToolsProtocol):
    """uvicorn's httptools protocol with `escaped` request lines."""

    def data_received(self, data: bytes) -> None:
        """Feed the parser."""
        super().data_received(escaped(data))
