"""The figures of one procedure: limits kept, ageing, what came and went, causes, and where time goes on its diagram."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from flask import g, render_template, request
from markupsafe import Markup

from api.pages import charts, looks, words
from api.pages.charts import Bar
from api.pages.painting import paint
from api.problems import language
from api.wiring import Parts
from engine.casebook import DiagramView, lexicon_of
from engine.policy import Label
from engine.rates import rates_of
from engine.release import Release
from engine.shares import shares_of
from engine.store import CaseQuery, Reading, StepTook, Waiting
from engine.store.passages import answer_mark
from forms import Field

#: Ages of open cases, in days: up to the first, up to the second, ..., older than the last.
AGES = (3, 7, 15, 30, 60)
#: So many weeks are shown, so many causes, so many steps at which work waits.
WEEKS, MOST_CAUSES, MOST_STEPS = 12, 10, 12
#: Fields that are shown unasked, where a procedure has them.
_USUAL = ("cause", "satisfaction", "class", "category", "severity")


@dataclass(frozen=True, kw_only=True)
class Kept:
    """A limit, and how it was kept."""

    limit: str
    label: Label
    kept: int
    late: int
    overrun: int

    @property
    def due(self) -> int:
        """How often it had to be kept."""
        return self.kept + self.late + self.overrun

    @property
    def rate(self) -> float:
        """How often it was, in percent."""
        return 100 * self.kept / self.due if self.due else 0.0


def page(parts: Parts, pack: str, days: int, periods: Sequence[int], since: datetime) -> str:
    """The page.

    Raises:
        PackNotFound.
    """
    zh = language()
    with parts.store.look() as reading:
        release = parts.shelf.release(reading.current(pack), reading)
        fields = countable(release, parts)
        chosen = next((f for f in fields if f.name == request.args.get("field")), None) or _usual(fields)
        limits = _limits(reading, release, pack, since, parts.clock.now())
        ages = _ages(reading, pack, parts.clock.now())
        weekly = _weekly(reading, pack, parts.clock.now())
        causes = _causes(reading, pack, chosen, since) if chosen else []
        took = reading.steps_took(pack, since, g.actor)
        rates = rates_of(reading, release.policy, since, parts.clock.now())
        known = lexicon_of(release, parts.shelf).fields.values()
        shares = shares_of(reading, release.policy, list(known), since, g.actor)
        waiting = [w for w in reading.waiting(g.actor) if w.pack == pack][:MOST_STEPS]
    stages = [(w, _step(release, w)) for w in waiting]
    said: dict[str, Any] = {name: words.word(name, zh) for name in ("limits_kept", "ageing", "came_and_went", "pareto", "late_by_stage")}
    return render_template(
        "figures_pack.html", pack=pack, title=release.policy.title, days=days, periods=periods, since=since.date().isoformat(),
        limits=limits, limits_chart=charts.rows([_kept_bar(k) for k in limits], said["limits_kept"], most=100, fills=("f1", "flate")),
        ages=ages, ages_chart=charts.rows([Bar(label=a[0], parts=(a[1],)) for a in ages], said["ageing"]),
        weekly=weekly, weekly_chart=charts.weeks([w[0] for w in weekly], [w[1] for w in weekly], [w[2] for w in weekly], said["came_and_went"]),
        causes=causes, causes_chart=charts.pareto([Bar(label=c[1], parts=(c[2],)) for c in causes], said["pareto"]),
        rates=[(r, release.policy.rates[r.rate].limits) for r in rates], shares=shares, stages=stages,
        stages_chart=charts.rows(
            [Bar(label=looks.label(label), parts=(w.overdue, w.open - w.overdue), said=f"{w.overdue} / {w.open}") for w, label in stages],
            said["late_by_stage"], fills=("flate", "f1"),
        ),
        fields=fields, chosen=chosen, pictures=_heat(release, took),
        took=[(one, release.title(one.process, one.element)) for one in took if _drawn(release, one)],
    )  # fmt: skip


def countable(release: Release, parts: Parts) -> list[Field]:
    """The fields whose answers can be counted: one or several of a list."""
    found = [
        f
        for f in lexicon_of(release, parts.shelf).fields.values()
        if f.type in ("choice", "choices") and f.options and not f.personal
    ]
    return sorted(found, key=lambda f: looks.label(f.label) or f.name)


def _usual(fields: Sequence[Field]) -> Field | None:
    """What is shown when nobody chose: causes, if the procedure asks for them."""
    return next((f for usual in _USUAL for f in fields if usual in f.name), fields[0] if fields else None)


def _limits(reading: Reading, release: Release, pack: str, since: datetime, now: datetime) -> list[Kept]:
    """The limits of cases, and those of tasks that are no limit of the case, the worst kept first."""
    found, rows = [], release.policy.limits
    of_tasks = reading.kept_by_tasks((since, now), g.actor, pack=pack)
    own = [t for t in of_tasks if t.limit not in rows or rows[t.limit].stage == "task"]
    for tally in [*reading.kept((since, now), g.actor, pack=pack), *own]:
        row = rows.get(tally.limit)
        label = row.label if row else Label(zh=tally.limit, en=tally.limit)
        found.append(Kept(limit=tally.limit, label=label, kept=tally.kept, late=tally.late, overrun=tally.overrun))
    return sorted((k for k in found if k.due), key=lambda k: (k.rate, k.limit))


def _kept_bar(kept: Kept) -> Bar:
    whole = round(kept.rate)
    return Bar(label=looks.label(kept.label), parts=(whole, 100 - whole), said=f"{kept.rate:.1f} %")


def _ages(reading: Reading, pack: str, now: datetime) -> list[tuple[str, int, str, str]]:
    """Label, how many, and from which day to which they were opened: "" where there is no end."""
    today = datetime.combine(now.astimezone(ZoneInfo(looks.ZONE)).date(), time(), ZoneInfo(looks.ZONE))
    edges = [today - timedelta(days=days) for days in AGES]
    counted = reading.ageing(edges, g.actor, pack=pack)
    found = []
    for number in range(len(AGES) + 1):
        begin = edges[number].date().isoformat() if number < len(edges) else ""
        end = edges[number - 1].date().isoformat() if number else ""
        label = f"{AGES[number - 1] + 1 if number else 0}–{AGES[number]}" if number < len(AGES) else f"> {AGES[-1]}"
        found.append((label, sum(n for (age, _), n in counted.items() if age == number), begin, end))
    return found


def _weekly(reading: Reading, pack: str, now: datetime) -> list[tuple[str, int, int, str, str]]:
    """Monday, how many came and were closed in that week, and its first day and the day after its last."""
    zone = ZoneInfo(looks.ZONE)
    monday = now.astimezone(zone).date() - timedelta(days=now.astimezone(zone).weekday())
    days = [monday - timedelta(weeks=WEEKS - 1 - n) for n in range(WEEKS + 1)]
    edges = [datetime.combine(day, time(), zone) for day in days]
    came, went = [0] * WEEKS, [0] * WEEKS
    for counts, tallies in (
        (came, reading.opened(edges, g.actor, pack=pack)),
        (went, reading.closed(edges, g.actor, pack=pack)),
    ):
        for tally in tallies:
            counts[edges.index(tally.start)] += tally.count
    return [(f"{days[n]:%m-%d}", came[n], went[n], days[n].isoformat(), days[n + 1].isoformat()) for n in range(WEEKS)]


def _causes(reading: Reading, pack: str, field: Field, since: datetime) -> list[tuple[str, str, int]]:
    """The answers to a field in cases opened since then: value, what it is called, how many; the most frequent first."""
    found = []
    for option in field.options:
        said = answer_mark(field.name, option.value)
        if said is not None:
            count = reading.count_cases(CaseQuery(pack=pack, marks=(said,), since=since), g.actor)
            found.append((str(option.value), looks.label(option.label), count))
    return sorted((one for one in found if one[2]), key=lambda one: (-one[2], one[0]))[:MOST_CAUSES]


def _step(release: Release, waiting: Waiting) -> Label:
    """What a step is called in the release in force; an earlier one may have had it under its id alone."""
    known = release.processes.get(waiting.process)
    if known is None or waiting.element not in known[1].elements:
        return Label(zh=waiting.element, en=waiting.element)
    return release.title(waiting.process, waiting.element)


def _drawn(release: Release, took: StepTook) -> bool:
    return took.process in release.processes and took.element in release.processes[took.process][1].elements


def _heat(release: Release, took: Sequence[StepTook]) -> list[tuple[str, Markup]]:
    """The diagrams with how often and how long: the main one, then those in which time is lost."""
    known = [one for one in took if _drawn(release, one)]
    heated = charts.heat({f"{one.process}/{one.element}": one.median_days for one in known})
    main = release.policy.process
    order = [main, *dict.fromkeys(one.process for one in known if one.process != main)]
    found = []
    for process in order:
        here = [one for one in known if one.process == process]
        diagram, drawn = release.process(process)
        view = DiagramView(
            process=process, name=release.written(drawn.name or process), file=diagram.file, source=diagram.source, here={}, passed={},
            stuck=(), scope="", english=release.english,
        )  # fmt: skip
        marks = {one.element: heated[f"{one.process}/{one.element}"] for one in here}
        times = words.word("times_days", language())
        said = {one.element: times.format(one.done, f"{one.median_days:.1f}") for one in here}
        name = looks.label(view.name)
        svg = paint(view, f"{words.word('heat', language())} {name}", lang=language(), marks=marks, said=said)
        if svg and (here or process == main):
            found.append((name, Markup(svg)))
    return found
