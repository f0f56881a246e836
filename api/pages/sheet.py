"""A form on a page: what stands in it, which fields are shown, what is computed, what must be filled in.

The rules are the form's own, asked on the server; the page only shows what they say.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from flask import Response, jsonify, request

from api.pages import looks
from api.pages.reading import answers_of, row_numbers
from api.problems import language
from engine.casebook import Lexicon
from engine.errors import EngineError
from engine.feel import Compiled, Context
from engine.history import Hidden, bare
from forms import AnswersRefused, Field, Form

#: Names by which a yes grants something: then the page says "approve" and "refuse".
_GRANTS = ("approved", "authorised", "allowed", "agreed", "signed", "passed", "granted")

#: Names of decisions that grant nothing.
_GATES = (*_GRANTS, "verdict", "upheld", "enough")


@dataclass(frozen=True, kw_only=True)
class Sheet:
    """A form to be filled in, as the page shows it."""

    form: Form | None
    values: Mapping[str, Any]
    document: Mapping[str, Any]
    #: Path of the field -> sentences.
    wrong: Mapping[str, Sequence[str]] = field(default_factory=dict)
    #: Keys of the fields that are shown.
    shown: frozenset[str] = frozenset()
    #: Names of the fields that must be filled in as things stand.
    must: frozenset[str] = frozenset()
    #: Field -> what the case says of it, in the reader's words.
    told: Mapping[str, str] = field(default_factory=dict)
    #: Field -> why the reader is not shown what the case says of it.
    hidden: Mapping[str, Hidden] = field(default_factory=dict)


def sheet(
    form: Form | None,
    values: Mapping[str, Any],
    document: Mapping[str, Any],
    context: Context,
    wrong: Mapping[str, Sequence[str]] | None = None,
    *,
    lexicon: Lexicon | None = None,
    hidden: Mapping[str, Hidden] | None = None,
) -> Sheet:
    """A form with these values in it.

    Args:
        lexicon: what the values of the case are called; needed where the form shows some of them.
        hidden: names in `document` that the reader is not shown, and why.
    """
    if form is None:
        return Sheet(form=None, values=values, document=document)
    scope = _scope(form, values, document, context)
    computed = {f.name: scope[f.name] for f in form.fields if f.type == "computed" and f.name in scope}
    rows = {
        f.name: _with_sums(f, values[f.name], scope.get(f.name))
        for f in form.fields
        if f.type == "table" and f.name in values
    }
    return Sheet(
        form=form, values={**values, **computed, **rows}, document=document, wrong=wrong or {},
        shown=_shown(form, scope, document, context), must=_must(form.fields, {**document, **scope}, context),
        told=_told(form, document, lexicon) if lexicon else {}, hidden=hidden or {},
    )  # fmt: skip


def rules(form: Form | None, document: Mapping[str, Any], context: Context) -> Response:
    """What the form's rules say of what is entered so far: fields shown, computed, required, and entries that are wrong."""
    if form is None:
        return jsonify({"shown": [], "computed": {}, "must": [], "wrong": {}})
    sent = answers_of(form.fields, request.form, request.files, lambda upload: {"file": "", "name": ""})
    found, wrong = _accepted(form, sent, document, context)
    scope = {**sent, **found}
    return jsonify(
        {
            "shown": sorted(_shown(form, scope, document, context)),
            "computed": _computed(form, found),
            "must": sorted(_must(form.fields, {**document, **scope}, context)),
            "wrong": {_as_sent(form, path): said for path, said in wrong.items()},
        }
    )


def key_of(place: int, one: Field) -> str:
    """What a field is called on the page: sections and notes have no name."""
    return one.name or f"-{place}"


def choices_of(one: Field) -> list[tuple[str, str]]:
    """What can be chosen in a field of options or roles: value and text."""
    return [(o.value, o.label.text(language())) for o in one.options]


def decides(form: Form, one: Field) -> bool:
    """Whether a field is the decision of an approval gate: named as one, and another field is its reason and required by it.

    A yes or no that tells what is so (the customer is content, the originals are there) is none, whatever it makes required.
    """
    if one.type not in ("yesno", "choice") or one.required is not True or len(one.options) > 4:
        return False
    if not one.name.endswith(_GATES):
        return False
    return one.name == "approved" or any(
        isinstance(f.required, Compiled) and f.when is None and one.name in f.required.used for f in form.fields
    )


