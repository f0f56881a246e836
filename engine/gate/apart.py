"""Judging in a process of its own: whatever is in the files, the service goes on and the owner gets an answer.

The child (`child`) takes the files as JSON on its standard input and gives findings as JSON on its standard output.
"""

from __future__ import annotations

import base64
import json
import threading
from collections.abc import Mapping
from typing import Any

from engine.confined import Limits, run
from engine.errors import EngineError
from engine.findings import Finding, errors
from engine.gate.judging import Checked
from engine.release import Release, in_utf8

#: How long a judgement waits for its turn, in seconds.
PATIENCE = 30.0
#: Files and bytes of one pack; a rich pack has some sixty files and one megabyte.
MOST_FILES, MOST_BYTES = 500, 20_000_000
#: Judgements at a time in one node: they take a whole core each.
_turns = threading.BoundedSemaphore(2)


#: What one judgement may take.
LIMITS = Limits(cpu=15, wall=20.0, memory=1024)


class GateBusy(EngineError):
    """Other packs are being checked; try again in a minute."""

    zh = "正在检查其他制度包，请稍后再试。"


def check_apart(files: Mapping[str, bytes], limits: Limits = LIMITS, *, patience: float = PATIENCE) -> Checked:
    """Read and judge the files of a pack; whatever is in them, it ends and gives findings.

    Args:
        patience: seconds to wait for a turn.

    Raises:
        GateBusy: too many judgements at a time.
    """
    files = in_utf8(files)
    findings = _judged("pack", files, limits, patience)
    # What the child could read within its limits, this process can.
    return Checked(release=None if errors(findings) else Release.of(files), findings=findings)


def check_files_apart(files: Mapping[str, bytes], limits: Limits = LIMITS) -> tuple[Finding, ...]:
    """What can be said of diagrams, tables and forms without the pack they belong to.

    Raises:
        GateBusy: too many judgements at a time.
    """
    return _judged("files", files, limits, PATIENCE)


def _judged(what: str, files: Mapping[str, bytes], limits: Limits, patience: float) -> tuple[Finding, ...]:
    if len(files) > MOST_FILES or sum(map(len, files.values())) > MOST_BYTES:
        return (_too_much(),)
    if not _turns.acquire(timeout=patience):
        raise GateBusy()
    try:
        answer = _asked(what, files, limits)
    finally:
        _turns.release()
    return (_stopped(),) if answer is None else tuple(Finding(**row) for row in answer)


def _asked(what: str, files: Mapping[str, bytes], limits: Limits) -> list[dict[str, Any]] | None:
    """The findings; None when the child did not come to an answer."""
    told = {"what": what, "files": {path: base64.b64encode(data).decode() for path, data in files.items()}}
    ended = run("engine.gate.child", json.dumps(told).encode(), limits)
    try:
        answer = json.loads(ended.out) if ended.code == 0 else None
    except ValueError:
        return None
    return answer if isinstance(answer, list) else None


def _stopped() -> Finding:
    return Finding(
        code="gate-stopped", severity="error", file="pack.yaml",
        zh="检查用尽了时间或内存，未得出结论。", en="The check ran out of time or memory before it came to an answer.",
        remedy_zh="请简化流程图和决策表，或拆分为被调用的流程。",
        remedy_en="Simplify the diagrams and tables, or split them into called processes.",
    )  # fmt: skip


def _too_much() -> Finding:
    return Finding(
        code="pack-too-large", severity="error", file="pack.yaml",
        zh=f"制度包超过 {MOST_FILES} 个文件或 {MOST_BYTES // 1_000_000} MB。",
        en=f"The pack has more than {MOST_FILES} files or {MOST_BYTES // 1_000_000} MB.",
        remedy_zh="请拆分为几个制度包。", remedy_en="Split it into several packs.",
    )  # fmt: skip
