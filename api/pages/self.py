"""What people set for themselves: deputies, password, language; and what this software is."""

from __future__ import annotations

import contextlib
import secrets
from dataclasses import replace
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from flask import Blueprint, g, redirect, render_template, request
from werkzeug.wrappers import Response as Answer

from api.pages.colleagues import meant
from api.pages.looks import ZONE
from api.problems import language
from api.signin import BEHALF, COOKIE, SignIn
from api.wiring import Parts
from engine.authority import DeputyNotValid
from engine.errors import EngineError
from engine.feel import read_date
from engine.staff import DeputyNotFound, DeputyOfOneself, PeriodBackwards, PeriodTooLong
from engine.store import Deputy, PersonNotFound

#: Nobody is absent for longer.
_LAST_DAY = date(2199, 12, 31)


class DeputyDatesWrong(EngineError):
    """A deputy needs a name and two days, in order."""

    zh = "请选择代理人，并填写先后两个日期。"


def blueprint(parts: Parts, signin: SignIn) -> Blueprint:
    """Profile and about."""
    pages = Blueprint("self", __name__)

    @pages.get("/profile")
    def profile() -> str:
        return _page(parts, None)

    @pages.post("/profile/deputies")
    def add() -> Answer | tuple[str, int]:
        if request.form.get("act") == "show":
            return _page(parts, None), 200
        since, until = (read_date(request.form.get(key, "")) for key in ("since", "until"))
        deputy = request.form.get("deputy", "") or meant(request.form.get("deputy.find", ""))
        zone = ZoneInfo(ZONE)
        try:
            if since is None or until is None or not since <= until <= _LAST_DAY:
                raise DeputyDatesWrong()
            arrangement = Deputy(
                absent=g.person.name,
                deputy=deputy,
                since=datetime.combine(since, time(0), zone),
                # Whole days: the last one counts.
                until=datetime.combine(until + timedelta(days=1), time(0), zone),
            )
            parts.staff.add_deputy(arrangement, g.actor, idempotency=request.form.get("key") or None)
        except (DeputyDatesWrong, PersonNotFound, DeputyOfOneself, PeriodBackwards, PeriodTooLong) as error:
            return _page(parts, DeputyDatesWrong() if isinstance(error, PersonNotFound) else error), 422
        return redirect("/profile?said=done")

    @pages.post("/profile/behalf")
    def behalf() -> Answer:
        """Act for an absent person on the pages, or for oneself again."""
        absent = request.form.get("absent", "")
        with parts.store.look() as reading:
            mine = {d.absent for d in reading.deputyships(g.person.name, parts.clock.now())}
        if absent and absent not in mine:
            raise DeputyNotValid(person=g.person.name, absent=absent)
        answer = redirect("/")
        if absent:
            answer.set_cookie(BEHALF, absent, httponly=True, samesite="Lax", secure=parts.settings.secure_cookies)
        else:
            answer.delete_cookie(BEHALF)
        return answer

    @pages.post("/profile/deputies/end")
    def end() -> Answer:
        """A deputyship of mine is over before its time."""
        number = request.form.get("id", "")
        if number.isascii() and number.isdigit() and len(number) < 10:
            with contextlib.suppress(DeputyNotFound):  # it is over already
                parts.staff.end_deputy(int(number), g.actor)
        return redirect("/profile?said=done")

    @pages.post("/profile/language")
    def speak() -> Answer:
        """My language from now on, wherever I sign in."""
        lang = "en" if request.form.get("lang") == "en" else "zh-CN"
        with parts.store.begin() as tx:
            tx.put_person(replace(tx.person(g.person.name), locale=lang))
        answer = redirect("/profile?said=done")
        answer.set_cookie("lang", lang, max_age=31_536_000, samesite="Lax")
        return answer

    @pages.post("/profile/password")
    def password() -> Answer | tuple[str, int]:
        try:
            signin.change(g.person.name, request.form.get("old", ""), request.form.get("new", ""))
        except EngineError as error:
            return _page(parts, error), 422
        # Every session of this person has ended; this browser goes on with a new one.
        answer = redirect("/profile?said=password_changed")
        secret = signin.open(g.person.name, request.form.get("new", ""))
        answer.set_cookie(
            COOKIE,
            secret,
            max_age=parts.settings.session_hours * 3600,
            httponly=True,
            samesite="Lax",
            secure=parts.settings.secure_cookies,
        )
        return answer

    @pages.get("/about")
    def about() -> str:
        return render_template("about.html", bundled=(parts.settings.web / "dist" / "licenses.txt").is_file())

    return pages


def _page(parts: Parts, wrong: EngineError | None) -> str:
    with parts.store.look() as reading:
        mine, standing = reading.deputies(g.person.name), reading.deputyships(g.person.name, parts.clock.now())
    return render_template(
        "profile.html", deputies=[d for d in mine if d.until > parts.clock.now()], standing=standing,
        said=request.args.get("said"), wrong=wrong.text(language()) if wrong else None, typed=request.form, key=secrets.token_hex(8),
    )  # fmt: skip
