"""What keeping time costs: many timers waiting, many due at once, a steady stream, several nodes on one database."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from datetime import datetime, timedelta
from itertools import pairwise
from pathlib import Path

from api.bench.measuring import machine_cpu_s, percentile, resident_mb
from api.bench.office import BEGIN, Office
from api.bench.pack import files
from engine.clock import SimulatedClock
from engine.publishing import check
from engine.store.filling import fill_jobs
from engine.timekeeper import Waker

Figures = dict[str, float]
_DATE, _HOUR = b'<timeDate>=due("step")</timeDate>', b"<timeDuration>PT1H</timeDuration>"


def idle(office: Office, *, quick: bool) -> Figures:
    """A minute of pokes with so many timers waiting for years: CPU milliseconds of that minute."""
    number, seconds = (10_000, 3) if quick else (1_000_000, 60)
    fill_jobs(office.parts.store, number, BEGIN + timedelta(days=3650), name="wait-")
    waker = Waker(office.parts.executor.poke, rest=office.parts.executor.rest)
    waker.start()
    before = time.process_time()
    time.sleep(seconds)
    spent = time.process_time() - before
    waker.stop()
    return {f"timers_idle_1e{len(str(number)) - 1}_cpu_ms_per_min": spent * 1000 * 60 / seconds}


def burst(office: Office, *, quick: bool) -> Figures:
    """Timers of cases all due at once: how many a second. And very many jobs: order, rate, memory."""
    clock, executor = office.parts.clock, office.parts.executor
    assert isinstance(clock, SimulatedClock)
    cases, jobs = (50, 2_000) if quick else (2_000, 100_000)
    for _ in range(cases):
        office.receive()
    clock.set(BEGIN + timedelta(days=30))
    begin = time.monotonic()
    fired = executor.poke().done
    rate = fired / (time.monotonic() - begin)
    fill_jobs(office.parts.store, jobs, BEGIN, name="burst-")
    seen: list[datetime] = []
    # The same process has measured other things before.
    held = resident_mb(os.getpid())
    executor.taken_up = lambda job: seen.append(job.due)
    begin = time.monotonic()
    executor.poke()
    wall = time.monotonic() - begin
    late = sum(a > b for a, b in pairwise(seen))
    return {
        "timers_burst_per_s": rate,
        "jobs_burst_per_s": len(seen) / wall,
        "jobs_burst_out_of_order": late,
        "timers_burst_rss_mb": resident_mb(os.getpid()) - held,
        "claims_wasted": executor.measures.claims_wasted,
    }


def steady(database: str, folder: Path, *, quick: bool) -> Figures:
    """A hundred timers a second for a while, on a clock that goes on: how late each fires."""
    seconds = 3 if quick else 30
    clock = SimulatedClock(BEGIN)
    office = Office.on(database, folder, clock)
    checked = check({p: data.replace(_DATE, _HOUR) for p, data in files(office.parts.settings.bpmn).items()})
    assert checked.release is not None
    with office.parts.store.begin() as tx:
        tx.save_release(checked.release.digest, pack="bench", files=checked.release.files, by="x", at=BEGIN)
        tx.publish_release(checked.release.digest, by="x", at=BEGIN)
    for _ in range(100 * seconds):
        office.receive()
        clock.advance(timedelta(milliseconds=10))
    late: list[float] = []
    executor = office.parts.executor
    executor.heard = lambda done: late.extend(
        (clock.now() - r.event.at).total_seconds() for r in done.records if r.event.kind == "timer_fired"
    )
    clock.set(BEGIN + timedelta(hours=1, seconds=-1))
    waker = Waker(executor.poke, rest=executor.rest)
    waker.start()
    clock.go_on()
    end = time.monotonic() + seconds * 4 + 30
    while len(late) < 100 * seconds and time.monotonic() < end:
        time.sleep(0.1)
    waker.stop()
    office.parts.store.close()
    return {"timers_steady_p50_s": percentile(late, 0.5), "timers_steady_p99_s": percentile(late, 0.99)}


def nodes(url: str, folder: Path, number: int, *, quick: bool) -> Figures:
    """Timers of cases due at once, drained by so many processes: how many a second together, and claims wasted.

    Nodes and database share this machine. Where all of its cores are busy, another node only takes time from the others.
    """
    office = Office.on(url, folder)
    # A claim takes twenty: with fewer there would be nothing left for a fourth node.
    cases = 160 if quick else 1_000
    for _ in range(cases):
        office.receive()
    office.parts.store.close()
    command = [sys.executable, "-m", "api.bench.node", url, str(folder)]
    processes = [
        subprocess.Popen([*command, f"node-{n}"], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        for n in range(number)
    ]
    for process in processes:
        assert process.stdout is not None and process.stdout.readline() == "ready\n"
    begin, spent = time.monotonic(), machine_cpu_s()
    for process in processes:
        assert process.stdin is not None
        process.stdin.write("go\n")
        process.stdin.flush()
    said = [process.communicate()[0].split() for process in processes]
    spent, ended = machine_cpu_s() - spent, time.monotonic() - begin
    wall = max(float(words[2]) for words in said) - begin
    done = sum(int(words[0]) for words in said)
    return {
        f"timers_nodes_{number}_per_s": done / wall,
        f"timers_nodes_{number}_cores_busy": spent / ended,
        f"timers_nodes_{number}_cpu_ms": spent * 1000 / done,
        "claims_wasted": float(sum(int(words[1]) for words in said)),
    }
