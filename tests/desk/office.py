"""A small pack for the tests of the desk: receive, look into it (three working days), approve by a second person, close.

If nobody looks into it in time the head is reminded; the customer may withdraw at any moment.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from pathlib import Path

from engine.authority import Actor
from engine.casebook import Casebook
from engine.clock import StoppedClock
from engine.desk import Desk
from engine.publishing import Publishing, check
from engine.release import Release
from engine.shelf import Shelf
from engine.store import Person, Store
from engine.timekeeper import Executor, FolderPost

SHARED = Path(__file__).parents[2] / "bpmn" / "shared"

PACK = """
pack: office
title: {zh: 办公室投诉, en: Office complaints}
flow: service
process: office
intake: F01
calendar: cn
starters: [desk]
channels: [phone, web]
accused: accused
roles:
  desk: {zh: 前台, en: Front desk}
  clerk: {zh: 经办, en: Clerk}
  head: {zh: 主管, en: Head}
numbering:
  complaint: {pattern: "{yy}{mm}{seq:02}", reset: month}
limits:
  look: {zh: 调查时限, en: Limit for looking, value: 3, unit: workday, stage: task, from: task, pausable: true, extend_by: [head],
         extend_max: {value: 5, unit: workday}}
  whole: {zh: 结案时限, en: Limit for closing, value: 15, unit: workday, stage: case, from: opened}
statuses:
  looking: {zh: 调查中, en: Looking into it}
messages:
  withdraw: {zh: 撤诉, en: Withdrawn, roles: [desk, clerk]}
"""

F01 = """
id: F01
title: {zh: 受理, en: Intake}
fields:
  - {name: subject, type: text, label: {zh: 事由, en: Subject}, required: true, max: 100}
  - {name: loss, type: money, label: {zh: 损失, en: Loss}, required: true, min: 0}
  - {name: customer, type: text, personal: complainant, label: {zh: 投诉人, en: Complainant}}
  - {name: accused, type: person, label: {zh: 被投诉人, en: Complained of}}
  - {name: proof, type: file, many: true, label: {zh: 证据, en: Proof}}
  - {name: card, type: file, many: true, personal: complainant, label: {zh: 证件, en: Identity card}}
"""
F02 = """
id: F02
title: {zh: 调查, en: Findings}
fields:
  - {name: finding, type: textarea, label: {zh: 调查结果, en: Findings}, required: true, max: 2000}
  - {name: photos, type: file, many: true, label: {zh: 照片, en: Pictures}}
"""
F03 = """
id: F03
title: {zh: 审批, en: Approval}
fields:
  - {name: approved, type: yesno, label: {zh: 同意, en: Approved}, required: true}
  - {name: reason, type: textarea, label: {zh: 理由, en: Reason}, required: "=approved = false"}
