"""A procedure as a newcomer asks about it, and its registers, read from the cases it entered in them."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any

from engine import feel
from engine.authority import Actor
from engine.casebook.channels import channel
from engine.casebook.lexicon import Lexicon, lexicon_of
from engine.casebook.looking import Looking
from engine.casebook.printing import issued_as
from engine.casebook.sheets import sheet_of
from engine.casebook.veil import veil_of
from engine.casebook.views import (
    DocumentView,
    LimitView,
    MessageView,
    PackView,
    ParamView,
    ProcedureView,
    RegisterRow,
    RegisterView,
    ReportView,
    RoleView,
    SeriesView,
    Sheet,
    StepView,
)
from engine.casebook.writing import until
from engine.desk.sitting import load
from engine.errors import EngineError
from engine.history import ErrandStarted, Hidden, bare
from engine.policy import Register
from engine.release import Release
from engine.shelf import Shelf, context_of, not_yet_open
from engine.store import CaseQuery, Head, Page, Reading
from engine.values import Value
from forms import Form

#: Errands that issue, send or file a paper.
_PAPERS = frozenset({"issue-document", "send-letter", "archive-copies"})
#: Whatever cases there are.
_ANY = CaseQuery()


class RegisterNotFound(EngineError):
    """The pack {pack} has no register called {register}; it has: {known}."""

    zh = "制度包 {pack} 没有名为 {register} 的台账；现有：{known}。"


class Procedures(Looking):
    """Procedures as one reader sees them."""

    def packs(self, actor: Actor) -> list[PackView]:
        """The procedures in force, by name."""
        with self._store.look() as reading:
            rows = [row for row in reading.releases() if row.in_force]
            return sorted((self._pack(reading, row.digest, actor) for row in rows), key=lambda p: p.pack)

    def intake_form(self, pack: str) -> Form:
        """The form a complaint of this pack is received on.

        Raises:
            PackNotFound.
        """
        with self._store.look() as reading:
            release = self.shelf.release(reading.current(pack), reading)
            return self.shelf.form(release, release.policy.intake)

    def procedure(self, pack: str, actor: Actor) -> ProcedureView:
        """A procedure in force: roles and who holds them, limits, statuses, messages, registers, forms.

        Raises:
            PackNotFound.
        """
        with self._store.look() as reading:
            digest = reading.current(pack)
            release = self.shelf.release(digest, reading)
            return procedure_of(release, self._pack(reading, digest, actor), self.shelf, reading)

    def manages(self, actor: Actor) -> bool:
        """Whether the actor holds a role that looks after the work of others, by the procedures in force."""
        held = {tuple(held.rpartition("/")[::2]) for held in actor.all_memberships}
        if not held:
            return False
        with self._store.look() as reading:
            for pack, digest in reading.packs().items():
                managers = self.shelf.release(digest, reading).policy.managers
                if any(of in (pack, "*") and role in managers for of, role in held):
                    return True
        return False

    def form(self, pack: str, form: str) -> Form:
        """A form of the release in force.

        Raises:
            PackNotFound, FormNotFound.
        """
        with self._store.look() as reading:
            return self.shelf.form(self.shelf.release(reading.current(pack), reading), form)

    def context(self, release: str) -> feel.Context:
        """What the rules of a form of that release (its digest) are evaluated with now."""
        with self._store.look() as reading:
            return context_of(self.shelf.release(release, reading), self._clock.now())

    def intake_sheet(
        self, pack: str, answers: Mapping[str, Any], actor: Actor, *, channel: str | None = None, files: Collection[str] = ()
    ) -> Sheet:
        """The intake form with these entries: what is shown, required, computed, refused. Nothing is kept.

        Args:
            channel: by which the complaint comes in, as far as that is known.
            files: hashes of the files that come along.

        Raises:
            PackNotFound.
        """
        with self._store.look() as reading:
            release = self.shelf.release(reading.current(pack), reading)
            policy, now = release.policy, self._clock.now()
            form = self.shelf.form(release, policy.intake)
            known = not_yet_open(pack=pack, flow=policy.flow, channel=channel, at=now)
            return sheet_of(form, answers, known, actor, release=release, now=now, reading=reading, files=files)

    def register(
        self, pack: str, name: str, actor: Actor, *, cursor: str | None = None, limit: int = 25, of: CaseQuery = _ANY
    ) -> RegisterView:
        """A page of a register: cases of the pack, the latest first, of which those entered in it are shown.

        Args:
            of: only such cases.

        Raises:
            PackNotFound, RegisterNotFound, CursorUnusable.
        """
        with self._store.look() as reading:
            release = self.shelf.release(reading.current(pack), reading)
            page = reading.cases(replace(of, pack=pack, cursor=cursor, limit=limit), actor)
            return register_of(name, release, page, self.shelf, reading, self._clock.now(), actor)

    def _pack(self, reading: Reading, digest: str, actor: Actor) -> PackView:
        release = self.shelf.release(digest, reading)
        policy = release.policy
        return PackView(
            pack=policy.pack,
            title=policy.title,
            system=policy.system,
            flow=policy.flow,
            release=digest,
            channels=policy.channels,
            starters=policy.starters,
            roles=policy.roles,
            may_open=not policy.starters or any(actor.has(policy.pack, role) for role in policy.starters),
            intake=self.shelf.form(release, policy.intake),
            guidance=release.guidance(policy.intake),
        )


def procedure_of(release: Release, view: PackView, shelf: Shelf, reading: Reading) -> ProcedureView:
    """Roles and who holds them, limits, statuses, messages, registers, forms."""
    policy = release.policy
    return ProcedureView(
        pack=view,
        roles=tuple(
            RoleView(role=role, label=label, people=tuple(p.name for p in reading.people(role=role, pack=release.pack)))
            for role, label in policy.roles.items()
        ),
        limits=tuple(
            LimitView(
                limit=name,
                label=row.label,
                stage=row.stage,
                start=row.start,
                ends=row.ends,
                spans={variant: f"{amount.value} {amount.unit}" for variant, amount in row.amounts.items()},
                pausable=row.pausable,
                extend_by=row.extend_by,
                source=row.source,
            )
            for name, row in policy.limits.items()
        ),
        statuses=policy.statuses,
        messages=tuple(
            MessageView(
                message=name,
                label=kind.label,
                form=shelf.form(release, kind.form) if kind.form else None,
                roles=kind.roles,
                awaited=False,
            )
            for name, kind in policy.messages.items()
        ),
        registers={name: register.label for name, register in policy.registers.items()},
        columns={name: tuple(label for label, _ in row.columns) for name, row in policy.registers.items()},
        forms={name: shelf.form(release, name).title for name in release.forms},
        steps=tuple(_steps(release)),
        documents=tuple(_documents(release, shelf)),
        params={name: ParamView(value=p.value, label=p.label, source=p.source) for name, p in policy.params.items()},
        reports=tuple(
            ReportView(report=r.id, label=r.label, every=r.every, by_day=r.by_day, roles=policy.seen_to_by(r))
            for r in policy.reports
        ),
        numbering={
            name: SeriesView(pattern=s.pattern, label=s.label, reset=s.reset, overflow=s.overflow)
            for name, s in policy.numbering.items()
        },
        calendar=policy.calendar,
        sealed=policy.sealed,
        subject=policy.subject,
        accused=policy.accused,
    )


def _steps(release: Release) -> Iterator[StepView]:
    """What persons do, diagram by diagram; the one that is run first, then in the order of their names."""
    main = release.policy.process
    for id, (_, process) in sorted(release.processes.items(), key=lambda one: (one[0] != main, one[0])):
        for element in process.elements.values():
            if element.kind != "userTask":
                continue
            settings, limit = element.zeebe, element.zeebe.properties.get("limit", "")
            who = settings.groups or settings.users or settings.assignee or ""
            computed = who.startswith("=")
            yield StepView(
                element=element.id, title=release.title(id, element.id), process=id, process_title=release.written(process.name),
                form=settings.form, roles=() if computed else tuple(part.strip() for part in who.split(",") if part.strip()),
                roles_rule=who if computed else "", limit=limit if limit and not limit.startswith("=") else None,
                variant=settings.properties.get("limit-variant", ""), limit_rule=limit if limit.startswith("=") else "",
            )  # fmt: skip


def _documents(release: Release, shelf: Shelf) -> Iterator[DocumentView]:
    """The papers that errands of the diagrams issue, send or file, and those of which copies are kept."""
    ways: dict[tuple[str | None, str], set[str]] = {}
    for _, process in release.processes.values():
        for element in process.elements.values():
            job, headers = element.zeebe.job or "", dict(element.zeebe.headers)
            given = {line.target: line.source for line in element.zeebe.inputs}
            form = headers.get("form") or given.get("form", "").strip('="')
            if job in _PAPERS and (form in release.forms or headers.get("title")):
                ways.setdefault((form or None, headers.get("title", "")), set()).add(job)
    for form in release.policy.copies:
        if form in release.forms:
            ways.setdefault((form, ""), set()).add("archive-copies")
    for (paper, title), done in sorted(ways.items(), key=lambda one: (one[0][0] or "", one[0][1])):
        label = issued_as(title, shelf.form(release, paper).title, release) if paper and paper in release.forms else release.written(title)
        yield DocumentView(
            title=label, form=paper, ways=tuple(sorted(done)), copies=release.policy.copies.get(paper or "", ()),
        )  # fmt: skip


def register_of(
    name: str, release: Release, page: Page[Head], shelf: Shelf, reading: Reading, now: datetime, actor: Actor
) -> RegisterView:
    """A page of a register.

    Args:
        release: the release in force, whose columns are shown.
        page: cases of the pack that the reader may see.

    Raises:
        RegisterNotFound.
    """
    known = release.policy.registers
    if name not in known:
        raise RegisterNotFound(pack=release.pack, register=name, known=tuple(known))
    register = known[name]
    return RegisterView(
        register=name,
        pack=release.pack,
        label=register.label,
        columns=tuple(label for label, _ in register.columns),
        rows=tuple(_rows(name, register, page, shelf, reading, now, actor)),
        next=page.next,
    )


def _rows(
    name: str, register: Register, page: Page[Head], shelf: Shelf, reading: Reading, now: datetime, actor: Actor
) -> Iterator[RegisterRow]:
    lang = actor.locale
    for head in page.rows:
        if not _entered(reading, head.case, name):
            continue
        full = reading.head(head.case)
        run = load(reading, full, shelf)
        own = shelf.release(head.release, reading)
        veil = veil_of(own.policy, actor, (), erased=full.keyring.erased)
        found, whose = run.known()
        known, hidden = veil.document(found, whose), veil.hidden(found, whose)
        scope = {**known, "case": _case(full, own, lang)}
        context, lexicon = _register_context(own, now, run.milestones), lexicon_of(own, shelf)
        for line in _lines(register, scope, context):
            cells = [(text, _cell(text, {**scope, **line}, context)) for _, text in register.columns]
            why = tuple(_hidden(text, hidden) for text, _ in cells)
            texts = (_said(text, value, lexicon, lang) for text, value in cells)
            yield RegisterRow(case=head.case, cells=tuple(value for _, value in cells), texts=tuple(texts), hidden=why)


def _said(text: str, value: Value, lexicon: Lexicon, lang: str) -> str:
    """What a cell says; the end of a day belongs to that day, and a channel is called by its name."""
    if text.replace(" ", "") == "=case.channel":
        return channel(str(value or ""), lang)
    if isinstance(value, datetime):
        return until(value, lexicon.zone)
    return "" if value is None else lexicon.text(text.lstrip("= "), value, lang)


def _lines(register: Register, scope: Mapping[str, Any], context: feel.Context) -> list[dict[str, Value]]:
    """What a case has lines for: itself, or what the register's `rows` lists, each of them as `row`."""
    if not register.rows:
        return [{}]
    listed = _cell(register.rows, scope, context)
    return [{"row": row} for row in listed] if isinstance(listed, list) else []


