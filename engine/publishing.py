"""Publishing: files become a release only through the gate, and come into force only by a second pair of eyes.

`check` says everything that bars a pack, by file and element with the remedy; `propose` stores a
release that passed; `publish` puts it in force for new cases. Running cases stay where they are.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

from engine import authority
from engine import decision as decisions
from engine import diagram as diagrams
from engine.authority import Actor
from engine.clock import Clock
from engine.diagram import Given
from engine.errands import ERRANDS
from engine.errors import EngineError
from engine.findings import Finding, Refused, errors
from engine.numbering import Pattern, PatternWrong
from engine.release import Release, gather
from engine.shelf import Shelf, read_form
from engine.store import PackNotFound, Store
from forms import Form


class SecondPairNeeded(EngineError):
    """{person} handed this release in; somebody else must publish it."""

    zh = "该版本由 {person} 提交，须由另一人发布。"


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
    """Read and judge the files of a pack; never raises for what is in them."""
    try:
        release = Release.of(files)
    except Refused as refused:
        return Checked(release=None, findings=refused.findings)
    forms, findings = _forms(release)
    given = _given(release, forms)
    findings += diagrams.check(release.diagrams.values(), given)
    for model in release.decisions.values():
        findings += decisions.check(model)
    findings += _loose_ends(release, forms)
    return Checked(release=None if errors(findings) else release, findings=tuple(findings))


class Publishing:
    """From files to a release in force."""

    def __init__(self, store: Store, clock: Clock, shelf: Shelf) -> None:
        self._store, self._clock, self._shelf = store, clock, shelf

    def propose(self, files: Mapping[str, bytes], actor: Actor, note: str = "") -> Checked:
        """Store a release that passes the gate, not yet in force.

        Raises:
            Refused: the gate found errors.
            NotAuthorised: the actor is no owner of the pack.
        """
        checked = check(files)
        if checked.release is None:
            raise Refused(checked.findings)
        authority.need_role(actor, checked.release.pack, (authority.OWNER,))
        self._save(checked.release, actor.name, note)
        return checked

    def publish(self, digest: str, actor: Actor) -> str:
        """Put a stored release in force; returns its pack.

        Raises:
            ReleaseNotFound, NotAuthorised.
            SecondPairNeeded: the actor is the one who handed it in.
        """
        with self._store.begin() as tx:
            release = self._shelf.release(digest, tx)
            authority.need_role(actor, release.pack, (authority.OWNER,))
            made_by = next(row.made_by for row in tx.releases(release.pack) if row.digest == digest)
            if made_by == actor.name:
                raise SecondPairNeeded(person=actor.name)
            tx.publish_release(digest, by=actor.name, at=self._clock.now())
            return release.pack

    def bootstrap(self, bpmn: Path, library: Path) -> list[str]:
        """Put every shipped pack in force of which no release is in force yet; returns their names.

        Raises:
            Refused: a shipped pack does not pass the gate.
        """
        done = []
        for folder in sorted(p for p in (bpmn / "packs").iterdir() if (p / "pack.yaml").exists()):
            with self._store.look() as reading:
                try:
                    reading.current(folder.name)
                    continue
                except PackNotFound:
                    pass
            checked = check(gather(folder, bpmn / "shared", library))
            if checked.release is None:
                raise Refused(checked.findings)
            self._save(checked.release, "system", "shipped")
            with self._store.begin() as tx:
                tx.publish_release(checked.release.digest, by="system", at=self._clock.now())
            done.append(checked.release.pack)
        return done

    def _save(self, release: Release, by: str, note: str) -> None:
        with self._store.begin() as tx:
            tx.save_release(
                release.digest, pack=release.pack, files=release.files, by=by, at=self._clock.now(), note=note
            )


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
    calendars = [("calendar", policy.calendar), *((f"limits.{i}.calendar", r.calendar) for i, r in policy.limits.items())]
    for key, calendar in calendars:
        if calendar is not None and calendar not in release.calendars:
            yield _missing(key, calendar, "日历", "calendar")
    for series, row in policy.numbering.items():
        try:
            Pattern.parse(row.pattern, reset=row.reset, overflow=row.overflow)
        except PatternWrong as wrong:
            yield Finding(code=wrong.code, severity="error", file="pack.yaml", element=f"numbering.{series}",
                          zh=wrong.text("zh"), en=wrong.text("en"))  # fmt: skip


def _missing(key: str, name: str, zh: str, en: str) -> Finding:
    return Finding(
        code="pack-name-unknown", severity="error", file="pack.yaml", element=key, zh=f"没有名为 {name} 的{zh}。",
        en=f"There is no {en} called {name}.", remedy_zh="请改名，或补上文件。", remedy_en="Correct the name, or add the file.",
    )  # fmt: skip
