"""Files inside a JSON body: `{"name": "photo.jpg", "base64": "…"}` where an answer would name a file."""

from __future__ import annotations

import base64
import binascii
from collections.abc import Mapping
from typing import Any

from api.problems import FieldsWrong, language
from api.rest.sentences import in_words
from engine.desk import NewFile

#: Answers nest no deeper than rows of a table.
_DEEPEST = 4


def enclosed(answers: Mapping[str, Any]) -> tuple[dict[str, Any], list[NewFile]]:
    """The answers with references in place of the files themselves, and the files.

    Raises:
        FieldsWrong: something is not base64.
    """
    files: list[NewFile] = []
    return {name: _taken(value, name, files, 0) for name, value in answers.items()}, files


def _taken(value: Any, path: str, files: list[NewFile], depth: int) -> Any:
    if depth > _DEEPEST:
        return value
    if isinstance(value, list):
        return [_taken(one, path, files, depth + 1) for one in value]
    if not isinstance(value, dict):
        return value
    if set(value) != {"name", "base64"}:
        return {key: _taken(one, path, files, depth + 1) for key, one in value.items()}
    try:
        content = base64.b64decode(str(value["base64"]), validate=True)
    except (binascii.Error, ValueError) as error:
        raise FieldsWrong(in_words({path: ["Not base64."]}, language())) from error
    files.append(NewFile(name=str(value["name"]), content=content))
    return {"file": files[-1].digest, "name": files[-1].name}
