"""What the values of a case are called and how they read: by the fields of the pack's forms and decision tables."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

from engine.policy import Label
from engine.release import Release
from engine.shelf import Shelf
from forms import Field, text_of

#: Longer texts are cut in tables.
LONGEST = 400
NOBODY: Mapping[str, str] = {}


def said_persons(value: Any, people: Mapping[str, str], lang: str) -> str:
    """One or several persons by their display names."""
    named = value if isinstance(value, list | tuple) else [value]
    return ("、" if lang.startswith("zh") else ", ").join(people.get(str(one), str(one)) for one in named)


def _nested(value: Any) -> bool:
    return isinstance(value, dict) or (isinstance(value, list) and any(isinstance(one, dict) for one in value))


def _rows(known: Field, value: Any) -> bool:
    """Whether these are rows of that table: two forms may give one name to different ones."""
    columns = {c.name for c in known.columns}
    return known.type == "table" and isinstance(value, list) and all(isinstance(r, dict) and set(r) <= columns for r in value)


@dataclass(frozen=True, kw_only=True)
class Lexicon:
    """The names and values of one release in words."""

    #: Field name -> the field, of the first form that has it.
    fields: Mapping[str, Field] = field(repr=False)
    #: Names that decisions give -> their title.
    given: Mapping[str, Label] = field(repr=False)
    roles: Mapping[str, Label] = field(repr=False)
    #: Limits of the case and tasks of persons, as `find-overruns` names what was late -> what they are called.
    late: Mapping[str, Label] = field(repr=False)
    zone: str

    def label(self, name: str) -> Label | None:
        """What a value is called; None where no form and no table has it."""
        found = self.fields.get(name)
        return found.label if found is not None else self.given.get(name)

    def text(self, name: str, value: Any, lang: str, people: Mapping[str, str] = NOBODY, *, most: int | None = LONGEST) -> str:
        """A value as people read it.

        Args:
            people: user name -> display name.
            most: characters of it at most; None: however long it is.
        """
        known = self.fields.get(name)
        if known is not None and known.type == "person":
            return said_persons(value, people, lang)
        if name == "overruns" and isinstance(value, list):
            return ("、" if lang.startswith("zh") else ", ").join(self._late(str(one), lang) for one in value) or "—"
        if known is not None and (known.type == "file" or not _nested(value) or _rows(known, value)):
            found = text_of(known, value, lang, self.zone)
        else:
            found = self.plain(value, lang)
        found = self._role(found, lang) if known is None or known.type in ("role", "show") else found
        return found if most is None or len(found) <= most else found[:most] + "…"

    def plain(self, value: Any, lang: str) -> str:
        """A value that belongs to no field."""
        zh = lang.startswith("zh")
        match value:
            case None | "" | [] | {}:
                return "—"
            case bool():
                return ("是" if value else "否") if zh else ("yes" if value else "no")
            case Decimal():
                return format(value, "f")
            case datetime():
                return f"{value.astimezone(ZoneInfo(self.zone)):%Y-%m-%d %H:%M}"
            case date() | time():
                return value.isoformat()
            case dict():
                parts = [self._part(str(k), v, lang) for k, v in value.items() if v not in (None, "", [], {})]
                return ("，" if zh else ", ").join(parts)
            case list() | tuple():
                return ("；" if zh else "; ").join(self.plain(v, lang) for v in value)
        return self._role(str(value), lang)

    def _part(self, name: str, value: Any, lang: str) -> str:
        label = self.label(name)
        return f"{label.text(lang) if label else name} {self.text(name, value, lang)}"

    def _late(self, name: str, lang: str) -> str:
        found = self.late.get(name) or self.late.get(name.rpartition("-")[0])
        return found.text(lang) if found else name

    def _role(self, said: str, lang: str) -> str:
        found = self.roles.get(said.rpartition("/")[2])
        return found.text(lang) if found else said


_lexicons: dict[str, Lexicon] = {}


def lexicon_of(release: Release, shelf: Shelf) -> Lexicon:
    """The lexicon of a release; made once per process, because a digest says everything."""
    found = _lexicons.get(release.digest)
    return found if found is not None else _lexicons.setdefault(release.digest, _made(release, shelf))


def _made(release: Release, shelf: Shelf) -> Lexicon:
    fields: dict[str, Field] = {}
    for form in [release.policy.intake, *sorted(release.forms)]:
        if form in release.forms:
            for one in shelf.form(release, form).fields:
                _enter(fields, one)
                for column in one.columns:
                    _enter(fields, column)
    late = {name: row.label for name, row in release.policy.limits.items()}
    given: dict[str, Label] = {}
    for model in release.decisions.values():
        for decision in model.decisions.values():
            for output in decision.table.outputs if decision.table else ():
                if output.name and output.label:
                    given.setdefault(output.name, release.written(output.label))
    for _, process in release.processes.values():
        for element in process.elements.values():
            if element.kind == "userTask":
                late.setdefault(element.id, release.title(process.id, element.id))
            name, decision_id = element.zeebe.result, element.zeebe.decision
            if name and decision_id:
                given.setdefault(name, release.title(process.id, element.id))
    return Lexicon(fields=fields, given=given, roles=release.policy.roles, late=late, zone=release.calendar().zone)


def _enter(fields: dict[str, Field], one: Field) -> None:
    # A field that only shows a value says less about it than the one it was entered in.
    if not one.name or one.type in ("section", "note"):
        return
    known = fields.get(one.name)
    if known is None or (known.type == "show" and (one.type != "show" or not known.options)):
        fields[one.name] = one
