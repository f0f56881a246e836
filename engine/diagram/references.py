"""Names a diagram uses that the rest of the release must give: roles, forms, decisions, limits, errands."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from difflib import get_close_matches

from engine.diagram.faults import Faults
from engine.diagram.given import Given
from engine.diagram.model import Element, Process

#: Milestones every case has.
ALWAYS = frozenset({"opened", "closed"})


def note_references(process: Process, elements: frozenset[str], given: Given, faults: Faults) -> None:
    """Note each name of an element that points nowhere; `elements` are the user tasks of all processes."""
    for element in process.elements.values():
        names = _Names(element, faults)
        _people(element, given, names)
        _settings(element, elements, given, names)
        if element.kind in ("serviceTask", "sendTask", "businessRuleTask", "scriptTask") or element.trigger == "message":
            _errand(element, given, names)
        if element.message and element.kind in _CATCHES and not _opens(element):
            names.one("message", "消息", "message", element.message, given.messages)


def note_milestones(processes: Iterable[Process], given: Given, faults: Faults) -> None:
    """Note limits that hang on a milestone nobody reaches."""
    reached = ALWAYS | {"task"}
    reached |= {m for p in processes for e in p.elements.values() if (m := e.zeebe.properties.get("milestone"))}
    for name in sorted(given.milestones - reached):
        hint = _hint(name, reached)
        faults.add("milestone-unreached", name, f"有时限以里程碑“{name}”为起止，但没有元素到达它。",
                   f"a limit starts or ends at the milestone “{name}”, which no element reaches.",
                   f"请在元素上设置属性 milestone，或改正时限。{hint[0]}",
                   f"Give an element the property `milestone`, or correct the limit.{hint[1]}")  # fmt: skip


_CATCHES = ("startEvent", "intermediateCatchEvent", "boundaryEvent", "receiveTask")


class _Names:
    def __init__(self, element: Element, faults: Faults) -> None:
        self._element, self._faults = element, faults

    def one(self, code: str, zh: str, en: str, name: str, known: Iterable[str]) -> None:
        """Note a name that is not known. What FEEL computes is known only when it runs."""
        known = list(known)
        if not name or name.startswith("=") or name in known:
            return
        hint = _hint(name, known)
        label = self._element.label
        self._faults.add(f"{code}-unknown", self._element.id, f"“{label}”写的{zh}“{name}”不存在。",
                         f"“{label}” names the {en} “{name}”, which does not exist.",
                         f"请改正或补上。{hint[0]}", f"Correct it or add it.{hint[1]}",
                         line=self._element.line, name=name)  # fmt: skip

    def missing(self, code: str, zh: str, en: str, remedy_zh: str, remedy_en: str) -> None:
        """Note something that should have been written."""
        label = self._element.label
        self._faults.add(code, self._element.id, f"“{label}”{zh}", f"“{label}” {en}", remedy_zh, remedy_en,
                         line=self._element.line)  # fmt: skip


def _hint(name: str, known: Iterable[str]) -> tuple[str, str]:
    near = get_close_matches(name, sorted(known), n=1, cutoff=0.7)
    return (f"是否为“{near[0]}”？", f" Did you mean “{near[0]}”?") if near else ("", "")


def _people(element: Element, given: Given, names: _Names) -> None:
    for role in listed(element.zeebe.groups):
        names.one("role", "角色", "role", role, given.roles)


def _settings(element: Element, user_tasks: frozenset[str], given: Given, names: _Names) -> None:
    settings, properties = element.zeebe, element.zeebe.properties
    names.one("form", "表单", "form", settings.form or "", given.forms)
    names.one("decision", "决策", "decision", settings.decision or "", given.decisions)
    limit, variant = properties.get("limit", ""), properties.get("limit-variant", "")
    names.one("limit", "时限", "limit", limit, given.limits)
    if limit in given.limits:
        variants = given.limits[limit]
        if variant:
            names.one("variant", f"时限 {limit} 的档次", f"variant of limit {limit}", variant, variants)
        elif "" not in variants:
            names.missing("variant-missing", f"用了时限 {limit}，但没有写明哪一档。",
                          f"uses limit {limit} without saying which variant.",
                          "请填写属性 limit-variant。", "Fill in the property `limit-variant`.")  # fmt: skip
    if settings.bound_to is not None and element.kind != "callActivity":
        names.missing("binding-version", "按版本标签绑定表单或决策。", "binds its form or decision by a version tag.",
                      "请改为 latest：发布时已固定全部文件。", "Bind it to latest: a release pins all its files.")  # fmt: skip
    names.one("status", "状态", "status", properties.get("status", ""), given.statuses)
    for other in listed(properties.get("four-eyes")):
        names.one("four-eyes", "（四眼原则）用户任务", "user task (four eyes)", other, user_tasks - {element.id})


def _errand(element: Element, given: Given, names: _Names) -> None:
    job = element.zeebe.job or ""
    if job.startswith("="):
        names.missing("errand-computed", "的事务由表达式给出，发布时无法确定会做什么。",
                      "computes which errand it is: what would be done cannot be checked at publishing.",
                      "请画网关，各自写明事务。", "Draw a gateway and name each errand.")  # fmt: skip
    names.one("errand", "事务", "errand", job, given.errands)
    have = set(element.zeebe.headers) | {line.target for line in element.zeebe.inputs}
    for need in given.errands.get(job, ()):
        if need not in have:
            names.missing("errand-fact-missing", f"的事务 {job} 缺少“{need}”。", f"lacks “{need}” for the errand {job}.",
                          "请填写任务头或输入映射。", "Give it as a task header or an input mapping.")  # fmt: skip


def _opens(element: Element) -> bool:
    """Opening a case starts the process, whatever its start event waits for."""
    return element.kind == "startEvent" and element.parent is None


def listed(text: str | None) -> Iterator[str]:
    """The parts of a literal list; nothing for FEEL."""
    if text and not text.startswith("="):
        yield from (part.strip() for part in text.replace("，", ",").split(",") if part.strip())
