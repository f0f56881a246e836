"""The process that judges: it binds itself before it looks at anything, answers once, and is gone."""

from __future__ import annotations

from engine.confined import bind


def main() -> None:
    """Read files as JSON, write findings as JSON."""
    bind(open_files=64)
    # After the limits are set, so that they hold for whatever is loaded and read.
    import base64
    import json
    import sys
    from dataclasses import asdict

    from engine.gate.judging import check, check_files

    told = json.load(sys.stdin)
    files = {path: base64.b64decode(data) for path, data in told["files"].items()}
    findings = check(files).findings if told["what"] == "pack" else check_files(files)
    json.dump([{**asdict(f), "detail": dict(f.detail)} for f in findings], sys.stdout, default=str)


if __name__ == "__main__":
    main()
