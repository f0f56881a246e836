"""One entry checked: text from a person becomes a value of the case, or a sentence saying what is wrong."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Mapping
from datetime import UTC, date, datetime, time
from decimal import Decimal, InvalidOperation
from typing import Any
from zoneinfo import ZoneInfo

import re2
from marshmallow import ValidationError
from marshmallow.validate import Email

from engine.feel import Compiled, read_date
from engine.values import Value
from forms.reading import Field, moment_of, time_of

#: Longest text of a line and of a text area, unless the form says less.
LINE, AREA = 500, 20_000
#: Files, persons or roles in one field.
MOST_OF_MANY = 50
_NUMBER = re.compile(r"[+-]?\d{1,400}(\.\d{1,15})?\Z", re.ASCII)
_PHONE = re.compile(r"[+\d][\d \-()]{4,24}\Z", re.ASCII)
_DIGEST = re.compile(r"[0-9a-f]{64}\Z")
_EMAIL = Email()


class EntryWrong(Exception):
    """What is wrong with an entry, in both languages."""

    def __init__(self, zh: str, en: str) -> None:
        self.zh, self.en = zh, en
        super().__init__(en)

    def text(self, lang: str) -> str:
        """The sentence in the reader's language."""
        return self.zh if lang.startswith("zh") else self.en


def empty(raw: Any) -> bool:
    """Whether nothing was entered."""
    return raw is None or raw == "" or raw == [] or (isinstance(raw, str) and not raw.strip())


def entry(field: Field, raw: Any, zone: str) -> Value:
    """The value of one entry that is not empty.

    Raises:
        EntryWrong.
    """
    check = _CHECKS[field.type]
    if not field.many:
        return check(field, raw, zone)
    given = raw if isinstance(raw, list) else [raw]
    if len(given) > MOST_OF_MANY:
        raise EntryWrong(f"最多 {MOST_OF_MANY} 个。", f"at most {MOST_OF_MANY}.")
    found: list[Value] = []
    for one in given:
        value = check(field, one, zone)
        found += [] if value in found else [value]
    return found


def _text(field: Field, raw: Any, zone: str) -> str:
    if not isinstance(raw, str):
        raise EntryWrong("应是文本。", "should be text.")
    text = unicodedata.normalize("NFC", raw).replace("\r\n", "\n").strip()
    most = int(field.most) if isinstance(field.most, Decimal) else AREA if field.type == "textarea" else LINE
    least = int(field.least) if isinstance(field.least, Decimal) else 0
    if any(_odd(c, field.type == "textarea") for c in text):
        raise EntryWrong("含有不可见的控制字符，请删去。", "holds control characters; take them out.")
    if len(text) > most:
        raise EntryWrong(
            f"最多 {most} 个字符，现有 {len(text)} 个。", f"at most {most} characters; there are {len(text)}."
        )
    if len(text) < least:
        raise EntryWrong(f"至少 {least} 个字符。", f"at least {least} characters.")
    if field.pattern and not re2.fullmatch(field.pattern, text):
        zh, en = (f" {field.hint.zh}", f" {field.hint.en}") if field.hint else ("", "")
        raise EntryWrong(f"格式不符，应符合 {field.pattern} 。{zh}", f"is not written as expected: {field.pattern} .{en}")
    return text


def _odd(char: str, lines: bool) -> bool:
    category = unicodedata.category(char)
    return category in ("Cc", "Cs", "Cn") and not (lines and char in "\n\t")


def _decimal(raw: Any) -> Decimal:
    if isinstance(raw, bool) or not isinstance(raw, int | str | Decimal | float):
        raise EntryWrong("应是数字。", "should be a number.")
    text = unicodedata.normalize("NFKC", str(raw)).replace(",", "").replace("_", "").strip().lstrip("¥￥").strip()
    if not _NUMBER.match(text):
        raise EntryWrong("应是数字，如 1200.50。", "should be a number such as 1200.50.")
    try:
        return Decimal(text)
    except InvalidOperation as error:
        raise EntryWrong("应是数字。", "should be a number.") from error


