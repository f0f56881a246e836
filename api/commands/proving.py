"""What a case owes its auditor: that history, replay, stored state and everything derived from it are one."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from api.wiring import Parts
from engine.errors import EngineError
from engine.history import Record
from engine.replay import Verdict, verify
from engine.store import CaseNotFound, Head


@dataclass(frozen=True, kw_only=True)
class Proved:
    """What the proof of a case came to."""

    #: The first thing that does not hold, in both languages; None when everything holds.
    said: str | None
    #: How many deadlines were derived again from their traces.
    traces: int = 0


def prove(parts: Parts, case: str) -> Proved:
    """Check everything about a case.

    The chain is walked, every input is heard again and every outcome compared, the resulting state is compared byte
    for byte with the snapshot, and every row derived from the history with what the history gives.

    Raises:
        CaseNotFound: there is neither a head nor an event.
    """
    try:
        found = _history(parts, case)
        return found if found.said else Proved(said=_derived(parts, case), traces=found.traces)
    except CaseNotFound:
        with parts.store.begin() as tx:
            if case not in tx.every_history():
                raise
        return Proved(said="案头或历史缺失 the head or the history of the case is missing")
    except EngineError as error:
        seq = f"#{error.facts['seq']}: " if "seq" in error.facts else ""
        return Proved(said=f"{seq}{error.text('zh')} {error.text('en')}")


def _history(parts: Parts, case: str) -> Proved:
    with parts.store.look() as reading:
        head = reading.head(case)
        records = reading.history(case)
        verdict = verify(records, lambda digest: parts.shelf.release(digest, reading), head.state)
    return Proved(said=_difference(verdict, records, head), traces=verdict.traces)


def _difference(verdict: Verdict, records: Sequence[Record], head: Head) -> str | None:
    if verdict.difference is not None:
        found = verdict.difference
        return f"#{found.seq}: 应为 expected {found.expected}; 实为 found {found.found}"
    last = (records[-1].seq, records[-1].hash) if records else (0, "")
    if last != (head.seq, head.hash):
        seq = min(last[0], head.seq) + 1 if last[0] != head.seq else head.seq
        return (
            f"#{seq}: 案头记为 {head.seq} 个事件，历史有 {last[0]} 个，或末尾哈希不同 "
            f"the head speaks of {head.seq} events, the history holds {last[0]}, or their last hashes differ"
        )
    if verdict.state_agrees is False:
        return f"#{head.seq}: 快照与重放不符 the snapshot does not agree with the replay"
    return None


def _derived(parts: Parts, case: str) -> str | None:
    with parts.store.begin() as tx:
        stray = tx.stray(case)
    return f"由历史导出的数据不符 derived data differ: {stray}" if stray else None
