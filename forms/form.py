"""A form: which fields are shown, what is accepted, what is computed. The server decides, always."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

from engine.errors import EngineError
from engine.feel import Compiled, Context
from engine.findings import Refused, errors
from engine.history import Personal, bare
from engine.policy import Label
from engine.values import Value
from forms.entry import AREA, LINE, MOST_OF_MANY, EntryWrong, empty, entry, outside
from forms.reading import MEASURED, Field, FieldFacts, FieldReader, Printed, facts_of, read_yaml

#: Rows of a table at most, unless the form says less.
MOST_ROWS = 200


@dataclass(frozen=True, kw_only=True)
class Asked:
    """How a field stands, given what is entered so far."""

    name: str
    shown: bool
    required: bool


class AnswersRefused(EngineError):
    """Some entries are missing or wrong; nothing was changed."""

    zh = "有栏目未填或填写有误；未作任何更改。"

    def __init__(self, wrong: Mapping[str, list[EntryWrong]], lang: str) -> None:
        self._wrong = wrong
        #: Path of the field -> sentences: "rows.2.amount".
        self.errors = {path: [w.text(lang) for w in said] for path, said in wrong.items()}
        super().__init__()

    def in_language(self, lang: str) -> dict[str, list[str]]:
        """The same sentences for another reader."""
        return {path: [w.text(lang) for w in said] for path, said in self._wrong.items()}


@dataclass(frozen=True, kw_only=True)
class Form:
    """What a task, an intake or a message asks."""

    id: str
    title: Label
    fields: tuple[Field, ...] = field(repr=False)
    source: str = ""
    printed: Printed = Printed()
    #: What the gate must know of each field.
    names: Mapping[str, FieldFacts] = field(repr=False)

    @classmethod
    def read(cls, data: bytes, file: str, *, roles: Mapping[str, Label] | None = None) -> Form:
        """Read a form file.

        Args:
            roles: the roles of the pack, offered by fields of type role.

        Raises:
            Refused: with a finding for every key that is wrong.
        """
        facts, reader = read_yaml(data, file), FieldReader(file, roles or {})
        reader.form_keys(facts)
        title = reader.label(facts.get("title"), "title")
        fields = reader.fields(facts["fields"])
        printed = reader.printed(facts.get("print"))
        if errors(reader.findings):
            raise Refused(reader.findings)
        return cls(
            id=str(facts.get("id", "")), title=title or Label(zh="", en=""), fields=fields,
            source=str(facts.get("source", "")), printed=printed, names=dict(facts_of(fields)),
        )  # fmt: skip

    @property
    def on_paper(self) -> Label:
        """What its sheet is called."""
        return self.printed.title or self.title

    def accept(
        self,
        raw: Mapping[str, Any],
        *,
        document: Mapping[str, Value],
        context: Context,
        lang: str = "zh",
        draft: bool = False,
    ) -> dict[str, Value]:
        """The answers as case data: checked, computed, personal ones wrapped; only fields that are shown.

        Args:
            document: what the case already says; rules read it under the entries.
            draft: missing entries are no fault.

        Raises:
            AnswersRefused: path -> what is wrong.
        """
        wrong: dict[str, list[EntryWrong]] = {}
        self._strangers(raw, wrong)
        accepted = _Accepting(self.fields, raw, document, context, wrong, draft).run()
        if wrong:
            raise AnswersRefused(wrong, lang)
        owners = {f.name: f.personal for f in self.fields if f.personal}
        return {n: Personal(v, owners[n]) if n in owners and v is not None else v for n, v in accepted.items()}

    def persons(self, answers: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
        """The persons that accepted answers name, each with the path of its field."""
        for f in self.fields:
            named = bare(answers.get(f.name))
            if f.type == "person" and named:
                yield from ((f.name, str(one)) for one in (named if isinstance(named, list) else [named]))

    def files(self, answers: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
        """The files that accepted answers refer to, by hash, each with the path of its field."""
        yield from _files(self.fields, answers, "")

    def shown(self, values: Mapping[str, Value], document: Mapping[str, Value], context: Context) -> tuple[Field, ...]:
        """The fields that are to be seen, given what is entered so far."""
        scope = {**document, **values}
        return tuple(f for f in self.fields if f.when is None or f.when.run(scope, context=context).value is True)

    def asked(self, values: Mapping[str, Value], document: Mapping[str, Value], context: Context) -> tuple[Asked, ...]:
        """How every field stands, given what is entered so far."""
        scope = {**document, **{name: bare(value) for name, value in values.items()}}

        def holds(rule: Compiled) -> bool:
            return rule.run(scope, context=context).value is True

        found = []
        for f in self.fields:
            if not f.name:
                continue
            seen = f.when is None or holds(f.when)
            needed = f.required if isinstance(f.required, bool) else holds(f.required)
            entered = not f.silent and not f.readonly and f.type != "computed"
            found.append(Asked(name=f.name, shown=seen, required=seen and entered and needed))
        return tuple(found)

    def filled(self, document: Mapping[str, Value]) -> dict[str, Value]:
        """What the form starts with: what the case says, else the defaults."""
        return {
            f.name: document.get(f.name, f.default)
            for f in self.fields
            if f.name and (f.name in document or f.default is not None)
        }

    def lines(self, answers: Mapping[str, Any], lang: str, zone: str = "Asia/Shanghai") -> list[tuple[Field, str]]:
        """The answers as text, field by field, in the order of the form."""
        plain = {name: bare(value) for name, value in answers.items()}
        return [
            (f, text_of(f, plain[f.name], lang, zone))
            for f in self.fields
            if f.name in plain and plain[f.name] not in (None, "", [])
        ]

    def json_schema(self, lang: str = "en") -> dict[str, Any]:
        """The shape of the answers, for the API description."""
        return _schema(self.fields, lang) | {"title": self.title.text(lang)}

    def _strangers(self, raw: Mapping[str, Any], wrong: dict[str, list[EntryWrong]]) -> None:
        known = {f.name for f in self.fields if not f.silent}
        for name in raw:
            if name not in known:
                wrong.setdefault(str(name)[:100], []).append(
                    EntryWrong("本表单没有这一栏。", "is no field of this form.")
                )


class _Accepting:
    """One pass over the fields of a form, or of a row of a table."""

    def __init__(
        self, fields: Iterable[Field], raw: Mapping[str, Any], document: Mapping[str, Value], context: Context,
        wrong: dict[str, list[EntryWrong]], draft: bool, path: str = "",
    ) -> None:  # fmt: skip
        self._fields = [f for f in fields if not f.silent]
        self._raw, self._document, self._context = raw, document, context
        self._wrong, self._draft, self._path = wrong, draft, path
        self._found: dict[str, Value] = {}

    def run(self) -> dict[str, Value]:
        for f in self._fields:
            if f.type != "computed" and not f.readonly and not empty(self._said(f)):
                self._enter(f)
        # Rules may read any entry, so they are asked when all are known; computed ones in order.
        for f in self._fields:
            self._rule(f)
        for f in self._fields:
            self._bounds(f)
        return {f.name: self._found[f.name] for f in self._fields if f.name in self._found}

    def _said(self, f: Field) -> Any:
        """What was entered; a field that was not touched says what it started with."""
        return self._raw.get(f.name, None if self._draft else f.default)

    def _enter(self, f: Field) -> None:
        try:
            if f.type == "table":
                self._found[f.name] = self._rows(f)
            else:
                self._found[f.name] = entry(f, self._said(f), self._context.zone)
        except EntryWrong as error:
            self._fault(f.name, error)

    def _rule(self, f: Field) -> None:
        scope = {**self._document, **self._found}
        if f.when is not None and f.when.run(scope, context=self._context).value is not True:
            self._found.pop(f.name, None)
            self._wrong.pop(self._path + f.name, None)
            return
        if f.type == "computed" and f.value is not None:
            self._found[f.name] = f.value.run(scope, context=self._context).value
            return
        if f.readonly:
            return
        needed = (
            f.required if isinstance(f.required, bool) else f.required.run(scope, context=self._context).value is True
        )
        if needed and f.name not in self._found and not self._draft and self._path + f.name not in self._wrong:
            self._fault(f.name, EntryWrong("必须填写。", "must be filled in."))
        elif f.name not in self._found and not self._draft and self._path + f.name not in self._wrong:
            # An entry that was left empty is known to be empty: rules and conditions read null, not nothing.
            self._found[f.name] = [] if f.listed else None

    def _bounds(self, f: Field) -> None:
        """Bounds that are rules, once every entry is known; null sets none."""
        value = self._found.get(f.name)
        rules = [bound if isinstance(bound, Compiled) else None for bound in (f.least, f.most)]
        if value is None or f.type not in MEASURED or not any(rules) or self._path + f.name in self._wrong:
            return
        scope = {**self._document, **self._found}
        least, most = (rule.run(scope, context=self._context).value if rule else None for rule in rules)
        if (wrong := outside(f, value, least, most, self._context.zone)) is not None:
            self._fault(f.name, wrong)

    def _rows(self, f: Field) -> list[Value]:
        rows = self._said(f)
        most = int(f.most) if isinstance(f.most, Decimal) else MOST_ROWS
        least = int(f.least) if isinstance(f.least, Decimal) else 0
        if not isinstance(rows, list) or any(not isinstance(row, Mapping) for row in rows):
            raise EntryWrong("应是若干行。", "should be a list of rows.")
        rows = [row for row in rows if any(not empty(v) for v in row.values())]
        if len(rows) > most or (len(rows) < least and not self._draft):
            raise EntryWrong(f"应有 {least} 至 {most} 行。", f"should have {least} to {most} rows.")
        return [self._row(f, place, row) for place, row in enumerate(rows, 1)]

    def _row(self, f: Field, place: int, row: Mapping[str, Any]) -> dict[str, Value]:
        path = f"{self._path}{f.name}.{place}."
        known = {column.name for column in f.columns}
        for name in row:
            if name not in known:
                self._wrong.setdefault(path + str(name)[:100], []).append(
                    EntryWrong("本表没有这一列。", "is no column.")
                )
        scope = {**self._document, **self._found}
        return _Accepting(f.columns, row, scope, self._context, self._wrong, self._draft, path).run()

    def _fault(self, name: str, error: EntryWrong) -> None:
        self._wrong.setdefault(self._path + name, []).append(error)


def _files(fields: Iterable[Field], answers: Mapping[str, Any], path: str) -> Iterator[tuple[str, str]]:
    for f in fields:
        given = bare(answers.get(f.name))
        rows = given if isinstance(given, list) else [given]
        for place, row in enumerate(rows, 1):
            if isinstance(row, Mapping) and f.type == "file":
                yield path + f.name, str(row.get("file", ""))
            elif isinstance(row, Mapping) and f.type == "table":
                yield from _files(f.columns, row, f"{path}{f.name}.{place}.")


def text_of(f: Field, value: Value, lang: str, zone: str = "Asia/Shanghai") -> str:
    """A value as its field shows it."""
    zh = lang.startswith("zh")
    match value:
        case None:
            return ""
        case bool():
            return ("是" if value else "否") if zh else ("Yes" if value else "No")
        case Decimal() | int():
            unit = f" {f.unit.text(lang)}" if f.unit else ""
            money = f.type == "money" or f.result == "money"
            return (
                f"{value:,.{f.decimals}f} {'元' if zh and f.currency == 'CNY' else f.currency}"
                if money
                else f"{value:,}"
            ) + unit
        case datetime():
            return f"{value.astimezone(ZoneInfo(zone)):%Y-%m-%d %H:%M}"
        case date() | time():
            return value.isoformat()
        case dict() if f.type == "file":
            return str(value.get("name") or value.get("file", ""))
        case list() if f.type == "table":
            return "；".join(_row_text(f, row, lang, zone) for row in value)
        case list():
            return ("、" if zh else ", ").join(text_of(f, one, lang, zone) for one in value)
    option = f.option(value)
    return option.label.text(lang) if option else str(value)


def _row_text(f: Field, row: Value, lang: str, zone: str) -> str:
    cells = [(c, text_of(c, row.get(c.name), lang, zone)) for c in f.columns] if isinstance(row, dict) else []
    return ("，" if lang.startswith("zh") else ", ").join(f"{c.label.text(lang)} {text}" for c, text in cells if text)


_JSON: Mapping[str, dict[str, Any]] = {
    "integer": {"type": "integer"}, "number": {"type": ["number", "string"]}, "money": {"type": ["number", "string"]},
    "date": {"type": "string", "format": "date"}, "datetime": {"type": "string", "format": "date-time"},
    "yesno": {"type": "boolean"}, "email": {"type": "string", "format": "email"},
    "file": {"type": ["string", "object"], "description": "SHA-256 of a file of the case, or the file itself: {name, base64}"},
}  # fmt: skip


def _schema(fields: Iterable[Field], lang: str) -> dict[str, Any]:
    entered = [f for f in fields if not f.silent and f.type != "computed"]
    return {
        "type": "object",
        "properties": {f.name: _property(f, lang) for f in entered},
        "required": [f.name for f in entered if f.required is True and f.when is None],
        "additionalProperties": False,
    }


def _property(f: Field, lang: str) -> dict[str, Any]:
    shape: dict[str, Any] = dict(_JSON.get(f.type, {"type": "string"}))
    least, most = (bound if isinstance(bound, Decimal) else None for bound in (f.least, f.most))
    if f.type in ("choice", "role") and f.options:
        shape["enum"] = [o.value for o in f.options]
    elif f.type == "choices":
        shape = {"type": "array", "items": {"enum": [o.value for o in f.options]}} | _said(maxItems=most)
    elif f.type == "table":
        rows = _said(minItems=least, maxItems=most if most is not None else MOST_ROWS)
        shape = {"type": "array", "items": _schema(f.columns, lang)} | rows
    elif f.type in ("text", "textarea"):
        longest = most if most is not None else AREA if f.type == "textarea" else LINE
        shape |= _said(minLength=least, maxLength=longest) | ({"pattern": f"^(?:{f.pattern})$"} if f.pattern else {})
    elif f.type in ("integer", "number", "money"):
        shape |= _said(minimum=least, maximum=most)
    if f.many:
        shape = {"type": "array", "items": shape, "maxItems": MOST_OF_MANY}
    hint = {"description": f.hint.text(lang)} if f.hint else {}
    return shape | {"title": f.label.text(lang)} | hint


def _said(**bounds: Decimal | int | None) -> dict[str, Any]:
    """The bounds that are written out, as JSON numbers; those that are rules are told by the field alone."""
    return {
        name: int(bound) if bound == int(bound) else float(bound) for name, bound in bounds.items() if bound is not None
    }
