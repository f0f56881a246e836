"""What a file that is taken along is called, in the header of its answer: any script, by RFC 6266 and RFC 8187."""

from __future__ import annotations

import re
import unicodedata
from urllib.parse import quote

from flask import Response

#: Characters that need no percent in an extended value (RFC 8187 `attr-char`), beside letters and digits.
_PLAIN = "!#$&+-.^_`|~"
#: Blanks that letters left behind: before the ending, and at either end.
_LOOSE = re.compile(r"^\s+|\s+(?=\.\w+$)|\s+$")
_UNFIT = re.compile(r'[\x00-\x1f\x7f/\\"]')


def attached(answer: Response, name: str) -> Response:
    """The answer, to be saved under `name`.

    A header is sent in Latin-1, so that a Chinese name in it ends the answer. It goes twice: in ASCII for programs
    that know no better, and in UTF-8 behind an asterisk, which wins wherever it is understood.
    """
    fit = _UNFIT.sub(" ", name)
    plain = _LOOSE.sub("", unicodedata.normalize("NFKD", fit).encode("ascii", "ignore").decode("ascii"))
    names = {"filename": f"file{plain}" if plain.startswith(".") or not plain else plain}
    if fit != plain:
        names["filename*"] = f"UTF-8''{quote(fit, safe=_PLAIN, errors='replace')}"
    answer.headers.set("Content-Disposition", "attachment", **names)
    return answer
