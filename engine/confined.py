"""Work in a process of its own with bounded time and memory: whatever comes of it, the service goes on.

Judging a pack, playing its scenarios and printing a document each take a child that reads one thing on its standard
input and answers on its standard output. The child is a module with `if __name__ == "__main__": bind(...)`; it binds
itself before it loads or reads anything else, so this module loads nothing but the standard library.
"""

from __future__ import annotations

import os
import resource
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, kw_only=True)
class Limits:
    """What one piece of work may take."""

    #: Seconds of CPU, and of the wall clock.
    cpu: int
    wall: float
    #: Megabytes of memory.
    memory: int


@dataclass(frozen=True, kw_only=True)
class Ended:
    """How a child ended."""

    #: Its exit code; None: it was stopped, because its wall-clock time was over.
    code: int | None
    #: What it had answered by then.
    out: bytes


def run(module: str, told: bytes, limits: Limits, **env: str) -> Ended:
    """Run a module of this house as a child within limits, and wait for its end.

    The child inherits nothing it could tell: no settings, no passwords.

    Args:
        module: a module that binds itself by `bind`.
        told: what it reads on its standard input.
        env: what else it finds in its environment.
    """
    house = str(Path(__file__).parents[1])
    given = {"PYTHONPATH": house, "PATH": os.environ.get("PATH", ""), "LANG": "C.UTF-8", "PYTHONUTF8": "1", **env}
    command = [sys.executable, "-B", "-m", module, str(limits.cpu), str(limits.memory)]
    child = subprocess.Popen(
        command, env=given, cwd=house, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL
    )
    try:
        out, _ = child.communicate(told, timeout=limits.wall)
    except subprocess.TimeoutExpired:
        child.kill()
        out, _ = child.communicate()
        return Ended(code=None, out=out)
    return Ended(code=child.returncode, out=out)


def bind(*, largest_file: int | None = 0, open_files: int | None = None) -> None:
    """Give up, as the child that was started by `run`, what the work does not need.

    Args:
        largest_file: megabytes a file may grow to that it writes; 0: it writes none; None: as large as it likes.
        open_files: how many files it may have open at a time; None: as many as it likes.
    """
    cpu, megabytes = int(sys.argv[1]), int(sys.argv[2])
    resource.setrlimit(resource.RLIMIT_CPU, (cpu, cpu + 1))
    resource.setrlimit(resource.RLIMIT_AS, (megabytes << 20, megabytes << 20))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    if largest_file is not None:
        resource.setrlimit(resource.RLIMIT_FSIZE, (largest_file << 20, largest_file << 20))
    if open_files is not None:
        resource.setrlimit(resource.RLIMIT_NOFILE, (open_files, open_files))
