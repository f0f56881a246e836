"""The process that judges: it binds itself before it looks at anything, answers once, and is gone."""

from __future__ import annotations

import resource
import sys


def bind(cpu: int, megabytes: int) -> None:
    """Give up what judging does not need: more time (seconds), more memory, writing files."""
    resource.setrlimit(resource.RLIMIT_CPU, (cpu, cpu + 1))
    resource.setrlimit(resource.RLIMIT_AS, (megabytes << 20, megabytes << 20))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    resource.setrlimit(resource.RLIMIT_NOFILE, (64, 64))


def main(cpu: int, megabytes: int) -> None:
    """Read files as JSON, write findings as JSON."""
    bind(cpu, megabytes)
    # After the limits are set, so that they hold for whatever is loaded and read.
    import base64
    import json
    from dataclasses import asdict

    from engine.gate.judging import check, check_files

    told = json.load(sys.stdin)
    files = {path: base64.b64decode(data) for path, data in told["files"].items()}
    findings = check(files).findings if told["what"] == "pack" else check_files(files)
    json.dump([{**asdict(f), "detail": dict(f.detail)} for f in findings], sys.stdout, default=str)


if __name__ == "__main__":
    main(int(sys.argv[1]), int(sys.argv[2]))
