"""Decision tables as dmn-js saves them, evaluated with our FEEL; each evaluation leaves a record."""

from engine.decision.checking import findings_of
from engine.decision.deciding import (
    DecisionConflict,
    DecisionModel,
    Evaluation,
    InputNotAllowed,
    NoSuchDecision,
    NotOfItsType,
    read,
)
from engine.decision.model import Decision
from engine.decision.nulls import nulls_of
from engine.findings import Finding


def check(model: DecisionModel) -> list[Finding]:
    """What the gate says of a model beyond what reading it refused."""
    return [*findings_of(model.facts), *nulls_of(model.facts)]


__all__ = ["Decision", "DecisionConflict", "DecisionModel", "Evaluation", "InputNotAllowed", "NoSuchDecision", "NotOfItsType", "check", "read"]
