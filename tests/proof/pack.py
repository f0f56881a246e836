"""The office of the desk's tests with what a proof needs besides: a letter on the way, a short timer, reports."""

from __future__ import annotations

from collections.abc import Mapping

from engine.publishing import check
from engine.release import Release
from engine.store import Person, Store, Transaction
from tests.desk.office import DIAGRAM, FILES, PEOPLE

_LETTER = """
  <serviceTask id="letter" name="寄送答复">
   <extensionElements><zeebe:taskDefinition type="send-letter"/><zeebe:taskHeaders><zeebe:header key="to" value="customer"/>
   <zeebe:header key="form" value="F02"/></zeebe:taskHeaders></extensionElements></serviceTask>
  <boundaryEvent id="soon" name="提醒" attachedToRef="look" cancelActivity="false">
   <timerEventDefinition><timeDuration>PT1H</timeDuration></timerEventDefinition></boundaryEvent>
  <boundaryEvent id="again" name="再提醒" attachedToRef="look" cancelActivity="false">
   <timerEventDefinition><timeCycle>R3/PT1H</timeCycle></timerEventDefinition></boundaryEvent>
  <endEvent id="noted" name="已提醒"/>
  <endEvent id="noted2" name="已再提醒"/>
  <sequenceFlow id="f9" sourceRef="soon" targetRef="noted"/>
  <sequenceFlow id="f10" sourceRef="again" targetRef="noted2"/>
  <sequenceFlow id="f11" sourceRef="letter" targetRef="approve"/>
  <sequenceFlow id="f3" sourceRef="look" targetRef="letter"/>"""
# Who withdraws says so to the other cases, which note it.
_SIGNAL = """
  <boundaryEvent id="heard" name="他案撤诉" attachedToRef="look" cancelActivity="false">
   <signalEventDefinition signalRef="s_gone"/></boundaryEvent>
  <endEvent id="noted3" name="已知悉"/>
  <sequenceFlow id="f12" sourceRef="heard" targetRef="noted3"/>
  <endEvent id="withdrawn" name="已撤诉"><extensionElements><zeebe:properties><zeebe:property name="reach" value="pack"/>
   </zeebe:properties></extensionElements><signalEventDefinition signalRef="s_gone"/></endEvent>"""
REPORTS = """
reports: [{id: daily, zh: 周报, en: Weekly, every: week, by_day: 1, roles: [head]}]
"""

PROOF = {
    **FILES,
    # A long run receives more than the two digits of a month's number hold.
    "pack.yaml": FILES["pack.yaml"].replace(b"reset: month}", b"reset: month, overflow: widen}") + REPORTS.encode(),
    "diagrams/office.bpmn": DIAGRAM.replace('\n  <sequenceFlow id="f3" sourceRef="look" targetRef="approve"/>', _LETTER)
    .replace('\n  <endEvent id="withdrawn" name="已撤诉"/>', _SIGNAL)
    .replace('\n <process id="office"', '\n <signal id="s_gone" name="withdrawn"/>\n <process id="office"')
    .encode(),
}
#: The same procedure with more time to look into it.
MOVED_TO = {
    **PROOF, "pack.yaml": PROOF["pack.yaml"].replace(b"value: 3, unit: workday, stage: task", b"value: 4, unit: workday, stage: task")
}  # fmt: skip
#: The same procedure for complaints that only those who take part may know of.
HUSHED = {
    **PROOF,
    "pack.yaml": FILES["pack.yaml"].replace(b"pack: office", b"pack: hush") + b"sealed: true\n",
    "diagrams/office.bpmn": PROOF["diagrams/office.bpmn"].replace(b'name="reach" value="pack"', b'name="reach" value="case"'),
}


def proof_release(files: Mapping[str, bytes] = PROOF) -> Release:
    """The pack, through the gate."""
    checked = check(files)
    assert checked.release is not None, [f.text("en") for f in checked.findings]
    return checked.release


def set_up(store: Store) -> Release:
    """The pack in force and people hired."""
    found = proof_release()
    with store.begin() as tx:
        in_force(tx, found)
        for name, roles in PEOPLE.items():
            tx.put_person(Person(name=name, zh=name, en=name, memberships=frozenset(roles)))
    return found


def in_force(tx: Transaction, found: Release) -> None:
    """From now on new cases of the pack go by this release."""
    now = tx._clock.now()
    tx.save_release(found.digest, pack=found.pack, files=found.files, by="system", at=now)
    tx.publish_release(found.digest, by="system", at=now)
