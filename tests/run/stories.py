"""Stories told with small diagrams: cases in which everything happens that can be written into a history."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import timedelta

from engine.calendar import changes, dump, load
from engine.history import (
    AttachmentAdded,
    CalendarReplaced,
    CaseLinked,
    ClockPaused,
    ClockResumed,
    CommentAdded,
    DeadlineExtended,
    Personal,
    PersonErased,
    PersonRecused,
    TaskClaimed,
    TaskDelegated,
    TaskReleased,
)
from engine.release import Release
from tests.run.drawing import PACK, Driven, drawn

TABLE = b"""<definitions xmlns="https://www.omg.org/spec/DMN/20191111/MODEL/" id="levels" name="levels" namespace="kesu">
<decision id="level" name="level"><decisionTable id="t" hitPolicy="FIRST">
<input id="i" label="loss"><inputExpression id="ie" typeRef="number"><text>loss</text></inputExpression></input>
<output id="o" name="level" typeRef="string"/>
<rule id="r1"><inputEntry id="c1"><text>&gt; 1000</text></inputEntry><outputEntry id="d1"><text>"high"</text></outputEntry></rule>
<rule id="r2"><inputEntry id="c2"><text></text></inputEntry><outputEntry id="d2"><text>"low"</text></outputEntry></rule>
</decisionTable></decision></definitions>"""

MAIN = """
    startEvent s milestone=registered
    serviceTask number job=take-number header:series=complaint
    userTask trace groups==[if(loss>100)then("plant")else("sales")] form=F02 limit=L1 status=talking milestone=answered
    boundaryEvent late on=trace loose date='=due("L1")'
    serviceTask remind job=send-reminder header:kind=urge header:to=sales
    boundaryEvent refused on=trace message=refuses key==case.number
    userTask talk users=li
    boundaryEvent bored on=talk duration=P10D
    businessRuleTask weigh decision=level result=level
    parallelGateway fork
    userTask ask each==departments item=department into=votes from==vote groups==department
    callActivity letter call=letters in:name==name
    boundaryEvent nowhere on=letter error=no-address
    userTask mend
    exclusiveGateway sent
    parallelGateway join
    intermediateThrowEvent noise signal=decided
    intermediateThrowEvent tell message=decided in:level==level
    exclusiveGateway g default=g_done
    userTask approve four-eyes=trace,ask limit=L2 groups=sales
    exclusiveGateway again default=again_done
    exclusiveGateway done
    endEvent e
    s > number > trace > weigh > fork > ask > join > noise > tell > g > done > e
    late > remind
    refused > talk > weigh
    bored > mend
    fork > letter > sent > join
    nowhere > mend > sent
    g > approve ? =threshold < loss
    approve > again > done
    again > trace ? =approved = false
"""

LETTERS = """
    startEvent cs
    scriptTask greet script='="Dear " + name' result=greeting
    serviceTask post job=send-letter in:text==greeting
    endEvent ce
    cs > greet > post > ce
"""


def complaint() -> Release:
    """A procedure with nearly everything in it."""
    main = MAIN.replace('=[if(loss>100)then("plant")else("sales")]', '=\'if loss > 100 then "plant" else "sales"\'')
    return drawn(main, letters=LETTERS, files={"decisions/levels.dmn": TABLE})


def _by(case: Driven, actor: str = "wang") -> dict[str, object]:
    return {"at": case.at, "actor": actor}


def long_complaint() -> Driven:
    """Everything a person, a machine and time can do to a case, and then the person is forgotten."""
    case = Driven(complaint(), loss=500, departments=["sales", "plant"], name=Personal("Zhang San", "complainant"))
    case.errand("number", number="260101", series="complaint")
    case.hear(TaskClaimed(**_by(case), task="trace-1"))  # type: ignore[arg-type]
    case.hear(TaskReleased(**_by(case), task="trace-1"))  # type: ignore[arg-type]
    case.hear(TaskDelegated(**_by(case), task="trace-1", to="zhao", reason="knows it"))  # type: ignore[arg-type]
    case.hear(CommentAdded(**_by(case), text=Personal("Zhang called", "complainant")))  # type: ignore[arg-type]
    case.hear(AttachmentAdded(**_by(case), file="ab" * 32, name="p.jpg", size=10, media_type="image/jpeg"))  # type: ignore[arg-type]
    case.hear(
        DeadlineExtended(**_by(case), deadline="trace-1", amount=1, unit="workday", reason="ill", approved_by="chief")  # type: ignore[arg-type]
    )
    case.wait(days=1)
    case.hear(ClockPaused(**_by(case), reason="material"))  # type: ignore[arg-type]
    case.wait(days=2)
    case.hear(ClockResumed(**_by(case), reason="it came"))  # type: ignore[arg-type]
    case.fire("late")
    case.hear(PersonRecused(**_by(case), person="sun", reason="a cousin"))  # type: ignore[arg-type]
    case.message("refuses", "260101", why="too late")
    case.errand("remind")
    case.done("talk", actor="li")
    case.hear(CaseLinked(**_by(case), other="C-2", relation="repeat"))  # type: ignore[arg-type]
    case.done("ask-1", vote="yes")
    case.fail("post", "no-address", "moved")
    case.done("mend")
    case.done("ask-2", actor="zhao", vote="no")
    case.resolve(threshold=100)
    case.done("approve", actor="chief", approved=False)
    case.done("trace", actor="zhao")
    case.done("ask-3", vote="yes")
    case.done("ask-4", vote="yes")
    case.errand("post")
    case.done("approve", actor="chief", approved=True)
    case.hear(PersonErased(**_by(case, "admin"), of="complainant", reason="asked for it"))  # type: ignore[arg-type]
    return case


HANDLED = """
    startEvent s
    subProcess inside {
    startEvent si
    eventBasedGateway first
    intermediateCatchEvent yes message=accepts
    intermediateCatchEvent slow duration=PT5H
    userTask look
    intermediateThrowEvent up escalation=chief
    inclusiveGateway some default=some_c
    userTask a
    serviceTask b job=issue-document header:form=F02
    userTask c
    inclusiveGateway all
    userTask after
    si > first > yes > look > up > some
    a > all > after
    first > slow > look
    some > b ? =x > 0
    some > c
    b > all
    c > all
    some > a ? =x > 1
    subProcess worry handler {
    startEvent loud loose escalation=chief
    userTask calm
    loud > calm
    }
    }
    boundaryEvent over on=inside cycle=R3/P1D loose
    serviceTask nag job=send-reminder header:kind=urge header:to=sales
    endEvent e
    s > inside > e
    over > nag
    subProcess stopping handler {
    startEvent stop message=withdrawn
    userTask bye
    stop > bye
    }