"""

DIAGRAM = """<?xml version="1.0" encoding="UTF-8"?>
<definitions xmlns="http://www.omg.org/spec/BPMN/20100524/MODEL" xmlns:zeebe="http://camunda.org/schema/zeebe/1.0"
  targetNamespace="kesu" id="d">
 <message id="m_withdraw" name="withdraw"/>
 <process id="office" name="办公室投诉" isExecutable="true">
  <startEvent id="start" name="收到投诉"/>
  <serviceTask id="number" name="编号">
   <extensionElements><zeebe:taskDefinition type="take-number"/><zeebe:taskHeaders><zeebe:header key="series" value="complaint"/>
   </zeebe:taskHeaders></extensionElements></serviceTask>
  <userTask id="look" name="调查">
   <documentation>Look into it</documentation>
   <extensionElements><zeebe:assignmentDefinition candidateGroups="clerk"/><zeebe:formDefinition formId="F02"/>
    <zeebe:properties><zeebe:property name="limit" value="look"/><zeebe:property name="status" value="looking"/></zeebe:properties>
   </extensionElements></userTask>
  <boundaryEvent id="late" name="超期" attachedToRef="look" cancelActivity="false">
   <timerEventDefinition><timeDate>=due("look")</timeDate></timerEventDefinition></boundaryEvent>
  <endEvent id="reminded" name="已催办"><extensionElements><zeebe:taskDefinition type="send-reminder"/><zeebe:taskHeaders>
   <zeebe:header key="kind" value="催办"/><zeebe:header key="to" value="clerk"/></zeebe:taskHeaders></extensionElements>
   <messageEventDefinition/></endEvent>
  <boundaryEvent id="gone" name="撤诉" attachedToRef="look">
   <messageEventDefinition messageRef="m_withdraw"/></boundaryEvent>
  <endEvent id="withdrawn" name="已撤诉"/>
  <userTask id="approve" name="审批">
   <documentation>Approve</documentation>
   <extensionElements><zeebe:assignmentDefinition candidateGroups="head, clerk"/><zeebe:formDefinition formId="F03"/>
    <zeebe:properties><zeebe:property name="four-eyes" value="look"/></zeebe:properties></extensionElements></userTask>
  <exclusiveGateway id="agreed" name="同意？" default="f6"/>
  <endEvent id="closed" name="结案"/>
  <sequenceFlow id="f1" sourceRef="start" targetRef="number"/>
  <sequenceFlow id="f2" sourceRef="number" targetRef="look"/>
  <sequenceFlow id="f3" sourceRef="look" targetRef="approve"/>
  <sequenceFlow id="f4" sourceRef="approve" targetRef="agreed"/>
  <sequenceFlow id="f5" name="是" sourceRef="agreed" targetRef="closed">
   <conditionExpression>=approved</conditionExpression></sequenceFlow>
  <sequenceFlow id="f6" name="否" sourceRef="agreed" targetRef="look"/>
  <sequenceFlow id="f7" sourceRef="late" targetRef="reminded"/>
  <sequenceFlow id="f8" sourceRef="gone" targetRef="withdrawn"/>
 </process>
</definitions>"""

FILES = {
    "pack.yaml": PACK.encode(),
    "diagrams/office.bpmn": DIAGRAM.encode(),
    "forms/F01.yaml": F01.encode(),
    "forms/F02.yaml": F02.encode(),
    "forms/F03.yaml": F03.encode(),
    "calendars/cn.toml": (SHARED / "calendars" / "cn.toml").read_bytes(),
}


@cache
def release(more: str = "") -> Release:
    """The pack, through the gate; with some settings more."""
    checked = check({**FILES, "pack.yaml": (PACK + more).encode()})
    assert checked.release is not None, [f.text("en") for f in checked.findings]
    return checked.release


@dataclass
class Office:
    """A small company with the pack in force."""

    store: Store
    clock: StoppedClock
    desk: Desk
    casebook: Casebook
    executor: Executor
    publishing: Publishing

    def actor(self, name: str) -> Actor:
        """Somebody who works here."""
        with self.store.look() as reading:
            person = reading.person(name)
        return Actor(name=person.name, memberships=person.memberships)

    def receive(self, subject: str = "门坏了", **more: object) -> str:
        """A complaint comes in; returns its case."""
        answers = {"subject": subject, "loss": "120.50", **more}
        return self.desk.open_case("office", answers, self.actor("rita"), channel="phone").case

    def tasks(self, case: str) -> list[str]:
        """The open tasks of a case."""
        with self.store.look() as reading:
            return [task.task for task in reading.tasks(case)]


PEOPLE = {
    "rita": ["office/desk"],
    "carl": ["office/clerk"],
    "cora": ["office/clerk"],
    "hana": ["office/head"],
    "ada": ["*/admin"],
    "olaf": [],
}


def open_office(store: Store, clock: StoppedClock, folder: Path, more: str = "") -> Office:
    """Put the pack in force, with some settings more, and hire people."""
    found = release(more)
    shelf = Shelf()
    desk = Desk(store, clock, shelf)
    with store.begin() as tx:
        tx.save_release(found.digest, pack="office", files=found.files, by="system", at=clock.now())
        tx.publish_release(found.digest, by="system", at=clock.now())
        for name, roles in PEOPLE.items():
            tx.put_person(Person(name=name, zh=name, en=name, memberships=frozenset(roles)))
    return Office(
        store=store,
        clock=clock,
        desk=desk,
        casebook=Casebook(store, clock, shelf),
        executor=Executor(store, desk, clock, node="test", post=FolderPost(folder)),
        publishing=Publishing(store, clock, shelf),
    )
