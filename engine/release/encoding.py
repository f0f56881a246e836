"""Diagrams and tables in whatever encoding they come: a release holds them in UTF-8, so that whoever reads it later can.

XML names its encoding in its first line. A modeler writes UTF-8; other tools export UTF-16 (which every reader of XML
must take) or what is usual in their country. What cannot be read as it says is left as it is: reading refuses it.
"""

from __future__ import annotations

import codecs
import re
from collections.abc import Mapping

_XML = (".bpmn", ".dmn")
_MARKS = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)
_DECLARED = re.compile(r"""(\A\s*<\?xml\b[^>]*?\bencoding\s*=\s*)(["'])([\w.-]+)\2""")
#: Encodings of text that say what they mean. What hides ASCII, as UTF-7 or EBCDIC do, is not among them.
_KNOWN = ("gb", "big5", "shift_jis", "euc-", "iso-8859-", "windows-", "koi8-", "us-ascii")


def in_utf8(files: Mapping[str, bytes]) -> dict[str, bytes]:
    """The same files, diagrams and tables in UTF-8."""
    return {path: _turned(data) if path.endswith(_XML) else data for path, data in files.items()}


def written(text: str) -> bytes:
    """A text that was read already, as a file: whatever encoding its first line still names, it is UTF-8 now."""
    return _DECLARED.sub(r"\g<1>\g<2>UTF-8\g<2>", text, count=1).encode()


def _turned(data: bytes) -> bytes:
    if data.startswith(_MARKS) and not data.startswith(codecs.BOM_UTF32_LE):  # which begins alike
        name = "utf-16"
    else:
        declared = _DECLARED.match(data[:200].decode("ascii", "replace"))
        name = declared[3].lower() if declared else "utf-8"
        if not name.startswith(_KNOWN):
            return data
    try:
        return written(data.decode(name))
    except (UnicodeError, LookupError):
        return data
