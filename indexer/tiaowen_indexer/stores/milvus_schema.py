"""Fields of a collection, the entities of a snapshot, and filters in Milvus' language."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

import numpy as np
import scipy.sparse as sp

from tiaowen_indexer.lexical import FIELDS, WEIGHT
from tiaowen_indexer.modality import MODALITIES
from tiaowen_indexer.snapshot import Snapshot
from tiaowen_indexer.stores.filters import Filters
from tiaowen_indexer.stores.local import document_facts

_LONGEST = 512  # bytes of a fact; longer ones are cut, in filters too
_TEXTS = ("doc_id", "kind", "issuer", "region")


def schema(client_class: Any, dimensions: int) -> Any:
    """Return the schema. ``row`` is the clause's row in the snapshot of the same version."""
    from pymilvus import DataType

    fields = client_class.create_schema(auto_id=False, enable_dynamic_field=False)
    fields.add_field("row", DataType.INT64, is_primary=True)
    for name in _TEXTS:
        fields.add_field(name, DataType.VARCHAR, max_length=_LONGEST)
    fields.add_field("issued_first", DataType.INT64)  # 2014 is 20140000 …
    fields.add_field("issued_last", DataType.INT64)  # … to 20149999; 0 where no date is known
    fields.add_field(
        "modality",
        DataType.ARRAY,
        element_type=DataType.VARCHAR,
        max_capacity=len(MODALITIES),
        max_length=16,
    )
    fields.add_field("dense", DataType.FLOAT_VECTOR, dim=dimensions)
    fields.add_field("sparse", DataType.SPARSE_FLOAT_VECTOR)
    return fields


def indexes(client_class: Any, *, lite: bool, count: int) -> Any:
    """Return the indexes: exact on Lite, which is for tests; IVF with 8 bits on a cluster."""
    found = client_class.prepare_index_params()
    dense = {"index_type": "FLAT", "params": {}}
    if not lite and count > 100_000:
        # parameters are nested: some releases drop them otherwise
        dense = {"index_type": "IVF_SQ8", "params": {"nlist": int(4 * count**0.5)}}
    found.add_index("dense", metric_type="IP", **dense)
    found.add_index("sparse", index_type="SPARSE_INVERTED_INDEX", metric_type="IP")
    return found


class Entities:
    """The clauses of a snapshot as entities of a collection."""

    def __init__(self, snapshot: Snapshot) -> None:
        self._columns = snapshot.columns
        self._vectors = snapshot.vectors.stored
        self._facts = document_facts(snapshot)
        self._sparse = contributions(snapshot)

    def of(self, start: int, end: int) -> list[dict[str, Any]]:
        """Return the clauses from row ``start`` to before ``end``."""
        dense = np.asarray(self._vectors[start:end], np.float32)
        return [self._entity(row, dense[row - start]) for row in range(start, end)]

    def _entity(self, row: int, dense: Any) -> dict[str, Any]:
        facts = self._facts[int(self._columns.document[row])]
        first, last = dates(facts.issued)
        held = slice(self._sparse.indptr[row], self._sparse.indptr[row + 1])
        pairs = zip(
            self._sparse.indices[held].tolist(), self._sparse.data[held].tolist(), strict=True
        )
        entity = {name: cut(getattr(facts, name)) for name in _TEXTS}
        return entity | {
            "row": row,
            "issued_first": first,
            "issued_last": last,
            "modality": _modalities(int(self._columns.modality[row])),
            "dense": dense.tolist(),
            "sparse": dict(pairs),
        }


def contributions(snapshot: Snapshot) -> Any:
    """Return what each term adds to each clause, CSR float32 ``[clauses, terms]``."""
    lexical = snapshot.lexical
    shape = (lexical.count, len(lexical.vocabulary))
    total: Any = sp.csr_matrix(shape, dtype=np.float32)  # type: ignore[arg-type]
    for name in FIELDS:
        field = lexical.postings(name)
        by_term = sp.csc_matrix((field.data, field.indices, field.indptr), shape=shape)
        total = total + by_term.tocsr() * np.float32(WEIGHT[name])
    return total


def expression(where: Filters) -> str:
    """Return ``where`` in Milvus' language; "" for no condition."""
    parts = [
        f"{name} in {_listed(values)}"
        for name, values in zip(
            _TEXTS, (where.doc_ids, where.kinds, where.issuers, where.regions), strict=True
        )
        if values
    ]
    if where.modality:
        parts.append(f"array_contains_any(modality, {_listed(where.modality)})")
    if where.issued_from:
        parts.append(f"issued_last >= {_day(where.issued_from, '0')}")
    if where.issued_to:
        parts += [f"issued_first <= {_day(where.issued_to, '9')}", "issued_first > 0"]
    return " and ".join(parts)


def dates(issued: str) -> tuple[int, int]:
    """Return the first and last day of an ISO date of any length, as yyyymmdd; 0 for none.

    A month counts to its 99th day, so that a bound of another length compares as in the local
    store: over as many digits as both have.
    """
    return (_day(issued, "0"), _day(issued, "9")) if issued else (0, 0)


def cut(text: str) -> str:
    """Return ``text`` as far as a field holds it, whole characters only."""
    return text.encode()[:_LONGEST].decode(errors="ignore")


def _day(date: str, filler: str) -> int:
    digits = "".join(character for character in date if character.isdigit())[:8]
    return int(digits.ljust(8, filler))


def _listed(values: Sequence[str]) -> str:
    return json.dumps([cut(value) for value in values], ensure_ascii=False)


def _modalities(mask: int) -> list[str]:
    return [name for position, name in enumerate(MODALITIES) if mask & 1 << position]
