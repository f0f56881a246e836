"""What helps whoever decides: cases that share an answer with this one, and the tables that read what a task enters."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from engine.authority import Actor
from engine.casebook.finding import Finding, Wanted
from engine.casebook.looking import Opened
from engine.decision import Decision
from engine.policy import Label
from engine.release import Release
from engine.store import Head, Reading
from engine.values import Value
from forms import Field, Form

#: Kinds of fields by which a complainant, a product or a batch is known again.
_TELLING = ("text", "phone", "email")
#: Shorter and longer answers tell nothing.
_SHORTEST, _LONGEST = 2, 60
#: So many answers are looked for, and so many cases told for each.
MOST_ANSWERS, MOST_CASES = 8, 3


@dataclass(frozen=True, kw_only=True)
class Repeat:
    """Cases in which the same was answered."""

    label: Label
    field: str
    value: str
    heads: tuple[Head, ...]
    #: Whether there are more of them.
    more: bool


@dataclass(frozen=True, kw_only=True)
class Aid:
    """A decision table that reads what a task enters."""

    title: Label
    inputs: tuple[Label, ...]
    outputs: tuple[Label, ...]
    #: Number, and what stands in its cells: inputs, then outputs.
    rows: tuple[tuple[int, tuple[str, ...]], ...]


class Helping(Finding):
    """Helping to decide."""

    def repeats(self, case: str, actor: Actor) -> list[Repeat]:
        """Cases the actor may see that share a telling answer of the intake form with this one; a sealed one shares none.

        Raises:
            CaseNotFound.
        """
        with self._opened(case, actor, "repeats") as open_:
            if open_.head.sealed:
                return []
            told = list(self._telling(open_, actor))
            return list(self._repeats(open_.reading, told, actor, but=case))

    def same(self, pack: str, answers: Mapping[str, Value], actor: Actor) -> list[Repeat]:
        """Cases the actor may see that share a telling answer with a complaint that is being entered; sealed ones are not told.

        Raises:
            PackNotFound.
        """
        with self._store.look() as reading:
            release = self.shelf.release(reading.current(pack), reading)
            told = list(telling(release, self.shelf.form(release, release.policy.intake), answers))
            return list(self._repeats(reading, told, actor))

    def _repeats(
        self, reading: Reading, told: Sequence[tuple[Field, str]], actor: Actor, *, but: str = ""
    ) -> Iterator[Repeat]:
        for one, value in told[:MOST_ANSWERS]:
            wanted = Wanted(field=one.name, value=value)
            rows = [h for h in reading.cases(wanted.query(), actor).rows if h.case != but and not h.sealed]
            heads = [h for h in rows[: MOST_CASES + 1] if self._proved(reading, h, wanted, actor)]
            if heads:
                shown = tuple(heads[:MOST_CASES])
                yield Repeat(label=one.label, field=one.name, value=value, heads=shown, more=len(heads) > len(shown))

    def _telling(self, open_: Opened, actor: Actor) -> Iterator[tuple[Field, str]]:
        """The fields of the intake form by which something is known again, with their answers as the actor may read them."""
        document = self._veil_of_data(open_.reading, open_.head, actor).document(
            open_.run.document(), open_.run.whose("")
        )
        form = self.shelf.form(open_.release, open_.release.policy.intake)
        yield from telling(open_.release, form, document)

    def aids(self, case: str, task: str, actor: Actor) -> list[Aid]:
        """The tables of the release that read what the form of an open task enters.

        Raises:
            CaseNotFound.
        """
        with self._opened(case, actor, "aids") as open_:
            found = open_.run.tasks.get(task)
            if found is None or found.form is None:
                return []
            entered = {
                f.name for f in self.shelf.form(open_.release, found.form).fields if not f.silent and f.type != "show"
            }
            return [
                _aid(decision, open_.release)
                for model in open_.release.decisions.values()
                for decision in model.decisions.values()
                if decision.table and entered & _read(decision)
            ]


def telling(release: Release, form: Form, answers: Mapping[str, Value]) -> Iterator[tuple[Field, str]]:
    """The fields by which a complainant, a product or a batch is known again, with what was answered."""
    for one in form.fields:
        value = answers.get(one.name)
        if one.type in _TELLING and one.name != release.policy.subject and isinstance(value, str):
            said = value.strip()
            if _SHORTEST <= len(said) <= _LONGEST:
                yield one, said


def _read(decision: Decision) -> set[str]:
    assert decision.table is not None
    return {name.partition(".")[0] for column in decision.table.inputs for name in column.expression.used}


def _aid(decision: Decision, release: Release) -> Aid:
    table = decision.table
    assert table is not None
    return Aid(
        title=release.written(decision.name or decision.id),
        inputs=tuple(release.written(column.label or column.expression.text) for column in table.inputs),
        outputs=tuple(release.written(column.label or column.name) for column in table.outputs),
        rows=tuple((rule.number, tuple(cell.text for cell in (*rule.tests, *rule.values))) for rule in table.rules),
    )
