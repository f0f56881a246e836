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
from engine.authority import Actor
from engine.clock import StoppedClock
from engine.replay import replay
from engine.store import Store, WorklistQuery
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


def bare(office: Office) -> Figures:
    """The baseline: the same number of rows written in a transaction that does nothing else."""
    store = office.parts.store

    def write() -> None:
        with store.begin() as tx:
            for place in range(7):
                tx.save_draft("bare", f"t{place}", "clerk", ANSWERS)

    write()
    return {"bare_commit_cpu_ms": cpu_ms(write, 50)}


def over_http(database: str, folder: Path, *, quick: bool) -> Figures:
    """One completed task over HTTP, served by a process of its own: its CPU, the wall clock, its memory."""
    office = Office.on(database, folder)
    token = office.token()
    case = office.receive()
    office.parts.store.close()
    times = 60 if quick else 200
    with _served(database) as (port, process):
        client = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
        number = _completed(client, token, case, 1, 20)
        spent, wall = process_cpu_s(process.pid), time.monotonic()
        _completed(client, token, case, number, times)
        spent, wall = process_cpu_s(process.pid) - spent, time.monotonic() - wall
        memory = resident_mb(process.pid)
    return {
        "complete_http_cpu_ms": spent * 1000 / times,
        "complete_http_wall_ms": wall * 1000 / times,
        "worker_rss_mb": memory,
    }


def _completed(client: http.client.HTTPConnection, token: str, case: str, number: int, times: int) -> int:
    body = json.dumps({"answers": ANSWERS})
    for step in range(number, number + times):
        headers = {
            "Authorization": f"Bearer {token}",
            "Content-Type": "application/json",
            "Idempotency-Key": f"bench-{step}",
        }
        client.request("POST", f"/api/v1/cases/{case}/tasks/step-{step}/complete", body, headers)
        answer = client.getresponse()
        said = answer.read()
        assert answer.status == 200, said
    return number + times


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


def worklists(store: Store, sizes: tuple[int, ...]) -> Figures:
    """A page of 25 by due date with a filter, over ever more open tasks. The store must be empty."""
    found: Figures = {}
    groups = frozenset(f"pack-0/role-{n}" for n in range(3))
    reader = Actor(name="person-7", memberships=groups)
    query = WorklistQuery(scope="group", pack="pack-0", limit=25)
    for size in sizes:
        fill(store, tasks=size, now=BEGIN)

        def page() -> None:
            with store.look() as reading:
                reading.worklist(query, reader)

        page()
        found[f"worklist_cpu_ms_1e{len(str(size)) - 1}"] = cpu_ms(page, 20)
        _empty(store)
    return found


def _empty(store: Store) -> None:
    with store.begin() as tx:
        for table in ("task", "case_head", "gram", "offer"):
            tx._sql.exec_driver_sql(f"DELETE FROM {table}")
    store._offers.clear()


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


__all__ = ["Figures", "bare", "completion", "over_http", "replaying", "timers", "worklists"]
