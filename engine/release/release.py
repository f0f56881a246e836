"""What a release is once its files are read.

Reading says what each file means by itself; whether they fit together is the gate's matter
(`engine.publishing`). It does not know forms beyond their bytes.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property
from pathlib import Path
from typing import Any

from engine import calendar as calendars
from engine.calendar import Calendar
from engine.decision import DecisionModel
from engine.decision import read as read_decisions
from engine.diagram import Diagram, Process
from engine.errors import EngineError
from engine.findings import Finding, Refused
from engine.policy import Label, Policy
from engine.release.guidance import Guide, GuideSection, guide_of
from engine.release.names import SHARED_NAMES, halves, names_of, tidy
from engine.release.settings import BASE, PACK, settings_of

#: Folders of a pack and what their files end in.
FOLDERS = {
    "diagrams": ".bpmn", "decisions": ".dmn", "forms": ".yaml", "calendars": ".toml", "names": ".yaml", "guidance": ".yaml"
}  # fmt: skip
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
    #: What is written on the diagrams -> the same in English. Diagrams are labelled in Chinese.
    english: Mapping[str, str] = field(default_factory=dict, repr=False)
    #: By id (file name without ending).
    guides: Mapping[str, Guide] = field(default_factory=dict, repr=False)

    @classmethod
    def of(cls, files: Mapping[str, bytes]) -> Release:
        """Read the files of a pack.

        Raises:
            Refused: with the findings of every file that could not be read.
        """
        findings = [f for path, data in sorted(files.items()) for f in _misplaced(path, data)]
        read = _Reader(files, findings)
        policy = read.one(PACK, lambda data, path: Policy.of(settings_of(data, files.get(BASE)), path))
        diagrams = read.all("diagrams/", Diagram.read)
        decisions = read.all("decisions/", read_decisions)
        names = read.all("names/", names_of)
        guides = read.all("guidance/", guide_of)
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
            guides={guide.id: guide for guide in guides.values()},
            # The pack's own words win over the shared ones.
            english={
                drawn: said
                for path in sorted(names, key=lambda p: p != SHARED_NAMES)
                for drawn, said in names[path].items()
            },
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

    @cached_property
    def asked(self) -> frozenset[str]:
        """The forms that somebody is asked to fill in: at the intake, by a task, with a message."""
        drawn = {e.zeebe.form for _, p in self.processes.values() for e in p.elements.values() if e.zeebe.form}
        return frozenset({self.policy.intake, *drawn, *(kind.form for kind in self.policy.messages.values() if kind.form)})

    def process(self, process: str) -> tuple[Diagram, Process]:
        """The process of that id and its diagram.

        Raises:
            ProcessNotFound: the release has none.
        """
        if process not in self.processes:
            raise ProcessNotFound(digest=self.digest[:12], process=process)
        return self.processes[process]

    def title(self, process: str, element: str) -> Label:
        """What an element is called: its name on the diagram, and the same in English.

        Where the pack says nothing in English, the first line of the element's documentation stands for it.
        """
        found = self.processes.get(process)
        drawn = found[1].elements.get(element) if found else None
        if drawn is None:
            return Label(zh=element, en=element)
        name = tidy(drawn.name) or element
        return Label(
            zh=name, en=self.english.get(name) or drawn.documentation.strip().partition("\n")[0].strip() or name
        )

    def written(self, text: str) -> Label:
        """A text of a diagram or a decision table in both languages: as the pack translates it, or as it was written in both."""
        name = tidy(text)
        if name in self.english:
            return Label(zh=name, en=self.english[name])
        return halves(name)

    def guidance(self, *places: str | None) -> tuple[GuideSection, ...]:
        """What is to be kept in mind at these elements and forms: sections, each once, in the order of the pack."""
        named = dict.fromkeys(name for place in places if place for name in self.policy.guidance.get(place, ()))
        return tuple(section for name in named for section in self.guided_by(name))

    def guided_by(self, name: str) -> tuple[GuideSection, ...]:
        """The sections that `guide` or `guide/section` names; none where there is no such text."""
        guide, _, section = name.partition("/")
        found = self.guides.get(guide)
        if found is None:
            return ()
        return tuple(s for s in found.sections.values() if section in ("", s.id))

    def decision(self, decision: str) -> DecisionModel | None:
        """The model that holds the decision of that id."""
        return self._decision_models.get(decision)

    def calendar(self, name: str | None = None) -> Calendar:
        """A calendar of the release; the pack's own when no name is given."""
        return self.calendars[name or self.policy.calendar]

    @cached_property
    def _counting_otherwise(self) -> dict[tuple[tuple[str, str], ...], Release]:
        return {}

    def counting_by(self, replaced: tuple[tuple[str, str], ...]) -> Release:
        """The release as a case sees it whose calendars were replaced: name and what is laid over its own file.

        Raises:
            CalendarFault: a text cannot be laid over.
        """
        if not replaced:
            return self
        found = self._counting_otherwise.get(replaced)
        if found is None:
            new = {name: calendars.changed(self.calendars[name], text) for name, text in replaced}
            found = replace(self, calendars={**self.calendars, **new})
            self._counting_otherwise[replaced] = found
        return found


def digest_of(files: Mapping[str, bytes]) -> str:
    """One digest over all paths and contents."""
    lines = (f"{path}\0{hashlib.sha256(data).hexdigest()}\n" for path, data in sorted(files.items()))
    return hashlib.sha256("".join(lines).encode()).hexdigest()


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
    if path not in (PACK, BASE) and (not name or "/" in name or not name.endswith(FOLDERS.get(folder, "\0"))):
        yield _finding(path, "pack-file-place", "本包不该有这个文件。", "does not belong into a pack.",
                       "只放 pack.yaml 和 diagrams、decisions、forms、calendars、names、guidance 中的文件。",
                       "Keep to pack.yaml and files in diagrams, decisions, forms, calendars, names, guidance.")  # fmt: skip
    if len(data) > LARGEST:
        yield _finding(path, "pack-file-size", "文件超过 2 MB。", "is larger than 2 MB.", "请拆分。", "Split it.")


def _base(files: Mapping[str, bytes]) -> Any:
    def find(name: str) -> bytes | None:
        return files.get(f"calendars/{name}.toml")

    return find
