"""The auditor's pages: a case step by step as it stood then, the check of its history, the history to take along."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from flask import Blueprint, Response, g, redirect, render_template, request
from werkzeug.wrappers import Response as Answer

from api import showing
from api.filename import attached
from api.pages import looks
from api.pages.dossier import pictures_of, teller_of
from api.wiring import Parts
from engine.casebook import MomentView, NoSuchEvent, may_verify, turns_of
from engine.history import TimerFired
from engine.story import Entry

#: So many events stand beside the one that is looked at.
AROUND = 24
#: Width of the chart of events, in its own units.
CHART = 1320
_NUMBER = re.compile(r"\d{1,9}", re.ASCII)


@dataclass(frozen=True, kw_only=True)
class Tick:
    """An event on the chart."""

    x: float
    later: bool
    #: A limit ran out.
    fired: bool


def blueprint(parts: Parts) -> Blueprint:
    """The pages of the past."""
    pages = Blueprint("audit", __name__)

    @pages.get("/cases/<case>/at")
    def jump(case: str) -> Answer:
        """Where the slider leads without a script: to the step of that number."""
        turns = turns_of(parts.casebook.history(case, g.actor).records)
        step = _number(request.args.get("step", ""), len(turns))
        return redirect(f"/cases/{case}/at/{turns[max(1, min(step, len(turns))) - 1][1]}")

    @pages.get("/cases/<case>/at/<seq>")
    def at(case: str, seq: str) -> str:
        if not _NUMBER.fullmatch(seq):
            head = parts.casebook.case(case, g.actor).head
            raise NoSuchEvent(case=case, seq=seq[:20], last=head.seq)
        since = _number(request.args.get("since", ""), 0) or None
        try:
            view = parts.casebook.moment(case, g.actor, int(seq), since=since)
        except NoSuchEvent:
            if since is None:
                raise
            # Only an earlier moment can be compared with: another is not asked.
            view = parts.casebook.moment(case, g.actor, int(seq))
        return _moment(parts, view)

    @pages.get("/cases/<case>/proof")
    def proof(case: str) -> str:
        view = parts.casebook.case(case, g.actor)
        found = parts.casebook.verify(case, g.actor)
        return render_template("proof.html", view=view, proof=found)

    @pages.get("/cases/<case>/history.json")
    def history(case: str) -> Response:
        dossier = parts.casebook.dossier(case, g.actor)
        head = dossier.view.head
        teller = teller_of(dossier.release, parts.shelf, looks.people())
        told = {
            "case": head.case,
            "number": head.number,
            "pack": head.pack,
            "release": head.release,
            "seq": head.seq,
            "hash": head.hash,
            "events": [showing.record(record, teller.tell(record)) for record in dossier.records],
        }
        answer = Response(json.dumps(told, ensure_ascii=False, indent=1), mimetype="application/json")
        return attached(answer, f"{head.case}.json")

    return pages


def _number(text: str, otherwise: int) -> int:
    return int(text) if _NUMBER.fullmatch(text) else otherwise


def _moment(parts: Parts, view: MomentView) -> str:
    entries = teller_of(view.release, parts.shelf, looks.people()).diary(view.records)
    step = next(n for n, (first, _) in enumerate(view.turns, 1) if first == view.first)
    everything = request.args.get("all") == "1"
    near = entries if everything else entries[max(0, step - AROUND) : step + AROUND]
    later, earlier = entries[step:], reversed(entries[: step - 1])
    breach, breach_before = (next((e.last for e in some if isinstance(e.record.event, TimerFired)), None) for some in (later, earlier))
    with parts.store.look() as reading:
        current = reading.current(view.head.pack)
    return render_template(
        "replay.html",
        view=view,
        entry=entries[step - 1],
        near=near,
        everything=everything,
        step=step,
        turns=view.turns,
        breach=breach,
        breach_before=breach_before,
        pictures=pictures_of(view.pictures, view.release, every=request.args.get("pictures") == "all"),
        ticks=_ticks(entries, view),
        days=_days(view),
        changed=[k for k in view.known if k.changed and k.label],
        same=[k for k in view.known if not k.changed and k.label and k.after is not None],
        inner=[k for k in view.known if not k.label],
        newer=current != view.head.release and current,
        may_verify=may_verify(g.actor),
    )


def _ticks(entries: list[Entry], view: MomentView) -> list[Tick]:
    return [
        Tick(
            x=_place(e.record.event.at, view),
            later=e.record.seq > view.last,
            fired=isinstance(e.record.event, TimerFired),
        )
        for e in entries
    ]


def _days(view: MomentView) -> list[tuple[float, str]]:
    """Some days to read the chart by."""
    begin, end = view.records[0].event.at, view.records[-1].event.at
    count = max(1, min(8, (end - begin).days + 1))
    found = []
    for n in range(count):
        at = begin + (end - begin) * n / count
        local = at.astimezone(ZoneInfo(view.zone)).replace(hour=0, minute=0, second=0, microsecond=0)
        if n:
            local += timedelta(days=1)
        if local.astimezone(begin.tzinfo) <= end or not n:
            found.append((_place(max(local, begin), view), looks.day(local.date())))
    return found


def _place(at: datetime, view: MomentView) -> float:
    begin, end = view.records[0].event.at, view.records[-1].event.at
    whole = (end - begin) or timedelta(seconds=1)
    return round(8 + (CHART - 16) * ((at - begin) / whole), 1)
