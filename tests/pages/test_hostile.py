"""Whatever is typed into an address or a form: an answer in words, never a 500, and nothing done that was not asked for."""

from __future__ import annotations

import io
import re
from typing import Any

import pytest

from tests.pages.company import Asking, Company

ODD = [
    "",
    "\x00",
    "🙂",
    "שלום",
    "' OR 1=1 --",
    "<script>alert(1)</script>",
    "{{7*7}}",
    "../../etc/passwd",
    "%00",
    "²",
    "9" * 5000,
    "x" * 3000,
]


@pytest.fixture
def zoe(company: Company) -> Asking:
    """Somebody signed in."""
    return company.client("zoe")


@pytest.fixture
def place(company: Company) -> str:
    """An open task with every kind of field."""
    case = company.receive("zoo", subject="多收费用")
    return f"/cases/{case}/tasks/{company.open_tasks(case)['every']}"


@pytest.mark.parametrize("name", ["scope", "q", "pack", "cursor", "sort", "said", "lang"])
def test_odd_queries_are_answered(zoe: Asking, name: str) -> None:
    for odd in ODD:
        said = zoe.client.get("/", query_string={name: odd}, headers={"Accept": "text/html"})
        assert said.status_code in (200, 400, 422), (name, odd[:20], said.status_code)
        assert "<script>alert" not in said.text


def test_odd_addresses_are_answered(zoe: Asking, place: str) -> None:
    case = place.split("/")[2]
    for odd in ("x", "\x00", "🙂", "%2e%2e", "' OR 1=1 --", "x" * 3000, "every-999999"):
        for path in (f"/cases/{odd}/tasks/every-1", f"/cases/{case}/tasks/{odd}", f"/cases/{case}/tasks/{odd}/peek", f"/new/{odd}", f"/{odd}",
                     f"/language/{odd}", f"/static/{odd}"):  # fmt: skip
            said = zoe.get(path)
            assert said.status_code < 500, (path[:60], said.status_code)
            assert "Traceback" not in said.text


def test_what_nobody_knows_is_said_on_a_page(zoe: Asking) -> None:
    for path, status in (
        ("/nowhere", 404),
        ("/cases/C-999999", 404),
        ("/cases/C-999999/tasks/a-1", 404),
        ("/new/nobody", 404),
    ):
        said = zoe.get(path)
        assert said.status_code == status
        assert said.mimetype == "text/html"
        assert "That did not work" in said.text


ENTRIES: list[dict[str, Any]] = [
    {"f.line": "a\x00b"}, {"f.line": "x" * 400_000}, {"f.loss": "1.005"}, {"f.loss": "9" * 5000}, {"f.loss": "NaN"}, {"f.loss": "１２"},
    {"f.on_day": "2026-02-30"}, {"f.on_day": "0000-00-00"}, {"f.at_moment": "yesterday"}, {"f.at_time": "25:61"}, {"f.upheld": "perhaps"},
    {"f.kind": "zz"}, {"f.tags": "zz"}, {"f.witness": "nobody"}, {"f.desk": "emperor"}, {"f.mail": "a@b@c"}, {"f.telephone": "call me"},
    {"f.rows.1.price": "x"}, {"f.rows." + "9" * 5000 + ".price": "1"}, {"f.rows.².price": "1"}, {"f.rows.-1.price": "1"}, {"f.rows.1": "x"},
    {"f.rows": "x"}, {"f.total": "1"}, {"f.stranger": "x"}, {"f.proof.kept": "not a hash"}, {"f.proof.kept": "0" * 64}, {"seen": "²"},
    {"seen": "9" * 5000}, {"key": "\x00"}, {"key": "k" * 5000}, {"on_behalf_of": "boss"}, {"act": "explode"},
]  # fmt: skip


@pytest.mark.parametrize(
    "entry", ENTRIES, ids=[f"{next(iter(e))[:14]}={next(iter(e.values()))[:10]!r}" for e in ENTRIES]
)
def test_odd_entries_are_answered_with_the_form(zoe: Asking, place: str, entry: dict[str, Any]) -> None:
    for path in (place, place + "/draft", place + "/rules"):
        said = zoe.post(path, {"f.line": "what I typed", **entry})
        assert said.status_code < 500, (path, said.status_code)
        assert "Traceback" not in said.text
    if "on_behalf_of" not in entry and "f.line" not in entry and zoe.post(place, entry).status_code == 422:
        assert "what I typed" in zoe.post(place, {"f.line": "what I typed", **entry}).text


@pytest.mark.parametrize(
    "text", ["🙂🙃", "שלום עולם \u202e", "繁體中文", "<b>bold</b>", "{{ config }}", "\u202eexe.png"]
)
def test_any_writing_comes_back_as_it_was_typed(zoe: Asking, place: str, text: str) -> None:
    said = zoe.post(place, {"f.line": text})
    assert said.status_code == 422
    assert "<b>bold</b>" not in said.text
    assert "{{ config }}" not in text or "{{ config }}" in said.text


def test_ten_megabytes_are_refused_in_words(zoe: Asking, place: str) -> None:
    said = zoe.post(place, {"f.lines": "x" * 10_000_000})
    assert said.status_code in (413, 422)
    assert said.mimetype == "text/html"


