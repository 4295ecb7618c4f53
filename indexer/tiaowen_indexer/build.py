"""Build a snapshot beside the live one and publish it."""

from __future__ import annotations

import hashlib
import shutil
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
from tiaowen_corpus import durable, lexicon
from tiaowen_corpus.errors import TiaowenError
from tiaowen_models.loading import ModelMissing, load_embedder
from tiaowen_models.protocols import Embedder
from tiaowen_models.ranking_loading import load_reader

from tiaowen_indexer import snapshot, splice
from tiaowen_indexer.collect import Collected, Progress, collect_files, fingerprint_of, listed
from tiaowen_indexer.encoding import embedder_for, encoder
from tiaowen_indexer.lexical import build_lexical
from tiaowen_indexer.manifest import (
    FORMAT,
    Manifest,
    ModelStamp,
    checksums,
    rules_fingerprint,
)
from tiaowen_indexer.modality import bits
from tiaowen_indexer.near import grouped
from tiaowen_indexer.norms import norms_path, write_norms
from tiaowen_indexer.patch import Plan, columns, plan, write_rows
from tiaowen_indexer.readings import readings_path, write_readings
from tiaowen_indexer.reuse import CutBefore, write_files
from tiaowen_indexer.searched import embedded_text, search_fields
from tiaowen_indexer.shingles import minima_of
from tiaowen_indexer.stamps import Stamps
from tiaowen_indexer.store import StoredClause, write_store
from tiaowen_indexer.terms import SearchTerms
from tiaowen_indexer.vectors import embed


class NothingToIndex(TiaowenError):
    """The folder holds no document that can be read."""

    code = "nothing_to_index"
    template = "文件夹中没有可索引的文件 / no file to index in: {detail}"
    remedy = "放入 txt、md、html、docx 或 pdf 文件 / put txt, md, html, docx or pdf files there"


@dataclass(frozen=True, slots=True)
class Built:
    """What a build did. ``reused``: the version was there already and nothing was computed."""

    manifest: Manifest
    folder: Path
    reused: bool
    embedded: int


def _silent(stage: str, done: int, of: int) -> None:
    del stage, done, of


def build(
    corpus: Path,
    index: Path,
    *,
    model: str | None = None,
    force: bool = False,
    publish: bool = True,
    progress: Progress = _silent,
) -> Built:
    """Index ``corpus`` into ``index`` and, unless told not to, make the new snapshot live.

    Nothing is computed when the live snapshot was made of the same files, rules and model.
    Raises NothingToIndex; files that cannot be read are listed in the manifest instead.
    """
    live = _open_live(index)
    stamps = Stamps(index)
    files = listed(corpus, stamps.digest)
    fingerprint = fingerprint_of(files, corpus)
    if live is not None and not force and is_fresh(live, fingerprint, model):
        return Built(live.manifest, live.folder, reused=True, embedded=0)
    stamps.save()
    if live is not None and not force and _is_comparable(live, model):
        wanted = plan(live, files, progress)
        if wanted is not None and wanted.pieces:
            return _sealed(
                index,
                lambda folder: _patch(folder, live, wanted, corpus=fingerprint, model=model),
                publish=publish,
            )
    before = None if force else _cut_before(live)
    collected = collect_files(files, before=before, progress=progress)
    if not collected.clauses:
        raise NothingToIndex(_reasons(corpus, collected))
    return build_collected(
        collected,
        index,
        fingerprint=fingerprint,
        model=model,
        force=force,
        publish=publish,
        progress=progress,
    )


def build_collected(
    collected: Collected,
    index: Path,
    *,
    fingerprint: str,
    model: str | None = None,
    force: bool = False,
    publish: bool = True,
    progress: Progress = _silent,
) -> Built:
    """Index documents and clauses that are already cut, e.g. the rows of a benchmark.

    ``fingerprint`` names them: equal fingerprints mean equal rows.
    """
    live = None if force else _open_live(index)
    return _sealed(
        index,
        lambda folder: _write(
            folder, collected, corpus=fingerprint, model=model, live=live, progress=progress
        ),
        publish=publish,
    )


def _sealed(index: Path, write: Callable[[Path], tuple[Manifest, int]], *, publish: bool) -> Built:
    """Let ``write`` fill a new folder and give it its name; on failure nothing of it stays."""
    folder = snapshot.building_folder(index)
    try:
        manifest, embedded = write(folder)
        durable.step("build.written")
        target = snapshot.seal(folder, index, manifest)
    except BaseException:
        shutil.rmtree(folder, ignore_errors=True)
        raise
    if publish:
        snapshot.publish(index, manifest.version)
    return Built(manifest, target, reused=False, embedded=embedded)


def is_fresh(live: snapshot.Snapshot, fingerprint: str, model: str | None = None) -> bool:
    """Say whether a build of the corpus of this fingerprint would give ``live`` again."""
    return live.manifest.corpus == fingerprint and _is_comparable(live, model)


def _is_comparable(live: snapshot.Snapshot, model: str | None) -> bool:
    """Say whether the same rules, words and model as now made ``live``."""
    manifest = live.manifest
    try:
        embedder = load_embedder(model, fitted=live.folder / snapshot.FITTED)
    except ModelMissing:
        return False
    return (
        manifest.model == _stamp(embedder)
        and manifest.words == _words(embedder)
        and manifest.rules == rules_fingerprint()
        and manifest.lexicon == lexicon.load().fingerprint
    )


