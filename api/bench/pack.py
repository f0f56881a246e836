"""The procedure the bench drives: one task that comes back until it is said to be the last, under a limit."""

from __future__ import annotations

from pathlib import Path

_PACK = """
pack: bench
title: {zh: 测量, en: Bench}
flow: service
process: bench
intake: B01
calendar: cn
roles:
  clerk: {zh: 经办, en: Clerk}
limits:
  step: {zh: 单步时限, en: Limit of a step, value: 3, unit: workday, stage: task, from: task}
  whole: {zh: 结案时限, en: Limit for closing, value: 60, unit: day, stage: case, from: opened}
"""
_INTAKE = """
id: B01
title: {zh: 受理, en: Intake}
fields:
  - {name: subject, type: text, required: true, label: {zh: 事由, en: Subject}}
"""
_STEP = """
id: B02
title: {zh: 办理, en: Step}
fields:
  - {name: finding, type: textarea, required: true, label: {zh: 结果, en: Finding}}
  - {name: amount, type: money, required: true, min: 0, label: {zh: 金额, en: Amount}}
  - {name: last, type: yesno, required: true, label: {zh: 结束, en: Last}}
"""
_DIAGRAM = """<?xml version="1.0" encoding="UTF-8"?>
<definitions xmlns="http://www.omg.org/spec/BPMN/20100524/MODEL" xmlns:zeebe="http://camunda.org/schema/zeebe/1.0" targetNamespace="kesu" id="d">
 <process id="bench" name="测量" isExecutable="true">
  <startEvent id="start" name="开始"/>
  <userTask id="step" name="办理"><extensionElements><zeebe:assignmentDefinition candidateGroups="clerk"/>
   <zeebe:formDefinition formId="B02"/><zeebe:properties><zeebe:property name="limit" value="step"/></zeebe:properties></extensionElements></userTask>
  <boundaryEvent id="late" name="超期" attachedToRef="step" cancelActivity="false">
   <timerEventDefinition><timeDate>=due("step")</timeDate></timerEventDefinition></boundaryEvent>
  <endEvent id="noted" name="已记"/>
  <exclusiveGateway id="more" name="结束？" default="f4"/>
  <endEvent id="end" name="结案"/>
  <sequenceFlow id="f1" sourceRef="start" targetRef="step"/>
  <sequenceFlow id="f2" sourceRef="step" targetRef="more"/>
  <sequenceFlow id="f3" name="是" sourceRef="more" targetRef="end"><conditionExpression>=last</conditionExpression></sequenceFlow>
  <sequenceFlow id="f4" name="否" sourceRef="more" targetRef="step"/>
  <sequenceFlow id="f5" sourceRef="late" targetRef="noted"/>
 </process>
</definitions>"""


def files(bpmn: Path) -> dict[str, bytes]:
    """The files of the pack; the calendar is the shipped one."""
    return {
        "pack.yaml": _PACK.encode(),
        "diagrams/bench.bpmn": _DIAGRAM.encode(),
        "forms/B01.yaml": _INTAKE.encode(),
        "forms/B02.yaml": _STEP.encode(),
        "calendars/cn.toml": (bpmn / "shared" / "calendars" / "cn.toml").read_bytes(),
    }
