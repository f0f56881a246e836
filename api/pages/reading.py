"""What a browser sends, as answers to a form: fields by name, tables by row, files by their content."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any

from werkzeug.datastructures import FileStorage, MultiDict

from forms import Field

Keep = Callable[[FileStorage], Mapping[str, str]]


def answers_of(
    fields: Iterable[Field], sent: MultiDict[str, str], files: MultiDict[str, FileStorage], keep: Keep
) -> dict[str, Any]:
    """The answers; what was left empty is left out.

    Args:
        keep: stores an uploaded file and says what stands for it in the answers.
    """
    answers: dict[str, Any] = {}
    for field in fields:
        if field.silent or field.type == "computed" or field.readonly:
            continue
        found = _value(field, sent, files, keep, f"f.{field.name}")
        if found not in (None, "", []):
            answers[field.name] = found
    return answers


def _value(field: Field, sent: MultiDict[str, str], files: MultiDict[str, FileStorage], keep: Keep, key: str) -> Any:
    match field.type:
        case "choices":
            return sent.getlist(key)
        case "table":
            return _rows(field, sent, files, keep, key)
        case "file":
            upload = files.get(key)
            if upload is not None and upload.filename:
                return dict(keep(upload))
            kept = sent.get(key + ".kept", "")
            return {"file": kept, "name": sent.get(key + ".name", "")} if kept else None
    return sent.get(key)


def _rows(
    field: Field, sent: MultiDict[str, str], files: MultiDict[str, FileStorage], keep: Keep, key: str
) -> list[dict[str, Any]]:
    numbers = sorted(
        {int(n) for k in sent if k.startswith(key + ".") and (n := k[len(key) + 1 :].partition(".")[0]).isdigit()}
    )
    rows = []
    for number in numbers[:500]:
        row = {
            c.name: _value(c, sent, files, keep, f"{key}.{number}.{c.name}")
            for c in field.columns
            if c.type != "computed"
        }
        row = {name: value for name, value in row.items() if value not in (None, "", [])}
        if row:
            rows.append(row)
    return rows
