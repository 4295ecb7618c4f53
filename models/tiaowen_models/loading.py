"""Which embedder runs: the one asked for, else the shipped one, else one fitted on the corpus."""

from __future__ import annotations

import importlib
import os
from functools import lru_cache
from pathlib import Path
from typing import cast

from tiaowen_corpus.errors import TiaowenError
from tiaowen_corpus.places import shipped

from tiaowen_models.coverage import CoverageConfidence
from tiaowen_models.fusion import ScoreFusion
from tiaowen_models.protocols import Confidence, Embedder, Ranker
from tiaowen_models.svd import NAME as SVD
from tiaowen_models.svd import SvdEmbedder

VARIABLE = "TIAOWEN_EMBEDDER"
FITTED_WEIGHT = 0.15  # of cosines from an embedder that knows only the corpus itself
_STATIC_CONFIG = "tiaowen_config.json"  # marks the folder of a static model


class ModelMissing(TiaowenError):
    """No embedder of that name is here, or its folder is gone."""

    code = "model_missing"
    template = "找不到向量模型 / no such embedder: {detail}"
    remedy = (
        "运行 tiaowen index 重建索引,或检查 TIAOWEN_EMBEDDER / "
        "run 'tiaowen index', or check TIAOWEN_EMBEDDER"
    )


def wanted_embedder(name_or_path: str | None = None) -> str:
    """Return what will be loaded: the argument, else TIAOWEN_EMBEDDER, else shipped, else svd."""
    asked = name_or_path or os.environ.get(VARIABLE, "")
    if asked:
        return asked
    folder = shipped_model()
    return folder.name if folder else SVD


def load_embedder(name_or_path: str | None = None, *, fitted: Path | None = None) -> Embedder:
    """Return the embedder that `wanted_embedder` names.

    ``fitted`` is the folder where an embedder fitted on the corpus was saved. Raises ModelMissing
    if it is needed and not there, NeuralMissing if the model asked for needs torch.
    """
    wanted = wanted_embedder(name_or_path)
    if wanted == SVD:
        if fitted is None or not (fitted / "config.json").is_file():
            raise ModelMissing(SVD)
        return SvdEmbedder.load(fitted)
    folder = _static_folder(wanted)
    if folder is not None:
        return _static(folder, (folder / _STATIC_CONFIG).stat().st_mtime_ns)
    from tiaowen_models.neural import NeuralEmbedder

    return NeuralEmbedder(wanted)


def shipped_model() -> Path | None:
    """Return the folder of the shipped embedder, or None where the installation has none."""
    try:
        root = shipped("models")
    except FileNotFoundError:
        return None
    folders = [folder for folder in sorted(root.iterdir()) if _is_static(folder)]
    return folders[-1] if folders else None


@lru_cache(maxsize=2)
def _static(folder: Path, changed: int) -> Embedder:
    """Load a static model once a process, again if its folder has ``changed``."""
    del changed
    module = importlib.import_module("tiaowen_models.static")
    return cast(Embedder, module.StaticEmbedder.load(folder))


def _static_folder(name_or_path: str) -> Path | None:
    default = shipped_model()
    candidates = [Path(name_or_path)]
    if default is not None:
        candidates.append(default.parent / name_or_path)
    return next((folder for folder in candidates if _is_static(folder)), None)


def _is_static(folder: Path) -> bool:
    return (folder / _STATIC_CONFIG).is_file()


def load_ranker(embedder: str = "") -> Ranker:
    """Return the ranking of candidates whose vectors ``embedder`` made."""
    return ScoreFusion(vector=FITTED_WEIGHT) if embedder == SVD else ScoreFusion()


def load_confidence() -> Confidence:
    """Return the estimate that the first hit answers."""
    return CoverageConfidence()
