"""What a case knows: one document, local data of activities, mappings, and whose data they are."""

from __future__ import annotations

from decimal import Decimal

import pytest

from engine.history import DataSet, ErrandStarted, Personal, PersonErased, TaskCompleted, ValueMissing
from engine.replay import verify
from tests.run.drawing import Driven, drawn


def test_parallel_branches_do_not_overwrite_each_other() -> None:
    case = Driven(
        drawn(
            """
            startEvent s
            parallelGateway p
            userTask a
            userTask b
            parallelGateway j
            userTask z
            s > p > a > j > z
            p > b > j
            """
        ),
        k=1,
    )
    case.done("b", k=2, from_b=True)
    case.done("a", from_a=True)
    assert dict(case.run.documents[""]) == {"k": 2, "from_a": True, "from_b": True}


def test_local_data_shadow_the_case_document_and_only_mapped_results_come_out() -> None:
    case = Driven(
        drawn(
            """
            startEvent s
            userTask a 'in:amount==loss * 2' in:note=fixed 'out:result==amount + extra'
            userTask z
            s > a > z
            """
        ),
        loss=Decimal(10),
    )
    task = case.run.tasks["a-1"]
    assert task.scope == "a-1"
    assert case.run.document("a-1")["amount"] == 20
    assert case.run.document("a-1")["loss"] == 10
    assert "amount" not in case.run.document()
    case.restart()
    case.done("a", extra=Decimal("0.5"))
    assert case.run.documents == {"": {"loss": 10, "result": Decimal("20.5")}}
    assert case.came_of(DataSet)[0].values == {"result": Decimal("20.5")}


def test_a_value_that_a_mistake_made_null_carries_its_reason_into_the_history() -> None:
    # Given a fee that is reckoned from an amount, which somebody gave as text
    case = Driven(
        drawn(
            """
            startEvent s
            userTask a
            scriptTask fee 'script==loss * 2' result=fee
            userTask z 'in:share==loss - 1' 'in:none==null'
            s > a > fee > z
            """
        )
    )
    # When the procedure comes there
    case.done("a", loss="about ten")
    # Then it goes on as drawn, and the history says where there is no value, and why, without what was entered
    assert case.open() == ["z"]
    fee, share = case.came_of(ValueMissing)
    assert (fee.element, fee.text, fee.en) == ("fee", "loss * 2", "line 1, column 1: cannot reckon string * number")
    assert fee.zh == "第 1 行第 1 列：无法计算：string * number"
    assert (share.element, share.text) == ("z", "loss - 1")
    assert "about ten" not in repr((fee, share))
    # And a null that was meant needs no reason; and both are found again when the case is replayed
    assert verify(case.records(), lambda _: case.release, case.run.snapshot()).agrees


def test_an_answer_is_set_where_its_name_is_defined() -> None:
    case = Driven(
        drawn(
            """
            startEvent s
            subProcess sub in:draft=first {
            userTask a
            userTask b
            a > b
            }
            userTask z
            s > sub > z
            """
        )
    )
    case.done("a", draft="second", kept=True)
    assert case.run.documents["sub-1"] == {"draft": "second"}
    assert case.run.documents[""] == {"kept": True}
    case.done("b")
    assert case.run.documents == {"": {"kept": True}}


CALLED = """
    startEvent cs
    userTask ct
    scriptTask cx script='=amount * 2' result=double
    endEvent ce
    cs > ct > cx > ce
"""


def test_a_called_process_has_its_own_document_and_hands_back_what_it_wrote() -> None:
    main = """
        startEvent s
        callActivity c call=sub {extra}
        userTask z
        s > c > z
    """
    # Given a call that sees everything around it
    case = Driven(drawn(main.format(extra=""), sub=CALLED), amount=2)
    assert case.run.tasks["ct-1"].scope == "c-1"
    case.restart()
    case.done("ct", checked=True)
    # I expect what it wrote in the case document, and its own document gone
    assert case.run.documents == {"": {"amount": 2, "checked": True, "double": 4}}
    assert case.run.called == {"c-1": "sub"}
    # Given calls of one id that begin different processes, inside one another and in turn
    inside = "startEvent ds\n callActivity c call=sub\n ds > c"
    case = Driven(drawn(main.format(extra=""), sub=inside.replace("call=sub", "call=last"), last=CALLED), amount=2)
    assert case.run.called == {"c-1": "sub", "c-2": "last"}
    case.restart()
    assert case.run.called == {"c-1": "sub", "c-2": "last"}
    # Given a call that gets and gives only what is mapped
    case = Driven(drawn(main.format(extra="alone keep in:amount==base out:double==double"), sub=CALLED), base=5)
    assert case.run.document("c-1").keys() == {"amount", "case"}
    case.done("ct", checked=True)
    assert case.run.documents == {"": {"base": 5, "double": 10}}


def test_scripts_and_houses_functions_know_limits_parameters_milestones_and_doers() -> None:
    case = Driven(
        drawn(
            """
            startEvent s milestone=registered
            userTask a milestone=checked
            scriptTask x script='={t: param("tolerance"), m: milestone("checked"), n: milestone("never"), w: done by("a")}' result=r
            userTask z
            s > a > x > z
            """
        )
    )
    case.done("a", actor="li")
    assert case.run.document()["r"] == {"t": Decimal("0.05"), "m": case.at, "n": None, "w": "li"}
    assert case.run.done_by == {"a": ("li",)}


