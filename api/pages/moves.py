"""Moving running cases: pick two releases, look at what would happen to each case, ask for it; a second owner has it done.

A forecast over many cases is made by jobs meanwhile; its page says how far it is, and goes on by itself.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from flask import Blueprint, g, redirect, render_template, request
from werkzeug.wrappers import Response as Answer

from api.pages import looks
from api.pages.dossier import teller_of
from api.wiring import Parts
from engine import authority
from engine.authority import OWNER, NotAuthorised
from engine.errors import EngineError
from engine.findings import Finding
from engine.store import CaseMove, Head, MovedCase, MoveNotFound, ReleaseRow
from engine.story import foretold

#: Cases on a page at most; all are counted.
MOST_SHOWN = 200
#: States of cases, those that want a look first.
STATES = ("left", "barred", "waiting", "moved")


@dataclass(frozen=True, kw_only=True)
class Line:
    """A case in a forecast or a move."""

    head: Head
    state: str
    why: str
    bars: tuple[Finding, ...]
    #: A sentence for each thing that changes.
    told: tuple[str, ...]


def blueprint(parts: Parts) -> Blueprint:
    """The moves of a pack."""
    pages = Blueprint("move_pages", __name__)

    @pages.get("/packs/<pack>/moves")
    def every(pack: str) -> str:
        return _every(parts, pack)

    @pages.post("/packs/<pack>/moves")
    def foresee(pack: str) -> Answer | tuple[str, int]:
        try:
            move = parts.moving.foresee(pack, request.form.get("before", ""), request.form.get("after", ""), g.actor)
        except NotAuthorised:
            raise
        except EngineError as error:
            return _every(parts, pack, trouble=error), 422
        return redirect(f"/packs/moves/{move.id}")

    @pages.post("/packs/moves/<move>/ask")
    def ask(move: str) -> Answer | tuple[str, int]:
        try:
            parts.moving.ask(move, request.form.get("reason", ""), g.actor)
        except (NotAuthorised, MoveNotFound):
            raise
        except EngineError as error:
            return _one(parts, move, trouble=error), 422
        return redirect(f"/packs/moves/{move}?said=asked")

    @pages.get("/packs/moves/<move>")
    def one(move: str) -> str:
        return _one(parts, move)

    @pages.post("/packs/moves/<move>/<any(approve, withdraw):act>")
    def decide(move: str, act: str) -> Answer:
        decided = parts.moving.approve if act == "approve" else parts.moving.withdraw
        return redirect(f"/packs/moves/{decided(move, g.actor).id}?said={'approved' if act == 'approve' else 'withdrawn'}")

    return pages


def _every(parts: Parts, pack: str, *, trouble: EngineError | None = None) -> str:
    authority.need_role(g.actor, pack, (OWNER,))
    with parts.store.look() as reading:
        rows = [row for row in reading.releases(pack) if row.published is not None]
        running = reading.running_on(g.actor)
    before, after = (request.values.get(name, "") for name in ("before", "after"))
    return render_template(
        "moves.html", pack=pack, title=_title(parts, pack), rows=rows, running=running, before=before or _busiest(rows, running),
        after=after or next((row.digest for row in rows if row.in_force), ""), trouble=trouble, moves=parts.moving.moves(pack, g.actor),
    )  # fmt: skip


def _one(parts: Parts, name: str, *, trouble: EngineError | None = None) -> str:
    state = request.args.get("state") if request.args.get("state") in STATES else None
    view = parts.moving.view(name, g.actor, limit=MOST_SHOWN, state=state)
    move, cases = view.move, list(view.cases)
    if state is None and view.next is not None:
        # What wants a look stands on the page, however many others there are.
        first = [c for one in STATES[:2] for c in parts.moving.view(name, g.actor, limit=MOST_SHOWN, state=one).cases]
        cases = [*first, *(c for c in cases if c.state not in STATES[:2])][:MOST_SHOWN]
    with parts.store.look() as reading:
        known = {row.digest: row for row in reading.releases(move.pack)}
    return render_template(
        "move.html", move=move, title=_title(parts, move.pack), tally=view.tally, hidden=view.hidden, known=known, most=MOST_SHOWN,
        lines=_lines(parts, cases, move.before, move.after), more=view.next is not None, state=_state(move), states=STATES, only=state,
        said=request.args.get("said"), trouble=trouble, reason=request.form.get("reason", ""),
    )  # fmt: skip


def _state(move: CaseMove) -> str:
    return move.decision or move.stage


def _busiest(rows: Iterable[ReleaseRow], running: dict[str, int]) -> str:
    """The release one most likely wants to move from: not in force, with the most running cases."""
    behind = [row.digest for row in rows if not row.in_force and running.get(row.digest)]
    return max(behind, key=lambda digest: running[digest], default="")


def _title(parts: Parts, pack: str) -> str:
    titles = {p.pack: p.title for p in parts.casebook.packs(g.actor)}
    return looks.label(titles.get(pack)) or pack


def _lines(parts: Parts, cases: Iterable[MovedCase], before: str, after: str) -> tuple[Line, ...]:
    names = looks.people()
    with parts.store.look() as reading:
        was, now = (teller_of(parts.shelf.release(digest, reading), parts.shelf, names) for digest in (before, after))
        heads = [(case, reading.head(case.case)) for case in list(cases)[:MOST_SHOWN]]
    return tuple(
        Line(
            head=head, state=case.state, why=case.why, bars=case.foreseen.bars,
            told=tuple(foretold(change, was, now) for change in case.foreseen.changes),
        )
        for case, head in heads
    )  # fmt: skip
