"""Over HTTP: calendars, reports, jobs that were given up, health, metrics, and work turned away while behind."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest

from api.cli import main
from engine.clock import StoppedClock
from engine.store import Person, Store
from tests.api.conftest import WATCHER, House, house_over
from tests.desk.office import SHARED
from tests.proof.world import LEASE, prepare

HOLIDAY = 'name = "cn"\nextends = "cn"\n[[holiday]]\nfrom = 2026-01-08\nzh = "假"\n'


def owners(house: House) -> None:
    with house.parts.store.begin() as tx:
        for name in ("olga", "omar"):
            password = tx.person("rita").password
            tx.put_person(
                Person(name=name, zh=name, en=name, memberships=frozenset({"*/owner"}), password=password)
            )
    house.sign_in("olga", "omar")
    house.parts.almanac.bootstrap(SHARED / "calendars")


def test_a_calendar_is_handed_in_looked_at_published_and_open_cases_replanned(house: House) -> None:
    owners(house)
    case = house.receive()
    shown = house.ask("GET", "/calendars/cn").json
    assert shown["published_years"] == [2024, 2025, 2026] and shown["in_force"]
    checked = house.ask("POST", "/calendars/cn", "olga", json={"file": HOLIDAY, "check_only": True})
    assert checked.status_code == 200 and not checked.json["kept"]
    assert house.ask("POST", "/calendars/cn", "rita", json={"file": HOLIDAY}).status_code == 403
    assert house.ask("POST", "/calendars/us", "olga", json={"file": HOLIDAY}).json["code"] == "calendar-name-taken"
    wrong = house.ask("POST", "/calendars/cn", "olga", "zh-CN", json={"file": 'name = "cn"\nzone = "x"'})
    assert wrong.status_code == 422 and {f["element"] for f in wrong.json["findings"]} >= {"zone", "week"}
    version = house.ask("POST", "/calendars/cn", "olga", json={"file": HOLIDAY}).json["version"]
    effect = house.ask("GET", f"/calendars/cn/{version}/effect", "olga").json
    assert effect["moving"] == 2 and effect["moves"][0]["case"] == case
    assert house.ask("POST", f"/calendars/cn/{version}/publish", "olga", json={"reason": "r"}).status_code == 403
    said = house.ask("POST", f"/calendars/cn/{version}/publish", "omar", json={"reason": "r"})
    assert said.json == {"packs": ["office"]}
    assert house.ask("POST", "/calendars/cn/replan", "omar", json={"reason": "r"}).json == {"cases": 1}
    house.parts.executor.poke()
    told = house.ask("GET", f"/cases/{case}/history").json["events"]
    assert "let the case count by calendar cn" in "".join(e["sentence"] for e in told)
    assert house.ask("POST", "/calendars/cn/replan", "omar", json={"reason": "r"}).status_code == 409
    assert [a["kind"] for a in house.ask("GET", "/acts", "olga").json["acts"]][:2] == [
        "calendar-replanned",
        "calendar-published",
    ]
    assert house.ask("GET", "/acts", "rita").status_code == 403
    ical = house.ask("GET", f"/calendars/cn/{version}/file?format=ical")
    assert ical.mimetype == "text/calendar" and b"20260108" in ical.data
    assert house.ask("GET", f"/calendars/cn/{version}/file").data.startswith(b'name = "cn"')
    assert house.ask("GET", "/calendars/cn/nope").status_code == 404
    assert house.ask("GET", "/deadlines/unpublished").json == {"deadlines": [], "warning": None}


@pytest.mark.parametrize("store", ["sqlite"], indirect=True)
def test_the_gate_works_for_owners_and_administrators_alone(house: House) -> None:
    owners(house)
    broken = {"files": {"pack.yaml": "pack: ["}, "check_only": True}
    for who, status in (("rita", 403), ("hana", 403), ("olga", 200), ("ada", 200)):
        assert house.ask("POST", "/releases", who, json=broken).status_code == status, who
    # Nor is it set to work by handing something in
    for who, status in (("rita", 403), ("olga", 422)):
        assert house.ask("POST", "/releases", who, json={**broken, "check_only": False}).status_code == status, who
    calendar = {"file": HOLIDAY, "check_only": True}
    for who, status in (("rita", 403), ("olga", 200), ("ada", 200)):
        assert house.ask("POST", "/calendars/cn", who, json=calendar).status_code == status, who


def test_new_complaints_are_turned_away_while_the_queue_is_far_behind(house: House) -> None:
    # Given a service that finds work due ten minutes ago
    case = house.receive()
    house.parts.executor.behind = timedelta(minutes=10)
    # I expect a new complaint to be turned away with a time to come back, and everything else to go on
    body = {"pack": "office", "channel": "phone", "answers": {"subject": "x", "loss": "1"}}
    said = house.ask("POST", "/cases", json=body)
    assert (said.status_code, said.headers["Retry-After"], said.json["code"]) == (429, "15", "too-far-behind")
    assert house.ask("POST", f"/cases/{case}/tasks/look-1/claim", "carl").status_code == 200
    # When it has caught up
    house.parts.executor.poke()
    assert house.ask("POST", "/cases", json=body).status_code == 201


def test_given_up_jobs_are_listed_resumed_and_dropped_by_administrators(house: House, clock: StoppedClock) -> None:
    with house.parts.store.begin() as tx:
        tx.enqueue("nonsense", "n", clock.now(), max_attempts=1)
    house.parts.executor.poke()
    assert house.ask("GET", "/jobs", "rita").status_code == 403
    (job,) = house.ask("GET", "/jobs", "ada").json["given_up"]
    assert job["kind"] == "nonsense" and job["error"]
    path = f"/jobs/{job['job']}"
    assert house.ask("POST", f"{path}/resume", "ada", json={"reason": "mended"}).status_code == 200
    assert house.ask("POST", f"{path}/drop", "ada", json={"reason": "r"}).status_code == 404
    house.parts.executor.poke()
    assert house.ask("POST", f"{path}/drop", "ada", json={}).status_code == 422
    assert house.ask("POST", f"{path}/drop", "ada", json={"reason": "wrong"}).status_code == 200
    for wrong in ("x", "9" * 30, "-1"):
        assert house.ask("POST", f"/jobs/{wrong}/drop", "ada", json={"reason": "r"}).status_code == 404
    kinds = [a["kind"] for a in house.ask("GET", "/acts", "ada").json["acts"]]
    assert kinds == ["job-dropped", "job-resumed"]


def test_overdue_deadlines_are_listed_and_reports_read_over_http(house: House, clock: StoppedClock) -> None:
    case = house.receive()
    house.parts.executor.let_time_pass(clock, clock.now() + timedelta(days=40))
    house.sign_in("hana")
    found = house.ask("GET", "/deadlines/overdue", "hana").json["deadlines"]
    assert [(d["case"], d["stage"]) for d in found] == [(case, "task"), (case, "case")]
    assert house.ask("GET", "/reports", "hana").json == {"reports": []}
    assert house.ask("GET", "/reports/office/monthly/2026-01", "hana").status_code == 404
    assert house.ask("GET", "/reports/other/monthly/2026-01", "hana").status_code == 403
    assert house.ask("POST", "/reports/office/m/1/done", "hana", json={"remark": ""}).status_code == 404


@pytest.mark.parametrize("store", ["sqlite"], indirect=True)
def test_a_report_tells_its_figures(store: Store, clock: StoppedClock, tmp_path: Path) -> None:
    # Given a pack with a daily report, and its first day over
    world = prepare(store, clock, tmp_path)
    house = house_over(store, clock, tmp_path, {"hana": ["office/head"]})
    world.do_job("schedule")
    line, earlier = [r for r in house.ask("GET", "/reports", "hana").json["reports"] if r["report"] == "daily"]
    # I expect its figures, and nobody to have seen to it
    told = house.ask("GET", f"/reports/office/daily/{line['period']}", "hana").json
    assert {"received", "closed", "by_channel", "limits", "overdue"} <= set(told["content"])
    assert (told["done_by"], told["reminded"], earlier["reminded"]) == (None, None, None)
    # Of the one of the week before somebody is reminded, once what else was claimed with it is free again
    clock.advance(LEASE + timedelta(seconds=1))
    world.do_job("remind")
    earlier = house.ask("GET", f"/reports/office/daily/{earlier['period']}", "hana").json
    assert earlier["reminded"] is not None
    done = house.ask("POST", f"/reports/office/daily/{line['period']}/done", "hana", json={"remark": "看过"}).json
    assert (done["done_by"], done["remark"], done["content"]) == ("hana", "看过", told["content"])


def test_metrics_and_deep_health_tell_how_the_executor_stands(house: House, clock: StoppedClock) -> None:
    house.receive()
    house.parts.executor.let_time_pass(clock, clock.now() + timedelta(days=10))
    text = house.watch("/metrics").text
    for name in (
        "kesu_job_ready_count", "kesu_job_oldest_ready_age_seconds", "kesu_timer_lateness_seconds_bucket",
        "kesu_job_claim_wasted_total", "kesu_job_fence_rejected_total", "kesu_job_lease_expired_total",
        "kesu_job_attempts_bucket", "kesu_incident_open", "kesu_scheduler_last_tick_age_seconds",
        "kesu_outbox_oldest_age_seconds", "kesu_ledger_head_age_seconds", "kesu_replay_mismatch_total",
    ):  # fmt: skip
        assert f"\n{name}" in text, name
    assert "kesu_timer_lateness_seconds_count 1.0" in text
    deep = house.watch("/health/deep")
    assert deep.status_code == 200 and deep.json["scheduler"]["simulated_clock"]
    assert deep.json["scheduler"]["alive"] is False


@pytest.mark.parametrize("store", ["sqlite"], indirect=True)
def test_how_much_there_is_to_do_is_told_to_those_who_run_the_house(house: House, clock: StoppedClock) -> None:
    # Given work, of which some may be about whoever asks
    house.receive()
    numbers = {"oldest_due_seconds", "parked", "incidents"}
    for token, status in ((None, 401), ("guessed", 401), (house.tokens["rita"], 403), (house.tokens["ada"], 200), (WATCHER, 200)):
        assert house.watch("/metrics", token).status_code == status
        # I expect everybody to hear that the service is well, and only these to hear how much it has to do
        for path in ("/health", "/health/ready", "/health/deep"):
            told = house.watch(path, token)
            assert told.status_code == 200 and told.json["well"]
            assert bool(numbers & set(told.json)) == (status == 200), (path, token)


def test_calendars_and_jobs_on_the_command_line(
    sqlite_url: str, clock: StoppedClock, tmp_path: Path, capsys: object
) -> None:
    store = Store(sqlite_url, clock=clock)
    with store.begin() as tx:
        for name, role in (("olga", "*/owner"), ("omar", "*/owner"), ("ada", "*/admin")):
            tx.put_person(Person(name=name, zh=name, en=name, memberships=frozenset({role})))
        tx.enqueue("nonsense", "n", clock.now(), max_attempts=1)
    store.close()
    path = tmp_path / "cn.toml"
    path.write_text(HOLIDAY, "utf-8")

    def told(*words: str, status: int = 0) -> str:
        assert main([*words, "--database", sqlite_url]) == status
        return capsys.readouterr().out  # type: ignore[attr-defined, no-any-return]

    assert "in force" in told("calendar", "list")
    version = told("calendar", "propose", str(path), "--by", "olga").split()[1]
    assert told("calendar", "effect", "cn", version, "--by", "olga").startswith("cases=0 moving=0")
    told("calendar", "publish", "cn", version, "--by", "olga", "--reason", "r", status=1)
    assert told("calendar", "publish", "cn", version, "--by", "omar", "--reason", "r") == "packs=-\n"
    told("calendar", "replan", "cn", "--by", "olga", "--reason", "r", status=1)
    assert "2026-01-08" in told("calendar", "show", "cn")
    ical = tmp_path / "cn.ics"
    ical.write_text(told("calendar", "show", "cn", "--ical"), "utf-8")
    assert told("calendar", "propose", str(ical), "--name", "cn", "--by", "olga").split()[1] == version
    assert told("calendar", "unpublished", "--by", "olga") == "deadlines=0\n"
    assert "waiting=1 ready=1" in told("jobs", "list", "--by", "ada")
    told("jobs", "resume", "1", "--by", "ada", "--reason", "r", status=1)
