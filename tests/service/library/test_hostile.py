"""Files made to break the service: refused, in time, in memory, with a reason."""

from __future__ import annotations

import time
import zipfile
from io import BytesIO

import pytest
from fastapi.testclient import TestClient
from tiaowen_corpus.errors import ReadingError
from tiaowen_service.library.desk import Desk
from tiaowen_service.security import apart
from tiaowen_service.security.apart import Limits, ReaderApart, TooCostly

TYPES = (
    '<?xml version="1.0"?><Types xmlns="http://schemas.openxmlformats.org/package/2006/'
    'content-types"><Default Extension="xml" ContentType="application/xml"/><Override '
    'PartName="/word/document.xml" ContentType="application/vnd.openxmlformats-officedocument.'
    'wordprocessingml.document.main+xml"/></Types>'
)


def _docx(document: bytes, *, more: dict[str, bytes] | None = None) -> bytes:
    stream = BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("[Content_Types].xml", TYPES)
        archive.writestr("word/document.xml", document)
        for name, data in (more or {}).items():
            archive.writestr(name, data)
    return stream.getvalue()


def _laughs() -> bytes:
    entities = "".join(
        f'<!ENTITY l{number} "{f"&l{number - 1};" * 10}">' for number in range(1, 12)
    )
    text = f'<?xml version="1.0"?><!DOCTYPE d [<!ENTITY l0 "ha">{entities}]><d>&l11;</d>'
    return _docx(text.encode())


def _outside() -> bytes:
    return _docx(
        b'<?xml version="1.0"?><!DOCTYPE d [<!ENTITY x SYSTEM "file:///etc/passwd">]><d>&x;</d>'
    )


HOSTILE = {
    "bomb.docx": lambda: _docx(b" " * (1 << 29)),
    "laughs.docx": _laughs,
    "outside.docx": _outside,
    "climbing.docx": lambda: _docx(b"<d/>", more={"../../../tmp/evil.txt": b"x"}),
    "deep.html": lambda: b"<html><body>" + b"<div>" * 200_000 + "深".encode(),
    "nested.pdf": lambda: b"%PDF-1.7\n1 0 obj\n" + b"[" * 500_000 + b"\n%%EOF",
    "truncated.pdf": lambda: b"%PDF-1.7\ntrailer<</Root 1 0 R/Size 99999999>>startxref 0 %%EOF",
}


@pytest.mark.parametrize("name", HOSTILE)
def test_a_hostile_file_is_refused_and_the_service_goes_on(
    client: TestClient, desk: Desk, name: str
) -> None:
    started = time.monotonic()
    answer = client.post("/v1/documents", params={"name": name}, content=HOSTILE[name]())
    assert time.monotonic() - started < 60
    assert answer.status_code in {413, 415, 422}, answer.text
    assert "passwd" not in answer.text and "root:" not in answer.text
    assert " / " in answer.json()["remedy"]
    assert client.post("/v1/search", json={"query": "听课"}).json()["hits"]
    assert list(desk.shelf.names()) == ["rules"]


def test_a_body_that_is_too_large_is_refused_before_it_is_read(client: TestClient) -> None:
    headers = {"content-length": str(1 << 40)}
    answer = client.post("/v1/documents", params={"name": "x.txt"}, content=b"x", headers=headers)
    assert (answer.status_code, answer.json()["code"]) == (413, "body_too_large")


def test_too_long_a_read_is_ended() -> None:
    reader = ReaderApart(Limits(seconds=0.05))
    text = "\n".join(f"{number}、每周检查不少于{number}次。" for number in range(60_000))
    started = time.monotonic()
    with pytest.raises(TooCostly):
        reader(text.encode(), "long.txt")
    assert time.monotonic() - started < 40


def test_too_large_a_read_is_ended() -> None:
    reader = ReaderApart(Limits(memory=1 << 20))
    with pytest.raises(ReadingError):  # too costly, or broken where a parser hides the cause
        reader(("一、每周检查一次。\n" * 200_000).encode(), "large.txt")
    assert ReaderApart()("一、要求\n每周检查。\n".encode(), "y.txt").clauses


def test_errors_come_back_as_they_were(read_apart: ReaderApart) -> None:
    for name, data in (("a.txt", b" "), ("b.docx", b"PK\x03\x04"), ("c.bin", b"\x00\x01")):
        with pytest.raises(ReadingError) as raised:
            read_apart(data, name)
        assert name in raised.value.message
        assert raised.value.code in {"empty_file", "broken_file", "unknown_format"}
    assert apart.TooCostly("x").remedy
