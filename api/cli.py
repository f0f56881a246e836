"""The command line: `kesu serve`, `kesu replay`, `kesu verify`, ... Errors are sentences, not tracebacks."""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Callable, Sequence

from api.commands import (
    audit,
    calendar,
    capsule,
    erasing,
    handbook,
    keeping,
    mining,
    move,
    publish,
    scenarios,
    serve,
    templates,
    users,
)
from engine.errors import EngineError
from engine.findings import Refused

Command = Callable[[argparse.Namespace], int]


def main(argv: Sequence[str] | None = None) -> int:
    """Run a command; returns the exit status: 0 done, 1 refused, 2 not understood, 130 stopped by hand."""
    args = parser().parse_args(argv)
    try:
        run: Command = args.run
        return run(args)
    except Refused as refused:
        for finding in refused.findings:
            print(f"{finding.severity}: {finding.text('zh')}\n       {finding.text('en')}", file=sys.stderr)
        return 1
    except EngineError as error:
        print(f"{error.text('zh')}\n{error.text('en')}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        print(file=sys.stderr)
        return 130
    except BrokenPipeError:
        # Who reads has seen enough; Python would complain once more when it closes standard output.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 130
    except Exception as error:
        if "KESU_TRACEBACK" in os.environ:
            raise
        said = error.strerror if isinstance(error, OSError) and error.strerror else f"{type(error).__name__}: {error}"
        where = f" ({error.filename})" if isinstance(error, OSError) and error.filename else ""
        print(f"未能完成：{said}{where}\nThis could not be done: {said}{where}", file=sys.stderr)
        print("设置 KESU_TRACEBACK=1 可查看细节。Set KESU_TRACEBACK=1 to see where.", file=sys.stderr)
        return 1


def parser() -> argparse.ArgumentParser:
    """All commands with their options."""
    whole = argparse.ArgumentParser(
        prog="kesu",
        description="Kesu 客诉: complaint handling you can replay. `kesu COMMAND --help` tells more of each command.",
        epilog="Settings come from KESU_… in the environment or from the TOML file that KESU_CONFIG names: kesu serve --settings.",
    )
    commands = whole.add_subparsers(dest="command", required=True, metavar="command")
    serve.add(commands)
    _add_later(commands)
    for module in (publish, move, audit, capsule, keeping, users, erasing, calendar, scenarios, handbook, mining, templates):
        module.add(commands)
    return whole


def _add_later(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Commands whose modules are read only when they are asked for: they bring much along."""
    demo = commands.add_parser(
        "demo",
        help="half a year with 300 complaints, then a running service 演示",
        description="Let a simulated company handle at least 300 complaints through half a year, verify every history, then "
        "serve with open work to try. The database is demo-data/kesu.db, made anew each time.",
    )
    demo.add_argument("--exit", action="store_true", help="stop after the summary")
    demo.add_argument(
        "--complaints", metavar="DIR", help="folder with the public complaint files (../shared/data/complaints)"
    )
    demo.add_argument("--cases", type=int, metavar="N", help="exactly N complaints, for a quick look")
    demo.add_argument("--port", type=int, help="port to listen on (8080)")
    demo.set_defaults(run=_demo)
    bench = commands.add_parser("bench", help="what an action costs, beside its baseline 测量")
    bench.add_argument("--json", action="store_true", help="print one JSON object")
    bench.add_argument("--quick", action="store_true", help="smaller numbers")
    bench.add_argument("--profile", action="store_true", help="where the CPU of a completed task goes, by room")
    bench.set_defaults(run=_bench)


def _demo(args: argparse.Namespace) -> int:
    from api.demo import main as demo

    return demo(args)


def _bench(args: argparse.Namespace) -> int:
    from api.bench import main as bench

    return bench(args)


if __name__ == "__main__":
    sys.exit(main())
