"""What watches over the service: health, metrics, and turning new work away while the queue is too far behind."""

from __future__ import annotations

import hmac
from collections.abc import Iterable
from datetime import timedelta
from typing import Any

from flask import Flask, Response, g, jsonify, request
from prometheus_client import CollectorRegistry, generate_latest
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, HistogramMetricFamily
from prometheus_client.registry import Collector

from api.signin import SignIn
from api.wiring import Parts
from engine.authority import ADMIN, NotAuthorised
from engine.errors import EngineError
from engine.timekeeper import Histogram

#: What brings new work into the house.
_NEW_WORK = ("/api/v1/cases",)
#: Seconds after which somebody who was turned away may ask again.
_RETRY_AFTER = 15


class TooFarBehind(EngineError):
    """The service is catching up on work that was due ({behind} s ago); nothing was changed. Try again in {retry_after} s."""

    zh = "系统正在补办到期事项（最早的已过期 {behind} 秒）；未作任何更改。请在 {retry_after} 秒后重试。"


def register(app: Flask, parts: Parts, signin: SignIn) -> None:
    """Health, metrics and back-pressure."""

    def need_watcher() -> None:
        """Raise unless who asks may know how much there is to do: they count sealed cases, too.

        Raises:
            NotSignedIn, NotAuthorised.
        """
        token, given = parts.settings.metrics_token, request.headers.get("Authorization", "").partition(" ")[2].strip()
        if token and hmac.compare_digest(given.encode(), token.encode()):
            return
        if not signin.actor(request).is_admin():
            raise NotAuthorised(person=g.actor.name, role=ADMIN)

    def watched() -> bool:
        try:
            need_watcher()
        except EngineError:
            return False
        return True

    @app.before_request
    def turn_away() -> None:
        if request.method != "POST" or request.path not in _NEW_WORK:
            return
        behind = parts.executor.behind
        if behind > timedelta(seconds=parts.settings.busy_after_seconds):
            raise TooFarBehind(behind=int(behind.total_seconds()), retry_after=_RETRY_AFTER)

    @app.get("/health/live")
    def live() -> Response:
        return jsonify({"alive": True})

    @app.get("/health", endpoint="health")
    @app.get("/health/ready")
    def ready() -> tuple[Response, int]:
        return _health(parts, deep=False, numbers=watched())

    @app.get("/health/deep")
    def deep() -> tuple[Response, int]:
        return _health(parts, deep=True, numbers=watched())

    @app.get("/metrics")
    def metrics() -> Response:
        need_watcher()
        registry = CollectorRegistry()
        registry.register(_Queue(parts))
        return Response(generate_latest(registry), mimetype="text/plain; version=0.0.4")


def _health(parts: Parts, *, deep: bool, numbers: bool) -> tuple[Response, int]:
    waker = parts.waker
    keeps_time = waker.well or parts.stopped_clock is not None
    facts: dict[str, Any] = {"now": parts.clock.now().isoformat(), "waker": waker.well}
    if deep:
        facts["scheduler"] = {
            "alive": waker.alive, "last_tick_seconds": round(waker.silent_for, 3), "restarts": waker.restarts,
            "simulated_clock": parts.stopped_clock is not None,
        }  # fmt: skip
    try:
        with parts.store.look() as reading:
            queue = reading.queue()
            facts["database"] = True
            if numbers:
                facts |= {"oldest_due_seconds": queue.age.total_seconds(), "parked": queue.parked}
            if deep and numbers:
                facts["incidents"] = len(reading.incidents())
            if deep:
                facts["nodes"] = [{"node": n.name, "seen": n.seen.isoformat()} for n in reading.nodes()]
    except EngineError as error:
        facts |= {"database": False, "why": error.text("en")}
    well = bool(facts["database"]) and (not deep or keeps_time)
    return jsonify({"well": well, **facts}), 200 if well else 503


class _Queue(Collector):
    """The executor and its queue, read when they are asked for."""

    def __init__(self, parts: Parts) -> None:
        self._parts = parts

    def describe(self) -> Iterable[Any]:
        """Nothing is said in advance: the registry then does not read the database to find out."""
        return ()

    def collect(self) -> Iterable[Any]:
        """All figures."""
        parts, measures = self._parts, self._parts.executor.measures
        with parts.store.look() as reading:
            queue, incidents = reading.queue(), len(reading.incidents())
            outbox, ledger = reading.oldest_errand(), reading.ledger_age()
            mismatches = reading.acts_of("replay-mismatch")
        seconds = (
            ("job_oldest_ready_age_seconds", "Age of the oldest due job", queue.age.total_seconds()),
            ("scheduler_last_tick_age_seconds", "Since the waker last ticked", parts.waker.silent_for),
            ("outbox_oldest_age_seconds", "Age of the oldest letter that is not delivered", outbox.total_seconds()),
            ("ledger_head_age_seconds", "Age of the oldest event that no signed head covers", ledger.total_seconds()),
        )
        numbers = (
            ("job_ready_count", "Jobs due and not begun", queue.ready),
            ("job_waiting_count", "Jobs waiting, due or not", queue.waiting),
            ("job_leased_count", "Jobs being done", queue.leased),
            ("job_parked_count", "Jobs given up", queue.parked),
            ("incident_open", "Cases that stand still", incidents),
            ("scheduler_restarts", "Times the scheduler had to be begun anew", parts.waker.restarts),
        )
        for name, said, value in (*seconds, *numbers):
            yield GaugeMetricFamily(f"kesu_{name}", said, value=value)
        for name, said, value in (
            ("job_done", "Jobs done", measures.done),
            ("job_failed", "Tries that failed", measures.failed),
            ("job_given_up", "Jobs that ran out of tries", measures.given_up),
            ("job_claim_wasted", "Jobs reached for that another node got", measures.claims_wasted),
            ("job_fence_rejected", "Tries whose claim no longer held", measures.fence_rejected),
            ("job_lease_expired", "Claims of nodes that were not heard of again", measures.leases_expired),
            ("replay_mismatch", "Cases that `kesu verify` found not to be as recorded", mismatches),
        ):
            yield CounterMetricFamily(f"kesu_{name}", said, value=value)
        yield _histogram("kesu_timer_lateness_seconds", "How late jobs were done", measures.lateness)
        yield _histogram("kesu_job_attempts", "Tries a job took", measures.attempts)


def _histogram(name: str, said: str, found: Histogram) -> HistogramMetricFamily:
    buckets = [(str(edge), count) for edge, count in found.up_to()]
    return HistogramMetricFamily(name, said, buckets=[*buckets, ("+Inf", found.number)], sum_value=found.total)
