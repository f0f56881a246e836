"""What the gate asks of files: that each can be read, that they fit together, that what is drawn runs as drawn.

Nothing here is bounded but by what it reads; files that anybody may hand in are judged `apart`.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from engine import decision as decisions
from engine import diagram as diagrams
from engine.diagram import Diagram, Given
from engine.errands import ERRANDS
from engine.findings import Finding, Refused, errors
from engine.gate.rules import rules_of
from engine.numbering import CASE_SERIES, Pattern, PatternWrong
from engine.policy import Policy
from engine.release import BASE, PACK, Release, in_utf8, settings_of
from engine.shelf import read_form
from forms import Form


@dataclass(frozen=True, kw_only=True)
class Checked:
    """What the gate says."""

    #: None where something bars the files.
    release: Release | None
    findings: tuple[Finding, ...]

    @property
    def passes(self) -> bool:
        """Whether the files may be published."""
        return self.release is not None


def check(files: Mapping[str, bytes]) -> Checked:
    """Read and judge the files of a pack, in this process."""
    files = in_utf8(files)
    if too_much := [f for path, data in files.items() if path.endswith(".bpmn") for f in diagrams.measure(data, path)]:
        return Checked(release=None, findings=tuple(too_much))
    try:
        release = Release.of(files)
    except Refused as refused:
        return Checked(release=None, findings=refused.findings)
    forms, findings = _forms(release)
    given = _given(release, forms)
    findings += diagrams.check(release.diagrams.values(), given)
    for model in release.decisions.values():
        findings += decisions.check(model)
    findings += rules_of(release, forms, given)
    findings += _loose_ends(release, forms)
    return Checked(release=None if errors(findings) else release, findings=tuple(findings))


def check_files(files: Mapping[str, bytes]) -> tuple[Finding, ...]:
    """What can be said of diagrams, tables and forms without the pack they belong to, in this process."""
    findings: list[Finding] = []
    for path, data in sorted(in_utf8(files).items()):
        try:
            findings += _alone(path, data)
        except Refused as refused:
            findings += refused.findings
    return tuple(findings)


def _alone(path: str, data: bytes) -> list[Finding]:
    if path.endswith(".bpmn"):
        if too_much := diagrams.measure(data, path):
            return too_much
        return diagrams.check_drawing(Diagram.read(data, path))
    if path.endswith(".dmn"):
        return decisions.check(decisions.read(data, path))
    Form.read(data, path)
    return []


def _forms(release: Release) -> tuple[dict[str, Form], list[Finding]]:
    forms: dict[str, Form] = {}
    findings: list[Finding] = []
    for name in release.forms:
        try:
            forms[name] = read_form(release, name)
        except Refused as refused:
            findings += refused.findings
    return forms, findings


def _given(release: Release, forms: Mapping[str, Form]) -> Given:
    policy = release.policy
    return Given(
        roles=frozenset(policy.roles),
        forms={name: form.names for name, form in forms.items()},
        decisions={
            name: (model.inputs(name), model.outputs(name))
            for model in release.decisions.values()
            for name in model.decisions
        },
        parts={
            name: parts
            for model in release.decisions.values()
            for name in model.decisions
            if (parts := model.parts(name)) is not None
        },
        limits={name: frozenset(row.amounts) for name, row in policy.limits.items()},
        milestones=frozenset(
            m for row in policy.limits.values() for m in (row.start, row.set_at or row.start, *row.ends)
        ),
        statuses=frozenset(policy.statuses),
        messages={name: kind.form for name, kind in policy.messages.items()},
        params=frozenset(policy.params),
        errands={name: kind.needs for name, kind in ERRANDS.items()},
        intake=policy.intake,
        process=policy.process,
        sealed=policy.sealed,
    )


def _loose_ends(release: Release, forms: Mapping[str, Form]) -> Iterable[Finding]:
    """Names in pack.yaml that point nowhere in the release."""
    policy = release.policy
    if policy.process not in release.processes:
        yield _missing("process", policy.process, "流程", "process")
    wanted = [("intake", policy.intake), *((f"messages.{m}.form", k.form) for m, k in policy.messages.items() if k.form)]
    for key, form in wanted:
        if form not in forms:
            yield _missing(key, form, "表单", "form")
    for form in policy.copies:
        if form not in forms:
            yield _missing(f"copies.{form}", form, "表单", "form")
    yield from _of_one_language(release)
    calendars = [("calendar", policy.calendar), *((f"limits.{i}.calendar", r.calendar) for i, r in policy.limits.items())]
    for key, calendar in calendars:
        if calendar is not None and calendar not in release.calendars:
            yield _missing(key, calendar, "日历", "calendar")
    places = {*forms, *(e for _, process in release.processes.values() for e in process.elements)}
    for place, names in policy.guidance.items():
        if place not in places:
            yield _missing(f"guidance.{place}", place, "任务或表单", "task or form")
        for name in names:
            if not release.guided_by(name):
                yield _missing(f"guidance.{place}", name, "指引", "guidance")
    for share, said in policy.shares.items():
        asked = [f for form in forms.values() for f in form.fields if f.name == said.field and f.answers]
        known = {answer for f in asked for answer in f.answers}
        if not asked:
            yield _missing(f"shares.{share}.field", said.field, "单选、多选或是否栏目", "field with a choice, or a yes or no,")
            continue
        for answer in (*said.good, *said.others):
            if answer not in known:
                yield _missing(f"shares.{share}", answer, f"栏目 {said.field} 的选项", f"answer to {said.field}")
    yield from _seen_to_by_nobody(policy)
    if policy.numbering and CASE_SERIES not in policy.numbering:
        yield Finding(
            code="no-case-number", severity="warning", file="pack.yaml", element="numbering",
            zh=f"没有名为 {CASE_SERIES} 的编号系列：案件不会有编号。", en=f"No series is called {CASE_SERIES}: cases will have no number.",
            remedy_zh=f"请把案件的编号系列命名为 {CASE_SERIES}。", remedy_en=f"Call the series that numbers the cases {CASE_SERIES}.",
        )  # fmt: skip
    for series, row in policy.numbering.items():
        try:
            Pattern.parse(row.pattern, reset=row.reset, overflow=row.overflow)
        except PatternWrong as wrong:
            yield Finding(code=wrong.code, severity="error", file="pack.yaml", element=f"numbering.{series}",
                          zh=wrong.text("zh"), en=wrong.text("en"))  # fmt: skip


def _seen_to_by_nobody(policy: Policy) -> Iterable[Finding]:
    """Reports that are made and lie there: no role is told of them, and nobody is reminded."""
    for report in policy.reports:
        if not policy.seen_to_by(report):
            yield Finding(
                code="report-seen-to-by-nobody", severity="warning", file=PACK, element=f"reports.{report.id}",
                zh=f"报表“{report.label.zh}”没有人办理：既未写明角色，制度也没有管理者。",
                en=f"Nobody sees to the report “{report.label.en}”: it names no role, and the pack has no managers.",
                remedy_zh="请写上 roles: [角色]，或在 managers 中写明管理者。",
                remedy_en="Add roles: [role] to the report, or say who the managers are.",
            )  # fmt: skip


def _of_one_language(release: Release) -> Iterable[Finding]:
    """Keepers of copies that are a plain text: earlier releases say them so and run on; a new one says both languages."""
    said = settings_of(release.files[PACK], release.files.get(BASE)).get("copies") or {}
    for form, keepers in said.items():
        for place, keeper in enumerate(keepers):
            if not isinstance(keeper, dict):
                yield Finding(
                    code="policy-key", severity="error", file=PACK, element=f"copies.{form}[{place}]",
                    zh=f"“{keeper}”只有一种文字。", en=f"“{keeper}” is said in one language only.",
                    remedy_zh=f"写成 {{zh: {keeper}, en: …}}。", remedy_en=f"Write {{zh: {keeper}, en: …}}.",
                )  # fmt: skip


def _missing(key: str, name: str, zh: str, en: str) -> Finding:
    return Finding(
        code="pack-name-unknown", severity="error", file="pack.yaml", element=key, zh=f"没有名为 {name} 的{zh}。",
        en=f"There is no {en} called {name}.", remedy_zh="请改名，或补上文件。", remedy_en="Correct the name, or add the file.",
    )  # fmt: skip
