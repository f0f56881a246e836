"""A draft tried on a page: forms filled in one after another, time let pass, where the case stands on the drawing."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from flask import Blueprint, Response, g, render_template, request
from markupsafe import Markup
from werkzeug.datastructures import FileStorage

from api.pages import looks
from api.pages.colleagues import offered
from api.pages.dossier import teller_of
from api.pages.drafts import studio
from api.pages.painting import paint
from api.pages.reading import answers_of
from api.pages.sheet import Sheet, rules, sheet
from api.problems import language
from api.trial import STAND_IN, Played, Promise, Step, listed, play, promises, read_steps, written
from api.trial.playing import ONLOOKER
from api.wiring import Parts
from engine.casebook import DiagramView, TaskView
from engine.errors import EngineError
from engine.feel import Context
from engine.findings import Finding, Refused
from engine.release import Release
from engine.shelf import context_of, not_yet_open
from forms import AnswersRefused, Form

Given = dict[str, Any]
#: Spans by which time may be let pass by hand, in hours.
SPANS = {"hour": 1, "day": 24, "week": 168}


@dataclass(frozen=True, kw_only=True)
class Turn:
    """The form that is to be filled in next."""

    #: "" for the intake.
    task: str
    form: Form | None
    document: Mapping[str, Any]
    values: Mapping[str, Any]
    context: Context
    view: TaskView | None = None
    #: Who does it here.
    who: str = ""


def blueprint(parts: Parts) -> Blueprint:
    """Trying drafts."""
    pages = Blueprint("draft_trial_pages", __name__)

    @pages.get("/packs/drafts/<draft>/try")
    def begin(draft: str) -> str | tuple[str, int]:
        return _page(parts, draft, ())

    @pages.post("/packs/drafts/<draft>/try")
    def go_on(draft: str) -> str | tuple[str, int]:
        return _page(parts, draft, read_steps(request.form.get("steps", "")))

    @pages.route("/packs/drafts/<draft>/try/scenarios", methods=["GET", "POST"])
    def scenarios(draft: str) -> str | tuple[str, int]:
        return _scenarios(parts, draft)

    @pages.post("/packs/drafts/<draft>/try/rules")
    def asked(draft: str) -> Response:
        with _played(parts, draft, read_steps(request.form.get("steps", ""))) as played:
            turn = _turn(played, request.form.get("task", ""))
            return rules(turn.form if turn else None, turn.document if turn else {}, _context(played))

    @pages.get("/packs/drafts/<draft>/try/people")
    def find(draft: str) -> Response:
        with _played(parts, draft, ()):
            return offered()

    return pages


@contextmanager
def _played(parts: Parts, draft: str, steps: tuple[Step, ...]) -> Iterator[Played]:
    """The trial after these steps; what pages know of people is of its company meanwhile.

    Raises:
        Refused: the draft cannot be read.
    """
    release = Release.of(parts.drafting.contents(draft, g.actor))
    with play(release, steps) as played:
        ours, g.people_at = g.parts, f"/packs/drafts/{draft}/try/people"
        _meet(played.parts)
        try:
            yield played
        finally:
            _meet(ours)
            g.pop("people_at")


def _meet(parts: Parts) -> None:
    g.parts = parts
    for known in ("people", "names"):
        g.pop(known, None)


def _page(parts: Parts, draft: str, steps: tuple[Step, ...]) -> str | tuple[str, int]:
    view = parts.drafting.view(draft, g.actor)
    act, status = request.form.get("act", ""), 200
    if act in ("back", "restart"):
        steps = steps[:-1] if act == "back" else ()
    try:
        with _played(parts, draft, steps) as played:
            new = _step(played, act)
            if new is None:
                inner = _inner(draft, played, played.trouble)
            else:
                inner, status = _tried(draft, played, new)
    except Refused as refused:
        inner, status = Markup(render_template("draft_trial_barred.html", draft=view.draft, findings=refused.findings)), 422
    page = render_template("draft_try.html", **studio(parts, view), inner=inner)
    return (page, status) if status != 200 else page


def _scenarios(parts: Parts, draft: str) -> str | tuple[str, int]:
    """The pack's scenarios played on the draft; only listed until somebody asks for that."""
    view = parts.drafting.view(draft, g.actor)
    folder = parts.settings.bpmn / "packs" / Path(view.draft.pack).name
    told: tuple[Promise, ...] = ()
    trouble: EngineError | None = None
    findings: tuple[Finding, ...] = ()
    only = request.form.get("only") or None
    try:
        if request.method == "POST":
            files = parts.drafting.contents(draft, g.actor)
            Release.of(files)
            told = promises(files, folder, only=only)
        else:
            told = listed(folder)
    except Refused as refused:
        findings = refused.findings
    except EngineError as error:
        trouble = error
    told = urgent_first(told, only)
    inner = Markup(render_template(
        "draft_scenarios.html", draft=view.draft, told=told, played=request.method == "POST", only=only, trouble=trouble, findings=findings,
    ))  # fmt: skip
    page = render_template("draft_try.html", **studio(parts, view), inner=inner)
    return (page, 422) if findings or trouble else page


