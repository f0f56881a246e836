"""What a browser sends, as answers to a form: fields by name, tables by row, files by their content."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any

from werkzeug.datastructures import FileStorage, MultiDict

from api.pages.colleagues import meant
from forms import Field

Keep = Callable[[FileStorage], Mapping[str, str]]
#: Rows of one table that are read; forms allow fewer.
_MOST_ROWS = 500


def answers_of(
    fields: Iterable[Field], sent: MultiDict[str, str], files: MultiDict[str, FileStorage], keep: Keep
) -> dict[str, Any]:
    """The answers; what was left empty is left out.

    Args:
        keep: stores an uploaded file and says what stands for it in the answers.

    Raises:
        What `keep` raises.
    """
    answers: dict[str, Any] = {}
    for field in fields:
        if field.silent or field.type == "computed" or field.readonly:
            continue
        found = _value(field, sent, files, keep, f"f.{field.name}")
        if found not in (None, "", []):
            answers[field.name] = found
    return answers


def row_numbers(field: Field, sent: MultiDict[str, str]) -> list[int]:
    """The numbers the browser gave to the rows of a table in which something was entered, in their order."""
    key = f"f.{field.name}"
    return [n for n in _numbers(sent, key) if _row(field, sent, MultiDict(), _nothing, key, n)]


def _value(field: Field, sent: MultiDict[str, str], files: MultiDict[str, FileStorage], keep: Keep, key: str) -> Any:
    match field.type:
        case "table":
            return [row for n in _numbers(sent, key) if (row := _row(field, sent, files, keep, key, n))]
        case "file":
            found = [*_kept(sent, key), *(dict(keep(f)) for f in files.getlist(key) if f.filename)]
            # Of a field for one file the newest counts.
            return found if field.many else (found[-1] if found else None)
        case "choices":
            return sent.getlist(key)
        case "person":
            # Who was typed and not picked from the list: meant, or refused as nobody's name. While somebody still
            # types (drafts that are kept, rules that are asked) it is nothing yet.
            typed = [meant(text, field) for text in sent.getlist(key + ".find") if text.strip() and sent.get("act")]
            named = list(dict.fromkeys([*(one for one in sent.getlist(key) if one), *typed]))
            return named if field.many else (named[-1] if named else None)
    return [one for one in sent.getlist(key) if one] if field.many else sent.get(key)


def _kept(sent: MultiDict[str, str], key: str) -> list[dict[str, str]]:
    """Files that were uploaded before, as the page carries them along."""
    names = [*sent.getlist(key + ".name")]
    kept = [file for file in sent.getlist(key + ".kept") if file]
    return [{"file": file, "name": names[n] if n < len(names) else ""} for n, file in enumerate(kept)]


def _numbers(sent: MultiDict[str, str], key: str) -> list[int]:
    begin = key + "."
    said = {k[len(begin) :].partition(".")[0] for k in sent if k.startswith(begin)}
    # Only plain figures: "²" is a digit to Python, and a thousand of them are no number of a row.
    return sorted({int(n) for n in said if n.isascii() and n.isdigit() and len(n) <= 6})[:_MOST_ROWS]


def _row(
    field: Field, sent: MultiDict[str, str], files: MultiDict[str, FileStorage], keep: Keep, key: str, number: int
) -> dict[str, Any]:
    asked = [c for c in field.columns if c.type != "computed" and not c.silent]
    row = {c.name: _value(c, sent, files, keep, f"{key}.{number}.{c.name}") for c in asked}
    return {name: value for name, value in row.items() if value not in (None, "", [])}


def _nothing(upload: FileStorage) -> Mapping[str, str]:
    return {}
