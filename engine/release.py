"""A release: all files of a pack under one digest. A case stays on the release it was opened on.

`gather` collects the files from the owner's folders, `Release.of` reads them. Reading says what
each file means by itself; whether they fit together is the gate's matter (`engine.publishing`).
This module is the door to PyYAML for the pack; it does not know forms beyond their bytes.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any

import yaml

from engine import calendar as calendars
from engine.calendar import Calendar
from engine.decision import DecisionModel
from engine.decision import read as read_decisions
from engine.diagram import Diagram, Process
from engine.errors import EngineError
from engine.findings import Finding, Refused
from engine.policy import Policy

#: Folders of a pack and what their files end in.
FOLDERS = {"diagrams": ".bpmn", "decisions": ".dmn", "forms": ".yaml", "calendars": ".toml"}
#: The greatest size of one file, in bytes.
LARGEST = 2_000_000


class ProcessNotFound(EngineError):
    """The release {digest} has no process called {process}."""

    zh = "发布 {digest} 中没有名为 {process} 的流程。"


@dataclass(frozen=True, kw_only=True)
class Release:
    """The files of a pack, read once."""

    #: SHA-256 over paths and contents, hexadecimal.
    digest: str
    #: Path inside the pack -> content.
    files: Mapping[str, bytes] = field(repr=False)
    policy: Policy = field(repr=False)
    #: By path.
    diagrams: Mapping[str, Diagram] = field(repr=False)
    #: By path.
    decisions: Mapping[str, DecisionModel] = field(repr=False)
    #: By id (file name without ending).
    calendars: Mapping[str, Calendar] = field(repr=False)

    @classmethod
    def of(cls, files: Mapping[str, bytes]) -> Release:
        """Read the files of a pack.

        Raises:
            Refused: with the findings of every file that could not be read.
        """
        findings = [f for path, data in sorted(files.items()) for f in _misplaced(path, data)]
        read = _Reader(files, findings)
        policy = read.one("pack.yaml", lambda data, path: Policy.of(_yaml(data, path), path))
        diagrams = read.all("diagrams/", Diagram.read)
        decisions = read.all("decisions/", read_decisions)
        known = read.all("calendars/", lambda data, path: calendars.load(data, base=_base(files)))
        if read.findings or policy is None:
            raise Refused(read.findings)
        return cls(
            digest=digest_of(files),
            files=dict(files),
            policy=policy,
            diagrams=diagrams,
            decisions=decisions,
            calendars={Path(path).stem: c for path, c in known.items()},
        )

    @property
    def pack(self) -> str:
        """The pack's name."""
        return self.policy.pack

    @cached_property
    def processes(self) -> Mapping[str, tuple[Diagram, Process]]:
        """Every process by its id, with the diagram that draws it."""
        return {p.id: (d, p) for d in self.diagrams.values() for p in d.processes.values()}

    @cached_property
    def _decision_models(self) -> Mapping[str, DecisionModel]:
        return {d: model for model in self.decisions.values() for d in model.decisions}

    @cached_property
    def forms(self) -> Mapping[str, bytes]:
        """Form files by form id (file name without ending)."""
        return {Path(p).stem: data for p, data in self.files.items() if p.startswith("forms/")}

    def process(self, process: str) -> tuple[Diagram, Process]:
        """The process of that id and its diagram.

        Raises:
            ProcessNotFound: the release has none.
        """
        if process not in self.processes:
            raise ProcessNotFound(digest=self.digest[:12], process=process)
        return self.processes[process]

    def decision(self, decision: str) -> DecisionModel | None:
        """The model that holds the decision of that id."""
        return self._decision_models.get(decision)

    def calendar(self, name: str | None = None) -> Calendar:
        """A calendar of the release; the pack's own when no name is given."""
        return self.calendars[name or self.policy.calendar]


def digest_of(files: Mapping[str, bytes]) -> str:
    """One digest over all paths and contents."""
    lines = (f"{path}\0{hashlib.sha256(data).hexdigest()}\n" for path, data in sorted(files.items()))
    return hashlib.sha256("".join(lines).encode()).hexdigest()


def gather(pack: Path, shared: Path, forms: Path) -> dict[str, bytes]:
    """The files of the pack's folder, and those it reaches in the shared folders. Own files win.

    Files that cannot be read as what they are end the search on their branch; `Release.of` tells why.
    """
    own = {str(p.relative_to(pack)): p.read_bytes() for p in sorted(pack.rglob("*")) if _is_ours(p, pack)}
    shelf = {str(p.relative_to(shared)): p.read_bytes() for p in sorted(shared.rglob("*")) if _is_ours(p, shared)}
    shelf |= {f"forms/{p.name}": p.read_bytes() for p in sorted(forms.glob("*.yaml"))}
    return _Gathering(own, shelf).files


