"""The settings of a pack as parsed YAML: its own `pack.yaml` laid over the base it names.

A thin procedure inherits a base flow and brings only what is its own. What the base gives is taken
key by key: mappings are joined at every depth, anything else of the pack stands for that of the
base, and an empty value (`~`) takes a key of the base away. This is the door to PyYAML for the pack.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from typing import Any

import yaml

from engine.findings import Finding, Refused

#: The pack's own settings, and those of its base as the release keeps them.
PACK, BASE = "pack.yaml", "base.yaml"
#: Folder of the bases among the shared files.
BASES = "bases"
#: A file with fewer openings of lists and mappings is read by the loader in C.
MOST_NESTS = 5000
_FAST: type[yaml.SafeLoader] = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
#: Settings nest no deeper than this.
DEEPEST = 20


def settings_of(pack: bytes, base: bytes | None) -> Any:
    """What a pack says, over what its base says.

    Raises:
        Refused: one of the two is not YAML, or the pack names a base that is not there.
    """
    own = yaml_of(pack, PACK)
    if not isinstance(own, dict):
        return own
    name = own.pop("base", None)
    if name is None:
        return own
    if base is None:
        raise Refused([_finding(PACK, "base-missing", f"基础流程“{name}”不存在。", f"the base “{name}” does not exist.",
                                f"在共享文件夹 {BASES} 中选择一个。", f"Choose one of the shared folder {BASES}.")])  # fmt: skip
    return _over(yaml_of(base, BASE), own)


@lru_cache(maxsize=500)
def pausable_limits(pack: bytes, base: bytes | None) -> frozenset[str]:
    """The limits of a pack whose clocks may stand still: all that the rows derived from a history need to know of it.

    Raises:
        Refused: one of the two is not YAML.
    """
    said = settings_of(pack, base)
    limits = said.get("limits") if isinstance(said, dict) else None
    rows = limits.items() if isinstance(limits, dict) else ()
    return frozenset(str(name) for name, row in rows if isinstance(row, dict) and row.get("pausable") is True)


def base_named(pack: bytes) -> str | None:
    """The base a pack names, if any.

    Raises:
        Refused: the pack is not YAML.
    """
    own = yaml_of(pack, PACK)
    name = own.get("base") if isinstance(own, dict) else None
    return name if isinstance(name, str) else None


def _over(base: Any, own: Any, depth: int = 0) -> Any:
    if not isinstance(base, Mapping) or not isinstance(own, Mapping) or depth > DEEPEST:
        return own
    joined = {key: _over(base[key], own[key], depth + 1) if key in own else base[key] for key in base}
    joined |= {key: value for key, value in own.items() if key not in base}
    return {key: value for key, value in joined.items() if value is not None}


def yaml_of(data: bytes, path: str) -> Any:
    """A file as YAML.

    Raises:
        Refused: it is none.
    """
    try:
        return yaml.load(data.decode("utf-8"), Loader=loader_for(data))
    except (yaml.YAMLError, UnicodeDecodeError, RecursionError, ValueError) as error:
        where = getattr(error, "problem_mark", None)
        at = f" (line {where.line + 1}, column {where.column + 1})" if where else ""
        raise Refused([_finding(path, "not-yaml", f"不是合格的 YAML{at}。", f"is not proper YAML{at}.",
                                "检查缩进和引号。", "Check indentation and quotes.")]) from error  # fmt: skip


def loader_for(data: bytes) -> type[yaml.SafeLoader]:
    """The safe loader in C, which is ten times as fast, for files that cannot nest deeper than its stack bears."""
    nests = data.count(b"[") + data.count(b"{") + data.count(b"- ") + data.count(b"? ")
    return _FAST if nests < MOST_NESTS else yaml.SafeLoader  # in Python too deep a file is an error like any other


def _finding(path: str, code: str, zh: str, en: str, remedy_zh: str, remedy_en: str) -> Finding:
    return Finding(code=code, severity="error", file=path, zh=zh, en=en, remedy_zh=remedy_zh, remedy_en=remedy_en)
