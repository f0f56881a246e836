"""Every name a diagram uses is given by the release, and given before it is read."""

from __future__ import annotations

import pytest

from engine.diagram import Diagram
from tests.diagram.drawings import Field, drawing, form, judged, line

ASK = """
    startEvent s
    userTask look groups=sales form=F01
    exclusiveGateway g default=g_e
    userTask repair groups=sales form=F02
    endEvent e
    endEvent f
    s > look > g > e
    g > repair ? =%s
    repair > f
"""
FORMS = {"F01": form(loss=Field("number")), "F02": form(cost=Field("number"), who=Field(personal=True))}
PACK = {"roles": frozenset({"sales"}), "forms": FORMS, "intake": "F01"}


def test_a_gateway_reads_what_no_form_before_it_gives() -> None:
    # Given a gateway that reads 金额, and a form before it that gives loss
    finding = judged(drawing(ASK % "金额 > 1000"), **PACK)["reads-unknown"]
    # I expect the flow named, and what it reads
    assert (finding.element, finding.detail["name"], finding.severity) == ("g_repair", "金额", "error")
    assert "金额" in finding.zh and "金额" in finding.en
    # And nothing where a form before it gives the name
    assert "reads-unknown" not in judged(drawing(ASK % "loss > 1000"), **PACK)


def test_what_only_a_later_form_gives_is_not_known_yet() -> None:
    finding = judged(drawing(ASK % "cost > 1000"), **PACK)["reads-unknown"]
    assert finding.detail["name"] == "cost"
    # But in a loop the later form comes before it the second time
    looped = ASK.replace("repair > f", "repair > look")
    assert "reads-unknown" not in judged(drawing(looped % "cost > 1000"), **PACK)


def test_a_name_nearly_right_is_suggested() -> None:
    finding = judged(drawing(ASK % "losss > 1"), **PACK)["reads-unknown"]
    assert "loss" in finding.remedy_en.split("“")[-1]


@pytest.mark.parametrize(
    "giver",
    [
        'scriptTask a script="=1" result=x',
        "serviceTask a job=notify out:x==now()",
        "serviceTask a job=take-number out:x==number",
        "intermediateCatchEvent a message=reply",
        "userTask a groups=sales form=F01 each==[1] into=x from==item",
        "callActivity a call=other",
    ],
)
def test_names_are_given_by_more_than_forms(giver: str) -> None:
    text = (
        f"startEvent s\n{giver}\nexclusiveGateway g default=g_e\nendEvent e\nendEvent f\ns > a > g > e\ng > f ? =x = 1"
    )
    other = drawing('startEvent i\nscriptTask t script="=2" result=x\nendEvent o\ni > t > o', process="other")
    forms = {**FORMS, "M": form(x=Field())}
    errands = {"notify": (), "take-number": ()}
    found = judged(drawing(text), other, **{**PACK, "forms": forms}, messages={"reply": "M"}, errands=errands)
    assert "reads-unknown" not in found


def test_a_called_process_knows_what_its_callers_hand_in() -> None:
    inner = "startEvent i\nexclusiveGateway g default=g_o\nendEvent o\nendEvent p\ni > g > o\ng > p ? =amount > 1"
    other = drawing(inner, process="other")
    alone = drawing("startEvent s\ncallActivity a call=other alone in:sum==loss\nendEvent e\ns > a > e")
    assert judged(alone, other, **PACK)["reads-unknown"].detail["name"] == "amount"
    handed = drawing("startEvent s\ncallActivity a call=other alone in:amount==loss\nendEvent e\ns > a > e")
    assert "reads-unknown" not in judged(handed, other, **PACK)


def test_what_a_called_process_keeps_to_itself_is_not_known_outside() -> None:
    other = drawing('startEvent i\nscriptTask t script="=2" result=x\nendEvent o\ni > t > o', process="other")
    text = "startEvent s\ncallActivity a call=other keep%s\nexclusiveGateway g default=g_e\nendEvent e\nendEvent f\n"
    text += "s > a > g > e\ng > f ? =x = 1"
    assert judged(drawing(text % ""), other, **PACK)["reads-unknown"].detail["name"] == "x"
    assert "reads-unknown" not in judged(drawing(text % " out:x==x"), other, **PACK)


def test_nothing_personal_decides() -> None:
    looped = ASK.replace("repair > f", "repair > look")
    finding = judged(drawing(looped % 'who = "li"'), **PACK)["personal-decides"]
    assert (finding.severity, finding.detail["name"]) == ("error", "who")


def test_a_decision_is_given_what_it_reads() -> None:
    text = "startEvent s\nbusinessRuleTask a decision=d1 result=grade%s\nendEvent e\ns > a > e"
    given = {**PACK, "decisions": {"d1": (("amount",), ("grade",))}}
    assert judged(drawing(text % ""), **given)["decision-reads-unknown"].detail["name"] == "amount"
    assert "decision-reads-unknown" not in judged(drawing(text % " in:amount==loss"), **given)


