"""Signing in and out on pages, the reader's language, and what every page needs to know."""

from __future__ import annotations

import calendar as months
from datetime import date
from typing import Any
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

from flask import Blueprint, Response, g, redirect, render_template, request
from werkzeug.wrappers import Response as Answer

from api.pages import again, words
from api.pages.looks import ZONE, people, role_name
from api.pages.office import entries
from api.problems import language
from api.signin import BEHALF, COOKIE, NotSignedIn, SignIn
from api.wiring import Parts
from engine import calendar as calendars
from engine.errors import EngineError
from engine.store import WorklistQuery


def within(parts: Parts) -> dict[str, Any]:
    """What the frame of a page shows."""
    now = parts.clock.now().astimezone(ZoneInfo(ZONE))
    facts: dict[str, Any] = {
        "now": now,
        "simulated": parts.stopped_clock is not None,
        "today": _calendar(parts).day(now.date()),
        "names": people(),
        "person": None,
        # A page that answers a POST has no address of its own to come back to in the other language.
        "asking": request.method != "GET",
        "version": VERSION,
    }
    person = getattr(g, "person", None)
    if person is not None:
        with parts.store.look() as reading:
            facts["todo"] = reading.count_tasks(WorklistQuery(scope="mine"), g.actor)
        roles = sorted(person.memberships)
        facts |= {
            "person": person,
            "my_name": person.zh if language().startswith("zh") else person.en,
            "my_role": role_name(roles[0]) if len(roles) == 1 else "",
            "acting_for": g.actor.on_behalf_of,
            "office": entries(g.actor, parts.casebook),
        }
    return facts


def blueprint(parts: Parts, signin: SignIn) -> Blueprint:
    """Sign in, sign out, language."""
    pages = Blueprint("door", __name__)

    @pages.get("/signin")
    def show() -> str:
        g.parts = parts
        return form(parts, None)

    @pages.post("/signin")
    def enter() -> Answer | str | tuple[str, int]:
        g.parts = parts
        try:
            secret = signin.open(request.form.get("name", "").strip(), request.form.get("password", ""))
        except EngineError as error:
            return form(parts, error.text(language())), 422
        target, text = again.ours(request.form.get("next", "/")), again.carried(request)
        if text:
            g.secret = secret
        answer = Response(again.page(target, text)) if text else redirect(target)
        hours = parts.settings.session_hours
        answer.set_cookie(
            COOKIE, secret, max_age=hours * 3600, httponly=True, samesite="Lax", secure=parts.settings.secure_cookies
        )
        return answer

    @pages.post("/signout")
    def leave() -> Answer:
        g.parts = parts
        try:
            signin.actor(request)
            signin.close(g.secret)
        except NotSignedIn:
            pass
        answer = redirect("/signin")
        answer.delete_cookie(COOKIE)
        answer.delete_cookie(BEHALF)
        return answer

    @pages.get("/language/<lang>")
    def choose(lang: str) -> Answer:
        answer = redirect(again.ours(request.args.get("next", "/")))
        answer.set_cookie("lang", "en" if lang == "en" else "zh-CN", max_age=31_536_000, samesite="Lax")
        return answer

    return pages


def form(parts: Parts, wrong: str | None, *, text: str | None = None) -> str:
    """The page to sign in.

    Args:
        text: what a form said whose sender is no longer signed in; carried along.
    """
    g.language = request.cookies.get("lang")
    today = parts.clock.now().astimezone(ZoneInfo(ZONE)).date()
    known = request.path == "/signin"
    carried = again.carried(request) if text is None else text
    return render_template(
        "signin.html", wrong=wrong, next=request.values.get("next", "/") if known else request.path, month=_month(parts, today), today=today,
        name=request.form.get("name", "") if known else "", kept=carried,
        expired=not known or bool(carried),
    )  # fmt: skip


def _month(parts: Parts, today: date) -> dict[str, Any]:
    calendar = _calendar(parts)
    first = today.replace(day=1)
    days = [calendar.day(first.replace(day=n)) for n in range(1, months.monthrange(today.year, today.month)[1] + 1)]
    worked = [d for d in days if d.works]
    place = sum(d.date <= today for d in worked)
    return {
        "title": words.word("month_title", language()).format(year=today.year, month=today.month, name=f"{today:%B}"),
        "days": days,
        "pad": first.weekday(),
        "count": words.word("work_days_month", language()).format(len(worked)),
        "place": words.word("work_day_place", language()).format(place) if calendar.works(today) else "",
        "unknown": None if calendar.knows(today.year + 1) else today.year + 1,
    }


def _calendar(parts: Parts) -> calendars.Calendar:
    data = (parts.settings.bpmn / "shared" / "calendars" / "cn.toml").read_bytes()
    return _load(data)


#: Shown in the foot of every page.
VERSION = "0.1"
_loaded: dict[bytes, calendars.Calendar] = {}


def _load(data: bytes) -> calendars.Calendar:
    if data not in _loaded:
        _loaded.clear()
        _loaded[data] = calendars.load(data)
    return _loaded[data]


def refused(error: EngineError, status: int) -> Response:
    """A page that says what did not work."""
    back = urlsplit(request.referrer or "/")
    return Response(
        render_template("error.html", said=error.text(language()), status=status, back=back.path or "/"), status=status
    )