def urgent_first(told: Sequence[Promise], only: str | None) -> tuple[Promise, ...]:
    """What was played just now, then the files in which something does not hold; in each of them that first."""
    broken = {one.file for one in told if one.holds is False}
    order = {file: n for n, file in enumerate(dict.fromkeys(one.file for one in told))}

    def place(one: Promise) -> tuple[bool, bool, int, bool]:
        return only is not None and one.file != only, one.file not in broken, order[one.file], one.holds is not False

    return tuple(sorted(told, key=place))


def _tried(draft: str, before: Played, new: Step) -> tuple[Markup, int]:
    """What comes of one more step; where it is refused, the form comes back with what was said."""
    played = before.then(new)
    if (trouble := played.trouble) is None:
        return _inner(draft, played, None), 200
    wrong = trouble.in_language(language()) if isinstance(trouble, AnswersRefused) else {}
    return _inner(draft, before, None if wrong else trouble, given=dict(new.answers), wrong=wrong), 422


def _step(played: Played, act: str) -> Step | None:
    """What the page was told to do; None: only to show."""
    if act == "until":
        due, now = played.next_due(), played.parts.clock.now()
        span = SPANS.get(request.form.get("span", ""))
        until = now + timedelta(hours=span) if span else due
        return Step(do="until", at=until.isoformat()) if until else None
    if act == "message":
        name = request.form.get("message", "")
        form = next((view.form for _, view in played.messages() if view.message == name), None)
        return Step(do="message", message=name, answers=answers_of(form.fields, request.form, request.files, _stand_in) if form else {})
    if act != "complete":
        return None
    task = request.form.get("task", "")
    turn = _turn(played, task)
    if turn is None:
        return None
    given = answers_of(turn.form.fields if turn.form else (), request.form, request.files, _stand_in)
    if turn.task:
        return Step(do="task", task=turn.task, answers=given)
    return Step(do="open", answers=given, channel=request.form.get("channel", ""))


def _stand_in(upload: FileStorage) -> Mapping[str, str]:
    return {"file": hashlib.sha256(STAND_IN).hexdigest(), "name": upload.filename or "file"}


def _turn(played: Played, wanted: str) -> Turn | None:
    """The form that is open: the task that was asked for, or the first; the intake before anybody complained."""
    if played.case is None:
        policy = played.release.policy
        form = played.parts.casebook.intake_form(policy.pack)
        channel = request.form.get("channel") or next(iter(policy.channels), "")
        document = not_yet_open(pack=policy.pack, flow=policy.flow, channel=channel)
        return Turn(task="", form=form, document=document, values=form.filled({}), context=_context(played))
    tasks = played.tasks()
    if not tasks:
        return None
    task = wanted if wanted in tasks else tasks[0]
    actor, view = played.able(task)
    return Turn(
        task=task, form=view.form, document=view.document, values=view.values, context=_context(played), view=view, who=actor.name
    )


def _context(played: Played) -> Context:
    return context_of(played.release, played.parts.clock.now())


def _inner(
    draft: str, played: Played, trouble: EngineError | None, *, given: Given | None = None,
    wrong: Mapping[str, list[str]] | None = None,
) -> Markup:  # fmt: skip
    turn: Turn | None = None
    try:
        turn = _turn(played, request.form.get("task", ""))
    except EngineError as error:
        trouble = trouble or error
    drawn = Sheet(form=None, values={}, document={})
    entering = request.form.get("message", "") if given is not None else ""
    if turn is not None:
        mine = given is not None and not entering
        drawn = sheet(turn.form, given if mine and given is not None else turn.values, turn.document, turn.context, wrong if mine else None)
    outside = []
    for actor, view in played.messages():
        mine = view.message == entering
        outside.append((view, actor.name, sheet(view.form, given or {} if mine else {}, {}, _context(played), wrong if mine else None)))
    due = played.next_due()
    told, case = _told(played), played.parts.casebook.case(played.case, ONLOOKER) if played.case else None
    return Markup(render_template(
        "draft_trial.html", draft=draft, steps=written(played.steps), count=len(played.steps), turn=turn, sheet=drawn, trouble=trouble,
        trial_now=played.parts.clock.now().astimezone(ZoneInfo(looks.ZONE)), due=due, told=told, case=case, pictures=_pictures(played),
        channels=played.release.policy.channels, chosen=request.form.get("channel") or next(iter(played.release.policy.channels), ""),
        spans=tuple(SPANS), outside=outside,
    ))  # fmt: skip


def _told(played: Played) -> list[tuple[Any, str]]:
    """What happened so far: moment and sentence, the newest first."""
    if played.case is None:
        return []
    with played.parts.store.look() as reading:
        records = reading.history(played.case)
    entries = teller_of(played.release, played.parts.shelf, looks.people()).diary(records)
    return [(e.record.event.at, e.sentence) for e in reversed(entries)]


def _pictures(played: Played) -> list[tuple[str, Markup]]:
    """The drawings on which the case stands; before there is one, that of the main process."""
    if played.case is not None:
        views = played.parts.casebook.diagram(played.case, ONLOOKER)
        shown = [v for v in views if v.here or v.stuck] or views[:1]
    else:
        policy = played.release.policy
        diagram, process = played.release.process(policy.process)
        shown = [DiagramView(
            process=process.id, name=played.release.written(process.name or process.id), file=diagram.file, source=diagram.source, here={},
            passed={}, stuck=(), scope="", english=played.release.english,
        )]  # fmt: skip
    return [(looks.label(v.name), Markup(paint(v, looks.label(v.name), lang=language()))) for v in shown]
