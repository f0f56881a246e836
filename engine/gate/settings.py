"""What the gate asks of `pack.yaml`: that what it names is in the release, and that what it promises comes to somebody."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from engine.findings import Finding
from engine.numbering import CASE_SERIES, Pattern, PatternWrong
from engine.policy import Policy
from engine.release import BASE, PACK, Release, settings_of
from forms import Form


def settings_findings(release: Release, forms: Mapping[str, Form]) -> Iterable[Finding]:
    """Everything there is to say of a pack's settings, beyond what reading them told already."""
    yield from _unknown_files(release, forms)
    yield from _of_one_language(release)
    yield from _unknown_guidance(release, forms)
    yield from _uncountable_shares(release.policy, forms)
    yield from _seen_to_by_nobody(release.policy)
    yield from _never_entered(release)
    yield from _wrong_numbering(release.policy)


def _unknown_files(release: Release, forms: Mapping[str, Form]) -> Iterable[Finding]:
    policy = release.policy
    if policy.process not in release.processes:
        yield _missing("process", policy.process, "流程", "process")
    wanted = [
        ("intake", policy.intake),
        *((f"messages.{name}.form", kind.form) for name, kind in policy.messages.items() if kind.form),
        *((f"copies.{form}", form) for form in policy.copies),
    ]
    for key, form in wanted:
        if form not in forms:
            yield _missing(key, form, "表单", "form")
    calendars = [("calendar", policy.calendar), *((f"limits.{i}.calendar", row.calendar) for i, row in policy.limits.items())]
    for key, calendar in calendars:
        if calendar is not None and calendar not in release.calendars:
            yield _missing(key, calendar, "日历", "calendar")


def _unknown_guidance(release: Release, forms: Mapping[str, Form]) -> Iterable[Finding]:
    places = {*forms, *(e for _, process in release.processes.values() for e in process.elements)}
    for place, names in release.policy.guidance.items():
        if place not in places:
            yield _missing(f"guidance.{place}", place, "任务或表单", "task or form")
        for name in names:
            if not release.guided_by(name):
                yield _missing(f"guidance.{place}", name, "指引", "guidance")


def _uncountable_shares(policy: Policy, forms: Mapping[str, Form]) -> Iterable[Finding]:
    for share, said in policy.shares.items():
        asked = [f for form in forms.values() for f in form.fields if f.name == said.field and f.answers]
        if not asked:
            yield _missing(f"shares.{share}.field", said.field, "单选、多选或是否栏目", "field with a choice, or a yes or no,")
            continue
        known = {answer for f in asked for answer in f.answers}
        for answer in (*said.good, *said.others):
            if answer not in known:
                yield _missing(f"shares.{share}", answer, f"栏目 {said.field} 的选项", f"answer to {said.field}")


def _wrong_numbering(policy: Policy) -> Iterable[Finding]:
    if policy.numbering and CASE_SERIES not in policy.numbering:
        yield Finding(
            code="no-case-number", severity="warning", file=PACK, element="numbering",
            zh=f"没有名为 {CASE_SERIES} 的编号系列：案件不会有编号。", en=f"No series is called {CASE_SERIES}: cases will have no number.",
            remedy_zh=f"请把案件的编号系列命名为 {CASE_SERIES}。", remedy_en=f"Call the series that numbers the cases {CASE_SERIES}.",
        )  # fmt: skip
    for series, row in policy.numbering.items():
        try:
            Pattern.parse(row.pattern, reset=row.reset, overflow=row.overflow)
        except PatternWrong as wrong:
            yield Finding(code=wrong.code, severity="error", file=PACK, element=f"numbering.{series}",
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


def _never_entered(release: Release) -> Iterable[Finding]:
    """Registers that no step of the diagrams enters a case in: they would stay empty."""
    steps = [
        element.zeebe
        for _, process in release.processes.values()
        for element in process.elements.values()
        if element.zeebe.job == "enter-register"
    ]
    named = {step.headers.get("register") for step in steps}
    if any(line.name == "register" for step in steps for line in step.inputs):
        return  # which one is told by a rule
    for name, register in release.policy.registers.items():
        if name not in named:
            yield Finding(
                code="register-never-entered", severity="warning", file=PACK, element=f"registers.{name}",
                zh=f"流程图中没有登记“{register.label.zh}”的步骤：它会一直是空的。",
                en=f"No step of the diagrams enters a case in “{register.label.en}”: it would stay empty.",
                remedy_zh=f"请画上 enter-register 任务，登记簿写 {name}；或删去这个登记簿。",
                remedy_en=f"Draw a task enter-register with the register {name}, or take the register out.",
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
        code="pack-name-unknown", severity="error", file=PACK, element=key, zh=f"没有名为 {name} 的{zh}。",
        en=f"There is no {en} called {name}.", remedy_zh="请改名，或补上文件。", remedy_en="Correct the name, or add the file.",
    )  # fmt: skip