"""


def withdrawn_complaint() -> Driven:
    """Events inside and around a sub-process, until the complaint is taken back."""
    case = Driven(drawn(HANDLED), x=2)
    case.fire("slow")
    case.done("look")
    case.fire("over")
    case.errand("nag")
    case.done("a")
    case.errand("b")
    case.done("calm")
    case.hear(CommentAdded(at=case.at + timedelta(hours=1), actor="li", text="it goes well"))
    case.message("withdrawn")
    case.done("bye")
    return case


def document_taken_back() -> Driven:
    """A sub-process is interrupted while a machine is at work for it."""
    case = Driven(drawn(HANDLED), x=1)
    case.message("accepts")
    case.done("look")
    case.message("withdrawn")
    case.done("bye")
    return case


def calendar_moved() -> Driven:
    """A holiday is announced while two deadlines run; and then it lasts longer."""
    case = Driven(drawn("""
        startEvent s milestone=registered
        userTask a limit=L1
        boundaryEvent late on=a loose date='=due("L1")'
        userTask b limit=L2
        s > a > b
    """))  # fmt: skip
    old = case.release.calendar()
    for last in (6, 7):
        new = load(dump(old) + f'[[holiday]]\nfrom = 2026-01-06\nto = 2026-01-0{last}\nzh = "假"\n'.encode())
        said = changes(old, new)
        case.hear(CalendarReplaced(
            at=case.at, actor="olga", calendar="cn", version=new.version, changes=said, reason="announced",
        ))  # fmt: skip
    case.restart()
    case.fire("late")
    case.done("a")
    case.done("b")
    return case


def recalled_complaint() -> Driven:
    """Signals come from other cases and go to them; one is no longer waited for."""
    case = Driven(drawn("""
        startEvent s
        userTask a
        boundaryEvent more on=a loose signal=another
        userTask note
        boundaryEvent recalled on=a signal=recalled
        intermediateThrowEvent t signal=sold reach=pack in:lot==lot in:who==buyer
        endEvent e
        s > a > e
        more > note
        recalled > t > e
    """), buyer=Personal("li", "buyer"))  # fmt: skip
    case.signal("more", lot="L6")
    case.restart()
    case.done("note")
    case.signal("more", lot="L7")
    case.done("note")
    case.signal("recalled", hops=1)
    return case


def moved_complaint() -> Driven:
    """The owner publishes another release while a complaint runs, and it is moved there: what is open goes on by the new drawing."""
    drawing = """
        startEvent s milestone=registered
        userTask a groups=sales form=F02 limit=L1
        boundaryEvent late on=a loose date='=due("L1")'
        boundaryEvent no on=a loose message=refuses
        userTask talk
        userTask b
        endEvent e
        s > a > b > e
        late > talk
        no > talk
    """
    after = drawing.replace("groups=sales form=F02", "groups=plant form=F03").replace("message=refuses", "message=declines")
    after = after.replace("userTask b", "userTask b\n userTask check").replace("b > e", "b > check > e")
    pack = "".join(line for line in PACK.splitlines(True) if not line.startswith("  C2:")).replace("value: 14", "value: 20")
    case = Driven(drawn(drawing))
    case.hear(TaskClaimed(**_by(case), task="a-1"))  # type: ignore[arg-type]
    case.wait(days=1)
    pack = pack.replace("value: 2, unit: workday, stage", "value: 3, unit: workday, stage")
    case.move(drawn(after, pack=pack), reason="new rules", asked_by="wang", move="M-1")
    case.message("declines")
    case.done("talk")
    case.done("a", actor="zhao")
    case.done("b")
    case.done("check")
    return case


def fee_complaint() -> Driven:
    """A fee is reckoned from an amount that somebody gave in words: the complaint goes on, and its history says why there is no fee."""
    case = Driven(
        drawn("""
        startEvent s
        userTask a
        scriptTask fee 'script==loss * 2' result=fee
        userTask z 'in:share==loss - 1'
        endEvent e
        s > a > fee > z > e
    """)
    )
    case.done("a", loss="about ten")
    case.restart()
    case.done("z")
    return case


STORIES: Mapping[str, Callable[[], Driven]] = {
    "long-complaint": long_complaint,
    "withdrawn-complaint": withdrawn_complaint,
    "document-taken-back": document_taken_back,
    "calendar-moved": calendar_moved,
    "moved-complaint": moved_complaint,
    "recalled-complaint": recalled_complaint,
    "fee-complaint": fee_complaint,
}