def outside(field: Field, value: Value, least: Value, most: Value, zone: str) -> EntryWrong | None:
    """What is wrong with a value that is measured, given the bounds that hold now; None for a bound: there is none.

    Args:
        least, most: numbers for numbers, days or moments for days and moments, times for times.
    """
    numbers = isinstance(value, Decimal)
    for edge, below in ((least, True), (most, False)):
        if edge is None:
            continue
        pair = _alike(value, edge, zone, below=below)
        if pair is None:
            rule = field.least if below else field.most
            text = f"={rule.text}" if isinstance(rule, Compiled) else str(rule)
            return EntryWrong(f"无法与界限 {text} 比较；请告知流程负责人。", f"cannot be compared with its bound {text}; tell the process owner.")
        if pair[0] < pair[1] if below else pair[0] > pair[1]:
            said = _edge_text(edge, zone)
            zh = ("不得小于" if below else "不得大于") if numbers else ("不得早于" if below else "不得晚于")
            en = ("less than" if below else "more than") if numbers else ("before" if below else "after")
            return EntryWrong(f"{zh} {said}。", f"must not be {en} {said}.")
    return None


def _alike(value: Value, edge: Value, zone: str, *, below: bool) -> tuple[Any, Any] | None:
    """Two values that can be compared; a day beside a moment is the whole of that day in its zone."""
    match value, edge:
        case Decimal(), (Decimal() | int()) if not isinstance(edge, bool):
            return value, edge
        case datetime(), datetime():
            return _aware(value, zone), _aware(edge, zone)
        case datetime(), date():
            return value.astimezone(ZoneInfo(zone)).date(), edge
        case date(), datetime():
            return value, edge.astimezone(ZoneInfo(zone)).date() if edge.tzinfo else edge.date()
        case date(), date():
            return value, edge
        case time(), time():
            return value.replace(tzinfo=None), edge.replace(tzinfo=None)
    return None


def _aware(moment: datetime, zone: str) -> datetime:
    return moment if moment.tzinfo else moment.replace(tzinfo=ZoneInfo(zone))


def _edge_text(edge: Value, zone: str) -> str:
    if isinstance(edge, datetime):
        return f"{edge.astimezone(ZoneInfo(zone)) if edge.tzinfo else edge:%Y-%m-%d %H:%M}"
    return f"{edge:%H:%M}" if isinstance(edge, time) else f"{edge:f}" if isinstance(edge, Decimal) else str(edge)


def _bounded(field: Field, value: Value, zone: str, read: Callable[[str], Value]) -> None:
    """Refuse what is outside the bounds that are written out; rules are asked when all entries are known."""
    least, most = (
        read(bound) if isinstance(bound, str) else None if isinstance(bound, Compiled) else bound
        for bound in (field.least, field.most)
    )
    if (wrong := outside(field, value, least, most, zone)) is not None:
        raise wrong


def _number(field: Field, raw: Any, zone: str) -> Decimal:
    value = _decimal(raw)
    _bounded(field, value, zone, Decimal)
    decimals = {"money": field.decimals, "integer": 0}.get(field.type, 15)
    # Beyond these digits Decimal would round, silently.
    if value.adjusted() + 1 + (field.decimals if field.type == "money" else 0) > 28:
        raise EntryWrong("数字过大。", "is too large.")
    if -int(value.as_tuple().exponent) > decimals and value != value.quantize(Decimal(1).scaleb(-decimals)):
        if decimals == 0:
            raise EntryWrong("应是整数。", "should be a whole number.")
        raise EntryWrong(f"最多 {decimals} 位小数。", f"at most {decimals} decimals.")
    return value.quantize(Decimal(1).scaleb(-decimals)) if field.type == "money" else value


