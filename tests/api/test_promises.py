"""What the API promises to whoever calls it twice, late, for somebody else, or without the right."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from engine.clock import StoppedClock
from engine.gate import check
from engine.store import Person
from tests.api.conftest import PASSWORD, House
from tests.desk.office import FILES

TASK = "/tasks/C-1001/look-1"


def _post(house: House, path: str, who: str, body: Any = None, **headers: str) -> Any:
    return house.ask("POST", path, who, headers={k.replace("_", "-"): v for k, v in headers.items()}, json=body)


@pytest.mark.parametrize(
    ("path", "who", "body", "other"),
    [
        (f"{TASK}/claim", "carl", {}, None),
        (f"{TASK}/draft", "carl", {"answers": {"finding": "半"}}, {"answers": {"finding": "另"}}),
        (f"{TASK}/complete", "carl", {"answers": {"finding": "断了"}}, {"answers": {"finding": "没断"}}),
        (f"{TASK}/delegate", "carl", {"to": "cora", "reason": "休假"}, {"to": "cora", "reason": "出差"}),
        ("/cases/C-1001/comments", "carl", {"text": "附照片"}, {"text": "不必"}),
        ("/cases/C-1001/messages", "carl", {"message": "withdraw"}, {"message": "withdraw", "key": "x"}),
        ("/cases/C-1001/deadlines/look-1/extend", "hana", {"amount": 1, "unit": "workday", "reason": "等"},
         {"amount": 2, "unit": "workday", "reason": "等"}),
        ("/cases/C-1001/pause", "carl", {"reason": "等资料"}, {"reason": "别的"}),
        ("/cases/C-1001/recuse", "carl", {"person": "carl", "reason": "亲属"}, None),
        ("/cases/C-1001/attachments?name=a.txt", "carl", b"proof", b"other"),
        ("/me/deputies", "carl", {"deputy": "cora", "since": "2026-01-05T00:00:00Z", "until": "2026-01-09T00:00:00Z"},
         {"deputy": "hana", "since": "2026-01-05T00:00:00Z", "until": "2026-01-09T00:00:00Z"}),
        ("/people", "ada", {"name": "nora", "zh": "诺拉", "en": "Nora"}, {"name": "nora", "zh": "诺", "en": "Nora"}),
        ("/clock", "ada", {"advance": "PT1H"}, {"advance": "PT2H"}),
    ],
)  # fmt: skip
def test_the_same_key_does_it_once_and_another_request_under_it_is_refused(
    house: House, path: str, who: str, body: Any, other: Any
) -> None:
    house.receive()
    sent = (lambda b: {"data": b, "content_type": "text/plain"} if isinstance(b, bytes) else {"json": b})  # noqa: E731
    key = {"Idempotency-Key": "once"}
    first = house.ask("POST", path, who, headers=key, **sent(body))
    assert first.status_code < 300, first.text
    seq = house.ask("GET", "/cases/C-1001", "hana").json["seq"]
    again = house.ask("POST", path, who, headers=key, **sent(body))
    # Whoever stepped off the case may not even be told again.
    if not path.endswith("recuse"):
        assert (again.status_code, again.json) == (first.status_code, first.json)
    assert house.ask("GET", "/cases/C-1001", "hana").json["seq"] == seq
    if other is not None:
        assert house.ask("POST", path, who, headers=key, **sent(other)).json["code"] == "idempotency-key-reused"


def test_a_token_is_told_once(house: House) -> None:
    body = {"label": "import", "days": 30}
    given = _post(house, "/me/tokens", "carl", body, Idempotency_Key="t")
    assert _post(house, "/me/tokens", "carl", body, Idempotency_Key="t").json["code"] == "token-told-once"
    house.tokens["carl"] = given.json["token"]
    assert house.ask("GET", "/me", "carl").json["name"] == "carl"
    (mine,) = (t for t in house.ask("GET", "/me/tokens", "carl").json["tokens"] if t["this"])
    assert (mine["kind"], mine["label"]) == ("token", "import")
    # It is nobody else's to withdraw, and ends when its owner does.
    assert house.ask("DELETE", f"/me/tokens/{mine['token']}", "cora").status_code == 404
    assert house.ask("DELETE", f"/me/tokens/{mine['token']}", "carl").status_code == 200
    assert house.ask("GET", "/me", "carl").status_code == 401


@pytest.mark.parametrize("store", ["sqlite"], indirect=True)
def test_a_stale_version_is_a_412_that_says_in_sentences_what_happened_meanwhile(house: House) -> None:
    house.receive()
    seen = house.ask("GET", TASK, "carl").headers["ETag"]
    _post(house, f"{TASK}/claim", "carl")
    _post(house, f"{TASK}/delegate", "carl", {"to": "cora"})
    late = _post(house, "/cases/C-1001/messages", "rita", {"message": "withdraw"}, If_Match=seen)
    assert (late.status_code, late.json["code"]) == (412, "case-moved-on")
    told = [m["sentence"] for m in late.json["meanwhile"]]
    assert told == ["carl took “Look into it”.", "carl handed “Look into it” to cora."], told
    # Who looks again may.
    fresh = house.ask("GET", "/cases/C-1001", "rita").headers["ETag"]
    assert _post(house, "/cases/C-1001/messages", "rita", {"message": "withdraw"}, If_Match=fresh).status_code == 200


@pytest.mark.parametrize("store", ["sqlite"], indirect=True)
def test_a_remark_written_meanwhile_refuses_nobody_and_a_version_that_never_was_does(house: House) -> None:
    house.receive()
    seen = house.ask("GET", TASK, "carl").headers["ETag"]
    _post(house, "/cases/C-1001/comments", "hana", {"text": "请尽快"})
    assert _post(house, f"{TASK}/claim", "carl", If_Match='"999"').json["code"] == "never-seen"
    assert _post(house, f"{TASK}/claim", "carl", If_Match="soon").json["code"] == "version-unusable"
    assert _post(house, f"{TASK}/claim", "carl", If_Match="*").status_code == 200
    done = _post(house, f"{TASK}/complete", "carl", {"answers": {"finding": "x"}}, If_Match=seen)
    assert done.status_code == 200, done.text


def test_who_comes_second_is_told_who_was_first(house: House) -> None:
    house.receive()
    for who in ("carl", "cora"):
        said = _post(house, f"{TASK}/complete", who, {"answers": {"finding": "x"}})
    assert (said.status_code, said.json["code"]) == (409, "task-not-open")
    assert said.json["meanwhile"][0]["sentence"] == "carl completed “Look into it”."


@pytest.mark.parametrize("store", ["sqlite"], indirect=True)
def test_a_deputy_acts_within_the_period_the_roles_and_not_a_day_longer(house: House, clock: StoppedClock) -> None:
    house.receive()
    now = clock.now()
    lent = {"deputy": "rita", "since": (now + timedelta(days=1)).isoformat(), "until": (now + timedelta(days=3)).isoformat()}
    number = _post(house, "/me/deputies", "carl", lent).json["id"]
    behalf = {"Kesu_On_Behalf_Of": "carl"}
    assert _post(house, f"{TASK}/claim", "rita", **behalf).json["code"] == "deputy-not-valid"
    clock.advance(days=2)
    house.sign_in("rita", "carl", "cora", "hana")
    assert house.ask("GET", "/me", "rita").json["stands_in_for"][0]["absent"] == "carl"
    assert _post(house, f"{TASK}/claim", "rita", **behalf).status_code == 200
    # When the period is over the task is in her hands but she may not finish it, for him or for herself
    clock.advance(days=2)
    house.sign_in("rita", "carl", "cora", "hana")
    answers = {"answers": {"finding": "x"}}
    assert _post(house, f"{TASK}/complete", "rita", answers, **behalf).json["code"] == "deputy-not-valid"
    assert _post(house, f"{TASK}/complete", "rita", answers).json["code"] == "not-authorised"
    assert house.ask("GET", TASK, "rita").json["may"] == {"claim": False, "release": True, "delegate": False, "complete": False}
    # I expect her to be able to give it back
    assert _post(house, f"{TASK}/release", "rita").status_code == 200
    assert _post(house, f"{TASK}/claim", "cora").status_code == 200
    # It is his to end, over or not.
    assert house.ask("DELETE", f"/me/deputies/{number}", "rita").status_code == 404
    assert house.ask("DELETE", f"/me/deputies/{number}", "carl").status_code == 200


@pytest.mark.parametrize("store", ["sqlite"], indirect=True)
def test_nobody_looks_over_an_absent_shoulder_without_an_arrangement(house: House) -> None:
    house.receive()
    _post(house, f"{TASK}/claim", "carl")
    for path in ("/tasks", "/cases", "/me", TASK):
        said = house.ask("GET", path, "olaf", headers={"Kesu-On-Behalf-Of": "carl"})
        assert (said.status_code, said.json["code"]) == (403, "deputy-not-valid")


@pytest.mark.parametrize(
    ("body", "code"),
    [
        ({"deputy": "carl"}, "deputy-of-oneself"),
        ({"deputy": "cora", "roles": ["office/head"]}, "role-not-yours"),
        ({"deputy": "cora", "until": "2028-01-01T00:00:00Z"}, "period-too-long"),
    ],
)
@pytest.mark.parametrize("store", ["sqlite"], indirect=True)
def test_nobody_lends_what_they_do_not_have(house: House, body: Any, code: str) -> None:
    period = {"since": "2026-01-05T00:00:00Z", "until": "2026-02-01T00:00:00Z"}
    assert _post(house, "/me/deputies", "carl", {**period, **body}).json["code"] == code


@pytest.mark.parametrize("store", ["sqlite"], indirect=True)
def test_who_lost_the_role_may_not_finish_and_who_steps_off_gives_back_what_was_handed_over(house: House) -> None:
    house.receive()
    _post(house, f"{TASK}/claim", "carl")
    changed = {"name": "carl", "zh": "卡尔", "en": "Carl", "memberships": ["office/desk"]}
    assert _post(house, "/people", "ada", changed).status_code == 201
    assert _post(house, f"{TASK}/complete", "carl", {"answers": {"finding": "x"}}).json["code"] == "not-authorised"
    # And a task handed to somebody who is then taken off the case is nobody's again
    _post(house, f"{TASK}/delegate", "ada", {"to": "cora"})
    assert _post(house, "/cases/C-1001/recuse", "ada", {"person": "cora", "reason": "亲属"}).status_code == 200
    line = house.ask("GET", TASK, "ada").json["line"]
    assert (line["assignee"], line["claimed_by"]) == (None, None)
    assert house.ask("GET", TASK, "cora").status_code == 404


@pytest.mark.parametrize("store", ["sqlite"], indirect=True)
def test_a_new_password_ends_sessions_and_the_last_administrator_stays(house: House) -> None:
    secret = house.tokens["carl"]
    assert _post(house, "/me/password", "carl", {"old": "wrong", "new": "battery staple"}).status_code == 401
    assert _post(house, "/me/password", "carl", {"old": PASSWORD, "new": "short"}).json["code"] == "password-too-weak"
    assert _post(house, "/me/password", "carl", {"old": PASSWORD, "new": "battery staple"}).status_code == 200
    assert house.ask("GET", "/me", "carl").status_code == 401 and secret
    ada = {"name": "ada", "zh": "艾达", "en": "Ada", "memberships": []}
    assert _post(house, "/people", "ada", ada).json["code"] == "last-administrator"
    gone = {"name": "cora", "zh": "科", "en": "Cora", "memberships": ["office/clerk"], "active": False}
    assert _post(house, "/people", "ada", gone).status_code == 201
    assert house.ask("GET", "/me", "cora").status_code == 401


@pytest.mark.parametrize(
    ("data", "kind", "status"),
    [
        (b'{"text": "a", "text": "b"}', "application/json", 400),
        (b'{"text": "\\ud800"}', "application/json", 422),
        (b'{"\\udc00": "a"}', "application/json", 422),
        (b"text=a", "application/x-www-form-urlencoded", 415),
        (b'{"text": "a"}', "text/plain", 415),
        (b'{"text": "a"}', "application/vnd.api+json", 201),
        (b'{"text": 1e400}', "application/json", 422),
        (b'{"text": ' + b"[" * 5000 + b"]" * 5000 + b"}", "application/json", 400),
    ],
)
@pytest.mark.parametrize("store", ["sqlite"], indirect=True)
def test_what_is_ambiguous_or_not_json_is_refused(house: House, data: bytes, kind: str, status: int) -> None:
    house.receive()
    said = house.ask("POST", "/cases/C-1001/comments", "carl", data=data, content_type=kind)
    assert said.status_code == status, said.text


@pytest.mark.parametrize("store", ["sqlite"], indirect=True)
def test_chinese_is_answered_as_chinese_and_half_a_character_escaped(house: House) -> None:
    house.receive()
    said = house.ask("GET", "/cases/C-1001", "carl", lang="zh")
    assert any("\u4e00" <= sign <= "\u9fff" for sign in said.text)
    # What UTF-8 cannot hold goes out all the same
    assert house.app.json.dumps({"half": "\ud800"}).encode() == b'{"half": "\\ud800"}'


@pytest.mark.parametrize(
    ("name", "kept"),
    [
        ("../../etc/passwd.txt", "passwd.txt"), (r"C:\Users\王\照片.txt", "照片.txt"), ("a\nb.txt", None), ("\u202ecod.txt", None),
        ("...", None), ("x" * 300 + ".txt", None), ("run.exe", None), ("page.html", None), ("photo.png", None), ("空.txt", "空.txt"),
    ],
)  # fmt: skip
@pytest.mark.parametrize("store", ["sqlite"], indirect=True)
def test_a_file_is_kept_under_a_plain_name_or_not_at_all(house: House, name: str, kept: str | None) -> None:
    house.receive()
    said = house.ask("POST", "/cases/C-1001/attachments", "carl", data=b"<script>", content_type="text/plain", query_string={"name": name})
    assert said.status_code == (201 if kept else said.status_code), said.text
    assert (said.json.get("name"), said.status_code < 400) == (kept, kept is not None)
    if kept:
        back = house.ask("GET", f"/cases/C-1001/attachments/{said.json['file']}", "carl")
        assert back.data == b"<script>" and back.mimetype == "text/plain"
        assert back.headers["Content-Disposition"].startswith("attachment")
        assert back.headers["X-Content-Type-Options"] == "nosniff"
        assert "sandbox" in back.headers["Content-Security-Policy"]


@pytest.mark.parametrize("store", ["sqlite"], indirect=True)
def test_the_same_content_is_kept_once_and_too_much_of_it_not_at_all(house: House) -> None:
    house.receive()
    twice = [
        house.ask("POST", f"/cases/C-1001/attachments?name={n}", "carl", data=b"same", content_type="text/plain").json for n in ("a.txt", "b.txt")
    ]
    assert twice[0]["file"] == twice[1]["file"] and [t["name"] for t in twice] == ["a.txt", "b.txt"]
    listed = house.ask("GET", "/cases/C-1001/attachments", "carl").json["attachments"]
    assert [d["name"] for d in listed] == ["a.txt", "b.txt"]
    for size, status in ((0, 422), (20 * 1024 * 1024 + 1, 413), (26 * 1024 * 1024, 413)):
        said = house.app.test_client().post(
            "/api/v1/cases/C-1001/attachments?name=a.txt", data=b"x" * size, content_type="text/plain",
            headers={"Authorization": f"Bearer {house.tokens['carl']}"},
        )  # fmt: skip
        assert (said.status_code, said.content_type) == (status, "application/problem+json"), size


@pytest.mark.parametrize("store", ["sqlite"], indirect=True)
def test_lists_go_on_where_the_mark_says(house: House) -> None:
    for _ in range(5):
        house.receive()
    for path, key, count in (
        ("/tasks?group&limit=2", "tasks", 5), ("/cases?limit=2", "cases", 5), ("/people?limit=2", "people", 6),
        ("/cases/C-1001/history?limit=4", "events", None), ("/releases?limit=1", "releases", 1),
    ):  # fmt: skip
        found: list[Any] = []
        mark, name = None, "after" if "history" in path else "cursor"
        while True:
            page = house.ask("GET", path + (f"&{name}={mark}" if mark is not None else ""), "carl").json
            found += page[key]
            mark = page["next"]
            if mark is None:
                break
        texts = [str(one) for one in found]
        assert len(set(texts)) == len(texts) == (count or house.ask("GET", "/cases/C-1001", "carl").json["seq"]), path


@pytest.mark.parametrize("store", ["sqlite"], indirect=True)
def test_roles_are_told_to_administrators_and_to_everybody_about_themselves(house: House) -> None:
    def told(who: str) -> dict[str, list[str]]:
        return {one["name"]: one["memberships"] for one in house.ask("GET", "/people", who).json["people"]}

    assert told("ada")["hana"] == ["office/head"]
    assert {name for name, roles in told("carl").items() if roles} == {"carl"}
    assert house.ask("GET", "/people/hana", "carl").json["memberships"] == []
    # Who holds a role may be asked where one works oneself, and never who administers.
    found = house.ask("GET", "/people?role=head&pack=office", "carl").json["people"]
    assert [one["name"] for one in found] == ["hana"]
    for query in ("role=admin", "role=head", "role=admin&pack=office", "role=head&pack=other"):
        assert house.ask("GET", f"/people?{query}", "carl").status_code == 403, query


@pytest.mark.parametrize("store", ["sqlite"], indirect=True)
def test_an_unknown_filter_is_named_not_ignored(house: House) -> None:
    assert "assignee" in house.ask("GET", "/tasks?assignee=carl", "carl").json["errors"]
    assert house.ask("GET", "/tasks?mine&overdue", "carl").status_code == 422


def test_the_form_says_what_is_required_and_what_would_be_refused(house: House) -> None:
    asked = house.ask("GET", "/packs/office/intake", "rita").json
    required = {f["name"]: f["required"] for f in asked["fields"]}
    assert required == {"subject": True, "loss": True, "customer": False, "accused": False, "proof": False, "card": False}
    sheet = _post(house, "/packs/office/intake/check", "rita", {"answers": {"subject": "门", "loss": "1.005"}}).json
    assert set(sheet["errors"]) == {"loss"} and sheet["values"]["subject"] == "门"
    house.receive()
    _post(house, f"{TASK}/complete", "carl", {"answers": {"finding": "x"}})
    task = "/tasks/C-1001/approve-1"
    now = {a["name"]: a["required"] for a in house.ask("GET", task, "hana").json["asked"]}
    assert now == {"approved": True, "reason": False}
    then = _post(house, f"{task}/check", "hana", {"answers": {"approved": False}}).json
    assert {a["name"]: a["required"] for a in then["asked"]} == {"approved": True, "reason": True}
    assert set(then["errors"]) == {"reason"}
    # Nothing of this was kept.
    assert house.ask("GET", task, "hana").json["is_draft"] is False


def seal_the_office(house: House, clock: StoppedClock) -> None:
    """From now on cases of the office are sealed, and there is an auditor."""
    sealed = check({**FILES, "pack.yaml": FILES["pack.yaml"] + b"sealed: true\n"}).release
    assert sealed is not None
    with house.parts.store.begin() as tx:
        tx.save_release(sealed.digest, pack="office", files=sealed.files, by="system", at=clock.now())
        tx.publish_release(sealed.digest, by="system", at=clock.now())
        audit = Person(name="anna", zh="安", en="Anna", memberships=frozenset({"*/auditor"}), password=tx.person("rita").password)
        tx.put_person(audit)
    house.sign_in("anna")


def test_a_sealed_case_is_to_outsiders_as_if_it_were_not_and_every_look_is_put_down(
    house: House, clock: StoppedClock
) -> None:
    seal_the_office(house, clock)
    case = house.receive()
    file = house.ask("POST", f"/cases/{case}/attachments?name=a.txt", "carl", data=b"proof", content_type="text/plain").json["file"]
    ways: list[tuple[str, str, Any]] = [
        ("GET", "", None), ("GET", "/history", None), ("GET", "/tasks", None), ("GET", "/deadlines", None), ("GET", "/state?at=1", None),
        ("GET", "/diagram", None), ("GET", "/verify", None), ("GET", "/looks", None), ("GET", "/messages", None),
        ("GET", f"/attachments/{file}", None), ("GET", "/tasks/look-1", None), ("POST", "/tasks/look-1/claim", None),
        ("POST", "/tasks/look-1/complete", {"answers": {"finding": "x"}}), ("POST", "/tasks/look-1/draft", {"answers": {}}),
        ("POST", "/tasks/look-1/check", {"answers": {}}), ("POST", "/comments", {"text": "x"}), ("POST", "/pause", {"reason": "x"}),
        ("POST", "/messages", {"message": "withdraw"}), ("POST", "/recuse", {"person": "olaf", "reason": "x"}),
        ("POST", "/tasks/look-1/delegate", {"to": "carl"}),
    ]  # fmt: skip
    for method, path, body in ways:
        there, not_there = (house.ask(method, f"/cases/{c}{path}", "olaf", json=body) for c in (case, "C-9"))
        assert (there.status_code, there.json["code"]) == (404, "case-not-found"), path
        assert there.text.replace(case, "C-9") == not_there.text, path
    for path in ("/cases", "/tasks?all", f"/cases?q={case}", "/registers", "/statistics"):
        assert case not in house.ask("GET", path, "olaf").text
    # Whoever takes part sees it, and that is put down; so is the auditor's look at who looked
    assert house.ask("GET", f"/cases/{case}", "carl").status_code == 200
    assert house.ask("GET", f"/cases/{case}/tasks/look-1", "carl").status_code == 200
    assert house.ask("GET", f"/cases/{case}/looks", "carl").status_code == 403
    house.ask("GET", f"/cases/{case}/looks", "anna")
    seen = [(x["person"], x["what"]) for x in house.ask("GET", f"/cases/{case}/looks", "anna").json["looks"]]
    assert seen == [("carl", "case"), ("carl", "task look-1"), ("anna", "looks")]