def grants(one: Field) -> bool:
    """Whether a yes grants something, so that the page says "approve" and not "yes"."""
    return one.type == "yesno" and one.name.endswith(_GRANTS)


def _accepted(
    form: Form, sent: Mapping[str, Any], document: Mapping[str, Any], context: Context
) -> tuple[dict[str, Any], dict[str, list[str]]]:
    """What of the entries is right, and what is wrong with the others."""
    try:
        return form.accept(sent, document=document, context=context, lang=language(), draft=True), {}
    except AnswersRefused as refused:
        wrong = refused.in_language(language())
    names = {path.partition(".")[0] for path in wrong}
    try:
        rest = {name: value for name, value in sent.items() if name not in names}
        return form.accept(rest, document=document, context=context, lang=language(), draft=True), wrong
    except AnswersRefused:
        return {}, wrong


def _scope(form: Form, values: Mapping[str, Any], document: Mapping[str, Any], context: Context) -> dict[str, Any]:
    names = {f.name for f in form.fields if not f.silent and f.type != "computed" and not f.readonly}
    found, _ = _accepted(form, {n: v for n, v in values.items() if n in names}, document, context)
    return {**values, **found}


def _shown(form: Form, scope: Mapping[str, Any], document: Mapping[str, Any], context: Context) -> frozenset[str]:
    try:
        visible = {id(f) for f in form.shown(_bare(scope), document, context)}
    except EngineError:
        # A rule that cannot be answered hides nothing; the server asks again when the form is sent.
        visible = {id(f) for f in form.fields}
    return frozenset(key_of(place, f) for place, f in enumerate(form.fields) if id(f) in visible)


def _must(fields: Iterable[Field], scope: Mapping[str, Any], context: Context) -> frozenset[str]:
    found = set()
    for one in fields:
        try:
            needed = (
                one.required
                if isinstance(one.required, bool)
                else one.required.run(_bare(scope), context=context).value is True
            )
        except EngineError:
            needed = False
        if needed:
            found.add(one.name)
    return frozenset(found)


def _bare(scope: Mapping[str, Any]) -> dict[str, Any]:
    return {name: bare(value) for name, value in scope.items()}


def _computed(form: Form, found: Mapping[str, Any]) -> dict[str, str]:
    """Path as the browser numbers it -> text."""
    said: dict[str, str] = {}
    for one in form.fields:
        if one.type == "computed":
            said[one.name] = looks.shown(found.get(one.name), one)
        elif one.type == "table":
            for number, row in zip(row_numbers(one, request.form), found.get(one.name) or [], strict=False):
                for column in one.columns:
                    if column.type == "computed":
                        said[f"{one.name}.{number}.{column.name}"] = looks.shown(row.get(column.name), column)
    return said


def _as_sent(form: Form, path: str) -> str:
    """The path of an error with the number the browser gave to the row."""
    name, *rest = path.split(".")
    table = next((f for f in form.fields if f.name == name and f.type == "table"), None)
    if table is None or not rest or not rest[0].isdigit():
        return path
    numbers = row_numbers(table, request.form)
    place = int(rest[0]) - 1
    return ".".join([name, str(numbers[place]) if place < len(numbers) else rest[0], *rest[1:]])


def _told(form: Form, document: Mapping[str, Any], lexicon: Lexicon) -> dict[str, str]:
    """What the form shows of the case: a choice by its label, rows by their columns, as the form they were entered in says."""
    asked = [f.name for f in form.fields if f.type == "show" or f.readonly]
    return {n: lexicon.text(n, document[n], language(), looks.people()) for n in asked if document.get(n) not in (None, "", [], {})}


def _with_sums(one: Field, given: Any, accepted: Any) -> Any:
    """The rows as they were typed, with their computed columns."""
    if not isinstance(given, list) or not isinstance(accepted, list) or len(given) != len(accepted):
        return given
    sums = [c.name for c in one.columns if c.type == "computed"]
    return [
        {**row, **{n: right[n] for n in sums if n in right}}
        if isinstance(row, Mapping) and isinstance(right, Mapping)
        else row
        for row, right in zip(given, accepted, strict=True)
    ]
