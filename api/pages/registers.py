"""The registers: which there are, one of them page by page, and the whole of it as a file for a spreadsheet."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from decimal import Decimal
from urllib.parse import quote

from flask import Blueprint, Response, g, render_template, request

from api.pages import looks, words
from api.problems import language
from api.wiring import Parts
from engine.authority import Actor
from engine.casebook import RegisterRow, RegisterView
from engine.store import CursorUnusable

#: Lines on a page, at least, where there are so many.
PAGE = 25
#: Cases looked through for them, so many at a time and so often at most.
_STRIDE, _MOST_STRIDES = 50, 8
#: A spreadsheet takes a text that begins like this for a formula.
_FORMULA = ("=", "+", "-", "@", "\t", "\r")
#: By this a spreadsheet knows UTF-8.
_BOM = "\ufeff"


def blueprint(parts: Parts) -> Blueprint:
    """The registers."""
    pages = Blueprint("registers", __name__)

    @pages.get("/registers")
    def every() -> str:
        packs = [parts.casebook.procedure(p.pack, g.actor) for p in parts.casebook.packs(g.actor)]
        # Those of the procedures one works in come first.
        packs.sort(key=lambda p: (not _works_in(g.actor, p.pack.pack), p.pack.pack))
        return render_template("registers.html", packs=[p for p in packs if p.registers])

    @pages.get("/registers/<pack>/<name>")
    def one(pack: str, name: str) -> str:
        cursor = request.args.get("cursor") or None
        try:
            view = _page(parts, pack, name, cursor)
        except CursorUnusable:
            # Somebody cut the address short: the register begins again.
            cursor, view = None, _page(parts, pack, name, None)
        title = parts.casebook.procedure(pack, g.actor).pack.title
        return render_template("register.html", view=view, first=cursor is None, pack_title=title)

    @pages.get("/registers/<pack>/<name>.csv")
    def file(pack: str, name: str) -> Response:
        lines = _lines(parts, pack, name)
        # The first piece is made at once: what is refused is said on a page, not in the middle of a file.
        answer = Response(_after(next(lines), lines), mimetype="text/csv")
        called = f"{looks.label(parts.casebook.procedure(pack, g.actor).registers[name])}.csv"
        answer.headers["Content-Disposition"] = f"attachment; filename=\"{pack}-{name}.csv\"; filename*=UTF-8''{quote(called)}"
        return answer

    return pages


def _works_in(actor: Actor, pack: str) -> bool:
    return any(membership.startswith((f"{pack}/", "*/")) for membership in actor.all_memberships)


def _page(parts: Parts, pack: str, name: str, cursor: str | None) -> RegisterView:
    """A page of lines. Not every case is entered in a register, so more cases may have to be looked through."""
    rows: list[RegisterRow] = []
    for _ in range(_MOST_STRIDES):
        view = parts.casebook.register(pack, name, g.actor, cursor=cursor, limit=_STRIDE if rows else PAGE)
        rows += view.rows
        cursor = view.next
        if cursor is None or len(rows) >= PAGE:
            break
    return RegisterView(
        register=view.register, pack=view.pack, label=view.label, columns=view.columns, rows=tuple(rows), next=cursor
    )


def _lines(parts: Parts, pack: str, name: str) -> Iterator[str]:
    """The register as CSV, piece by piece."""
    actor, cursor, begun = g.actor, None, False
    while True:
        view = parts.casebook.register(pack, name, actor, cursor=cursor, limit=_STRIDE)
        head = [] if begun else [[looks.label(column) for column in view.columns]]
        written = _written([*head, *([_cell(row, n) for n in range(len(row.texts))] for row in view.rows)])
        yield written if begun else _BOM + written
        begun, cursor = True, view.next
        if cursor is None:
            return


def _after(first: str, rest: Iterator[str]) -> Iterator[str]:
    yield first
    yield from rest


def _cell(row: RegisterRow, place: int) -> str:
    why = row.hidden[place]
    if why:
        return words.word(why, language())
    text = row.texts[place]
    number = isinstance(row.cells[place], int | float | Decimal)
    return f"'{text}" if text.startswith(_FORMULA) and not number else text


def _written(rows: list[list[str]]) -> str:
    piece = io.StringIO()
    csv.writer(piece, lineterminator="\r\n").writerows(rows)
    return piece.getvalue()
