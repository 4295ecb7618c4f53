"""Which embedder is loaded."""

from __future__ import annotations

from pathlib import Path

import pytest
from tiaowen_models.loading import (
    VARIABLE,
    ModelMissing,
    load_embedder,
    shipped_model,
    wanted_embedder,
)
from tiaowen_models.svd import fit


@pytest.fixture(autouse=True)
def unset(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv(VARIABLE, raising=False)


def test_the_shipped_model_is_the_default() -> None:
    folder = shipped_model()
    assert folder is not None
    assert wanted_embedder() == folder.name
    embedder = load_embedder()
    assert embedder.name == folder.name
    assert load_embedder(str(folder)).fingerprint == embedder.fingerprint


def test_the_variable_and_the_argument_come_first(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(VARIABLE, "svd")
    assert wanted_embedder() == "svd"
    assert wanted_embedder("other") == "other"


def test_a_fitted_model_is_loaded_from_its_folder(tmp_path: Path) -> None:
    fitted = fit(["每周检查卫生。", "每月组织听课。", "每学期开会。"])
    fitted.save(tmp_path)
    assert load_embedder("svd", fitted=tmp_path).fingerprint == fitted.fingerprint


def test_a_model_that_is_not_there_is_named_with_a_remedy(tmp_path: Path) -> None:
    with pytest.raises(ModelMissing, match="tiaowen index"):
        load_embedder("svd", fitted=tmp_path)
    with pytest.raises(ModelMissing):
        load_embedder("svd")
