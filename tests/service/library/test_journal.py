"""The journal: what is read after what, and last lines that were never finished."""

from __future__ import annotations

from pathlib import Path

import pytest
from tiaowen_service.library.journal import Change, Entry, Journal


def _entry(seq: int, *, changes: int = 1) -> Entry:
    change = Change("put", f"file{seq}", f"file{seq}.txt", "0" * 64, seq, 1)
    return Entry(seq, "2024-01-01", "key", f"task{seq}", "", "", (change,) * changes)


def _filled(path: Path, count: int) -> Journal:
    journal = Journal(path)
    for seq in range(1, count + 1):
        journal.append(_entry(seq))
    return journal


def test_what_is_read_after_a_line_does_not_depend_on_what_was_read(tmp_path: Path) -> None:
    journal = _filled(tmp_path / "journal", 5)
    for after in (4, 0, 2, 5, 1, 9):
        assert [entry.seq for entry in journal.read(after=after)] == list(range(after + 1, 6))
    Journal(tmp_path / "journal").append(_entry(6))  # another process
    assert [entry.seq for entry in journal.read(after=5)] == [6]


def test_a_reader_that_stops_half_way_reads_on(tmp_path: Path) -> None:
    journal = _filled(tmp_path / "journal", 4)
    assert next(journal.read(after=1)).seq == 2
    assert list(journal.read(after=2)) == [_entry(3), _entry(4)]


@pytest.mark.parametrize("count", [0, 2])
@pytest.mark.parametrize("changes", [1, 1000])  # the long line is more than is looked at at once
def test_a_torn_line_is_cut_off(tmp_path: Path, count: int, changes: int) -> None:
    path = tmp_path / "journal"
    _filled(path, count)
    whole = path.read_bytes() if count else b""
    Journal(path).append(_entry(count + 1, changes=changes))
    path.write_bytes(path.read_bytes()[:-1])
    journal = Journal(path)
    assert [entry.seq for entry in journal.read()] == list(range(1, count + 1))
    journal.mend()
    assert path.read_bytes() == whole
    journal.append(_entry(count + 1))
    assert [entry.seq for entry in journal.read(after=count)] == [count + 1]


def test_a_journal_put_back_from_a_backup_is_read_anew(tmp_path: Path) -> None:
    journal = _filled(tmp_path / "journal", 5)
    assert len(list(journal.read())) == 5
    _filled(tmp_path / "backup", 2)
    (tmp_path / "journal").write_bytes((tmp_path / "backup").read_bytes())  # the same file, shorter
    assert [entry.seq for entry in journal.read(after=1)] == [2]
    _filled(tmp_path / "other", 7).append(_entry(8, changes=3))
    (tmp_path / "other").rename(tmp_path / "journal")  # another file, longer
    assert [entry.seq for entry in journal.read(after=6)] == [7, 8]
