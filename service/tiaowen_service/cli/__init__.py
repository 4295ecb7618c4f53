"""The command line: one file a command, loaded only when it is called.

Other packages add commands through the entry point group ``tiaowen.commands``: a name and a
typer application.
"""

from __future__ import annotations

import os
import sys
from importlib import import_module
from importlib.metadata import EntryPoint, entry_points
from typing import Any

import typer
from typer.core import TyperGroup

COMMANDS = (
    "add",
    "segment",
    "index",
    "serve",
    "search",
    "keys",
    "precedents",
    "requirements",
    "mcp",
)
GROUP = "tiaowen.commands"

# A query multiplies matrices of some kilobytes: threads for that only wait for each other. Set
# before numpy is loaded; whoever wants more for a large build says so in the environment.
for _name in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"):
    os.environ.setdefault(_name, "1")


class LazyGroup(TyperGroup):
    """Finds a command's module by its name, so that `serve` imports nothing it does not need.

    Contexts and commands are `Any`: their classes are click's or typer's own, by typer's version.
    """

    def list_commands(self, ctx: Any) -> list[str]:
        """Return the names of our own commands and of those that are plugged in."""
        return [*COMMANDS, *sorted(_plugged())]

    def get_command(self, ctx: Any, cmd_name: str) -> Any:
        """Import and return a command; None if there is none of that name."""
        if cmd_name in COMMANDS:
            application = import_module(f"tiaowen_service.cli.{cmd_name}_command").app
        elif cmd_name in (plugged := _plugged()):
            application = plugged[cmd_name].load()
        else:
            return None
        command = typer.main.get_command(application)
        command.name = cmd_name  # a group of commands has none of its own
        return command


def _plugged() -> dict[str, EntryPoint]:
    return {entry.name: entry for entry in entry_points(group=GROUP)}


app = typer.Typer(
    name="tiaowen",
    cls=LazyGroup,
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    help="条文级检索教育政策文件 / clause-level search over education-policy documents",
)


@app.callback()
def main() -> None:
    """条文 Tiaowen."""
    for stream in (sys.stdout, sys.stderr):
        # a terminal in another encoding shows marks for what it cannot hold, instead of failing
        reconfigure = getattr(stream, "reconfigure", None)
        if reconfigure is not None:
            reconfigure(errors="replace")
