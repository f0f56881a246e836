"""What is usually answered at the life insurer (SYS-22): the pack's own scenarios say it."""

from __future__ import annotations

from typing import Any

import yaml

from tests.packs.company import ROOT

_SAID: dict[str, dict[str, Any]] = yaml.safe_load(
    (ROOT / "bpmn" / "packs" / "life-insurance" / "scenarios" / "usual.yaml").read_text(encoding="utf-8")
)
INTAKE = _SAID["intake"]
USUAL = {element: said for element, said in _SAID.items() if element != "intake"}
#: A surrender of which the cash value is 10,000 and all premiums are 100,000.
SURRENDER = {"matters": ["surrender"], "agreed_amount": "12000.00", "cash_value": "10000.00", "surrender_total": "12000.00",
             "premium_total": "100000.00"}  # fmt: skip
