"""What the owner's words mean in a pack: labels of roles, tasks, fields and options, in either language."""

from __future__ import annotations

import base64
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime, timedelta
from functools import cached_property
from typing import Any
from zoneinfo import ZoneInfo

from engine.errors import EngineError
from engine.policy import Label
from engine.release import Release, tidy
from engine.shelf import read_form
from forms import Field, Form

#: What a word may name.
_KINDS = {
    "role": "角色", "task": "任务", "status": "状态", "message": "消息", "form": "文书", "field": "栏目", "column": "列",
    "option": "选项", "person": "人员", "parameter": "参数",
}  # fmt: skip


class WordUnknown(EngineError):
    """No {what} is called “{word}”; there are: {known}"""

    zh = "没有名为“{word}”的{kind}；现有：{known}"


class Words:
    """The words of one release."""

    def __init__(self, release: Release) -> None:
        self.release = release
        self.zone = ZoneInfo(release.calendar().zone)
        self.forms: Mapping[str, Form] = {name: read_form(release, name) for name in release.forms}

    def role(self, word: str) -> str:
        """The role of that name.

        Raises:
            WordUnknown.
        """
        return self._found("role", word, self.release.policy.roles)

    def element(self, word: str) -> set[str]:
        """The elements of that name; several diagrams may use the same one.

        Raises:
            WordUnknown.
        """
        found = self._elements.get(tidy(word))
        if found is None:
            drawn = [(process.id, id) for _, process in self.release.processes.values() for id in process.elements]
            known = sorted({self.release.title(*place).zh for place in drawn})
            raise WordUnknown(what="task", kind=_KINDS["task"], word=word, known="、".join(known))
        return found

    @cached_property
    def _elements(self) -> dict[str, set[str]]:
        """By id and by name in either language, the elements called so."""
        found: dict[str, set[str]] = {}
        for _, process in self.release.processes.values():
            for id in process.elements:
                title = self.release.title(process.id, id)
                for name in (id, tidy(title.zh), title.en):
                    found.setdefault(name, set()).add(id)
        return found

    def param(self, word: str) -> str:
        """The parameter of that id or name.

        Raises:
            WordUnknown.
        """
        return self._found("parameter", word, {id: row.label for id, row in self.release.policy.params.items()})

    def limit(self, word: str) -> str | None:
        """The limit of that id or name, if there is one."""
        rows = self.release.policy.limits
        return next((id for id, row in rows.items() if word in (id, row.label.zh, row.label.en)), None)

    def status(self, word: str) -> str:
        """The status of that name."""
        return self._found("status", word, self.release.policy.statuses)

    def message(self, word: str) -> str:
        """The message of that name."""
        return self._found("message", word, {k: v.label for k, v in self.release.policy.messages.items()})

    def form(self, word: str) -> str:
        """The form of that title."""
        return self._found("form", word, {k: f.title for k, f in self.forms.items()})

    def field(self, word: str) -> Field:
        """A field of any form, by name or label."""
        for form in self.forms.values():
            for field in form.fields:
                if field.name and word in (field.name, field.label.zh, field.label.en):
                    return field
        known = "、".join(sorted({f.label.zh for form in self.forms.values() for f in form.fields if f.name}))
        raise WordUnknown(what="field", kind=_KINDS["field"], word=word, known=known)

    def answers(self, form: Form | None, table: Iterable[tuple[str, ...]]) -> dict[str, Any]:
        """Rows of a field and what is entered there, as the API takes them."""
        if form is None:
            return {}
        fields = {f.name: f for f in form.fields if not f.silent}
        found = {}
        for word, *rest in table:
            name = self._found("field", word, {k: f.label for k, f in fields.items()})
            found[name] = self.entry(fields[name], rest[0] if rest else "")
        return found

    def entry(self, field: Field, text: str) -> Any:
        """What is entered in a field, from how a person writes it."""
        if text in ("", "（空）", "(empty)"):
            return None
        if field.type == "table":
            return [self._row(field, row) for row in _parts(text, "；;")]
        if field.listed:
            return [self._one(field, one) for one in _parts(text, "、,")]
        return self._one(field, text)

    def _row(self, field: Field, text: str) -> dict[str, Any]:
        columns = {c.name: c for c in field.columns}
        row = {}
        for cell in _parts(text, "，,"):
            word, _, value = cell.partition("=")
            name = self._found("column", word.strip(), {k: c.label for k, c in columns.items()})
            row[name] = self._one(columns[name], value.strip())
        return row

    def _one(self, field: Field, text: str) -> Any:
        if field.type == "yesno":
            return {"是": True, "yes": True, "否": False, "no": False}.get(text.lower(), text)
        if field.options:
            return self._found("option", text, {o.value: o.label for o in field.options})
        if field.type == "person":
            return self.person(text)
        if field.type == "file":
            return {"name": text, "base64": base64.b64encode(f"%PDF-1.4 {text}".encode()).decode()}
        return text

    def person(self, word: str) -> str:
        """Somebody of the scenario's company: “业务部甲”, “Sales B”, or their sign-in name."""
        people = {name: Label(zh=zh, en=en) for name, zh, en, _ in people_of(self.release)}
        return self._found("person", word, people)

    def moment(self, text: str) -> datetime:
        """A local moment: "2026-01-20 09:00"; "24:00" is the end of the day."""
        day, _, clock = text.strip().replace("T", " ").partition(" ")
        late = clock.startswith("24:00")
        local = datetime.fromisoformat(f"{day} {'00:00' if late or not clock else clock}").replace(tzinfo=self.zone)
        return (local + timedelta(days=1) if late else local).astimezone(UTC)

    def _found(self, what: str, word: str, known: Mapping[str, Label]) -> str:
        for id, label in known.items():
            if tidy(word) in (id, tidy(label.zh), tidy(label.en)):
                return id
        raise WordUnknown(
            what=what, kind=_KINDS[what], word=word, known="、".join(label.zh for label in known.values())
        )


def people_of(release: Release) -> list[tuple[str, str, str, str]]:
    """Three persons for every role: sign-in name, Chinese and English name, role."""
    return [
        (f"{role}-{n}", f"{label.zh}{'甲乙丙'[n - 1]}", f"{label.en} {'ABC'[n - 1]}", role)
        for role, label in release.policy.roles.items()
        for n in (1, 2, 3)
    ]


def _parts(text: str, marks: str) -> list[str]:
    for mark in marks[1:]:
        text = text.replace(mark, marks[0])
    return [part.strip() for part in text.split(marks[0]) if part.strip()]