def _date(field: Field, raw: Any, zone: str) -> date:
    value = raw if type(raw) is date else read_date(raw.strip()) if isinstance(raw, str) else None
    if value is None:
        raise EntryWrong("没有这一天；请写如 2026-01-31。", "is no day; write it as 2026-01-31.")
    _bounded(field, value, zone, read_date)
    return value


def _datetime(field: Field, raw: Any, zone: str) -> datetime:
    value = raw if isinstance(raw, datetime) else moment_of(raw) if isinstance(raw, str) else None
    if value is None:
        raise EntryWrong("没有这一时刻；请写如 2026-01-31 09:30。", "is no moment; write it as 2026-01-31 09:30.")
    value = _aware(value, zone).astimezone(UTC)
    _bounded(field, value, zone, moment_of)
    return value


def _time(field: Field, raw: Any, zone: str) -> Value:
    value = time_of(str(raw))
    if value is None:
        raise EntryWrong("没有这一时间；请写如 09:30。", "is no time; write it as 09:30.")
    _bounded(field, value, zone, time_of)
    return value


def _yesno(field: Field, raw: Any, zone: str) -> bool:
    if isinstance(raw, bool):
        return raw
    if raw in ("true", "yes", "on", "1", "是"):
        return True
    if raw in ("false", "no", "off", "0", "否"):
        return False
    raise EntryWrong("请选择是或否。", "choose yes or no.")


def _choice(field: Field, raw: Any, zone: str) -> str:
    if not isinstance(raw, str) or field.option(raw) is None:
        known = [o.value for o in field.options]
        raise EntryWrong(f"不是可选项；可选：{'、'.join(known)}。", f"is not one of the options: {', '.join(known)}.")
    return raw


def _choices(field: Field, raw: Any, zone: str) -> list[str]:
    given = raw if isinstance(raw, list) else [raw]
    if isinstance(field.most, Decimal) and len(given) > field.most:
        raise EntryWrong(f"最多选 {field.most} 项。", f"choose at most {field.most}.")
    return list(dict.fromkeys(_choice(field, one, zone) for one in given))


def _name(field: Field, raw: Any, zone: str) -> str:
    if not isinstance(raw, str) or not 0 < len(raw) <= 100 or any(_odd(c, False) for c in raw):
        raise EntryWrong("请从名单中选择。", "choose from the list.")
    return raw.strip()


def _role(field: Field, raw: Any, zone: str) -> str:
    return _choice(field, raw, zone) if field.options else _name(field, raw, zone)


def _file(field: Field, raw: Any, zone: str) -> dict[str, Value]:
    facts = {"file": raw} if isinstance(raw, str) else raw
    if not isinstance(facts, Mapping) or not _DIGEST.match(str(facts.get("file", ""))):
        raise EntryWrong("请先上传文件。", "upload the file first.")
    return {"file": str(facts["file"]), "name": str(facts.get("name", ""))[:255]}


def _phone(field: Field, raw: Any, zone: str) -> str:
    text = unicodedata.normalize("NFKC", str(raw)).strip() if isinstance(raw, str) else ""
    if not _PHONE.match(text):
        raise EntryWrong("应是电话号码。", "should be a telephone number.")
    return text


def _email(field: Field, raw: Any, zone: str) -> str:
    try:
        return _EMAIL(raw.strip() if isinstance(raw, str) else "")
    except ValidationError as error:
        raise EntryWrong("应是邮箱地址。", "should be an e-mail address.") from error


_CHECKS: Mapping[str, Callable[[Field, Any, str], Value]] = {
    "text": _text, "textarea": _text, "integer": _number, "number": _number, "money": _number, "date": _date,
    "datetime": _datetime, "time": _time, "yesno": _yesno, "choice": _choice, "choices": _choices, "person": _name,
    "role": _role, "file": _file, "phone": _phone, "email": _email,
}  # fmt: skip
