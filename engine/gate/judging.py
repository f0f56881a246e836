"""What the gate asks of files: that each can be read, that they fit together, that what is drawn runs as drawn.

Nothing here is bounded but by what it reads; files that anybody may hand in are judged `apart`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from engine import decision as decisions
from engine import diagram as diagrams
from engine.diagram import Diagram, Given
from engine.errands import ERRANDS
from engine.findings import Finding, Refused, errors
from engine.gate.rules import rules_of
from engine.gate.settings import settings_findings
from engine.release import Release, in_utf8
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
    findings += settings_findings(release, forms)
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
