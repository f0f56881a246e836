"""The installation: signing in, packs and releases, people, deputies, the simulated clock."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from flask import g

from api.problems import finding, language
from api.rest import schemas as s
from api.rest.endpoint import Api
from api.showing import shown
from api.wiring import Parts
from engine import authority
from engine.errors import EngineError
from engine.feel import read_duration
from engine.gate import check_apart
from engine.store import Deputy, Person

api = Api()


class NoSimulatedClock(EngineError):
    """Time runs by itself here; only an installation with --simulated-clock can be moved."""

    zh = "此处使用真实时间；只有以 --simulated-clock 启动的系统可以拨动时钟。"


class ClockGoesForward(EngineError):
    """The clock stands at {now} and goes forward only; give `now` or `advance` such as PT4H."""

    zh = "时钟现为 {now}，只能向前拨；请给出 now 或 advance（如 PT4H）。"


class PeriodBackwards(EngineError):
    """The period ends ({until}) before it begins ({since})."""

    zh = "期间的结束（{until}）早于开始（{since}）。"


@api.operation(
    "POST", "/session", "Sign in; the secret is a bearer token", tag="session", body=s.SignInBody, status=201, open=True
)
def sign_in(parts: Parts, body: dict[str, Any]) -> Any:
    return {"token": g.signin.open(body["name"], body["password"])}


@api.operation("DELETE", "/session", "Sign out", tag="session")
def sign_out(parts: Parts) -> Any:
    g.signin.close(g.secret)
    return {}


@api.operation("GET", "/me", "Who I am", tag="session")
def me(parts: Parts) -> Any:
    person = g.person
    with parts.store.look() as reading:
        standing_in = reading.deputyships(person.name, parts.clock.now())
    return {**shown(person), "stands_in_for": standing_in, "now": parts.clock.now()}


@api.operation("POST", "/me/deputies", "Let somebody stand in for me", tag="session", body=s.Deputy, status=201)
def add_deputy(parts: Parts, body: dict[str, Any]) -> Any:
    if body["until"] <= body["since"]:
        raise PeriodBackwards(since=body["since"].isoformat(), until=body["until"].isoformat())
    with parts.store.begin() as tx:
        tx.person(body["deputy"])
        number = tx.put_deputy(
            Deputy(
                absent=g.person.name,
                deputy=body["deputy"],
                since=body["since"],
                until=body["until"],
                roles=tuple(body["roles"]),
            )
        )
    return {"id": number}


@api.operation("GET", "/packs", "The procedures in force", tag="packs")
def packs(parts: Parts) -> Any:
    return {"packs": parts.casebook.packs(g.actor)}


@api.operation("GET", "/packs/{pack}/intake", "The form a complaint is received on", tag="packs")
def intake(parts: Parts, pack: str) -> Any:
    form = parts.casebook.intake_form(pack)
    return {"form": form.id, "title": form.title, "schema": form.json_schema(language())}


@api.operation("GET", "/releases", "Every release and which is in force", tag="packs")
def releases(parts: Parts) -> Any:
    with parts.store.look() as reading:
        return {"releases": reading.releases()}


@api.operation("POST", "/releases", "Check the files of a pack, and hand them in", tag="packs", body=s.Files)
def propose(parts: Parts, body: dict[str, Any]) -> Any:
    files = {path: text.encode() for path, text in body["files"].items()}
    checked = check_apart(files) if body["check_only"] else parts.publishing.propose(files, g.actor, body["note"])
    return {
        "digest": checked.release.digest if checked.release else None,
        "passes": checked.passes,
        "findings": [finding(f, language()) for f in checked.findings],
    }


@api.operation("POST", "/releases/{digest}/publish", "Put a release in force, as the second pair of eyes", tag="packs")
def publish(parts: Parts, digest: str) -> Any:
    return {"pack": parts.publishing.publish(digest, g.actor)}


@api.operation("GET", "/people", "Who works here", tag="people")
def people(parts: Parts) -> Any:
    with parts.store.look() as reading:
        return {"people": [{"name": p.name, "zh": p.zh, "en": p.en} for p in reading.people()]}


@api.operation("POST", "/people", "Add somebody, or change them", tag="people", body=s.PersonBody, status=201)
def put_person(parts: Parts, body: dict[str, Any]) -> Any:
    authority.need_role(g.actor, "*", (authority.ADMIN,))
    given = body.pop("password")
    password = g.signin.hash(given) if given else None
    with parts.store.begin() as tx:
        if password is None:
            # Who is changed without a new password keeps the old one.
            known = {p.name: p.password for p in tx.people(active=None)}
            password = known.get(body["name"])
        tx.put_person(Person(**{**body, "memberships": frozenset(body["memberships"])}, password=password))
    return {"name": body["name"]}


@api.operation("POST", "/clock", "Move the simulated clock", tag="clock", body=s.Clock)
def move_clock(parts: Parts, body: dict[str, Any]) -> Any:
    clock = parts.stopped_clock
    if clock is None:
        raise NoSimulatedClock()
    target = body["now"]
    if body["advance"]:
        span = read_duration(body["advance"])
        target = clock.now() + span if isinstance(span, timedelta) else None
    if target is None or target < clock.now():
        raise ClockGoesForward(now=clock.now().isoformat())
    done = parts.executor.let_time_pass(clock, target)
    return {"now": clock.now(), "fired": done}


@api.operation("GET", "/clock", "What time it is", tag="clock", open=True)
def clock(parts: Parts) -> Any:
    return {"now": parts.clock.now(), "simulated": parts.stopped_clock is not None}
