"""What is written on diagrams and tables, said in both languages.

Diagrams are labelled in Chinese. `names/*.yaml` of a pack says the same in English, a line each:
`"查明异常": "Find out the anomaly"`. Those of the shared diagrams come along with every pack.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping

from engine.findings import Finding, Refused
from engine.policy import Label
from engine.release.settings import yaml_of

SHARED_NAMES = "names/shared.yaml"
#: A blank between two Chinese characters, or their punctuation, is a line break of the drawing.
_BREAK = re.compile(r"(?<=[\u2e80-\uffef]) (?=[\u2e80-\uffef])")
#: “造成损失 Loss caused”: Chinese, a blank, English.
_HALVES = re.compile(r"^(.*[\u2e80-\uffef])\s+([A-Za-z][a-z].*)$")


def names_of(data: bytes, path: str) -> Mapping[str, str]:
    """What is drawn -> the same in English.

    Raises:
        Refused: the file is no list of names.
    """
    loaded = yaml_of(data, path)
    if not isinstance(loaded, dict) or not all(isinstance(v, str) and v.strip() for v in loaded.values()):
        raise Refused([_not_names(path)])
    return {tidy(str(drawn)): said.strip() for drawn, said in loaded.items()}


def named_in(data: bytes, said: Mapping[str, str]) -> bytes:
    """The list with these names in it: a line that is there is written anew, a new one comes last, an empty one goes."""
    left = {tidy(drawn): " ".join(english.split()) for drawn, english in said.items() if tidy(drawn)}
    lines = []
    for line in data.decode("utf-8", "replace").splitlines():
        drawn = _drawn(line)
        if drawn is None or drawn not in left:
            lines.append(line)
        elif english := left.pop(drawn):
            lines.append(_line(drawn, english))
    lines += [_line(drawn, english) for drawn, english in left.items() if english]
    return ("\n".join(lines) + "\n").encode() if lines else b""


def _drawn(line: str) -> str | None:
    """What a line of a list names; None where it names nothing."""
    try:
        loaded = yaml_of(line.encode(), "")
    except Refused:
        return None
    return tidy(str(next(iter(loaded)))) if isinstance(loaded, dict) and len(loaded) == 1 else None


def _line(drawn: str, english: str) -> str:
    # JSON strings are YAML strings.
    return f"{json.dumps(drawn, ensure_ascii=False)}: {json.dumps(english, ensure_ascii=False)}"


def tidy(drawn: str) -> str:
    """A name as it is said: line breaks that only the drawing needed are left out."""
    return _BREAK.sub("", " ".join(drawn.split()))


def halves(text: str) -> Label:
    """A text that may have been written in both languages at once."""
    found = _HALVES.match(text)
    return Label(zh=found[1], en=found[2]) if found else Label(zh=text, en=text)


def _not_names(path: str) -> Finding:
    return Finding(
        code="names-not-a-list",
        severity="error",
        file=path,
        zh="应逐行写“图上的名称: 英文”。",
        en="must be lines of: name on the diagram: English.",
        remedy_zh="数字和“是、否”要加引号。",
        remedy_en="Put figures and yes, no into quotes.",
    )
