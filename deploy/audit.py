"""Known holes in what is installed, by pip-audit, and of how many packages nothing could be said.

pip-audit alone reports that it found nothing also where its registry knew nothing.
"""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Mapping
from typing import Any
from urllib.request import urlopen

REGISTRY = "https://pypi.org/pypi/pip/json"
COMMAND = ("-m", "pip_audit", "--progress-spinner", "off", "--skip-editable", "--format", "json")
_NAMED = 5  # packages without an answer that are listed


def verdict(report: Mapping[str, Any]) -> tuple[int, list[str]]:
    """Return the exit status (1 if a hole is known) and the lines to print."""
    asked = [row for row in report["dependencies"] if "editable" not in row.get("skip_reason", "")]
    unknown = [row["name"] for row in asked if "skip_reason" in row]
    lines = [
        f"{row['name']} {row['version']}: {hole['id']}, "
        f"修复版本 / mended in {', '.join(hole['fix_versions']) or '–'}"
        for row in asked
        for hole in row.get("vulns", ())
    ]
    known = len(asked) - len(unknown)
    status = 1 if lines else 0
    lines.append(f"已核对 {known} 个包,漏洞 {len(lines)} 处 / {known} packages, {len(lines)} holes")
    if unknown:
        named = ", ".join(unknown[:_NAMED]) + (", …" if len(unknown) > _NAMED else "")
        lines.append(
            f"未核对 {len(unknown)} 个包,漏洞库没有其资料 / the registry knows nothing of "
            f"{len(unknown)} packages, which says nothing of them: {named}"
        )
    return status, lines


def main() -> int:
    """Ask and print; 0 with a word of it where the registry cannot be reached."""
    asked = subprocess.run([sys.executable, *COMMAND], capture_output=True, text=True, check=False)
    try:
        status, lines = verdict(json.loads(asked.stdout))
    except json.JSONDecodeError:
        try:
            urlopen(REGISTRY, timeout=10).close()
        except OSError:
            print("漏洞库不可达,未核对 / the registry cannot be reached: nothing was audited")
            return 0
        print(asked.stderr, file=sys.stderr)
        return asked.returncode or 1
    print("\n".join(lines))
    return status


if __name__ == "__main__":
    sys.exit(main())
