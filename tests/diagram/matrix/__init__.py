"""The 197 constructs of the conformance study, each with what becomes of it here and how that is shown.

A construct is executed or rewritten (a case of it is driven and its trace compared), decided (a table answers), or
refused (the gate names it). There is no fourth kind: `test_matrix` compares the rows here with the study's list.

Stories are written in words apart from each other:

    [a b]        these tasks are open, and no others      .           the case is closed
    a  a(x=1)    somebody does the task of element a      !b          the timer of b comes due
    ~m  ~m(x=1)  the message m comes, with a key: ~m#k    @a  @a^E    a machine has done a; it could not, error E
    &            the case is put away and brought back    ?code       there is an incident of that kind
    +(x=1)       the incident is resolved                 x==1        what the case knows
    a*2          element a was passed twice               $sig        a signal of that name was sent
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from importlib import import_module
from pathlib import Path
from typing import Any, Literal

from engine.decision import read
from engine.diagram import Diagram, Given, check, check_drawing
from engine.errors import EngineError
from engine.feel import Context, compile
from engine.findings import Finding, Refused, errors
from engine.history import PathTaken, SignalSent
from engine.release import Release
from tests.decision.tables import CONTEXT
from tests.run.drawing import MONDAY, Driven, diagram, drawn

Verdict = Literal["executed", "rewritten", "refused"]
Changes = tuple[tuple[str, str], ...]


@dataclass(frozen=True, kw_only=True)
class Row:
    """One construct and what becomes of it."""

    group: str
    construct: str
    verdict: Verdict
    #: The drawing in the text notation of the tests; "" for a decision.
    text: str = ""
    #: What is changed in its XML, where the notation cannot say it.
    changes: Changes = ()
    called: Mapping[str, str] = field(default_factory=dict)
    #: What the case knows when it is opened.
    given: Mapping[str, Any] = field(default_factory=dict)
    stories: tuple[str, ...] = ()
    #: Code of the finding that refuses it.
    code: str = ""
    #: A DMN file, what it is asked with and what it gives; an error by its code.
    table: bytes = b""
    gives: tuple[tuple[Mapping[str, Any], Any], ...] = ()

    def show(self) -> None:
        """Drive it, ask it, or have it refused."""
        if self.verdict == "refused":
            codes = {f.code for f in errors(self.findings())}
            assert self.code in codes, codes
        elif self.table:
            self._decide()
        else:
            release = self._release()
            for story in self.stories:
                tell(release, story, self.given)

    def findings(self) -> list[Finding]:
        """What the gate says."""
        try:
            diagrams = [_changed(diagram("main", self.text), self.changes, "main")]
            diagrams += [Diagram.read(diagram(n, t), f"{n}.bpmn") for n, t in self.called.items()]
            return check(diagrams, Given(process="main"))
        except Refused as refused:
            return list(refused.findings)

    def _release(self) -> Release:
        release = drawn(self.text, **self.called)
        main = _changed(release.files["diagrams/main.bpmn"], self.changes, "main")
        release = Release.of({**release.files, "diagrams/main.bpmn": main.source})
        for one in release.diagrams.values():
            said = [f.text("en") for f in errors(check_drawing(one)) if not f.code.startswith("task-without")]
            assert said == []
        return release

    def _decide(self) -> None:
        model = read(self.table, "decisions/x.dmn")
        last = list(model.decisions)[-1]
        for scope, wanted in self.gives:
            try:
                assert model.decide(last, scope, context=CONTEXT).value == wanted
            except EngineError as error:
                assert error.code == wanted


ROWS: list[Row] = []


def runs(
    group: str, construct: str, text: str, *stories: str, changes: Changes = (), called: Mapping[str, str] | None = None,
    **given: Any,
) -> None:  # fmt: skip
    """The construct is executed as drawn."""
    _row("executed", group, construct, text, stories, changes, called, given)


def turned(
    group: str, construct: str, text: str, *stories: str, changes: Changes = (), called: Mapping[str, str] | None = None,
    **given: Any,
) -> None:  # fmt: skip
    """The construct is turned into the same thing in other words, and executed."""
    _row("rewritten", group, construct, text, stories, changes, called, given)


def _row(verdict: Verdict, group: str, construct: str, text: str, stories: tuple[str, ...], changes: Changes,
         called: Mapping[str, str] | None, given: Mapping[str, Any]) -> None:  # fmt: skip
    assert stories
    ROWS.append(Row(group=group, construct=construct, verdict=verdict, text=text, stories=stories, changes=changes,
                    called=called or {}, given=given))  # fmt: skip


def refuses(group: str, construct: str, code: str, text: str, *changes: tuple[str, str], **called: str) -> None:
    """The construct is refused."""
    ROWS.append(Row(group=group, construct=construct, verdict="refused", text=text, code=code, changes=changes, called=called))


def decides(construct: str, table: bytes, *gives: tuple[Mapping[str, Any], Any]) -> None:
    """A decision table answers as the standard says."""
    ROWS.append(Row(group="DMN", construct=construct, verdict="executed", table=table, gives=gives))


def _changed(source: bytes, changes: Changes, name: str) -> Diagram:
    text = source.decode()
    for old, new in changes:
        assert old in text, (old, text)
        text = text.replace(old, new, 1)
    return Diagram.read(text.encode(), f"diagrams/{name}.bpmn")


# --- stories ---

_WORD = re.compile(r"\[[^\]]*\]|\S+")
_CALLED = re.compile(r"([^(]*?)(?:\((.*)\))?$", re.DOTALL)
_NO_MOMENT = Context(now=MONDAY)


def tell(release: Release, story: str, given: Mapping[str, Any]) -> Driven:
    """Drive a case as the story says, and see that it moves so."""
    case = Driven(release, **given)
    for word in _WORD.findall(story):
        _happens(case, word)
    return case


def _happens(case: Driven, word: str) -> None:
    if word.startswith("["):
        assert case.open() == word[1:-1].split(), (word, case.open(), case.run.incidents)
    elif word == ".":
        assert case.run.closed, (case.open(), case.run.incidents)
    elif word == "&":
        case.restart()
    elif word.startswith("?"):
        assert word[1:] in {i.code for i in case.run.incidents.values()}, case.run.incidents
    elif "==" in word and "(" not in word.partition("==")[0]:
        name, _, text = word.partition("==")
        assert case.run.document().get(name) == _value(text), (word, case.run.document())
    elif re.search(r"\*\d+$", word):
        name, _, times = word.rpartition("*")
        passed = [step for event in case.all_of(PathTaken) for step in event.passed]
        assert passed.count(name) == int(times), (word, passed)
    elif word.startswith("$"):
        assert word[1:] in {event.signal for event in case.all_of(SignalSent)}
    else:
        _acts(case, word)


def _acts(case: Driven, word: str) -> None:
    found = _CALLED.match(word)
    assert found is not None
    name, answers = found[1], _answers(found[2])
    if name == "+":
        case.resolve(**answers)
    elif name.startswith("!"):
        case.fire(name[1:])
    elif name.startswith("~"):
        message, _, key = name[1:].partition("#")
        case.message(message, key or None, **answers)
    elif name.startswith("@"):
        element, _, error = name[1:].partition("^")
        if error:
            case.fail(element, error)
        else:
            case.errand(element, **answers)
    else:
        waiting = sorted(t.name for t in case.run.tasks.values() if t.element == name)
        assert waiting, (word, case.open(), case.run.incidents)
        case.done(waiting[0], **answers)


def _answers(text: str | None) -> dict[str, Any]:
    return {name: _value(value) for name, _, value in (part.partition("=") for part in (text or "").split(";") if part)}


def _value(text: str) -> Any:
    return compile(text).run({}, context=_NO_MOMENT).value


def constructs() -> dict[tuple[str, str], str]:
    """The study's list: group and construct -> how SpiffWorkflow fared by itself."""
    lines = (Path(__file__).parent / "constructs.tsv").read_text(encoding="utf-8").splitlines()
    rows = [line.split("\t") for line in lines if not line.startswith("#")]
    return {(group, construct): status for group, construct, status in rows}


for _themes in ("boundary", "data", "decisions", "events", "gateways", "repetition", "subprocesses", "tasks"):
    import_module(f"{__name__}.{_themes}")  # registers its rows
