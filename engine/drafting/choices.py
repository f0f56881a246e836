"""What a diagram of a draft may name: roles, forms, limits, decisions, processes, messages, errands.

Read as far as the files can be read: a draft is half-done most of the time, and a broken form must not
take the list of roles away.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import PurePosixPath

from engine.decision import read as read_decisions
from engine.diagram import Diagram
from engine.errands import ERRANDS
from engine.errors import EngineError
from engine.findings import Refused
from engine.policy import Amount, Label, Policy
from engine.release import names_of, settings_of, tidy, yaml_of

#: Milestones every case has.
_ALWAYS = ("opened", "closed")


@dataclass(frozen=True, kw_only=True)
class Choice:
    """Something that may be named."""

    id: str
    label: Label


@dataclass(frozen=True, kw_only=True)
class LimitChoice:
    """A limit of the pack, with how long it is."""

    id: str
    label: Label
    #: "14 day", by variant; "" is the limit's own.
    spans: Mapping[str, str]


@dataclass(frozen=True, kw_only=True)
class Choices:
    """Everything a diagram may name."""

    roles: tuple[Choice, ...] = ()
    limits: tuple[LimitChoice, ...] = ()
    statuses: tuple[Choice, ...] = ()
    messages: tuple[Choice, ...] = ()
    params: tuple[Choice, ...] = ()
    milestones: tuple[str, ...] = ()
    forms: tuple[Choice, ...] = ()
    decisions: tuple[Choice, ...] = ()
    processes: tuple[Choice, ...] = ()
    #: Errands with the headers they need.
    errands: tuple[Choice, ...] = ()
    needs: Mapping[str, tuple[str, ...]]
    #: What is drawn -> the same in English.
    names: Mapping[str, str]


def choices_of(files: Mapping[str, bytes], shelf: Mapping[str, bytes]) -> Choices:
    """What these files offer, and the shared ones that would come along once they are named."""
    both = {**shelf, **files}
    policy = _policy(files)
    names = names_in(files)
    return Choices(
        roles=_labels(policy.roles) if policy else (),
        limits=tuple(
            LimitChoice(id=i, label=row.label, spans={v: _span(a) for v, a in row.amounts.items()})
            for i, row in policy.limits.items()
        )
        if policy
        else (),
        statuses=_labels(policy.statuses) if policy else (),
        messages=_labels({i: kind.label for i, kind in policy.messages.items()}) if policy else (),
        params=_labels({i: p.label for i, p in policy.params.items()}) if policy else (),
        milestones=_milestones(policy, both),
        forms=tuple(sorted(_forms(both), key=lambda c: c.id)),
        decisions=tuple(sorted(_decisions(both, names), key=lambda c: c.id)),
        processes=tuple(sorted(_processes(both, names), key=lambda c: c.id)),
        errands=_labels({kind.type: kind.label for kind in ERRANDS.values()}),
        needs={kind.type: kind.needs for kind in ERRANDS.values()},
        names=names,
    )


def titles_of(files: Mapping[str, bytes]) -> dict[str, Label]:
    """What each file is about: path -> title of the form, name of its first process or decision. Others are left out."""
    names, found = names_in(files), {}
    for path, data in files.items():
        folder, _, _ = path.partition("/")
        if folder == "forms":
            found[path] = _form_title(data, PurePosixPath(path).stem)
        elif folder in ("diagrams", "decisions"):
            inside = _processes_in(data, path) if folder == "diagrams" else _decisions_in(data, path)
            said = tidy(inside[0][1]) if inside else ""
            if said:
                found[path] = Label(zh=said, en=names.get(said, said))
    return found


def _policy(files: Mapping[str, bytes]) -> Policy | None:
    try:
        return Policy.of(settings_of(files.get("pack.yaml", b""), files.get("base.yaml")), "pack.yaml")
    except Refused:
        return None


def _labels(rows: Mapping[str, Label]) -> tuple[Choice, ...]:
    return tuple(Choice(id=i, label=label) for i, label in rows.items())


def _span(amount: Amount) -> str:
    return f"{amount.value} {amount.unit}"


def _milestones(policy: Policy | None, files: Mapping[str, bytes]) -> tuple[str, ...]:
    """Those limits speak of."""
    found = dict.fromkeys(_ALWAYS)
    for row in policy.limits.values() if policy else ():
        found |= dict.fromkeys(m for m in (row.start, row.set_at, *row.ends) if m and m != "task")
    return tuple(found)


def _forms(files: Mapping[str, bytes]) -> Iterator[Choice]:
    for path, data in files.items():
        if path.startswith("forms/"):
            yield Choice(id=PurePosixPath(path).stem, label=_form_title(data, PurePosixPath(path).stem))


@lru_cache(maxsize=512)
def _form_title(data: bytes, form: str) -> Label:
    try:
        loaded = yaml_of(data, "")
    except Refused:
        return Label(zh=form, en=form)
    title = loaded.get("title") if isinstance(loaded, dict) else None
    said = title if isinstance(title, dict) else {}
    return Label(zh=str(said.get("zh") or form), en=str(said.get("en") or form))


def _decisions(files: Mapping[str, bytes], names: Mapping[str, str]) -> Iterator[Choice]:
    for path, data in files.items():
        if path.startswith("decisions/"):
            for name, said in _decisions_in(data, path):
                yield Choice(id=name, label=Label(zh=said, en=names.get(tidy(said), said)))


@lru_cache(maxsize=128)
def _decisions_in(data: bytes, path: str) -> tuple[tuple[str, str], ...]:
    try:
        return tuple((d.id, d.name or d.id) for d in read_decisions(data, path).facts.decisions.values())
    except EngineError:
        return ()


def _processes(files: Mapping[str, bytes], names: Mapping[str, str]) -> Iterator[Choice]:
    for path, data in files.items():
        if path.startswith("diagrams/"):
            for process, said in _processes_in(data, path):
                yield Choice(id=process, label=Label(zh=said, en=names.get(tidy(said), said)))


@lru_cache(maxsize=128)
def _processes_in(data: bytes, path: str) -> tuple[tuple[str, str], ...]:
    try:
        return tuple((p.id, p.name or p.id) for p in Diagram.read(data, path).processes.values())
    except EngineError:
        return ()


def names_in(files: Mapping[str, bytes]) -> dict[str, str]:
    """What is drawn -> the same in English, as far as the files can be read."""
    found: dict[str, str] = {}
    # The pack's own words win over the shared ones.
    for path in sorted((p for p in files if p.startswith("names/")), key=lambda p: p != "names/shared.yaml"):
        try:
            found |= names_of(files[path], path)
        except Refused:
            continue
    return found
