"""Each row of the support matrix that says "refused" refuses what it names, by element and with a remedy."""

from __future__ import annotations

import pytest

from engine.diagram import Diagram
from engine.diagram.construct import Row
from engine.diagram.support import ROWS
from tests.diagram.drawings import drawing, found, judged, line

Change = tuple[str, str]


def tag(kind: str, inner: str = "", attributes: str = "") -> Change:
    """Turn the plain task of a drawing into another element."""
    return ('<task id="a" name="a" ><extensionElements></extensionElements></task>',
            f'<{kind} id="a" name="a" {attributes}>{inner}</{kind}>')  # fmt: skip


def odd(kind: str, inner: str = "", attributes: str = "") -> Diagram:
    """A process whose only step is written in XML."""
    return line("task a", tag(kind, inner, attributes))


def event(kind: str, definition: str) -> Diagram:
    """A process whose only step is an event."""
    return odd(kind, f"<{definition}EventDefinition/>")


def edge(definition: str, host: str = "userTask a groups=sales", loose: str = "") -> Diagram:
    """A step with a boundary event on its edge."""
    text = f"startEvent s\n{host}\nboundaryEvent b on=a{loose} terminate\nendEvent e\nendEvent o\ns > a > e\nb > o"
    return drawing(text, ("<terminateEventDefinition/>", definition))


def starts(definition: str) -> Diagram:
    """A process that begins with an event."""
    return drawing("startEvent s terminate\nendEvent e\ns > e", ("<terminateEventDefinition/>", definition))


def ends(definition: str) -> Diagram:
    """A process that ends with an event."""
    return drawing("startEvent s\nendEvent e terminate\ns > e", ("<terminateEventDefinition/>", definition))


TIMER = "<timerEventDefinition><timeDuration>PT1H</timeDuration></timerEventDefinition>"
LOOP = "<multiInstanceLoopCharacteristics>{}</multiInstanceLoopCharacteristics>"
INSIDE = "startEvent s\nsubProcess a {\n%s\n}\nendEvent e\ns > a > e"
HANDLER = "startEvent s\nendEvent e\ns > e\nsubProcess h handler {\nstartEvent i %s\nendEvent o\ni > o\n}"

START_LISTENER = (
    '<startEvent id="s" name="s" ><extensionElements><zeebe:executionListeners><zeebe:executionListener eventType="start" type="notify"/>'
    "</zeebe:executionListeners>"
)

