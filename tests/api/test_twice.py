"""The same request twice under one `Idempotency-Key`: every POST there is, found in the table of routes."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from datetime import timedelta
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from werkzeug.test import TestResponse

from api.app import operations
from engine.clock import StoppedClock
from engine.drafting import Drafting
from engine.errors import EngineError
from engine.release import digest_of
from engine.store import Asked, Store
from engine.values import encode
from tests.api.conftest import House, house_over, open_house
from tests.proof.acts import _incident, _later, _poison
from tests.proof.pack import MOVED_TO, PROOF
from tests.proof.world import FRESH, HELD, LATER_ALONE, MOVE, PAUSED, STUCK, World, prepare
from tests.store.test_copying import everything

PEOPLE = {
    "rita": ["office/desk"], "carl": ["office/clerk"], "cora": ["office/clerk"], "hana": ["office/head"],
    "ada": ["*/admin"], "olga": ["*/owner"], "omar": ["*/owner"],
}  # fmt: skip
KEY = {"Idempotency-Key": "once"}
WHY, LATER = {"reason": "r"}, {"reason": "another"}
PERIOD = {"since": "2026-01-12T00:00:00Z", "until": "2026-01-16T00:00:00Z"}
FILES = {path: data.decode() for path, data in PROOF.items()}
NEW = {**FILES, "pack.yaml": FILES["pack.yaml"] + "# new\n"}
Way = tuple[str, Callable[[World], str], Any, Any]


def _at(path: str) -> Callable[[World], str]:
    return lambda world: path


def _calendar(world: World) -> str:
    return f"/calendars/cn/{_later(world)}/publish"


def _replanned(world: World) -> str:
    world.almanac.publish("cn", _later(world), "r", world_owner("omar"))
    return "/calendars/cn/replan"


def _handed_in(world: World) -> str:
    checked = world.publishing.propose({p: t.encode() for p, t in NEW.items()}, world_owner("olga"))
    assert checked.release is not None
    return f"/releases/{checked.release.digest}/publish"


def _changed_draft(world: World) -> str:
    house, olga = Path(__file__).parents[2], world_owner("olga")
    drafting = Drafting(
        world.store, world.clock, world.publishing, shared=house / "bpmn" / "shared", library=house / "forms" / "library"
    )
    draft = drafting.begin_with({p: t.encode() for p, t in NEW.items()}, olga)
    return f"/drafts/{draft.draft}/hand-in"


def _reported(world: World) -> str:
    world.do_job("schedule")
    return "/reports/office/daily/2026-W02/done"


def world_owner(name: str) -> Any:
    from tests.proof import world

    return {"olga": world.OLGA, "omar": world.OMAR}[name]


#: Every POST that reads the key: who does it, where (and what must be there first), what they say, and something else.
_TASK: dict[str, Way] = {
    "claim": ("carl", _at(f"/cases/{FRESH}/tasks/look-1/claim"), {}, {"x": 1}),
    "release": ("carl", _at(f"/cases/{HELD}/tasks/look-1/release"), {}, {"x": 1}),
    "delegate": ("carl", _at(f"/cases/{HELD}/tasks/look-1/delegate"), {"to": "cora", **WHY}, {"to": "cora", **LATER}),
    "draft": ("carl", _at(f"/cases/{FRESH}/tasks/look-1/draft"), {"answers": {"finding": "半"}}, {"answers": {}}),
    "complete": (
        "carl", _at(f"/cases/{FRESH}/tasks/look-1/complete"), {"answers": {"finding": "断了"}}, {"answers": {"finding": "没"}},
    ),
}  # fmt: skip
#: The releases between which the company moves its cases.
PAIR = {"before": digest_of(PROOF), "after": digest_of(MOVED_TO)}
WAYS: dict[str, Way] = {
    "/cases": (
        "rita", _at("/cases"), {"pack": "office", "channel": "phone", "answers": {"subject": "门", "loss": "1.50"}},
        {"pack": "office", "channel": "phone", "answers": {"subject": "窗", "loss": "1.50"}},
    ),
    "/cases/<case>/messages": ("carl", _at(f"/cases/{FRESH}/messages"), {"message": "withdraw"}, {"message": "x"}),
    "/cases/<case>/comments": ("carl", _at(f"/cases/{FRESH}/comments"), {"text": "附照片"}, {"text": "不必"}),
    "/cases/<case>/attachments": ("carl", _at(f"/cases/{FRESH}/attachments?name=a.txt"), b"proof", b"other"),
    "/cases/<case>/deadlines/<deadline>/extend": (
        "hana", _at(f"/cases/{FRESH}/deadlines/look-1/extend"), {"amount": 1, "unit": "workday", **WHY},
        {"amount": 2, "unit": "workday", **WHY},
    ),
    "/cases/<case>/pause": ("carl", _at(f"/cases/{FRESH}/pause"), WHY, LATER),
    "/cases/<case>/resume": ("carl", _at(f"/cases/{PAUSED}/resume"), {}, {"x": 1}),
    "/cases/<case>/recuse": ("ada", _at(f"/cases/{FRESH}/recuse"), {"person": "carl", **WHY}, {"person": "cora", **WHY}),
    "/cases/<case>/erasures": ("ada", _at(f"/cases/{PAUSED}/erasures"), {"of": "complainant", **WHY}, {"of": "complainant", **LATER}),
    "/cases/<case>/incidents/<incident>/resolve": (
        "ada", lambda w: f"/cases/{STUCK}/incidents/{_incident(w)}/resolve", WHY, LATER,
    ),
    **{f"/cases/<case>/tasks/<task>/{name}": way for name, way in _TASK.items()},
    **{
        f"/tasks/<case>/<task>/{name}": (who, lambda w, at=at: at(w).replace("/cases/", "/tasks/").replace("/tasks/look", "/look"), *said)
        for name, (who, at, *said) in _TASK.items()
    },
    "/releases": ("olga", _at("/releases"), {"files": NEW}, {"files": FILES}),
    "/releases/<digest>/publish": ("omar", _handed_in, {}, {"x": 1}),
    "/drafts": ("olga", _at("/drafts"), {"pack": "office", "note": "a"}, {"pack": "office", "note": "b"}),
    "/drafts/<draft>/hand-in": ("olga", _changed_draft, {"note": "a"}, {"note": "b"}),
    "/packs/<pack>/moves": ("olga", _at("/packs/office/moves"), {**PAIR, "reason": "a"}, {**PAIR, "reason": "b"}),
    "/packs/<pack>/moves/foresee": ("olga", _at("/packs/office/moves/foresee"), PAIR, {"before": PAIR["after"], "after": PAIR["before"]}),
    "/moves/<move>/ask": ("olga", _at("/moves/M-2/ask"), {"reason": "a"}, {"reason": "b"}),
    "/moves/<move>/approve": ("omar", _at(f"/moves/{MOVE}/approve"), {}, {"x": 1}),
    "/moves/<move>/withdraw": ("olga", _at("/moves/M-2/withdraw"), {}, {"x": 1}),
    "/people": (
        "ada", _at("/people"), {"name": "nora", "zh": "诺拉", "en": "Nora", "password": "correct horse"},
        {"name": "nora", "zh": "诺", "en": "Nora", "password": "correct horse"},
    ),
    "/me/deputies": ("carl", _at("/me/deputies"), {"deputy": "cora", **PERIOD}, {"deputy": "hana", **PERIOD}),
    "/me/tokens": ("carl", _at("/me/tokens"), {"label": "import", "days": 30}, {"label": "import", "days": 31}),
    "/clock": ("ada", _at("/clock"), {"advance": "PT1H"}, {"advance": "PT2H"}),
    "/calendars/<name>": (
        "olga", _at("/calendars/cn"), {"file": LATER_ALONE.decode() + '[[company]]\nfrom = 2026-01-16\nzh = "z"\n'},
        {"file": LATER_ALONE.decode(), "check_only": True},
    ),
    "/calendars/<name>/<version>/publish": ("omar", _calendar, WHY, LATER),
    "/calendars/<name>/replan": ("omar", _replanned, WHY, LATER),
    "/jobs/<job>/resume": ("ada", lambda w: f"/jobs/{_poison(w)}/resume", WHY, LATER),
    "/jobs/<job>/drop": ("ada", lambda w: f"/jobs/{_poison(w)}/drop", WHY, LATER),
    "/reports/<pack>/<report>/<period>/done": ("hana", _reported, {"remark": "ok"}, {"remark": "no"}),
}  # fmt: skip
_OF_TASK, _OF_CASE = "/tasks/<case>/<task>/", "/cases/<case>/tasks/<task>/"
#: The same in the order in which one company can do them one after another.
IN_ORDER: list[list[str]] = [
    ["/cases", "/cases/<case>/comments", "/cases/<case>/attachments", f"{_OF_TASK}draft", f"{_OF_CASE}draft",
     "/cases/<case>/deadlines/<deadline>/extend", f"{_OF_CASE}claim", f"{_OF_CASE}complete", f"{_OF_CASE}release",
     "/cases/<case>/resume", "/cases/<case>/incidents/<incident>/resolve", "/people", "/me/deputies", "/me/tokens",
     "/jobs/<job>/resume", "/releases", "/drafts", "/reports/<pack>/<report>/<period>/done", "/clock"],
    ["/cases/<case>/pause", f"{_OF_CASE}delegate", "/cases/<case>/recuse", "/cases/<case>/erasures", "/jobs/<job>/drop", "/calendars/<name>",
     "/calendars/<name>/<version>/publish"],
    [f"{_OF_TASK}delegate", "/cases/<case>/messages", "/calendars/<name>/replan", "/releases/<digest>/publish",
     "/drafts/<draft>/hand-in", "/packs/<pack>/moves/foresee", "/moves/<move>/ask"],
    [f"{_OF_TASK}claim", f"{_OF_TASK}complete", f"{_OF_TASK}release", "/packs/<pack>/moves", "/moves/<move>/withdraw",
     "/moves/<move>/approve"],
]  # fmt: skip
#: What is not answered word for word, and how: a secret is told once.
OTHERWISE = {"/me/tokens": "token-told-once"}
#: POSTs that read no key; their operations say why.
NEVER = {
    "/session", "/me/password", "/packs/<pack>/intake/check", "/tasks/<case>/<task>/check",
    "/cases/<case>/tasks/<task>/check", "/drafts/<draft>/check", "/drafts/<draft>/compare",
}  # fmt: skip


@pytest.fixture
def busy(store: Store, clock: StoppedClock, tmp_path: Path) -> Iterator[tuple[World, House]]:
    """A company in which something of everything is under way."""
    world = prepare(store, clock, tmp_path)
    house = house_over(store, clock, tmp_path, PEOPLE)
    yield world, house
    house.parts.executor.stop()


def _post(house: House, path: str, who: str, said: Any, **headers: str) -> TestResponse:
    """`headers` are written with underscores."""
    headers = {n.replace("_", "-"): v for n, v in headers.items()}
    body = {"data": said, "content_type": "text/plain"} if isinstance(said, bytes) else {"json": said}
    return house.ask("POST", path, who, headers={**KEY, **headers}, **body)


def test_every_post_there_is_reads_the_key_or_says_why_not(tmp_path: Path, sqlite_url: str, clock: StoppedClock) -> None:
    house = open_house(Store(sqlite_url, clock=clock), clock, tmp_path)
    routes = {
        rule.rule.removeprefix("/api/v1")
        for rule in house.app.url_map.iter_rules()
        if "POST" in (rule.methods or ()) and rule.rule.startswith("/api/v1")
    }
    assert routes == set(WAYS) | NEVER and not NEVER & set(WAYS)
    assert sorted(route for group in IN_ORDER for route in group) == sorted(WAYS)
    said = {o.path: o for o in operations() if o.method == "POST"}
    for path, operation in said.items():
        route = path.replace("{", "<").replace("}", ">")
        assert (route in NEVER) == (operation.twice.never is not None), path
    # And the description says the same
    described = house.app.test_client().get("/openapi.json").json["paths"]
    for route in routes:
        post = described["/api/v1" + route.replace("<", "{").replace(">", "}")]["post"]
        named = "Idempotency-Key" in [p["name"] for p in post["parameters"]]
        assert named == (route not in NEVER), route
        assert named or "Idempotency-Key" in post["description"]
    house.parts.store.close()


@pytest.mark.parametrize("routes", IN_ORDER, ids=["cases", "calendars", "releases", "tasks"])
def test_it_is_done_once_answered_again_word_for_word_and_another_request_is_refused(
    busy: tuple[World, House], routes: list[str]
) -> None:
    world, house = busy
    for route in routes:
        who, where, said, other = WAYS[route]
        path, key = where(world), {"Idempotency_Key": f"of {route}"}
        # When somebody asks for it
        first = _post(house, path, who, said, **key)
        assert first.status_code < 300, (route, first.text)
        after = everything(house.parts.store)
        # and asks again
        again = _post(house, path, who, said, **key)
        # I expect the same answer and not one row to have changed
        if route in OTHERWISE:
            assert again.json["code"] == OTHERWISE[route]
        else:
            assert (again.status_code, again.data) == (first.status_code, first.data), route
            assert again.headers.get("ETag") == first.headers.get("ETag")
        assert everything(house.parts.store) == after, route
        # and the key to be good for nothing else
        reused = _post(house, path, who, other, **key)
        assert (reused.status_code, reused.json["code"]) == (422, "idempotency-key-reused"), (route, reused.text)
        assert everything(house.parts.store) == after, route


@pytest.mark.parametrize("store", ["sqlite"], indirect=True)
def test_an_answer_is_as_it_was_although_the_case_went_on(busy: tuple[World, House]) -> None:
    _, house = busy
    path = f"/cases/{FRESH}/tasks/look-1/claim"
    first = _post(house, path, "carl", {})
    house.ask("POST", f"/cases/{FRESH}/messages", "carl", json={"message": "withdraw"})
    assert house.ask("GET", f"/cases/{FRESH}", "hana").json["head"]["closed_at"]
    assert _post(house, path, "carl", {}).json == first.json and first.json["closed"] is False


def test_what_is_refused_leaves_the_key_free(busy: tuple[World, House]) -> None:
    world, house = busy
    before = everything(house.parts.store)
    for path, who, said in (
        ("/jobs/999/resume", "ada", WHY), (f"/cases/{FRESH}/tasks/look-1/complete", "rita", {"answers": {"finding": "x"}}),
        ("/clock", "ada", {"now": "2020-01-01T00:00:00Z"}), ("/releases", "rita", {"files": FILES}),
    ):  # fmt: skip
        assert _post(house, path, who, said).status_code >= 400
        assert everything(house.parts.store) == before, path
    assert _post(house, f"/jobs/{_poison(world)}/resume", "ada", WHY).status_code == 200


@pytest.mark.parametrize("store", ["sqlite"], indirect=True)
def test_without_its_answer_there_is_no_effect(busy: tuple[World, House]) -> None:
    world, house = busy
    for route in ("/cases", "/releases/<digest>/publish", "/people", "/calendars/<name>/<version>/publish"):
        who, where, said, _ = WAYS[route]
        path = where(world)
        before = everything(house.parts.store)
        # Given a database that is full when the answer is to be written, after everything else
        with house.parts.store.begin() as tx:
            tx._sql.exec_driver_sql(
                "CREATE TRIGGER no_answers BEFORE UPDATE ON idempotency BEGIN SELECT RAISE(ABORT, 'no'); END"
            )
        headers = {"Authorization": f"Bearer {house.tokens[who]}", "Idempotency-Key": route}
        assert house.app.test_client().post(f"/api/v1{path}", json=said, headers=headers).status_code == 503
        # I expect nothing to have been done
        assert everything(house.parts.store) == before, route
        # and the same request to do it when the database is well
        with house.parts.store.begin() as tx:
            tx._sql.exec_driver_sql("DROP TRIGGER no_answers")
        assert _post(house, path, who, said, Idempotency_Key=route).status_code < 300


def test_twins_at_the_same_moment_are_one_act_and_get_one_answer(busy: tuple[World, House]) -> None:
    _, house = busy
    who, _, said, _ = WAYS["/cases"]
    found: list[TestResponse] = []
    twins = [threading.Thread(target=lambda: found.append(_post(house, "/cases", who, said))) for _ in range(4)]
    for twin in twins:
        twin.start()
    for twin in twins:
        twin.join()
    assert {(f.status_code, f.data) for f in found} == {(201, found[0].data)}


def test_the_same_file_from_a_form_is_the_same_request(busy: tuple[World, House]) -> None:
    _, house = busy
    path = f"/cases/{FRESH}/attachments"

    def send(content: bytes, border: str) -> TestResponse:
        data = {"file": (BytesIO(content), "a.txt", "text/plain")}
        return house.ask("POST", path, "carl", headers=KEY, data=data, content_type=f"multipart/form-data; boundary={border}")

    assert send(b"proof", "one").data == send(b"proof", "two").data
    assert send(b"other", "one").json["code"] == "idempotency-key-reused"
    assert len(house.ask("GET", path, "carl").json["attachments"]) == 1


def test_a_clock_that_died_on_its_way_goes_on_to_where_it_was_sent(
    store: Store, clock: StoppedClock, tmp_path: Path
) -> None:
    house = open_house(store, clock, tmp_path)
    house.receive()
    begun = clock.now()
    # Given a process that heard `advance` by seven days, came half the way, and died
    body = {"now": None, "advance": "P7D"}
    asked = Asked(key="once", actor="ada", request=encode(["move_clock", None, {"body": body}]))
    with store.begin() as tx:
        tx.hear(asked)
    house.parts.executor.let_time_pass(clock, begun + timedelta(days=4))
    house.sign_in("ada")
    # When the same request comes again
    again = house.ask("POST", "/clock", "ada", headers=KEY, json={"advance": "P7D"})
    # I expect the seven days, not eleven, however often
    assert again.status_code == 200 and clock.now() == begun + timedelta(days=7)
    house.sign_in("ada")
    assert house.ask("POST", "/clock", "ada", headers=KEY, json={"advance": "P7D"}).json == again.json
    assert clock.now() == begun + timedelta(days=7)


@pytest.mark.parametrize("store", ["sqlite"], indirect=True)
def test_no_secret_and_no_draft_is_kept_with_the_answers(busy: tuple[World, House]) -> None:
    _, house = busy
    _post(house, "/me/tokens", "carl", {"label": "import", "days": 30})
    _post(house, f"/cases/{FRESH}/tasks/look-1/draft", "cora", {"answers": {"finding": "王女士的电话"}})
    kept = "".join(everything(house.parts.store)["idempotency"])
    assert "token" not in kept and "王女士" not in kept


def test_half_of_a_whole_is_never_committed(store: Store, clock: StoppedClock) -> None:
    class Wrong(EngineError):
        """Wrong."""

        zh = "错"

    with pytest.raises(RuntimeError), store.whole(lambda tx: tx.note_node("a", version="1", at=clock.now())):
        with store.begin() as tx:
            tx.note_node("b", version="1", at=clock.now())
        # Somebody keeps quiet about what failed
        try:
            with store.begin() as tx:
                tx.note_node("c", version="1", at=clock.now())
                raise Wrong()
        except Wrong:
            pass
    with store.look() as reading:
        assert reading.nodes() == []
