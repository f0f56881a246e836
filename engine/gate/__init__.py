"""The gate: what is published runs as drawn, or is refused with the element and the remedy.

`check` judges in this process files that come with the house; `check_apart` judges what anybody may hand in, in
a process of its own that has only so much time and memory.
"""

from engine.gate.apart import LIMITS, MOST_BYTES, MOST_FILES, PATIENCE, GateBusy, check_apart, check_files_apart
from engine.gate.judging import Checked, check, check_files

__all__ = ["LIMITS", "MOST_BYTES", "MOST_FILES", "PATIENCE", "Checked", "GateBusy", "check", "check_apart", "check_files", "check_files_apart"]