class _Gathering:
    """Follows what files name: processes, decisions, forms, calendars."""

    def __init__(self, own: Mapping[str, bytes], shelf: Mapping[str, bytes]) -> None:
        self.files = dict(own)
        self._shelf = shelf
        self._process_at = {
            p: path for path in shelf if path.startswith("diagrams/") for p in _processes(shelf[path], path)
        }
        self._decision_at = {
            d: path for path in shelf if path.startswith("decisions/") for d in _decisions(shelf[path], path)
        }
        settings = _settings(own.get("pack.yaml", b""))
        have = {p for path, data in own.items() if path.startswith("diagrams/") for p in _processes(data, path)}
        self._own_decisions = {
            d for path, data in own.items() if path.startswith("decisions/") for d in _decisions(data, path)
        }
        self._own_processes = have
        self._form(settings.get("intake"))
        for message in (settings.get("messages") or {}).values():
            self._form(message.get("form") if isinstance(message, dict) else None)
        self._calendar(settings.get("calendar"))
        for row in (settings.get("limits") or {}).values():
            self._calendar(row.get("calendar") if isinstance(row, dict) else None)
        self._process(settings.get("process"))
        for path, data in own.items():
            if path.startswith("diagrams/"):
                self._diagram(data, path)
            elif path.startswith("calendars/"):
                self._base(data)

    def _take(self, path: str) -> bytes | None:
        if path in self.files or path not in self._shelf:
            return None
        self.files[path] = self._shelf[path]
        return self.files[path]

    def _process(self, process: Any) -> None:
        path = self._process_at.get(process) if process not in self._own_processes else None
        if path and (data := self._take(path)):
            self._diagram(data, path)

    def _diagram(self, data: bytes, path: str) -> None:
        for process in _read_processes(data, path):
            for element in process.elements.values():
                zeebe = element.zeebe
                self._form(zeebe.form)
                self._process(zeebe.called_process)
                if zeebe.decision and zeebe.decision not in self._own_decisions:
                    self._take(self._decision_at.get(zeebe.decision, ""))

    def _form(self, form: Any) -> None:
        self._take(f"forms/{form}.yaml")

    def _calendar(self, name: Any) -> None:
        if data := self._take(f"calendars/{name}.toml"):
            self._base(data)

    def _base(self, data: bytes) -> None:
        if base := calendars.extends(data):
            self._calendar(base)


class _Reader:
    """Reads files one by one and keeps what could not be read as findings."""

    def __init__(self, files: Mapping[str, bytes], findings: list[Finding]) -> None:
        self._files, self.findings = files, findings

    def one(self, path: str, read: Any) -> Any:
        if path not in self._files:
            self.findings.append(
                _finding(path, "pack-file-missing", "缺少这个文件。", "is missing.", "请补上。", "Please add it.")
            )
            return None
        try:
            return read(self._files[path], path)
        except Refused as error:
            self.findings.extend(error.findings)
        except EngineError as error:
            self.findings.append(_finding(path, error.code, error.text("zh"), error.text("en"), "", ""))
        return None

    def all(self, folder: str, read: Any) -> dict[str, Any]:
        found = {path: self.one(path, read) for path in sorted(self._files) if path.startswith(folder)}
        return {path: value for path, value in found.items() if value is not None}


def _finding(path: str, code: str, zh: str, en: str, remedy_zh: str, remedy_en: str) -> Finding:
    return Finding(code=code, severity="error", file=path, zh=zh, en=en, remedy_zh=remedy_zh, remedy_en=remedy_en)


def _misplaced(path: str, data: bytes) -> Iterator[Finding]:
    folder, _, name = path.partition("/")
    if path != "pack.yaml" and (not name or "/" in name or not name.endswith(FOLDERS.get(folder, "\0"))):
        yield _finding(path, "pack-file-place", "本包不该有这个文件。", "does not belong into a pack.",
                       "只放 pack.yaml 和 diagrams、decisions、forms、calendars 中的文件。",
                       "Keep to pack.yaml and files in diagrams, decisions, forms, calendars.")  # fmt: skip
    if len(data) > LARGEST:
        yield _finding(path, "pack-file-size", "文件超过 2 MB。", "is larger than 2 MB.", "请拆分。", "Split it.")


def _yaml(data: bytes, path: str) -> Any:
    try:
        return yaml.safe_load(data.decode("utf-8"))
    except (yaml.YAMLError, UnicodeDecodeError, RecursionError, ValueError) as error:
        where = getattr(error, "problem_mark", None)
        at = f" (line {where.line + 1}, column {where.column + 1})" if where else ""
        raise Refused([_finding(path, "not-yaml", f"不是合格的 YAML{at}。", f"is not proper YAML{at}.",
                                "检查缩进和引号。", "Check indentation and quotes.")]) from error  # fmt: skip


def _settings(data: bytes) -> Mapping[str, Any]:
    try:
        loaded = _yaml(data, "pack.yaml")
    except Refused:
        return {}
    return loaded if isinstance(loaded, dict) else {}


def _base(files: Mapping[str, bytes]) -> Any:
    def find(name: str) -> bytes | None:
        return files.get(f"calendars/{name}.toml")

    return find


def _read_processes(data: bytes, path: str) -> Iterable[Process]:
    try:
        return list(Diagram.read(data, path).processes.values())
    except EngineError:
        return []


def _processes(data: bytes, path: str) -> list[str]:
    return [p.id for p in _read_processes(data, path)]


def _decisions(data: bytes, path: str) -> list[str]:
    try:
        return list(read_decisions(data, path).decisions)
    except EngineError:
        return []


def _is_ours(path: Path, root: Path) -> bool:
    inside = path.relative_to(root)
    return path.is_file() and (
        str(inside) == "pack.yaml" or (inside.parts[0] in FOLDERS and path.suffix == FOLDERS[inside.parts[0]])
    )
