"""What is written in a diagram and nothing comes of is refused, and what is bound to a version must be it."""

from __future__ import annotations

import pytest

from tests.diagram.drawings import Field, drawing, found, judged, line


def said(step: str, setting: str) -> dict[str, str]:
    """The findings about a setting written on a step, by code -> element."""
    begin = f'<{step.split()[0]} id="a" name="a" ><extensionElements>'
    diagram = line(step, (begin, begin + setting))
    return {code: f.element for code, f in found(diagram).items()}


@pytest.mark.parametrize(
    ("step", "setting"),
    [
        ("serviceTask a job=notify", '<zeebe:assignmentDefinition candidateGroups="sales"/>'),
        ("serviceTask a job=notify", '<zeebe:properties><zeebe:property name="limit" value="L1"/></zeebe:properties>'),
        ("userTask a", '<zeebe:taskDefinition type="notify"/>'),
        ("userTask a", '<zeebe:calledDecision decisionId="d" resultVariable="r"/>'),
        ("userTask a", '<zeebe:taskSchedule followUpDate="=now()"/>'),
        ("userTask a", '<zeebe:formDefinition formId="F" formKey="x"/>'),
        ("exclusiveGateway a", '<zeebe:ioMapping><zeebe:input source="=1" target="x"/></zeebe:ioMapping>'),
        ("callActivity a call=b", '<zeebe:script expression="=1" resultVariable="x"/>'),
    ],
)
def test_a_setting_that_nothing_would_come_of_is_refused(step: str, setting: str) -> None:
    assert said(step, setting)["setting-without-effect"] == "a"


@pytest.mark.parametrize("name", ["limits", "Limit", "limit_variant", "four eyes", "fourEyes", "milstone", "statuss"])
def test_a_misspelt_property_is_refused_with_what_was_meant(name: str) -> None:
    assert said("userTask a", f'<zeebe:properties><zeebe:property name="{name}" value="x"/></zeebe:properties>')["property-misspelt"] == "a"


@pytest.mark.parametrize("name", ["note", "camunda-modeler:color", "owner"])
def test_a_free_note_is_nobody_s_mistake(name: str) -> None:
    told = said("userTask a", f'<zeebe:properties><zeebe:property name="{name}" value="x"/></zeebe:properties>')
    assert not {"property-misspelt", "setting-without-effect"} & told.keys()


def test_a_call_bound_to_a_version_gets_that_one_or_is_refused() -> None:
    bound = ('<zeebe:calledElement processId="other"', '<zeebe:calledElement bindingType="versionTag" versionTag="v2" processId="other"')
    main = drawing("startEvent s\ncallActivity a call=other\nendEvent e\ns > a > e", bound)
    tag = ("<startEvent", '<extensionElements><zeebe:versionTag value="v2"/></extensionElements><startEvent')
    assert "binding-version" not in judged(main, drawing("startEvent i\nendEvent o\ni > o", tag, process="other"))
    assert "binding-version" in judged(main, drawing("startEvent i\nendEvent o\ni > o", process="other"))


def test_a_decision_is_pinned_by_the_release_and_by_nothing_else() -> None:
    text = "startEvent s\nbusinessRuleTask a decision=d result=r\nendEvent e\ns > a > e"
    latest = drawing(text, ('decisionId="d"', 'bindingType="deployment" decisionId="d"'))
    tagged = drawing(text, ('decisionId="d"', 'bindingType="versionTag" versionTag="v2" decisionId="d"'))
    assert ["binding-version" in judged(one) for one in (latest, tagged)] == [False, True]


SIGNALS = """
    startEvent s
    intermediateThrowEvent t signal=x {reach} in:name==who
    userTask a
    boundaryEvent b on=a signal={caught}
    endEvent e
    endEvent o
    s > t > a > e
    b > o
"""


@pytest.mark.parametrize(
    ("reach", "caught", "sealed", "code"),
    [
        ("reach=pack", "y", False, "signal-from-nobody"),
        ("reach=world", "x", False, "signal-reach"),
        ("reach=pack", "x", True, "signal-sealed"),
        ("reach=pack", "x", False, "signal-personal"),
    ],
)
def test_a_signal_that_would_not_arrive_as_drawn_is_refused(reach: str, caught: str, sealed: bool, code: str) -> None:
    told = judged(drawing(SIGNALS.format(reach=reach, caught=caught)), sealed=sealed, forms={"F": {"who": Field(personal=True)}})
    assert (told[code].severity, told[code].element) == ("error", "b" if code == "signal-from-nobody" else "t")


def test_a_signal_inside_a_sealed_case_may_carry_what_the_case_knows() -> None:
    told = judged(drawing(SIGNALS.format(reach="", caught="x")), sealed=True, forms={"F": {"who": Field(personal=True)}})
    assert not {code for code in told if code.startswith("signal")}


def test_what_a_signal_brings_is_known_where_it_is_caught() -> None:
    text = SIGNALS.format(reach="reach=pack", caught="x") + "scriptTask r script==name result=got\nb > r"
    told = judged(drawing(text), intake="F", forms={"F": {"who": Field()}})
    assert "reads-unknown" not in told


def test_how_far_a_signal_goes_is_written_on_signals_alone() -> None:
    plain = drawing("startEvent s\nintermediateThrowEvent t reach=pack\nendEvent e\ns > t > e")
    assert judged(plain)["signal-reach"].element == "t"
    assert "setting-without-effect" in found(line("userTask a reach=pack"))