def _entered(reading: Reading, case: str, name: str) -> bool:
    """Whether the procedure entered the case in the register: its errand is the fact."""
    return any(
        isinstance(r.event, ErrandStarted)
        and r.event.type == "enter-register"
        and {**(r.event.headers or {}), **(r.event.inputs or {})}.get("register") == name
        for r in reading.history(case)
    )


def _case(head: Head, release: Release, lang: str) -> dict[str, Value]:
    status = release.policy.statuses.get(head.status or "")
    return {
        "id": head.case, "number": head.number, "flow": head.flow, "channel": head.channel, "opened": head.opened_at,
        "status": status.text(lang) if status else head.status, "pack": head.pack, "parent": head.parent,
    }  # fmt: skip


def _hidden(text: str, hidden: Mapping[str, Hidden]) -> Hidden | None:
    """Why a column cannot be told to this reader: it reads something that is not shown to them."""
    is_feel, rest = feel.literal_or_expression(text)
    if not is_feel or not hidden:
        return None
    asked = feel.compile(rest)
    read = {name.partition(".")[0] for name in asked.used | asked.perhaps}
    return next((hidden[name] for name in sorted(read) if name in hidden), None)


def _register_context(release: Release, now: datetime, milestones: Mapping[str, datetime]) -> feel.Context:
    """What the columns of a register are evaluated with: as the rules of a form, and the milestones of the case."""
    context = context_of(release, now)
    return replace(context, functions={**context.functions, "milestone": lambda name: milestones.get(str(name))})


def _cell(text: str, scope: Mapping[str, Any], context: feel.Context) -> Value:
    is_feel, rest = feel.literal_or_expression(text)
    if not is_feel:
        return text
    try:
        return bare(feel.compile(rest).run(scope, context=context).value)
    except EngineError:
        return None  # a column that cannot be told for this case stays empty
