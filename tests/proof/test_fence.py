"""The suite notices when the fence is gone."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[2]
#: The promise that the fence keeps.
PROMISE = "tests/store/test_jobs.py::test_a_node_that_wakes_up_late_changes_nothing[sqlite]"


def told(*more: str) -> tuple[int, str]:
    command = [sys.executable, "-m", "pytest", PROMISE, "-q", "-n0", "-p", "no:cacheprovider", *more]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=300, check=False)
    return done.returncode, done.stdout


def test_without_the_fence_the_suite_fails() -> None:
    # Given the store as it is, the promise holds
    status, said = told()
    assert status == 0, said
    # When only the comparison of fences is taken out
    status, said = told("-p", "tests.proof.without_fence")
    # I expect the promise to be broken, and the suite to say so
    assert status == 1 and "DID NOT RAISE" in said, said
