"""Reading the owner's settings key by key, with a finding for each that is missing, unknown or wrong."""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterable, Mapping
from typing import Any, TypeVar

from engine.findings import Finding

T = TypeVar("T")
NAME = re.compile(r"^[a-z][a-z0-9-]{0,60}$")


class Reading:
    """One mapping of a settings file; remembers which keys were asked for, so that others are faults."""

    def __init__(self, data: Any, file: str, path: str = "", findings: list[Finding] | None = None) -> None:
        self.file, self.path = file, path
        self.findings: list[Finding] = [] if findings is None else findings
        self._asked: set[str] = set()
        self._parts: list[Reading] = []
        self._data: Mapping[str, Any] = data if isinstance(data, Mapping) else {}
        if not isinstance(data, Mapping):
            self.fault(
                "", "这里应是键值对", "should hold keys with values", "按“键: 值”书写。", "Write it as `key: value`."
            )

    def has(self, key: str) -> bool:
        """Whether the key is there (and not empty)."""
        self._asked.add(key)
        return self._data.get(key) is not None

    def any(self, key: str) -> Any:
        """Whatever the key holds."""
        if not self.has(key):
            self._missing(key)
        return self._data.get(key)

    def text(self, key: str, default: str | None = None) -> str:
        """A text; numbers are taken as they are written."""
        if not self.has(key):
            if default is None:
                self._missing(key)
            return default or ""
        value = self._data[key]
        if isinstance(value, bool) or not isinstance(value, (str, int)):
            self.fault(key, "应是文字", "should be a text", "改为文字。", "Write a text.")
            return default or ""
        return str(value).strip()

    def name(self, key: str) -> str:
        """A name for machines: small Latin letters, digits, hyphens."""
        value = self.text(key)
        if value and not NAME.match(value):
            self.fault(key, f"“{value}”不是合格的代号", f"“{value}” is not a proper name",
                       "用小写拉丁字母、数字和连字符。", "Use small Latin letters, digits and hyphens.")  # fmt: skip
        return value

    def choice(self, key: str, options: Iterable[str], default: str | None = None) -> str:
        """One of a few words."""
        value, options = self.text(key, default), tuple(options)
        if value and value not in options:
            self.fault(key, f"“{value}”不在可选项中", f"“{value}” is not one of the choices",
                       f"可选：{'、'.join(options)}。", f"Use one of {', '.join(options)}.")  # fmt: skip
        return value

    def whole(self, key: str, least: int) -> int:
        """A whole number."""
        value = self.any(key)
        if isinstance(value, bool) or not isinstance(value, int) or value < least:
            if value is not None:
                self.fault(key, f"应是不小于 {least} 的整数", f"should be a whole number of at least {least}",
                           "改为整数。", "Write a whole number.")  # fmt: skip
            return least
        return value

    def yes(self, key: str) -> bool:
        """True or false; false when left out."""
        value = self._data.get(key) if self.has(key) else False
        if not isinstance(value, bool):
            self.fault(
                key, "应是 true 或 false", "should be true or false", "写 true 或 false。", "Write true or false."
            )
            return False
        return value

    def texts(self, key: str) -> tuple[str, ...]:
        """A list of texts; empty when left out."""
        value = self._data.get(key) if self.has(key) else []
        if not isinstance(value, list) or not all(isinstance(v, (str, int)) for v in value):
            self.fault(key, "应是文字的列表", "should be a list of texts", "写成 [a, b]。", "Write [a, b].")
            return ()
        return tuple(str(v) for v in value)

    def one_or_more(self, key: str, default: str) -> tuple[str, ...]:
        """A text, or a list of texts."""
        value = self._data.get(key) if self.has(key) else default
        return self.texts(key) or (default,) if isinstance(value, list) else (self.text(key, default),)

    def lists(self, key: str) -> dict[str, tuple[str, ...]]:
        """A mapping of lists of texts."""
        part = self.part(key) if self.has(key) else None
        return {k: part.texts(k) for k in part._data} if part else {}

    def mixed(self, key: str) -> dict[str, list[Reading | str]]:
        """A mapping of lists whose entries are mappings or plain texts."""
        found: dict[str, list[Reading | str]] = {}
        if not self.has(key):
            return found
        outer = self.part(key)
        for name, entries in outer._data.items():
            outer._asked.add(name)
            if not isinstance(entries, list):
                outer.fault(str(name), "应是列表", "should be a list", "每行以“- ”开头。", "Begin each row with “- ”.")
                continue
            found[str(name)] = [
                str(one) if isinstance(one, str | int) else outer._part(one, f"{name}[{place}]")
                for place, one in enumerate(entries)
            ]
        return found

    def part(self, key: str) -> Reading:
        """A nested mapping."""
        if not self.has(key):
            self._missing(key)
            return self._part({}, key)
        return self._part(self._data[key], key)

    def parts(self, key: str) -> list[tuple[str, Reading]]:
        """The entries of a mapping of mappings; none when left out."""
        if not self.has(key):
            return []
        outer = self._part(self._data[key], key)
        outer._asked.update(outer._data)
        return [(str(k), outer._part(v, str(k))) for k, v in outer._data.items()]

    def rows(self, key: str) -> list[Reading]:
        """The entries of a list of mappings; none when left out."""
        value = self._data.get(key) if self.has(key) else []
        if not isinstance(value, list):
            self.fault(key, "应是列表", "should be a list", "每行以“- ”开头。", "Begin each row with “- ”.")
            return []
        return [self._part(v, f"{key}[{i}]") for i, v in enumerate(value)]

    def fault(self, key: str, zh: str, en: str, remedy_zh: str, remedy_en: str) -> None:
        """Note that something is wrong at `key`."""
        self.findings.append(Finding(code="policy-key", severity="error", file=self.file, element=self._at(key),
                                     zh=zh + "。", en=en + ".", remedy_zh=remedy_zh, remedy_en=remedy_en))  # fmt: skip

    def unknown(self, where: str, name: str, known: Iterable[str]) -> Finding:
        """The finding for a name that points nowhere."""
        near = difflib.get_close_matches(name, list(known), 1)
        return Finding(
            code="policy-name", severity="error", file=self.file, element=where,
            zh=f"提到“{name}”，但本包没有定义它。", en=f"names “{name}”, which the pack does not define.",
            remedy_zh=f"是否指“{near[0]}”？" if near else "先定义它，或改名。",
            remedy_en=f"Did you mean “{near[0]}”?" if near else "Define it, or change the name.",
        )  # fmt: skip

    def finish(self) -> list[Finding]:
        """All findings, those for keys nobody asked for included."""
        for key in self._data:
            if key not in self._asked:
                near = difflib.get_close_matches(str(key), sorted(self._asked), 1)
                hint_zh, hint_en = (
                    (f"是否指“{near[0]}”？", f"Did you mean “{near[0]}”?") if near else ("删去它。", "Take it out.")
                )
                self.fault(str(key), "没有这个键", "is not a key we know", hint_zh, hint_en)
        for part in self._parts:
            part.finish()
        return self.findings

    def _part(self, data: Any, key: str) -> Reading:
        part = Reading(data, self.file, self._at(key), self.findings)
        self._parts.append(part)
        return part

    def _missing(self, key: str) -> None:
        self.fault(key, "缺少这个键", "is missing", "请补上。", "Please give it.")

    def _at(self, key: str) -> str:
        return f"{self.path}.{key}" if self.path and key else self.path or key
