"""A small pack whose one task has a field of every type, and an approval gate by a second person after it."""

from __future__ import annotations

from pathlib import Path

from engine.publishing import check
from engine.release import Release

_SHARED = Path(__file__).parents[2] / "bpmn" / "shared"

PACK = """
pack: zoo
title: {zh: 栏目大全, en: Zoo of fields}
flow: service
process: zoo
intake: Z1
subject: subject
calendar: cn
channels: [phone, web, letter]
roles:
  keeper: {zh: 饲养员, en: Keeper}
  head: {zh: 园长, en: Head keeper}
numbering:
  complaint: {pattern: "Z{yy}{seq:04}", reset: year}
limits:
  look: {zh: 处理时限, en: Handling limit, value: 3, unit: workday, stage: task, from: task, pausable: true, extend_by: [head],
         extend_max: {value: 5, unit: workday}}
  whole: {zh: 结案时限, en: Limit for closing, value: 15, unit: workday, stage: case, from: opened}
statuses:
  looking: {zh: 处理中, en: Being handled}
messages:
  withdraw: {zh: 撤诉, en: Withdrawn}
"""

INTAKE = """
id: Z1
title: {zh: 受理登记, en: Intake}
fields:
  - {name: subject, type: text, label: {zh: 事由, en: Subject}, required: true, max: 100}
  - {name: told, type: textarea, label: {zh: 投诉内容, en: What was said}, required: true, max: 2000}
  - {name: customer, type: text, personal: complainant, label: {zh: 投诉人, en: Complainant}}
  - {name: proof, type: file, label: {zh: 附件, en: Attachment}}
"""

EVERY = """
id: Z2
title: {zh: 各种栏目, en: Every kind of field}
source: tests
fields:
  - {name: told, type: show, label: {zh: 投诉内容, en: What was said}}
  - {type: section, label: {zh: 文字, en: Texts}}
  - {name: line, type: text, label: {zh: 一行文字, en: A line}, required: true, max: 40, hint: {zh: 最多四十个字, en: At most forty characters}}
  - {name: lines, type: textarea, label: {zh: 多行文字, en: Several lines}, max: 500}
  - {name: telephone, type: phone, label: {zh: 电话, en: Telephone}, personal: complainant}
  - {name: mail, type: email, label: {zh: 邮箱, en: E-mail}, personal: complainant}
  - {type: section, label: {zh: 数字与日期, en: Figures and days}}
  - {name: count, type: integer, label: {zh: 件数, en: Pieces}, min: 0, max: 1000, unit: {zh: 件, en: pcs}}
  - {name: weight, type: number, label: {zh: 重量, en: Weight}, min: 0, unit: {zh: kg, en: kg}}
  - {name: loss, type: money, label: {zh: 损失, en: Loss}, required: true, min: 0}
  - {name: on_day, type: date, label: {zh: 日期, en: Day}}
  - {name: at_moment, type: datetime, label: {zh: 时刻, en: Moment}}
  - {name: at_time, type: time, label: {zh: 时间, en: Time of day}}
  - {type: section, label: {zh: 选择, en: Choices}}
  - {name: upheld, type: yesno, label: {zh: 投诉成立, en: Upheld}, required: true}
  - {name: why, type: text, label: {zh: 不成立的理由, en: Why not}, when: "=upheld = false", required: "=upheld = false", max: 200}
  - {name: kind, type: choice, label: {zh: 类别, en: Kind}, options: [{value: a, zh: 甲, en: First}, {value: b, zh: 乙, en: Second}]}
  - {name: many_kinds, type: choice, label: {zh: 较多的选项, en: More options}, options: [{value: a, zh: 服务态度, en: Manners of staff},
       {value: b, zh: 等待时间过长, en: Waiting too long},
       {value: c, zh: 收费有误, en: Wrong charges}, {value: d, zh: 信息不准, en: Wrong information}, {value: e, zh: 其他, en: Something else}]}
  - {name: tags, type: choices, label: {zh: 标签, en: Labels}, options: [
      {value: x, zh: 紧急, en: Urgent}, {value: y, zh: 媒体关注, en: In the media},
      {value: z, zh: 重复投诉, en: Repeated}]}
  - {name: witness, type: person, label: {zh: 见证人, en: Witness}}
  - {name: desk, type: role, label: {zh: 主办岗位, en: Role in charge}}
  - {type: section, label: {zh: 明细与附件, en: Rows and files}}
  - {name: proof, type: file, label: {zh: 证据, en: Evidence}}
  - name: rows
    type: table
    label: {zh: 赔付明细, en: Items paid}
    min: 1
    max: 5
    columns:
      - {name: item, type: text, label: {zh: 项目, en: Item}, required: true, max: 40}
      - {name: pieces, type: integer, label: {zh: 数量, en: Pieces}, min: 1}
      - {name: price, type: money, label: {zh: 单价, en: Price}, required: true, min: 0}
      - {name: paid_on, type: date, label: {zh: 支付日, en: Paid on}}
      - {name: cash, type: yesno, label: {zh: 现金, en: Cash}}
      - {name: sum, type: computed, value: "=pieces * price", result: money, label: {zh: 小计, en: Sum}}
  - {name: total, type: computed, value: "=sum(for r in rows return r.sum)", result: money, label: {zh: 合计, en: Total}}
  - {type: note, label: {zh: 合计超过损失时须说明。, en: "Where the total is more than the loss, say why."}}
  - {name: more_why, type: textarea, label: {zh: 超出说明, en: Why more}, when: "=total > loss", required: "=total > loss"}
"""

