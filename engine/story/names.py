"""Who tells a history: names of people, tasks, limits and moments in the reader's language."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

from engine import history as h
from engine.casebook.lexicon import Lexicon
from engine.policy import Label
from engine.release import Release

_HIDDEN: Mapping[h.Hidden, tuple[str, str]] = {
    "withheld": ("（不予显示）", "(not shown to you)"),
    "erased": ("（已应请求删除）", "(erased on request)"),
}


class Names:
    """What things in one case are called."""

    def __init__(
        self, release: Release, lang: str, *, names: Mapping[str, str] | None = None,
        lexicon: Lexicon | None = None, known: Callable[[str], Release | None] = lambda digest: None,
    ) -> None:  # fmt: skip
        """
        Args:
            lang: "zh…" or anything else for English.
            names: user name -> display name.
            lexicon: what values are called; without it decisions and answers are told without their values.
            known: releases by digest: what was said before a case was moved is told by the names of that time.
        """
        self._release, self._zh, self._known = release, lang.startswith("zh"), known
        self._names = names or {}
        self.lexicon = lexicon
        self._zone = ZoneInfo(release.calendar().zone)
        #: Task, timer and errand names met so far -> their element and process.
        self._met: dict[str, tuple[str, str]] = {}
        #: Timers set and tasks opened so far.
        self.timers: dict[str, h.TimerSet] = {}
        self.tasks: dict[str, h.TaskOpened] = {}

    def meet(self, event: h.Event) -> None:
        """Remember what an event gives a name to, so that later ones can be told by it."""
        match event:
            case h.CaseOpened() | h.CaseMoved():
                self._release = self._known(event.release) or self._release
            case h.TaskOpened():
                self.tasks[event.task] = event
            case h.TimerSet():
                self.timers[event.timer] = event
        # A timer names its task, too: the element is the timer's, so the first name is whose it is.
        for key in ("timer", "errand", "subscription", "incident", "task"):
            name, element = getattr(event, key, None), getattr(event, "element", None)
            if name and element:
                self._met[name] = (element, getattr(event, "process", ""))
                return

    # --- names ----------------------------------------------------------------------------------------

    def say(self, zh: str, en: str) -> str:
        """The sentence in the reader's language."""
        return zh if self._zh else en

    def who(self, event: h.Input) -> str:
        """Who did it, and for whom."""
        name = self.person(event.actor)
        if event.on_behalf_of is None:
            return name
        return self.say(
            f"{name}（代 {self.person(event.on_behalf_of)}）", f"{name} (for {self.person(event.on_behalf_of)})"
        )

    def person(self, name: str | None) -> str:
        """A person's display name."""
        if name in (None, "system"):
            return self.say("系统", "The system")
        return self._names.get(str(name), str(name))

    def task(self, name: str) -> str:
        """What a task, timer or errand is called on the diagram."""
        element, process = self._met.get(name, (name.rpartition("-")[0] or name, ""))
        return self.element(element, process)

    def element(self, element: str, process: str = "") -> str:
        """What an element is called on the diagram."""
        for name in [process] if process in self._release.processes else self._release.processes:
            if element in self._release.processes[name][1].elements:
                title = self._release.title(name, element)
                return self.quoted(self.say(title.zh, title.en))
        return self.quoted(element)

    def quoted(self, text: str) -> str:
        """A name in the quotation marks of the language."""
        return self.say(f"“{text}”", f"“{text}”")

    def label(self, labels: Mapping[str, Any], key: str | None) -> str:
        """A label of the pack, else the key."""
        found = labels.get(key or "")
        label = found if isinstance(found, Label) else getattr(found, "label", None)
        return (label.zh if self._zh else label.en) if label else str(key)

    def at(self, moment: datetime) -> str:
        """A moment in the zone of the pack; midnight is the end of the day before."""
        local = moment.astimezone(self._zone)
        if local.hour == local.minute == 0:
            return f"{local - timedelta(days=1):%Y-%m-%d} 24:00"
        return f"{local:%Y-%m-%d %H:%M}"

    def roles(self, groups: Iterable[str]) -> str:
        """Roles by what the pack calls them."""
        return self.say("、", ", ").join(self.label(self._release.policy.roles, g.rpartition("/")[2]) for g in groups)

    def field(self, name: str) -> str:
        """What a value of the case is called."""
        label = self.lexicon.label(name) if self.lexicon else None
        return self.say(label.zh, label.en) if label else name

    def hidden(self, why: h.Hidden) -> str:
        """What stands for a value that cannot be read."""
        return self.say(*_HIDDEN[why])

    def choice(self, name: str, value: Any) -> str:
        """What was chosen, or how much: nothing for texts, rows and what has no name in words."""
        known = self.lexicon.fields.get(name) if self.lexicon else None
        if known is None or value is None or known.type not in ("yesno", "choice", "money"):
            return ""
        if isinstance(value, h.Personal):
            if value.hidden:
                return self.say(f"{known.label.zh} {self.hidden(value.hidden)}", f"{known.label.en} {self.hidden(value.hidden)}")
            value = value.value
        return self.say(f"{known.label.zh} {self._value(name, value)}", f"{known.label.en} {self._value(name, value)}")

    def given(self, name: str, value: Any) -> str:
        """What a decision was asked with: its column, and a figure, a yes or a no."""
        if isinstance(value, bool) or (isinstance(value, int | Decimal) and not isinstance(value, bool)):
            return f"{self.written(name)} {self._plain(value)}"
        return ""

    def outputs(self, found: Any) -> str:
        """What a decision gave, where it can be said in words."""
        match found:
            case dict():
                told = [(self.field(name), self.outputs(value)) for name, value in found.items()]
                return self.say("，", ", ").join(f"{name} {said}" for name, said in told if said)
            case list():
                return self.say("、", ", ").join(said for one in found if (said := self.outputs(one)))
            case str():
                role = self._release.policy.roles.get(found)
                return self.say(role.zh, role.en) if role else ""
            case None:
                return ""
        return self._plain(found)

    def decision(self, decision: str) -> str:
        """What a decision table is called."""
        model = self._release.decision(decision)
        return self.quoted(self.written(model.decisions[decision].name if model else decision))

    def drawn(self, element: str) -> str:
        """What is written at an element; nothing where nothing is written, or it is no element."""
        for name, (_, process) in self._release.processes.items():
            if element in process.elements and process.elements[element].name:
                return self.element(element, name)
        return ""

    def written(self, text: str) -> str:
        """A text of a decision table."""
        said = self._release.written(text)
        return self.say(said.zh, said.en)

    def _value(self, name: str, value: Any) -> str:
        return self.lexicon.text(name, value, "zh" if self._zh else "en", self._names) if self.lexicon else ""

    def _plain(self, value: Any) -> str:
        if isinstance(value, bool):
            return self.say("是" if value else "否", "yes" if value else "no")
        return f"{value:,}" if isinstance(value, int | Decimal) else str(value)

    def limit(self, name: str) -> str:
        """A limit by its label, or the task it belongs to."""
        limits = self._release.policy.limits
        return self.quoted(self.label(limits, name)) if name in limits else self.task(name)

    def because(self, reason: str) -> str:
        """The reason as the end of a sentence."""
        return self.say(f"，理由：{reason}", f", because: {reason}") if reason else ""

    @property
    def release(self) -> Release:
        """The release the case runs on."""
        return self._release
