"""`kesu templates`: what the stock modeler shows of the settings that its own dialect lacks."""

from __future__ import annotations

import argparse
import json
import sys
from typing import Any

from engine.errands import ERRANDS

#: The name by which the modeler knows that a template is for Camunda 8; nothing is fetched from there.
_SCHEMA = "https://unpkg.com/@camunda/zeebe-element-templates-json-schema/resources/schema.json"
#: Property of the dialect -> label, what to write. `engine.diagram.settings` says where each is read.
TASK = {
    "limit": ("时限 Limit", "时限编号，如 T08-6；写在制度包 pack.yaml 的 limits 中。Id of a limit of the pack."),
    "limit-variant": ("时限档次 Variant of the limit", "如 sales，或 =FEEL。For instance sales, or FEEL."),
    "four-eyes": ("四眼原则 Four eyes", "元素编号，逗号分隔：办理过其中之一的人不得办理本任务。Ids: who did one of these may not do this task."),
}  # fmt: skip
PASSED = {
    "milestone": ("里程碑 Milestone", "完成时到达；时限由它起止。Reached when it is passed; limits begin and end there."),
    "status": ("案件状态 Status of the case", "进入时取得；写在 pack.yaml 的 statuses 中。Taken when it is entered."),
}  # fmt: skip
REACH = {
    "label": "到哪里 How far", "description": "只用于信号：本案件，或本制度包所有等待它的在办案件。Only for signals.", "type": "Dropdown",
    "choices": [{"name": "本案件 This case", "value": "case"}, {"name": "本制度包的案件 Cases of the pack", "value": "pack"}], "value": "case",
    "binding": {"type": "zeebe:property", "name": "reach"},
}  # fmt: skip
_EVENTS = ("bpmn:StartEvent", "bpmn:IntermediateThrowEvent", "bpmn:IntermediateCatchEvent", "bpmn:BoundaryEvent", "bpmn:EndEvent")
_ACTIVITIES = ("bpmn:ServiceTask", "bpmn:BusinessRuleTask", "bpmn:ScriptTask", "bpmn:ReceiveTask", "bpmn:SubProcess", "bpmn:CallActivity")


def add(commands: Any) -> None:
    """Declare the command."""
    command = commands.add_parser("templates", help="element templates for the modeler, as JSON")
    command.set_defaults(run=run)


def run(args: argparse.Namespace) -> int:
    """Print them."""
    sys.stdout.write(written())
    return 0


def written() -> str:
    """The file the modeler reads."""
    return json.dumps(templates(), ensure_ascii=False, indent=2) + "\n"


def templates() -> list[dict[str, Any]]:
    """One for tasks of persons, one for whatever may be a milestone, one for each errand."""
    person = [_typed("zeebe:userTask"), *map(_noted, [*TASK.items(), *PASSED.items()])]
    passed = [_noted(item) for item in PASSED.items()]
    errands = [_template(f"kesu.errand.{kind.type}", f"{kind.label.zh} {kind.label.en}", ("bpmn:Task", "bpmn:ServiceTask"),
                         "bpmn:ServiceTask", [_type(kind.type), *map(_header, kind.needs), *passed])
               for kind in ERRANDS.values()]  # fmt: skip
    return [
        _template("kesu.task", "客诉用户任务 Task of a person", ("bpmn:Task", "bpmn:UserTask"), "bpmn:UserTask", person),
        _template("kesu.signal", "客诉信号 Signal to other cases", ("bpmn:IntermediateThrowEvent", "bpmn:EndEvent"), "", [REACH, *passed]),
        _template("kesu.milestone", "客诉里程碑与状态 Milestone and status", (*_EVENTS, *_ACTIVITIES), "", passed),
        *errands,
    ]


def _template(id: str, name: str, applies: tuple[str, ...], kind: str, properties: list[dict[str, Any]]) -> dict[str, Any]:
    made = {"$schema": _SCHEMA, "name": name, "id": id, "version": 1, "appliesTo": list(applies), "properties": properties}
    return made | ({"elementType": {"value": kind}} if kind else {})


def _noted(item: tuple[str, tuple[str, str]]) -> dict[str, Any]:
    name, (label, said) = item
    return {"label": label, "description": said, "type": "String", "optional": True, "binding": {"type": "zeebe:property", "name": name}}


def _typed(kind: str) -> dict[str, Any]:
    return {"type": "Hidden", "binding": {"type": kind}}


def _type(errand: str) -> dict[str, Any]:
    return {"type": "Hidden", "value": errand, "binding": {"type": "zeebe:taskDefinition", "property": "type"}}


def _header(name: str) -> dict[str, Any]:
    return {"label": name, "type": "String", "optional": True, "binding": {"type": "zeebe:taskHeader", "key": name}}
