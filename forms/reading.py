"""Form files: what a task asks, read once from YAML. Nothing is evaluated here."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, time
from decimal import Decimal, InvalidOperation
from typing import Any

import re2

from engine import feel
from engine.feel import Compiled, FeelSyntaxError
from engine.findings import Finding, Refused
from engine.policy import Label
from engine.release import yaml_of

#: Field types and the FEEL type of what they hold.
TYPES: Mapping[str, str] = {
    "text": "string", "textarea": "string", "integer": "number", "number": "number", "money": "number", "date": "date",
    "datetime": "date and time", "yesno": "boolean", "choice": "string", "choices": "list<string>", "person": "string",
    "role": "string", "file": "context", "table": "list<context>", "computed": "Any", "show": "Any", "section": "null",
    "note": "null", "phone": "string", "email": "string", "time": "time",
}  # fmt: skip
#: Types at which nothing is entered.
SILENT = frozenset({"section", "note", "show"})
#: Types whose `min` and `max` bound the value itself, by a rule, too; those whose length or number of rows they bound.
MEASURED = frozenset({"integer", "number", "money", "date", "datetime", "time"})
COUNTED = frozenset({"text", "textarea", "table", "choices"})
#: Types of which several may be given.
MANY = frozenset({"file", "person", "role"})
_PRINT_KEYS = frozenset({"title", "code", "parts", "signs"})
_FORM_KEYS = frozenset({"id", "title", "source", "fields", "copies", "print"})
_KEYS = frozenset(
    {
        "name", "type", "label", "required", "when", "hint", "default", "min", "max", "pattern", "personal", "readonly",
        "options", "columns", "value", "result", "currency", "decimals", "accept", "many", "role", "text", "source", "unit",
    }
)  # fmt: skip
_MINUTES = re.compile(r"(?<![\d:])\d\d:\d\d\Z", re.ASCII)
_NAME = re.compile(r"[^\W\d]\w{0,63}\Z")


@dataclass(frozen=True, kw_only=True)
class Option:
    """One thing that can be chosen."""

    value: str
    label: Label


@dataclass(frozen=True, kw_only=True)
class Field:
    """One field of a form; `required` and `when` are a yes/no or a rule in FEEL."""

    name: str
    type: str
    label: Label
    hint: Label | None = None
    required: bool | Compiled = False
    when: Compiled | None = None
    value: Compiled | None = None
    #: FEEL type of a computed field: "money", "number", "text", ...
    result: str = ""
    default: Any = None
    #: A number, a day or a moment as text, or a rule in FEEL over what is entered and known; null sets no bound.
    least: Decimal | str | Compiled | None = None
    most: Decimal | str | Compiled | None = None
    pattern: str | None = None
    #: Whose data it is: "complainant", "reporter", ...; None: nobody's.
    personal: str | None = None
    readonly: bool = False
    options: tuple[Option, ...] = ()
    columns: tuple[Field, ...] = ()
    #: Decimals of money and numbers.
    decimals: int = 2
    currency: str = "CNY"
    unit: Label | None = None
    #: Of persons: only those who hold this role.
    role: str | None = None
    #: Several of its type may be given: files, persons, roles.
    many: bool = False

    @property
    def silent(self) -> bool:
        """Whether nothing is entered here."""
        return self.type in SILENT

    @property
    def listed(self) -> bool:
        """Whether its value is a list."""
        return self.many or self.type in ("table", "choices")

    @property
    def answers(self) -> Mapping[str, Label]:
        """The answers that can be given, as they are counted; none where they are no list."""
        if self.type == "yesno":
            return {"true": Label(zh="是", en="Yes"), "false": Label(zh="否", en="No")}
        return {str(o.value): o.label for o in self.options} if self.type in ("choice", "choices") else {}

    def option(self, value: Any) -> Option | None:
        """The option of that value."""
        return next((o for o in self.options if o.value == value), None)


@dataclass(frozen=True, kw_only=True)
class FieldFacts:
    """What the gate must know of a field."""

    #: FEEL type.
    type: str
    personal: bool
    label: Label
    required: bool
    #: Whether the form gives it (show fields only read).
    given: bool


def read_yaml(data: bytes, file: str) -> Mapping[str, Any]:
    """A form file as a mapping.

    Raises:
        Refused.
    """
    loaded = yaml_of(data, file)
    if not isinstance(loaded, dict) or not isinstance(loaded.get("fields"), list):
        raise Refused([_finding(file, "fields", "form-without-fields", "缺少 fields 列表。", "The list `fields` is missing.",
                                "请列出表单的栏目。", "List the form's fields.")])  # fmt: skip
    return loaded


@dataclass(frozen=True, kw_only=True)
class Printed:
    """How a form stands on paper."""

    #: What its sheet is called, where that is not what the form is called.
    title: Label | None = None
    #: The number the sheet has as a form: R-QP-005-03.
    code: str = ""
    #: Forms that stand on its sheet, in order; none: it stands there alone. Of several in one place those that were filled in are printed.
    parts: tuple[tuple[str, ...], ...] = ()
    #: Who signs on paper only: a customer, a witness.
    signs: tuple[Label, ...] = ()


class FieldReader:
    """Reads the fields of one form and keeps what is wrong."""

    def __init__(self, file: str, roles: Mapping[str, Label]) -> None:
        self._file = file
        #: What a role field offers.
        self._roles = tuple(Option(value=role, label=label) for role, label in roles.items())
        self.findings: list[Finding] = []

    def form_keys(self, facts: Mapping[str, Any]) -> None:
        """Refuse keys of the form itself that mean nothing."""
        for key in facts:
            if key not in _FORM_KEYS:
                self._fault(str(key), "unknown-key", "没有这个键。", "is no key we know.", "请删去。", "Take it out.")

    def fields(self, rows: Iterable[Any], inside: str = "") -> tuple[Field, ...]:
        """The fields of a list."""
        found: list[Field] = []
        for place, row in enumerate(rows, 1):
            where = f"{inside}fields[{place}]"
            if not isinstance(row, dict):
                self._fault(where, "field-not-mapping", "应是键值对。", "should hold keys with values.", "如 {name: …, type: …}。",
                            "Write {name: …, type: …}.")  # fmt: skip
                continue
            field = self._field(row, where)
            if field.name and any(f.name == field.name for f in found):
                self._fault(field.name, "field-twice", "栏目名重复。", "is used twice.", "请改名。", "Rename one.")
            found.append(field)
        return tuple(found)

    def printed(self, said: Any) -> Printed:
        """How the form stands on paper: `print: {title: …, code: …, parts: […], signs: […]}`."""
        if said is None:
            return Printed()
        if not isinstance(said, dict) or not said or not set(said) <= _PRINT_KEYS:
            self._fault("print", "print-keys", "应为 title、code、parts、signs。", "holds title, code, parts, signs.",
                        "如 print: {parts: [F02-form, F02-trace]}。", "Write print: {parts: [F02-form, F02-trace]}.")  # fmt: skip
            return Printed()
        signs = said.get("signs") or []
        labels = [self.label(one, f"print.signs[{n}]") for n, one in enumerate(signs if isinstance(signs, list) else [signs])]
        return Printed(
            title=self.label(said.get("title"), "print.title", needed=False), code=str(said.get("code") or ""), parts=self._parts(said.get("parts")),
            signs=tuple(label for label in labels if label),
        )  # fmt: skip

    def _parts(self, said: Any) -> tuple[tuple[str, ...], ...]:
        parts = [part if isinstance(part, list) else [part] for part in said] if isinstance(said, list) else None
        if said is None or (parts and all(part and all(isinstance(one, str) for one in part) for part in parts)):
            return tuple(tuple(part) for part in parts or ())
        self._fault("print.parts", "print-parts", "应列出同页打印的表单。", "should list the forms that stand on its sheet.",
                    "如 parts: [F02-form, F02-trace]；[甲, 乙] 表示填了哪一张就印哪一张。",
                    "Write parts: [F02-form, F02-trace]; of [one, other] those that were filled in are printed.")  # fmt: skip
        return ()

    def label(self, value: Any, where: str, *, needed: bool = True) -> Label | None:
        """A text in both languages."""
        if isinstance(value, dict) and isinstance(value.get("zh"), str) and isinstance(value.get("en"), str):
            return Label(zh=value["zh"], en=value["en"])
        if value is not None or needed:
            self._fault(where, "label", "标签应有 zh 和 en。", "needs a label with zh and en.", "写 {zh: …, en: …}。",
                        "Write {zh: …, en: …}.")  # fmt: skip
        return None

    def _field(self, row: Mapping[str, Any], where: str) -> Field:
        type_ = row.get("type")
        silent = type_ in ("section", "note")
        name = row.get("name", "")
        where = str(name) or where
        if not isinstance(type_, str) or type_ not in TYPES:
            self._fault(where, "field-type", f"没有 {type_} 这种类型。", f"is of no type we know ({type_}).",
                        "可用：" + "、".join(TYPES), "Use one of: " + ", ".join(TYPES))  # fmt: skip
        if not silent and (not isinstance(name, str) or not _NAME.match(name)):
            self._fault(where, "field-name", "需要由字母、数字、下划线组成的名称。", "needs a name of letters, digits and underscores.",
                        "请改名。", "Rename it.")  # fmt: skip
        for key in row:
            if key not in _KEYS:
                self._fault(
                    f"{where}.{key}", "unknown-key", "没有这个键。", "is no key we know.", "请删去。", "Take it out."
                )
        # What is shown may be a word of a table: its options say what people read there.
        told = type_ in ("choice", "choices") or (type_ == "show" and row.get("options") is not None)
        options = self._options(row.get("options"), where) if told else ()
        if type_ == "role":
            options = self._roles
        if row.get("many") is not None and (type_ not in MANY or not isinstance(row["many"], bool)):
            self._fault(f"{where}.many", "many", "只有文件、人员、角色可以多选，写 true 或 false。",
                        "is for files, persons and roles, and is true or false.", "请改正。", "Correct it.")  # fmt: skip
        listed = row.get("columns")
        columns = self.fields(listed, f"{where}.") if type_ == "table" and isinstance(listed, list) else ()
        if (type_ in ("choice", "choices") and not options) or (type_ == "table" and not columns):
            self._fault(where, "field-empty", "缺少选项或列。", "has no options or columns.", "请列出。", "List them.")
        if type_ == "computed" and "value" not in row:
            self._fault(where, "field-value", "计算栏缺少 value。", "is computed but has no value.", "写 value: \"=…\"。",
                        'Write value: "=…".')  # fmt: skip
        label = self.label(row.get("label"), where)
        return Field(
            name=str(name), type=str(type_), label=label or Label(zh=where, en=where),
            hint=self.label(row.get("hint"), f"{where}.hint", needed=False),
            required=self._rule(row.get("required", False), f"{where}.required"),
            when=self._expression(row.get("when"), f"{where}.when"), value=self._expression(row.get("value"), f"{where}.value"),
            result=str(row.get("result", "")), default=row.get("default"), least=self._bound(row.get("min"), f"{where}.min", str(type_)),
            most=self._bound(row.get("max"), f"{where}.max", str(type_)), pattern=self._pattern(row.get("pattern"), f"{where}.pattern"),
            personal=str(row["personal"]) if row.get("personal") else None, readonly=row.get("readonly") is True,
            options=options, columns=columns, decimals=self._decimals(row.get("decimals", 2), f"{where}.decimals"),
            currency=str(row.get("currency", "CNY")),
            unit=self.label(row.get("unit"), f"{where}.unit", needed=False), role=row.get("role"),
            many=row.get("many") is True,
        )  # fmt: skip

    def _options(self, rows: Any, where: str) -> tuple[Option, ...]:
        options = []
        for row in rows if isinstance(rows, list) else ():
            if not isinstance(row, dict) or "value" not in row:
                self._fault(where, "option", "选项应有 value、zh、en。", "needs options with value, zh and en.",
                            "写 {value: …, zh: …, en: …}。", "Write {value: …, zh: …, en: …}.")  # fmt: skip
                continue
            label = self.label(row, f"{where}.{row['value']}")
            options.append(Option(value=str(row["value"]), label=label or Label(zh="", en="")))
        return tuple(options)

    def _rule(self, value: Any, where: str) -> bool | Compiled:
        return value if isinstance(value, bool) else self._expression(value, where) or False

    def _expression(self, text: Any, where: str) -> Compiled | None:
        if text is None:
            return None
        if not isinstance(text, str) or not text.strip().startswith("="):
            self._fault(
                where, "rule", "规则应以“=”开头。", "should begin with “=”.", '写 "=表达式"。', 'Write "=expression".'
            )
            return None
        try:
            return feel.compile(text.strip()[1:].strip())
        except FeelSyntaxError as error:
            self._fault(
                where, "rule-syntax", error.text("zh"), error.text("en"), "请改正表达式。", "Correct the expression."
            )
            return None

    def _bound(self, value: Any, where: str, type_: str) -> Decimal | str | Compiled | None:
        if value is None:
            return None
        if type_ not in MEASURED | COUNTED:
            self._fault(where, "bound-not-here", "这种栏目没有上下限。", "means nothing for this type of field.", "请删去。", "Take it out.")
            return None
        if isinstance(value, str) and value.strip().startswith("="):
            if type_ in MEASURED:
                return self._expression(value, where)
            self._fault(where, "bound", "字数或行数的上下限应是整数。", "counts characters or rows, and should be a whole number.",
                        "请写整数。", "Write a whole number.")  # fmt: skip
            return None
        found = _edge(value, type_)
        if found is None:
            self._fault(where, "bound", "上下限应与栏目同类，或是以“=”开头的算式。", "should be of the field's own kind, or a rule after “=”.",
                        "如 100、2026-01-31、\"=quantity\"。", 'Write 100, 2026-01-31 or "=quantity".')  # fmt: skip
        return found

    def _pattern(self, value: Any, where: str) -> str | None:
        if value is None:
            return None
        try:
            re2.compile(value)
        except (re2.error, TypeError):
            self._fault(where, "pattern", "不是可用的正则表达式。", "is no regular expression we can use.",
                        "请改正，并加引号。", "Correct it, in quotes.")  # fmt: skip
            return None
        return str(value)

    def _decimals(self, value: Any, where: str) -> int:
        if type(value) is int and 0 <= value <= 10:
            return value
        self._fault(where, "decimals", "应是 0 至 10 的整数。", "should be a whole number from 0 to 10.", "如 decimals: 2。",
                    "Write decimals: 2.")  # fmt: skip
        return 2

    def _fault(self, element: str, code: str, zh: str, en: str, remedy_zh: str, remedy_en: str) -> None:
        self.findings.append(_finding(self._file, element, code, zh, en, remedy_zh, remedy_en))


def moment_of(text: str) -> datetime | None:
    """A moment as people write it, `2026-01-31 09:30` or with seconds; None: it is none."""
    text = text.strip().replace(" ", "T")
    return feel.read_moment(text + ":00" if _MINUTES.search(text) and "T" in text else text)


def time_of(text: str) -> time | None:
    """A time as people write it, `09:30` or with seconds; None: it is none."""
    text = text.strip()
    return feel.read_time(text + ":00" if _MINUTES.match(text) else text)


_READS: Mapping[str, Callable[[str], Any]] = {"date": feel.read_date, "datetime": moment_of, "time": time_of}


def _edge(value: Any, type_: str) -> Decimal | str | None:
    """A bound that is written out: a number, or a day, moment or time as text; None: it is of another kind."""
    if type_ in ("date", "datetime", "time"):
        text = str(value).strip()
        return text if _READS[type_](text) is not None else None
    try:
        found = Decimal(str(value))
    except InvalidOperation:
        return None
    return found if found.is_finite() and not isinstance(value, bool) and (type_ in MEASURED or found == int(found)) else None


def facts_of(fields: Iterable[Field]) -> Iterator[tuple[str, FieldFacts]]:
    """What the gate must know of each field."""
    for field in fields:
        if field.type in ("section", "note"):
            continue
        type_ = TYPES.get(field.result, TYPES.get(field.type, "Any")) if field.type == "computed" else TYPES[field.type]
        type_ = f"list<{type_}>" if field.many else type_
        yield (
            field.name,
            FieldFacts(
                type=type_,
                personal=field.personal is not None,
                label=field.label,
                required=field.required is True,
                given=field.type != "show",
            ),
        )


def _finding(file: str, element: str, code: str, zh: str, en: str, remedy_zh: str, remedy_en: str) -> Finding:
    return Finding(
        code=code, severity="error", file=file, element=element, zh=zh, en=en, remedy_zh=remedy_zh, remedy_en=remedy_en
    )
