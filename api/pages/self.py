"""What people set for themselves: deputies, password, language; and what this software is."""

from __future__ import annotations

from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

from flask import Blueprint, g, redirect, render_template, request
from werkzeug.wrappers import Response as Answer

from api.pages.looks import ZONE
from api.problems import language
from api.signin import SignIn
from api.wiring import Parts
from engine.errors import EngineError
from engine.feel import read_date
from engine.store import Deputy


class DeputyDatesWrong(EngineError):
    """A deputy needs a name and two days, in order."""

    zh = "请选择代理人，并填写先后两个日期。"


def blueprint(parts: Parts, signin: SignIn) -> Blueprint:
    """Profile and about."""
    pages = Blueprint("self", __name__)

    @pages.get("/profile")
    def profile() -> str:
        now = parts.clock.now()
        zh = language().startswith("zh")
        with parts.store.look() as reading:
            people = {p.name: (p.zh if zh else p.en) for p in reading.people()}
            mine, standing = reading.deputies(g.person.name), reading.deputyships(g.person.name, now)
        return render_template(
            "profile.html", people=people, deputies=mine, standing=standing, said=request.args.get("said")
        )

    @pages.post("/profile/deputies")
    def add() -> Answer:
        since, until = (read_date(request.form.get(key, "")) for key in ("since", "until"))
        deputy = request.form.get("deputy", "")
        if since is None or until is None or until < since or not deputy or deputy == g.person.name:
            raise DeputyDatesWrong()
        zone = ZoneInfo(ZONE)
        with parts.store.begin() as tx:
            tx.person(deputy)
            tx.put_deputy(
                Deputy(
                    absent=g.person.name,
                    deputy=deputy,
                    since=datetime.combine(since, time(0), zone),
                    until=datetime.combine(until + timedelta(days=1), time(0), zone),
                )
            )
        return redirect("/profile?said=done")

    @pages.post("/profile/password")
    def password() -> Answer:
        signin.open(g.person.name, request.form.get("old", ""))
        hashed = signin.hash(request.form.get("new", ""))
        with parts.store.begin() as tx:
            tx.put_password(g.person.name, hashed)
        return redirect("/signin")

    @pages.get("/about")
    def about() -> str:
        return render_template("about.html")

    return pages