#: Row -> the element named, and a drawing that shows it.
REFUSED: dict[str, tuple[str, Diagram]] = {
    "passing-task-with-edge": ("a", edge(TIMER, "task a")),
    "errand-missing": ("a", line("serviceTask a")),
    "caught-twice": ("c", drawing("startEvent s\nuserTask a groups=sales\nboundaryEvent b on=a message=withdraw\n"
                                  "boundaryEvent c on=a message=withdraw\nendEvent e\nendEvent o\ns > a > e\nb > o\nc > o")),
    "decision-missing": ("a", line("businessRuleTask a")),
    "script-language": ("a", odd("scriptTask", "<script>import os</script>")),
    "receive-without-message": ("a", line("receiveTask a")),
    "receive-instantiates": ("a", odd("receiveTask", attributes='instantiate="true"')),
    "quantity": ("a", odd("task", attributes='startQuantity="2"')),
    "compensation-activity": ("a", odd("task", attributes='isForCompensation="true"')),
    "listener-event": ("a", line("userTask a task:assigning=notify")),
    "listener-place": ("s", line("userTask a", ('<startEvent id="s" name="s" ><extensionElements>', START_LISTENER))),
    "listener-twice": ("a", line("userTask a at:end=notify at:end#2=notify")),
    "listener-result": ("a", line("userTask a task:creating=take-number")),
    "event-gateway-target": ("g", drawing("startEvent s\neventBasedGateway g\nuserTask a\nuserTask b\ns > g > a\ng > b")),
    "event-gateway-starts": ("a", odd("eventBasedGateway", attributes='instantiate="true"')),
    "complex-gateway": ("a", odd("complexGateway")),
    "condition-ignored": ("g", drawing("startEvent s\nparallelGateway g\nendEvent e\ns > g\ng > e ? =x")),
    "flow-into-start": ("s", drawing("startEvent s\nuserTask a\nendEvent e\ns > a > e\na > s")),
    "boundary-condition-restless": ("b", drawing(
        "startEvent s\nsubProcess a {\nstartEvent i\nendEvent o\ni > o\n}\nboundaryEvent b on=a condition==x\n"
        "endEvent e\nendEvent f\ns > a > e\nb > f")),
    "flow-to-itself": ("a", drawing("startEvent s\nuserTask a\nendEvent e\ns > a > e\na > a")),
    "event-sub-process-start": ("h", drawing(HANDLER % "")),
    "handler-of-errors-passing": ("i", drawing(HANDLER % "error=bad loose")),
    "ad-hoc-choice": ("a", odd("adHocSubProcess")),
    "ad-hoc-inside": ("i", drawing("startEvent s\nadHocSubProcess a active==x {\nstartEvent i\nuserTask t\ni > t\n}\nendEvent e\ns > a > e")),
    "call-nothing": ("a", line("callActivity a")),
    "call-computed": ("a", line("callActivity a call==which")),
    "call-itself": ("a", line("callActivity a call=main")),
    "multi-instance-empty": ("a", odd("userTask", LOOP.format(""))),
    "multi-instance-both": ("a", line(
        "userTask a each==x", ("</extensionElements></multi", "</extensionElements><loopCardinality>3</loopCardinality></multi"))),
    "multi-instance-output": ("a", odd("userTask", '<multiInstanceLoopCharacteristics><extensionElements><zeebe:loopCharacteristics '
                                       'inputCollection="=[1]" inputElement="i" outputCollection="all"/></extensionElements>'
                                       "</multiInstanceLoopCharacteristics>")),
    "multi-instance-data": ("a", odd("userTask", LOOP.format("<loopDataInputRef>x</loopDataInputRef>"))),
    "loop-endless": ("a", odd("userTask", "<standardLoopCharacteristics/>")),
    "other-dialect": ("a", odd("userTask", attributes='xmlns:camunda="http://camunda.org/schema/1.0/bpmn" '
                                                      'camunda:assignee="li"')),
    "unknown-extension": ("a", odd("userTask", "<extensionElements><zeebe:userTaskForm/></extensionElements>")),
    "unknown-element": ("x", line("task a", ("<startEvent", '<choreographyTask id="x"/><startEvent'))),
    "start-other": ("s", starts("<signalEventDefinition/>")),
    "start-inside": ("i", drawing(INSIDE % "startEvent i duration=PT1H\nendEvent o\ni > o")),
    "start-several": ("main", drawing("startEvent s\nstartEvent t\nendEvent e\ns > e\nt > e")),
    "link-alone": ("a", event("intermediateThrowEvent", "link")),
    "timer-cycle-catch": ("a", line("intermediateCatchEvent a cycle=R3/PT1H")),
    "timer-empty": ("a", event("intermediateCatchEvent", "timer")),
    "event-unnamed": ("a", event("intermediateCatchEvent", "message")),
    "throw-to-nobody": ("a", line("intermediateThrowEvent a message=lost")),
    "condition-empty": ("a", event("intermediateCatchEvent", "conditional")),
    "compensation-event": ("a", event("intermediateThrowEvent", "compensate")),
    "multiple-event": ("a", odd("intermediateCatchEvent", TIMER + "<signalEventDefinition/>")),
    "event-reference": ("a", odd("intermediateCatchEvent", "<eventDefinitionRef>x</eventDefinitionRef>")),
    "event-place": ("a", odd("intermediateThrowEvent", TIMER)),
    "boundary-error-passing": ("b", edge("<errorEventDefinition/>", "serviceTask a job=notify", " loose")),
    "boundary-error-place": ("b", edge("<errorEventDefinition/>")),
    "boundary-escalation-place": ("b", edge("<escalationEventDefinition/>")),
    "boundary-cycle-interrupting": (
        "b", edge("<timerEventDefinition><timeCycle>R3/PT1H</timeCycle></timerEventDefinition>")),
    "boundary-other": ("b", edge("")),
    "end-error-uncaught": ("e", drawing("startEvent s\nendEvent e error=bad\ns > e")),
    "end-other": ("e", ends(TIMER)),
}  # fmt: skip


@pytest.mark.parametrize("row", [r for r in ROWS if r.verdict == "refused"], ids=lambda row: row.id)
def test_what_would_run_otherwise_than_drawn_is_refused(row: Row) -> None:
    element, drawn = REFUSED[row.id]
    finding = (found(drawn) | judged(drawn))[row.id]
    assert (finding.severity, finding.element) == ("error", element)
    assert all((finding.zh, finding.en, finding.remedy_zh, finding.remedy_en))


def test_what_the_table_does_not_know_is_refused() -> None:
    # Given an intermediate event that nothing accepts and nothing names
    drawn = odd("endEvent", "<cancelEventDefinition/>")
    # I expect it barred all the same
    assert {f.severity for f in found(drawn).values()} == {"error"}


def test_a_template_of_the_editor_is_no_stranger() -> None:
    drawn = line("userTask a groups=sales form=F", ('name="a" ', 'name="a" zeebe:modelerTemplate="kesu.task" '))
    assert found(drawn) == {}