def test_a_file_that_is_too_large_or_empty_is_refused_and_the_rest_stays(zoe: Asking, place: str) -> None:
    for content, name in (
        (b"", "empty.png"),
        (b"\x89PNG\r\n\x1a\n" + b"0" * (20 * 1024 * 1024), "big.png"),
        (b"MZ", "virus.png"),
        (b"x", "\x00.png"),
    ):
        said = zoe.post(place, {"f.line": "what I typed", "f.proof": (io.BytesIO(content), name)})
        assert said.status_code in (413, 415, 422), name
        assert "what I typed" in said.text or said.status_code == 413


@pytest.mark.parametrize("path", ["", "/claim", "/release", "/delegate", "/draft", "/rules", "/files", "/nonsense"])
def test_nothing_is_done_without_the_token_of_the_page(company: Company, zoe: Asking, place: str, path: str) -> None:
    case = place.split("/")[2]
    for token in ("", "x" * 32, "é"):
        said = zoe.post(place + path, {"f.line": "x", "to": "hal"}, csrf=token)
        assert said.status_code in (200, 403)
    with company.parts.store.look() as reading:
        assert not any(
            r.event.kind in ("task_completed", "task_claimed", "task_delegated") for r in reading.history(case)
        )


def test_who_is_not_signed_in_sees_nothing(company: Company, place: str) -> None:
    nobody = company.client(None)
    for path in ("/", "/cases", place, "/new", "/profile", place + "/peek"):
        said = nobody.get(path)
        assert said.status_code == 302
        assert said.location.startswith("/signin?next=")
    for path in (place, place + "/claim", "/tasks", "/new/zoo", "/profile/password"):
        said = nobody.post(path, {"f.line": "typed", "old": "secret"})
        assert said.status_code == 401
        assert "Sign in" in said.text


@pytest.mark.parametrize(
    "target",
    ["//evil.example", "/\\evil.example", "https://evil.example", "javascript:alert(1)", "/\t/evil.example", "\x00"],
)
def test_nobody_is_sent_to_another_site(company: Company, target: str) -> None:
    nobody = company.client(None)
    for said in (
        nobody.client.post("/signin", data={"name": "zoe", "password": "correct horse", "next": target}),
        nobody.client.get("/language/en", query_string={"next": target}),
    ):
        assert said.location in ("/", None), (target, said.location)


def test_an_outsider_does_not_learn_of_a_task(company: Company, place: str) -> None:
    """The zoo is not sealed: sales may read it, but not act in it."""
    sales = company.client(company.holder("sales"))
    said = sales.post(place, {"f.line": "x"})
    assert said.status_code in (403, 422)
    assert sales.post(place + "/claim").status_code == 403


def test_several_at_once_with_odd_orders(zoe: Asking, place: str) -> None:
    pick = "/".join(place.split("/")[2::2])
    for order in ({}, {"act": "explode", "pick": pick}, {"act": "claim", "pick": "x"}, {"act": "claim", "pick": "\x00/\x00"},
                  {"act": "delegate", "pick": pick, "to": "nobody", "step": "do"}, {"act": "claim", "pick": [pick] * 500}):  # fmt: skip
        assert zoe.post("/tasks", order).status_code in (200, 422), order


def test_odd_deputies_and_passwords_are_refused_in_words(zoe: Asking) -> None:
    in_order = "two days, in order"
    for deputy, since, until, told in (
        ("", "", "", in_order), ("nobody", "2026-01-01", "2026-01-02", in_order), ("hal", "2026-02-30", "x", in_order),
        ("hal", "2026-02-03", "2026-02-01", in_order), ("hal", "2026-02-03", "9999-12-31", in_order),
        ("\x00", "2026-02-03", "2026-02-04", in_order), ("zoe", "2026-02-03", "2026-02-04", "Nobody stands in for themselves"),
        # The same door as over REST: nobody lends their office for ever.
        ("hal", "2026-02-03", "2027-02-04", "at most 366 days"),
    ):  # fmt: skip
        data = {"deputy": deputy, "since": since, "until": until}
        said = zoe.post("/profile/deputies", data)
        assert said.status_code == 422, data
        assert told in said.text
    # And one form sent twice is one arrangement, until its end
    data = {"deputy": "hal", "since": "2027-02-03", "until": "2027-02-04", "key": "once"}
    assert [zoe.post("/profile/deputies", data).status_code for _ in range(2)] == [302, 302]
    (number,) = re.findall(r'/profile/deputies/end.*?name="id" value="(\d+)"', zoe.get("/profile").text)
    assert [zoe.post("/profile/deputies/end", {"id": n}).status_code for n in (number, number, "x")] == [302, 302, 302]
    assert "/profile/deputies/end" not in zoe.get("/profile").text
    assert zoe.post("/profile/password", {"old": "wrong", "new": "long enough"}).status_code == 422
    assert zoe.post("/profile/password", {"old": "correct horse", "new": "short"}).status_code == 422
    assert zoe.post("/profile/behalf", {"absent": "hal"}).status_code == 403
