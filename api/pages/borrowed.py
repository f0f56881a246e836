"""Style attributes that the table editor brings along, allowed by their hashes on its page and nowhere else.

Its bpmn.io mark is drawn with style attributes, and its makers ask that the code which shows the mark is not changed. And when
somebody types over coloured text, Chromium itself keeps the colour in such an attribute. Every other one stays refused.
"""

from __future__ import annotations

import base64
import hashlib

_MARK = (
    "position: absolute; bottom: 15px; right: 15px; z-index: 100;", "vertical-align:middle",
    "z-index: 1001;position: fixed;top: 0;left: 0;right: 0;bottom: 0", "width: 100%;height: 100%;background: rgba(40,40,40,0.2)",
    "position: absolute;left: 50%;top: 40%;transform: translate(-50%);width: 260px;padding: 10px;background: white;"
    "box-shadow: 0 1px 4px rgba(0,0,0,0.3);font-family: Helvetica, Arial, sans-serif;font-size: 14px;display: flex;line-height: 1.3",
    "margin: 15px 20px 15px 10px; align-self: center;",
)  # fmt: skip
#: What the editor of expressions colours words with.
_COLOURS = ("a31515", "1a7f37", "06704a", "0969da", "b54a00", "0550ae", "8250df", "69727b", "953800")


def _typed_over(colour: str) -> str:
    red, green, blue = (int(colour[n : n + 2], 16) for n in (0, 2, 4))
    return f"color: rgb({red}, {green}, {blue});"


def _hash(style: str) -> str:
    return f"'sha256-{base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()}'"


#: As a content security policy names them.
STYLES = " ".join(("'unsafe-hashes'", *(_hash(s) for s in (*_MARK, *map(_typed_over, _COLOURS)))))
