"""The cells of a paper: what a field asks, and what stands there for one reader."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

from engine.casebook.lexicon import Lexicon, said_persons
from engine.casebook.printed import Grid, Written
from engine.errors import EngineError
from engine.feel import Context
from engine.history import Hidden, Personal, bare
from engine.policy import Label
from engine.values import Value
from forms import Field, text_of

#: Types whose values are numbers.
NUMERIC = frozenset({"integer", "number", "money"})
#: Options are printed as boxes to be ticked where there are no more of them than this.
MOST_BOXES = 9
_YES_NO = ((True, Label(zh="是", en="Yes")), (False, Label(zh="否", en="No")))


def until(moment: datetime, zone: str) -> str:
    """A moment; midnight ends the day before."""
    local = moment.astimezone(ZoneInfo(zone))
    if local.hour == local.minute == 0:
        return f"{local - timedelta(days=1):%Y-%m-%d} 24:00"
    return f"{local:%Y-%m-%d %H:%M}"


def told(name: str, label: Label, text: str, type: str = "text", value: Value = None) -> Written:
    """A cell that no form has."""
    return Written(name=name, label=label, type=type, text=text, value=text if value is None else value)


@dataclass(frozen=True, kw_only=True)
class Pen:
    """Writes cells in one reader's language."""

    lexicon: Lexicon
    #: User name -> display name.
    people: Mapping[str, str]
    lang: str

    def cell(
        self, one: Field, answers: Mapping[str, Any], document: Mapping[str, Value], hidden: Mapping[str, Hidden], context: Context
    ) -> Written:  # fmt: skip
        """What stands at a field.

        Args:
            answers: what was entered on the form; where it says nothing, the case speaks.
            document: the case data as the reader may see them, `hidden` why some of them are null.
        """
        if one.type in ("section", "note"):
            return Written(name="", label=one.label, type=one.type)
        entered = answers.get(one.name)
        why = entered.hidden if isinstance(entered, Personal) else None if one.name in answers else hidden.get(one.name)
        known = self._known(one)
        if why:
            return Written(name=one.name, label=one.label, type=known.type, hidden=why, repeats=one.type == "show")
        value = bare(entered) if one.name in answers else self._said(one, answers, document, context)
        return replace(self._written(known, value), repeats=one.type == "show")

    def until(self, due: datetime) -> str:
        """The moment something ends."""
        return until(due, self.lexicon.zone)

    def _known(self, one: Field) -> Field:
        """A field that shows or computes something, as the one that holds such a value."""
        if one.type == "computed":
            return replace(one, type=one.result or "text")
        source = self.lexicon.fields.get(one.name) if one.type == "show" else None
        if source is None:
            return one
        source = replace(source, name=one.name, label=one.label)
        return replace(source, type=source.result or "text") if source.type == "computed" else source

    def _said(self, one: Field, answers: Mapping[str, Any], document: Mapping[str, Value], context: Context) -> Value:
        if one.type == "computed" and one.value is not None and one.name not in document:
            try:
                return one.value.run({**document, **{n: bare(v) for n, v in answers.items()}}, context=context).value
            except EngineError:
                return None  # what it is computed from is not there, or not for this reader
        return document.get(one.name)

    def _written(self, one: Field, value: Value) -> Written:
        grid = self._grid(one, value)
        if one.type == "money" and isinstance(value, int | Decimal) and not isinstance(value, bool):
            value += Decimal(0).scaleb(-one.decimals)  # an amount has its decimals, also where none were typed
        return Written(
            name=one.name, label=one.label, type=one.type, value=value, text="" if grid else self._text(one, value),
            boxes=_boxes(one, value), grid=grid,
        )  # fmt: skip

    def _text(self, one: Field, value: Value) -> str:
        if value is None or value in ("", [], {}):
            return ""
        if one.type == "person":
            return said_persons(value, self.people, self.lang)
        if one.type in ("role", "show"):
            return self.lexicon.text(one.name, value, self.lang, self.people, most=None)
        if isinstance(value, dict | list) and one.type not in ("file", "choices", "table") and not one.many:
            return self.lexicon.plain(value, self.lang)
        return text_of(one, value, self.lang, self.lexicon.zone)

    def _grid(self, one: Field, value: Value) -> Grid | None:
        rows = (
            [row for row in value if isinstance(row, dict)] if one.type == "table" and isinstance(value, list) else []
        )
        if not rows:
            return None
        return Grid(
            heads=tuple(c.label for c in one.columns), numeric=tuple(_numeric(c) for c in one.columns),
            rows=tuple(tuple(self._text(c, row.get(c.name)) for c in one.columns) for row in rows),
        )  # fmt: skip


def _numeric(one: Field) -> bool:
    return one.type in NUMERIC or one.result in NUMERIC


def _boxes(one: Field, value: Value) -> tuple[tuple[Label, bool], ...]:
    """The options with the chosen ones ticked, as a paper form prints them."""
    if one.type == "yesno":
        return tuple((label, value is yes) for yes, label in _YES_NO)
    if one.type not in ("choice", "choices") or not 0 < len(one.options) <= MOST_BOXES:
        return ()
    chosen = value if isinstance(value, list) else [value]
    if any(v is not None and one.option(v) is None for v in chosen):
        return ()  # an earlier version of the form offered it
    return tuple((option.label, option.value in chosen) for option in one.options)