def _write(
    folder: Path,
    collected: Collected,
    *,
    corpus: str,
    model: str | None,
    live: snapshot.Snapshot | None,
    progress: Progress,
) -> tuple[Manifest, int]:
    words = lexicon.load()
    clauses, documents = collected.clauses, collected.documents
    texts = [embedded_text(stored) for stored in clauses]
    embedder = embedder_for(model, texts, live, folder)
    embedded = _write_vectors(folder, collected, texts, embedder, live=live, progress=progress)
    progress("lexical", 0, 1)
    build_lexical(search_fields(documents, clauses, SearchTerms(words.words))).save(
        folder / "lexical"
    )
    write_store(folder / snapshot.STORE, documents, clauses)
    write_norms(norms_path(folder, 0), collected.norms)
    write_files(folder, collected.files)
    _columns(clauses).save(folder)
    progress("lexical", 1, 1)
    manifest = Manifest(
        version="",
        corpus=corpus,
        rules=rules_fingerprint(),
        lexicon=words.fingerprint,
        model=_stamp(embedder),
        words=_words(embedder),
        documents=len(documents),
        clauses=len(clauses),
        errors=collected.errors,
        files=checksums(folder),
    )
    manifest = replace(manifest, version=_version(manifest))
    manifest.save(folder)
    return manifest, embedded


def _write_vectors(
    folder: Path,
    collected: Collected,
    texts: Sequence[str],
    embedder: Embedder,
    *,
    live: snapshot.Snapshot | None,
    progress: Progress,
) -> int:
    """Write readings and vectors; return how many ``texts`` were embedded anew."""
    clauses, cut, reader = collected.clauses, None, load_reader(embedder)
    if reader is not None:
        cut = reader.cut([stored.legible for stored in clauses])
        titles = [document.title for document in collected.documents]
        write_readings(readings_path(folder, 0), titles, clauses, reader, cut)
    vectors, embedded = embed(
        texts,
        embedder,
        known=live.vectors if live and live.manifest.model == _stamp(embedder) else None,
        encode=encoder(embedder, clauses, cut),
        progress=lambda done, of: progress("embed", done, of),
    )
    vectors.save(folder / "vectors")
    return embedded


def _patch(
    folder: Path, live: snapshot.Snapshot, wanted: Plan, *, corpus: str, model: str | None
) -> tuple[Manifest, int]:
    words = lexicon.load()
    embedder = embedder_for(model, (), live, folder)
    patched = write_rows(folder, live, wanted, load_reader(embedder))
    new = patched.clauses
    added, embedded = embed([embedded_text(stored) for stored in new], embedder, known=live.vectors)
    live.vectors.spliced(patched.moved.old, added).save(folder / "vectors")
    fields = search_fields(patched.documents, new, SearchTerms(words.words))
    splice.lexical(live.lexical, patched.moved, fields).save(folder / "lexical")
    columns(live, patched, _columns(new)).save(folder)
    manifest = replace(
        live.manifest,
        corpus=corpus,
        documents=len(patched.counts),
        clauses=len(patched.moved.old),
        errors=wanted.errors,
        files=checksums(folder, patched.shared),
    )
    manifest = replace(manifest, version=_version(manifest))
    manifest.save(folder)
    return manifest, embedded


def _columns(clauses: Sequence[StoredClause]) -> snapshot.Columns:
    order = np.empty(len(clauses), np.int32)
    by_id = sorted(range(len(clauses)), key=lambda row: clauses[row].clause.clause_id)
    order[by_id] = np.arange(len(clauses), dtype=np.int32)
    minima = minima_of([stored.text for stored in clauses])
    return snapshot.Columns(
        document=np.array([stored.document for stored in clauses], np.int32),
        order=order,
        modality=np.array([bits(stored.modalities) for stored in clauses], np.uint8),
        group=grouped(minima, lambda row: clauses[row].text),
        minima=minima,
    )


def _stamp(embedder: Embedder) -> ModelStamp:
    return ModelStamp(embedder.name, embedder.fingerprint, embedder.dimensions)


def _words(embedder: Embedder) -> str:
    reader = load_reader(embedder)
    return reader.fingerprint if reader else ""


def _version(manifest: Manifest) -> str:
    parts = [str(FORMAT), manifest.corpus, manifest.rules, manifest.lexicon]
    parts += [manifest.model.name, manifest.model.fingerprint, *sorted(manifest.files.values())]
    return hashlib.blake2b("\0".join(parts).encode(), digest_size=8).hexdigest()


def _cut_before(live: snapshot.Snapshot | None) -> CutBefore | None:
    """Return what the live snapshot has cut, if the same rules cut it."""
    if live is None or live.manifest.rules != rules_fingerprint():
        return None
    try:
        return CutBefore(live)
    except (OSError, ValueError):  # a snapshot of rows that come from no files
        return None


def _open_live(index: Path) -> snapshot.Snapshot | None:
    """Open the live snapshot; one that is damaged or of another format is as good as none."""
    try:
        return snapshot.open_current(index)
    except TiaowenError:
        return None


def _reasons(corpus: Path, collected: Collected) -> str:
    return "; ".join([str(corpus), *(message for _, _, message in collected.errors)])
