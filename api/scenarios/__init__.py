"""Scenarios: what a procedure promises, told in plain language and played over the API on a simulated calendar.

A pack keeps them beside its other files in `scenarios/*.feature` (Gherkin, in Chinese or English; not part of the
release), with what is usually answered in `scenarios/usual.yaml`. `telling` reads them, `sentences` says which
sentences there are, `playing` does what they say, `words` finds what the owner's words mean in the pack, `house` is
the company they are played in, `varying` the procedure with other parameters, `coverage` says what of the pack no scenario touches.
"""

from api.scenarios.coverage import Touched, Untouched, untouched
from api.scenarios.house import House, Street, linked_packs
from api.scenarios.playing import ScenarioFailed, play
from api.scenarios.telling import Scenario, ScenarioUnreadable, scenarios_of, usual_of
from api.scenarios.varying import varied

__all__ = [
    "House", "Scenario", "ScenarioFailed", "ScenarioUnreadable", "Street", "Touched", "Untouched", "linked_packs", "play",
    "scenarios_of", "untouched", "usual_of", "varied",
]  # fmt: skip
