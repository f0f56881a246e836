"""Models that others drew: each is read or refused with a reason; what is accepted moves as its authors say."""

from __future__ import annotations

import os
from collections import Counter
from pathlib import Path

import pytest

from engine.diagram import Diagram, Given, check
from engine.findings import Finding, Refused, errors
from tests.diagram import betsy

pytestmark = pytest.mark.skipif(
    not betsy.FOLDER.exists() and not os.environ.get("CI"), reason="the shared models are not beside the project"
)

#: Models of betsy that are refused, and why. The rest must move as expected.
NOT_EXECUTED = {
    "activities/AdHocSubProcess_Parallel.bpmn": "ad-hoc-choice",
    "activities/CallActivity_GlobalTask.bpmn": "unknown-element",
    "activities/MultiInstance_ComplexBehavior.bpmn": "multi-instance-data",
    "activities/ReceiveTask_Instantiate.bpmn": "receive-instantiates",
    "activities/SendTask.bpmn": "throw-to-nobody",
    "activities/Token_Cardinality_Split_Explicit.bpmn": "quantity",
    "cfpatterns/WCP06_MultiChoice_ComplexGateway.bpmn": "complex-gateway",
    "cfpatterns/WCP09_Structured_Discriminator_MultiInstance.bpmn": "multi-instance-data",
    "cfpatterns/WCP12_MultipleInstancesWithoutSynchronization.bpmn": "multi-instance-data",
    "cfpatterns/WCP17_InterleavedParallelRouting.bpmn": "ad-hoc-choice",
    "errors/ExclusiveDiverging_ParallelConverging.bpmn": "deadlock",
    "errors/LoopTask_NegativeLoopMaximum.bpmn": "loop-endless",
    "errors/Token_StartQuantity_Two.bpmn": "quantity",
    "errors/Token_StartQuantity_Zero.bpmn": "quantity",
    "events/Cancel_Event.bpmn": "compensation-event",
    "events/Compensation_EndEvent_SubProcess.bpmn": "compensation-event",
    "events/Conditional_BoundaryEvent_SubProcess_NonInterrupting.bpmn": "boundary-condition-restless",
    "events/Conditional_StartEvent.bpmn": "start-other",
    "events/EventDefinitionRef_Error_EndEvent_TopLevel.bpmn": "event-reference",
    "events/Message_StartEvent.bpmn": "throw-to-nobody",
    "events/Multiple_IntermediateEvent_ThrowLastEventDefinition.bpmn": "multiple-event",
    "events/Multiple_IntermediateThrowEvent.bpmn": "multiple-event",
    "events/Multiple_Parallel_IntermediateEvent.bpmn": "multiple-event",
    "events/Multiple_Parallel_IntermediateEvent_MissingEvent.bpmn": "multiple-event",
    "events/Signal_EndEvent.bpmn": "start-other",
    "gateways/ComplexGateway.bpmn": "complex-gateway",
}
#: Scripts that take time at the same time: ours take none, so there is nothing to observe.
NOT_APPLICABLE = {"gateways/ParallelGateway_TrueParallelism.bpmn"}

#: Models that are accepted and move as expected, as the page says.
ACCEPTED = 44
#: Models that break one rule of the standard each.
BROKEN = 141


def models(folder: str) -> list[Path]:
    """The files of a folder."""
    return sorted((betsy.FOLDER / folder).rglob("*.bpmn"))


def findings(path: Path) -> list[Finding]:
    """What the gate says of a file as it is."""
    try:
        return check([Diagram.read(path.read_bytes(), path.name)], Given())
    except Refused as refused:
        return list(refused.findings)


def test_models_of_betsy_move_as_expected_or_are_refused_for_a_known_reason() -> None:
    accepted, refused = 0, {}
    for file, cases in betsy.cases().items():
        data = betsy.model(file)
        if reasons := betsy.refusals(data):
            refused[file] = reasons
            continue
        for case in cases if file not in NOT_APPLICABLE else ():
            told = betsy.trace(data, case.data, marker="MARKER_exists" in case.expect)
            assert (file, Counter(told)) == (file, Counter(case.expect))
        accepted += file not in NOT_APPLICABLE
    assert refused.keys() == NOT_EXECUTED.keys()
    assert all(reason in refused[file] for file, reason in NOT_EXECUTED.items())
    assert accepted == ACCEPTED


def test_models_that_break_a_rule_are_refused() -> None:
    broken = models("betsy/constraints")
    assert len(broken) == BROKEN
    assert [path.name for path in broken if not errors(findings(path))] == []


@pytest.mark.parametrize("folder", ["betsy", "miwg-reference"])
def test_every_public_model_gets_an_answer_people_can_use(folder: str) -> None:
    paths = models(folder)
    assert paths
    for path in paths:
        for finding in findings(path):
            assert finding.zh and finding.en and finding.remedy_zh and finding.remedy_en
            assert finding.text("zh") and finding.text("en")