LIMITS = {"T1": frozenset({""}), "T2": frozenset({"sales", "plant"})}


@pytest.mark.parametrize(
    ("code", "step"),
    [
        ("role-unknown", "userTask a groups=sails form=F01"),
        ("form-unknown", "userTask a groups=sales form=F99"),
        ("decision-unknown", "businessRuleTask a decision=d9 result=x"),
        ("limit-unknown", "userTask a groups=sales form=F01 limit=T9"),
        ("variant-unknown", "userTask a groups=sales form=F01 limit=T2 limit-variant=sails"),
        ("variant-missing", "userTask a groups=sales form=F01 limit=T2"),
        ("status-unknown", "userTask a groups=sales form=F01 status=gone"),
        ("four-eyes-unknown", "userTask a groups=sales form=F01 four-eyes=nobody"),
        ("errand-unknown", "serviceTask a job=dance"),
        ("errand-fact-missing", "serviceTask a job=notify"),
        ("message-unknown", "intermediateCatchEvent a message=nothing"),
        ("called-process-missing", "callActivity a call=nothing"),
        ("limit-unknown", 'intermediateCatchEvent a date="=due(\\"T9\\")"'),
        ("parameter-unknown", 'scriptTask a script="=param(\\"nothing\\")" result=x'),
        ("milestone-unknown", 'scriptTask a script="=milestone(\\"nothing\\")" result=x'),
        ("element-unknown", 'userTask a form=F01 "assignee==done by(\\"nothing\\")"'),
        ("variant-unknown", 'intermediateCatchEvent a "date==due(\\"T2\\", \\"sails\\")"'),
        ("function-unknown", 'intermediateCatchEvent a "date==deadline(\\"T1\\")"'),
        ("feel-syntax", 'scriptTask a script="=1 +" result=x'),
        ("not-feel", "scriptTask a script=1+1 result=x"),
        ("juel", "userTask a form=F01 groups=${group}"),
        ("time-not-readable", 'intermediateCatchEvent a duration="0 0 9 * * ?"'),
        ("time-not-readable", "intermediateCatchEvent a duration=-PT1H"),
        ("time-not-readable", "intermediateCatchEvent a date=tomorrow"),
        ("time-not-readable", "startEvent a cycle=R0/PT1H"),
    ],
)
def test_a_name_or_text_that_means_nothing_is_named(code: str, step: str) -> None:
    diagram = line(step) if not step.startswith("startEvent") else drawing(f"{step}\nendEvent e\na > e")
    found = judged(
        diagram, **PACK, limits=LIMITS, statuses=frozenset({"open"}), errands={"notify": ("to",)}, messages={"m": None}
    )
    assert (found[code].element, found[code].severity) == ("a", "error")
    assert found[code].remedy_zh and found[code].remedy_en


def test_a_limit_hangs_on_a_milestone_that_is_reached() -> None:
    given = {**PACK, "milestones": frozenset({"recieved", "closed", "task"})}
    text = "startEvent s milestone=received\nendEvent e\ns > e"
    finding = judged(drawing(text), **given)["milestone-unreached"]
    assert (finding.file, finding.element) == ("pack.yaml", "recieved")
    assert "Did you mean “received”?" in finding.remedy_en


def test_a_circle_of_calls_is_told_with_its_way() -> None:
    a = drawing("startEvent s\ncallActivity c call=other\nendEvent e\ns > c > e")
    b = drawing("startEvent s\ncallActivity d call=main\nendEvent e\ns > d > e", process="other")
    found = judged(a, b)
    assert found["call-itself"].detail["path"] in [("other", "main"), ("main", "other")]


def catching(events: str) -> Diagram:
    """A process that calls another, with events on the edge of the call."""
    return drawing(f"startEvent s\ncallActivity c call=other\nendEvent e\ns > c > e\n{events}")


def test_an_error_of_a_called_process_is_caught_by_its_caller() -> None:
    other = drawing("startEvent i\nendEvent o error=bad\ni > o", process="other")
    on = "boundaryEvent b on=c error=%s\nendEvent f\nb > f"
    assert "end-error-uncaught" in judged(catching(""), other)
    assert "end-error-uncaught" in judged(catching(on % "worse"), other)
    assert "end-error-uncaught" not in judged(catching(on % "bad"), other)
    assert "end-error-uncaught" not in judged(catching(on % ""), other)


@pytest.mark.parametrize("word", ["gateway-no-question", "gateway-without-default", "flow-without-condition"])
def test_a_gateway_is_a_question_whose_answers_are_written(word: str) -> None:
    text = "startEvent s\nexclusiveGateway g\nuserTask a\nendEvent e\nendEvent f\ns > g > a > e\ng > f ? =x"
    found = judged(drawing(text))
    assert found[word].element == ("g_a" if word == "flow-without-condition" else "g")
    assert found[word].severity == ("error" if word == "flow-without-condition" else "warning")