GATE = """
id: Z3
title: {zh: 审批, en: Approval}
fields:
  - {name: line, type: show, label: {zh: 一行文字, en: A line}}
  - {name: approved, type: yesno, label: {zh: 您的决定, en: Your decision}, required: true}
  - {name: reason, type: textarea, label: {zh: 理由, en: Reason}, required: "=approved = false", max: 500}
"""

#: Answers to the form with every field that are right.
FILLED = {
    "line": "已核实", "lines": "经核对收费记录，确认重复扣款一次。", "telephone": "13800010001", "mail": "li@example.com", "count": "2",
    "weight": "1.5", "loss": "1200.50", "on_day": "2026-10-08", "at_moment": "2026-10-09 14:30", "at_time": "09:30", "upheld": True,
    "kind": "a", "many_kinds": "c", "tags": ["x"], "witness": "hal", "desk": "keeper",
    "rows": [{"item": "退款", "pieces": "1", "price": "600.25", "paid_on": "2026-10-09", "cash": False}],
}  # fmt: skip

DIAGRAM = """<?xml version="1.0" encoding="UTF-8"?>
<definitions xmlns="http://www.omg.org/spec/BPMN/20100524/MODEL" xmlns:zeebe="http://camunda.org/schema/zeebe/1.0"
  targetNamespace="kesu" id="d">
 <message id="m_withdraw" name="withdraw"/>
 <process id="zoo" name="栏目大全" isExecutable="true">
  <startEvent id="start" name="收到投诉"/>
  <serviceTask id="number" name="编号">
   <extensionElements><zeebe:taskDefinition type="take-number"/><zeebe:taskHeaders><zeebe:header key="series" value="complaint"/>
   </zeebe:taskHeaders></extensionElements></serviceTask>
  <userTask id="every" name="填写全部栏目">
   <documentation>Fill in every field</documentation>
   <extensionElements><zeebe:assignmentDefinition candidateGroups="keeper"/><zeebe:formDefinition formId="Z2"/>
    <zeebe:properties><zeebe:property name="limit" value="look"/><zeebe:property name="status" value="looking"/></zeebe:properties>
   </extensionElements></userTask>
  <boundaryEvent id="gone" name="撤诉" attachedToRef="every">
   <messageEventDefinition messageRef="m_withdraw"/></boundaryEvent>
  <endEvent id="withdrawn" name="已撤诉"/>
  <userTask id="approve" name="审批">
   <documentation>Approve</documentation>
   <extensionElements><zeebe:assignmentDefinition candidateGroups="head"/><zeebe:formDefinition formId="Z3"/>
    <zeebe:properties><zeebe:property name="four-eyes" value="every"/></zeebe:properties></extensionElements></userTask>
  <exclusiveGateway id="agreed" name="同意？" default="f6"/>
  <endEvent id="closed" name="结案"/>
  <sequenceFlow id="f1" sourceRef="start" targetRef="number"/>
  <sequenceFlow id="f2" sourceRef="number" targetRef="every"/>
  <sequenceFlow id="f3" sourceRef="every" targetRef="approve"/>
  <sequenceFlow id="f4" sourceRef="approve" targetRef="agreed"/>
  <sequenceFlow id="f5" name="是" sourceRef="agreed" targetRef="closed">
   <conditionExpression>=approved</conditionExpression></sequenceFlow>
  <sequenceFlow id="f6" name="否" sourceRef="agreed" targetRef="every"/>
  <sequenceFlow id="f8" sourceRef="gone" targetRef="withdrawn"/>
 </process>
</definitions>"""


def zoo() -> Release:
    """The pack, through the gate."""
    files = {
        "pack.yaml": PACK.encode(),
        "diagrams/zoo.bpmn": DIAGRAM.encode(),
        "forms/Z1.yaml": INTAKE.encode(),
        "forms/Z2.yaml": EVERY.encode(),
        "forms/Z3.yaml": GATE.encode(),
        "calendars/cn.toml": (_SHARED / "calendars" / "cn.toml").read_bytes(),
    }
    checked = check(files)
    assert checked.release is not None, [f.text("en") for f in checked.findings]
    return checked.release
