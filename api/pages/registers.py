"""The registers: which there are, one of them page by page, and the whole of it as a file: Excel, CSV, PDF."""

from __future__ import annotations

from flask import Blueprint, Response, g, render_template, request

from api.paper import handing, lists
from api.wiring import Parts
from engine.authority import Actor
from engine.casebook import RegisterRow, RegisterView
from engine.store import CursorUnusable

#: Lines on a page, at least, where there are so many.
PAGE = 25
#: Cases looked through for them, so many at a time and so often at most.
_STRIDE, _MOST_STRIDES = 50, 8


def blueprint(parts: Parts) -> Blueprint:
    """The registers."""
    pages = Blueprint("registers", __name__)

    @pages.get("/registers")
    def every() -> str:
        packs = [parts.casebook.procedure(p.pack, g.actor) for p in parts.casebook.packs(g.actor)]
        # Those of the procedures one works in come first.
        packs.sort(key=lambda p: (not _works_in(g.actor, p.pack.pack), p.pack.pack))
        mine = [p.pack.pack for p in packs if _works_in(g.actor, p.pack.pack)]
        return render_template("registers.html", packs=[p for p in packs if p.registers], mine=mine)

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

    @pages.get("/registers/<pack>/<name>.<any(csv,xlsx,pdf):ending>")
    def file(pack: str, name: str, ending: str) -> Response:
        table = lists.register(parts, pack, name, g.actor)
        return handing.listed(parts, [table], table.title, ending, handing.register_heading(parts, pack, table))

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
