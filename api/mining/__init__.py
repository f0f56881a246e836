"""Cases as process-mining tools read them: XES (IEEE 1849) and OCEL 2.0, written piece by piece."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass

from flask import Response

from api.filename import attached
from api.mining.logged import Logged, logged
from api.mining.ocel import ocel
from api.mining.xes import xes


@dataclass(frozen=True, kw_only=True)
class Format:
    """One way to write a log."""

    write: Callable[[Iterable[Logged]], Iterator[bytes]]
    media_type: str
    #: Of the file's name.
    ending: str

    def answer(self, cases: Iterable[Logged]) -> Response:
        """The log as a file that is sent while it is written."""
        response = Response(self.write(cases), mimetype=self.media_type)
        return attached(response, f"cases.{self.ending}")


FORMATS = {
    "xes": Format(write=xes, media_type="application/xml", ending="xes"),
    "ocel": Format(write=ocel, media_type="application/json", ending="ocel.json"),
}

__all__ = ["FORMATS", "Format", "Logged", "logged", "ocel", "xes"]
