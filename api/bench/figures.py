"""The measurements, each beside its baseline in the same run."""

from __future__ import annotations

import contextlib
import http.client
import json
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

from api.bench.measuring import cpu_ms, percentile, process_cpu_s, resident_mb
from api.bench.office import ANSWERS, BEGIN, Office
from api.bench.profiling import shares
from api.signin import SignIn
from engine.clock import StoppedClock
from engine.replay import replay
from engine.store import Person
from engine.store.filling import fill

Figures = dict[str, float]


def completion(office: Office, *, quick: bool) -> Figures:
    """One completed task in process: CPU, statements, commits, what a case weighs, flat with its age or not."""
    young, old = office.receive(), office.receive()
    for number in range(1, 14):
        office.complete(young, number)
    age = 200 if quick else 800
    for number in range(1, age + 1):
        office.complete(old, number)
    counts = {"young": 14, "old": age + 1}

    def one(which: str, case: str) -> None:
        office.complete(case, counts[which])
        counts[which] += 1

    early = cpu_ms(lambda: one("young", young), 20)
    late = cpu_ms(lambda: one("old", old), 20)
    with office.parts.store.count() as count:
        one("young", young)
    fresh = office.receive()
    for number in range(1, 15):
        office.complete(fresh, number)
    with office.parts.store.look() as reading:
        weights = reading.weigh(fresh)
    return {
        "complete_process_cpu_ms": early,
        "complete_statements": count.statements,
        "complete_commits": count.commits,
        "case_rows": sum(w.rows for w in weights.values()),
        "case_bytes": sum(w.bytes for w in weights.values()),
        "flatness_800_over_14": late / early,
    }


def over_http(database: str, folder: Path, *, quick: bool) -> Figures:
    """One completed task over HTTP, served by a process of its own: its CPU, the wall clock, its memory; and without Kesu."""
    office = Office.on(database, folder)
    token = office.token()
    case = office.receive()
    office.parts.store.close()
    times = 60 if quick else 200
    found: Figures = {}
    for name, served in (("complete_http", database), ("bare_http", "bare")):
        with _served(served) as (port, process):
            client = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
            number = _completed(client, token, case, 1, 20)
            spent, wall = process_cpu_s(process.pid), time.monotonic()
            _completed(client, token, case, number, times)
            spent, wall = process_cpu_s(process.pid) - spent, time.monotonic() - wall
            found[f"{name}_cpu_ms"], found[f"{name}_wall_ms"] = spent * 1000 / times, wall * 1000 / times
            found["worker_rss_mb" if served == database else "bare_rss_mb"] = resident_mb(process.pid)
    return found


def _completed(client: http.client.HTTPConnection, token: str, case: str, number: int, times: int) -> int:
    body = json.dumps({"answers": ANSWERS})
    for step in range(number, number + times):
        headers = {"Content-Type": "application/json", "Idempotency-Key": f"bench-{step}"}
        _asked(client, token, "POST", f"/api/v1/cases/{case}/tasks/step-{step}/complete", body, headers)
    return number + times


def _asked(
    client: http.client.HTTPConnection, token: str, method: str, path: str, body: str | None = None,
    headers: dict[str, str] | None = None,
) -> bytes:  # fmt: skip
    client.request(method, path, body, {"Authorization": f"Bearer {token}", **(headers or {})})
    answer = client.getresponse()
    said = answer.read()
    assert answer.status == 200, said
    return said


@contextlib.contextmanager
def _served(database: str) -> Iterator[tuple[int, subprocess.Popen[bytes]]]:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = int(probe.getsockname()[1])
    command = [sys.executable, "-m", "api.bench.served", database, str(port), BEGIN.isoformat()]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)
    try:
        assert process.stdout is not None
        process.stdout.readline()
        yield port, process
    finally:
        process.terminate()
        process.wait(timeout=30)


def worklist(database: str, folder: Path, size: int) -> Figures:
    """A page of 25 over HTTP by due date with a filter, over so many open tasks: CPU of the serving process."""
    office = Office.on(database, folder)
    with office.parts.store.begin() as tx:
        roles = frozenset(f"pack-0/role-{n}" for n in range(3))
        tx.put_person(Person(name="person-7", zh="七号", en="Number seven", memberships=roles))
        release = tx.current("bench")
    token = SignIn(office.parts).ticket("person-7", "token", timedelta(days=1))
    fill(office.parts.store, tasks=size, now=BEGIN, release=release)
    office.parts.store.close()
    name = f"worklist_cpu_ms_1e{len(str(size)) - 1}"
    with _served(database) as (port, process):
        client = http.client.HTTPConnection("127.0.0.1", port, timeout=300)
        path = "/api/v1/tasks?scope=group&pack=pack-0&sort=due&limit=25"
        for _ in range(5):
            said = json.loads(_asked(client, token, "GET", path))
        assert len(said["tasks"]) == 25, said
        times, spent = 100, process_cpu_s(process.pid)
        for _ in range(times):
            _asked(client, token, "GET", path)
        return {name: (process_cpu_s(process.pid) - spent) * 1000 / times}


def timers(office: Office, *, quick: bool) -> Figures:
    """Many waiting, a thousand due at once: how late each is done, and what an idle poke costs."""
    clock = office.parts.clock
    assert isinstance(clock, StoppedClock)
    count = 200 if quick else 1000
    with office.parts.store.begin() as tx:
        for number in range(10_000 if quick else 100_000):
            tx.enqueue("schedule", f"wait-{number}", BEGIN + timedelta(days=3650))
    idle = cpu_ms(lambda: office.parts.executor.poke(), 20)
    for _ in range(count):
        office.receive()
    office.parts.executor.let_time_pass(clock, clock.now())
    with office.parts.store.look() as reading:
        due = reading.next_due()
    assert due is not None
    clock.set(max(due, clock.now()))
    begin = time.monotonic()
    lateness: list[float] = []
    office.parts.executor.heard = lambda done: lateness.append(time.monotonic() - begin)
    office.parts.executor.poke()
    return {
        "timer_idle_poke_cpu_ms": idle,
        "timer_due_at_once": len(lateness),
        "timer_lateness_p99_s": percentile(lateness, 0.99),
    }


def profile(office: Office, times: int) -> dict[str, float]:
    """Where the CPU of a completion goes, in percent by room."""
    case = office.receive()
    numbers = iter(range(1, 10**6))
    for _ in range(20):
        office.complete(case, next(numbers))
    return shares(lambda: office.complete(case, next(numbers)), times)


def replaying(office: Office) -> Figures:
    """Events replayed in a second."""
    case = office.receive()
    for number in range(1, 61):
        office.complete(case, number)
    with office.parts.store.look() as reading:
        records = reading.history(case)
        release = office.parts.shelf.release(reading.head(case).release, reading)
    spent = cpu_ms(lambda: replay(records, lambda digest: release), 3)
    return {"replay_events_per_s": len(records) / (spent / 1000)}


__all__ = ["Figures", "completion", "over_http", "profile", "replaying", "timers", "worklist"]
