"""The command line: `kesu serve`, `kesu replay`, `kesu verify`, ... Errors are sentences, not tracebacks."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable, Sequence

from api.commands import audit, calendar, publish, scenarios, serve
from engine.errors import EngineError
from engine.findings import Refused

Command = Callable[[argparse.Namespace], int]


def main(argv: Sequence[str] | None = None) -> int:
    """Run a command; returns the exit status."""
    parser = argparse.ArgumentParser(prog="kesu", description="Kesu 客诉: complaint handling you can replay")
    commands = parser.add_subparsers(dest="command", required=True, metavar="command")
    for module in (serve, audit, publish, calendar, scenarios):
        module.add(commands)
    _add_later(commands)
    args = parser.parse_args(argv)
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
    except (KeyboardInterrupt, BrokenPipeError):
        return 130


def _add_later(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Commands whose modules are read only when they are asked for: they bring much along."""
    demo = commands.add_parser("demo", help="simulated months with 300 complaints, then a running service")
    demo.add_argument("--exit", action="store_true", help="stop after the summary")
    demo.add_argument("--complaints", metavar="DIR", help="folder with the public complaint files")
    demo.add_argument("--cases", type=int, default=None, help="exactly so many complaints, for a quick look")
    demo.add_argument("--port", type=int, default=None)
    demo.set_defaults(run=_demo)
    bench = commands.add_parser("bench", help="what an action costs, beside its baseline")
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
