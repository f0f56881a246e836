"""Collecting the files of a release: the pack's own, and those they reach in the shared folders."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path, PurePath, PurePosixPath
from typing import Any

from engine import calendar as calendars
from engine.decision import read as read_decisions
from engine.diagram import Diagram
from engine.errors import EngineError
from engine.findings import Refused
from engine.release.encoding import in_utf8
from engine.release.guidance import guides_named
from engine.release.names import SHARED_NAMES
from engine.release.release import FOLDERS
from engine.release.settings import BASE, BASES, PACK, base_named, settings_of


def gather(pack: Path, shared: Path, forms: Path) -> dict[str, bytes]:
    """The files of the pack's folder, and those it reaches in the shared folders. Own files win.

    Files that cannot be read as what they are end the search on their branch; `Release.of` tells why.
    """
    own = {str(p.relative_to(pack)): p.read_bytes() for p in sorted(pack.rglob("*")) if _is_ours(p, pack)}
    return gathered(own, shared, forms)


def gathered(own: Mapping[str, bytes], shared: Path, forms: Path) -> dict[str, bytes]:
    """The same for a pack that is no folder here: path -> content."""
    own = in_utf8({path: data for path, data in own.items() if _is_named_well(PurePosixPath(path))})
    shelf = {str(p.relative_to(shared)): p.read_bytes() for p in sorted(shared.rglob("*")) if _is_ours(p, shared)}
    shelf |= {f"forms/{p.name}": p.read_bytes() for p in sorted(forms.glob("*.yaml"))}
    return _Gathering(own, in_utf8(shelf)).files


class _Gathering:
    """Follows what files name: processes, decisions, forms, calendars."""

    def __init__(self, own: Mapping[str, bytes], shelf: Mapping[str, bytes]) -> None:
        self.files = dict(own)
        self._shelf = shelf
        self._process_at = {
            p: path for path in shelf if path.startswith("diagrams/") for p in _drawn(shelf[path], path).processes
        }
        self._decision_at = {
            d: path for path in shelf if path.startswith("decisions/") for d in _decisions(shelf[path], path)
        }
        settings = self._settings(own.get(PACK, b""))
        have = {p for path, data in own.items() if path.startswith("diagrams/") for p in _drawn(data, path).processes}
        self._own_decisions = {
            d for path, data in own.items() if path.startswith("decisions/") for d in _decisions(data, path)
        }
        self._own_processes = have
        self._take(SHARED_NAMES)
        self._form(settings.get("intake"))
        for message in _mapping(settings.get("messages")).values():
            self._form(message.get("form") if isinstance(message, dict) else None)
        for form in settings.get("copies") or ():
            self._form(form)
        for guide in sorted(guides_named(settings)):
            self._take(f"guidance/{guide}.yaml")
        self._calendar(settings.get("calendar"))
        for row in _mapping(settings.get("limits")).values():
            self._calendar(row.get("calendar") if isinstance(row, dict) else None)
        self._process(settings.get("process"))
        for path, data in own.items():
            if path.startswith("diagrams/"):
                self._diagram(data, path)
            elif path.startswith("calendars/"):
                self._base(data)

    def _settings(self, data: bytes) -> Mapping[str, Any]:
        try:
            name = base_named(data)
            base = self._shelf.get(f"{BASES}/{name}.yaml") if name else None
            if base is not None:
                self.files[BASE] = base
            loaded = settings_of(data, base)
        except Refused:
            return {}
        return loaded if isinstance(loaded, dict) else {}

    def _take(self, path: str) -> bytes | None:
        if path in self.files or path not in self._shelf:
            return None
        self.files[path] = self._shelf[path]
        return self.files[path]

    def _process(self, process: Any) -> None:
        if not isinstance(process, str) or process in self._own_processes:
            return
        path = self._process_at.get(process)
        if path and (data := self._take(path)):
            self._diagram(data, path)

    def _diagram(self, data: bytes, path: str) -> None:
        drawn = _drawn(data, path)
        for form in drawn.forms:
            self._form(form)
        for process in drawn.called:
            self._process(process)
        for decision in drawn.decisions:
            if decision not in self._own_decisions:
                self._take(self._decision_at.get(decision, ""))

    def _form(self, form: Any) -> None:
        self._take(f"forms/{form}.yaml")

    def _calendar(self, name: Any) -> None:
        if data := self._take(f"calendars/{name}.toml"):
            self._base(data)

    def _base(self, data: bytes) -> None:
        if base := calendars.extends(data):
            self._calendar(base)


@dataclass(frozen=True, kw_only=True)
class _Drawn:
    """What a diagram has, and what it names."""

    processes: tuple[str, ...] = ()
    forms: tuple[str, ...] = ()
    called: tuple[str, ...] = ()
    decisions: tuple[str, ...] = ()


# The shared files are looked through for every pack: each is read once.
@lru_cache(maxsize=128)
def _drawn(data: bytes, path: str) -> _Drawn:
    try:
        processes = Diagram.read(data, path).processes
    except EngineError:
        return _Drawn()
    said = [element.zeebe for process in processes.values() for element in process.elements.values()]
    return _Drawn(
        processes=tuple(processes),
        forms=tuple(z.form for z in said if z.form),
        called=tuple(z.called_process for z in said if z.called_process),
        decisions=tuple(z.decision for z in said if z.decision),
    )


@lru_cache(maxsize=128)
def _decisions(data: bytes, path: str) -> tuple[str, ...]:
    try:
        return tuple(read_decisions(data, path).decisions)
    except EngineError:
        return ()


def _mapping(value: Any) -> Mapping[str, Any]:
    """What should be a mapping; nothing where the file has something else there, which the gate will say."""
    return value if isinstance(value, dict) else {}


def _is_ours(path: Path, root: Path) -> bool:
    return path.is_file() and _is_named_well(path.relative_to(root))


def _is_named_well(inside: PurePath) -> bool:
    folders = {**FOLDERS, BASES: ".yaml"}
    if not inside.parts:
        return False
    return str(inside) == PACK or (inside.parts[0] in folders and inside.suffix == folders[inside.parts[0]])