def test_each_item_of_a_list_gets_its_own_instance_in_parallel() -> None:
    case = Driven(
        drawn(
            """
            startEvent s
            userTask ask each==departments item=department into=answers from==vote groups==department
            userTask z
            s > ask > z
            """
        ),
        departments=["sales", "plant"],
    )
    assert {(t.item, t.groups) for t in case.run.tasks.values()} == {("sales", ("sales",)), ("plant", ("plant",))}
    case.restart()
    case.done("ask-2", vote="no")
    case.restart()
    case.done("ask-1", vote="yes")
    assert case.open() == ["z"]
    assert case.run.documents == {"": {"departments": ["sales", "plant"], "answers": ["yes", "no"]}}


def test_one_after_the_other_until_it_is_enough() -> None:
    case = Driven(
        drawn(
            """
            startEvent s
            callActivity ask call=sub each==[1,2,3] item=n into=all from==double sequential until='=double >= 4'
            userTask z
            s > ask > z
            """,
            sub=CALLED.replace("amount", "n"),
        )
    )
    assert case.open() == ["ct"]
    case.done("ct")
    case.restart()
    case.done("ct")
    assert case.open() == ["z"]
    assert case.run.document()["all"] == [2, 4, None]


@pytest.mark.parametrize("how", ["", "sequential"])
@pytest.mark.parametrize("what", ["userTask", "callActivity call=sub"])
def test_the_number_of_a_repetition_is_collected_as_any_other_value(what: str, how: str) -> None:
    kind, _, more = what.partition(" ")
    called = {"sub": "startEvent i\nuserTask a\nendEvent o\ni > a > o"} if more else {}
    case = Driven(drawn(f"startEvent s\n{kind} a {more} each==[7,8] item=n into=all from==loopCounter {how}\nuserTask z\ns > a > z", **called))
    for _ in range(2):
        case.done(sorted(t.name for t in case.run.tasks.values())[0])
    assert case.open() == ["z"] and case.run.document()["all"] == [1, 2]


def test_enough_answers_withdraw_the_others() -> None:
    case = Driven(
        drawn(
            """
            startEvent s
            userTask ask each==[1,2,3] until='=numberOfCompletedInstances >= 2'
            userTask z
            s > ask > z
            """
        )
    )
    case.done("ask-3")
    case.done("ask-1")
    assert case.open() == ["z"]


def test_nothing_to_repeat_is_passed_at_once() -> None:
    case = Driven(
        drawn(
            """
            startEvent s
            userTask ask each==[] into=answers from==1
            userTask z
            s > ask > z
            """
        )
    )
    assert case.open() == ["z"]
    assert case.run.document()["answers"] == []


def test_personal_data_are_sealed_wherever_an_outcome_tells_them() -> None:
    case = Driven(
        drawn(
            """
            startEvent s
            scriptTask x script='="Dear " + name' result=greeting
            serviceTask letter job=send-letter in:text==greeting in:to=registry
            userTask z
            s > x > letter > z
            """
        ),
        name=Personal("Zhang", "complainant"),
    )
    (set_,) = [d for d in case.came_of(DataSet) if "greeting" in d.values]
    assert set_.values["greeting"] == Personal("Dear Zhang", "complainant")
    (started,) = case.came_of(ErrandStarted)
    assert started.inputs == {"text": Personal("Dear Zhang", "complainant"), "to": "registry"}
    # The run itself holds plain values, and knows whose they are.
    assert case.run.errands["letter-1"].inputs == {"text": "Dear Zhang", "to": "registry"}
    assert case.run.personal == {"name": "complainant", "greeting": "complainant"}
    # A forgotten person reads as null, in what is open, too.
    case.hear(PersonErased(at=case.at, of="complainant", reason="asked"))
    assert case.run.document()["name"] is None
    assert case.run.document()["greeting"] is None
    assert case.run.errands["letter-1"].inputs == {"text": None, "to": "registry"}


def test_answers_of_many_about_a_person_are_sealed_together() -> None:
    case = Driven(
        drawn("startEvent s\nuserTask a each==[1,2] into=all from==said\nuserTask z\ns > a > z"),
    )
    case.done("a-1", said=Personal("Zhang", "complainant"))
    case.done("a-2", said="nothing")
    assert case.came_of(DataSet)[0].values == {"all": Personal(["Zhang", "nothing"], "complainant")}
    assert case.run.personal == {"all": "complainant"}


def test_an_incident_does_not_name_a_person() -> None:
    case = Driven(
        drawn("startEvent s\nexclusiveGateway g\nuserTask a\nuserTask b\ns > g\ng > a ? =name\ng > b ? =true"),
        name=Personal("Zhang San", "complainant"),
    )
    (incident,) = case.run.incidents.values()
    assert incident.code == "not-a-boolean"
    assert "Zhang" not in incident.en + incident.zh


def test_numbers_come_back_as_they_went() -> None:
    case = Driven(drawn("startEvent s\nuserTask a\nuserTask b\ns > a > b"), price=Decimal("12.50"))
    case.hear(TaskCompleted(at=case.at, task="a-1", answers={"price": Decimal("10.0"), "rows": [{"b": 1, "a": 2}]}))
    before = case.run.documents
    case.restart()
    assert case.run.documents == before
    assert type(case.run.documents[""]["price"]) is type(before[""]["price"])


def test_the_number_is_taken_from_its_errand() -> None:
    case = Driven(
        drawn(
            """
            startEvent s
            serviceTask number job=take-number header:series=complaint out:no==number
            userTask a
            s > number > a
            """
        )
    )
    assert case.run.errands["number-1"].headers == {"series": "complaint"}
    case.errand("number", number="260101", series="complaint")
    assert case.run.number == "260101"
    assert case.run.documents == {"": {"no": "260101"}}
    assert case.run.document()["case"]["number"] == "260101"
