"""Compiles the kernels when the program is installed; without a compiler numpy serves instead."""

from __future__ import annotations

import runpy
import sysconfig
from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface

KERNELS = Path("models/tiaowen_models/kernels")


class Kernels(BuildHookInterface):  # type: ignore[type-arg]
    """Puts the compiled library into the wheel, which is then one of this platform."""

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Compile; ``version`` is "editable" where the sources are used from where they lie."""
        del version
        folder = Path(self.root) / KERNELS
        library = runpy.run_path(str(folder / "build.py"))["build"](folder)
        if library is None:
            self.app.display_warning("no C compiler: searching will take some three times as long")
            return
        build_data["artifacts"].append(str(KERNELS / library.name))
        build_data["pure_python"] = False
        platform = sysconfig.get_platform().replace("-", "_").replace(".", "_")
        build_data["tag"] = f"py3-none-{platform}"
