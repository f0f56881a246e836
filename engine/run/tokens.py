"""The door to SpiffWorkflow: its specs, task tree and sub-workflows, tamed by subclassing.

A token is a SpiffWorkflow task that hangs directly under the root of its (sub-)workflow and is
taken out of the tree when it completes: the tree holds what is alive and nothing else, so a case
costs the same at any age and never meets the library's depth limit. Nothing is predicted, no data
travel in tokens, ids are counted, and no clock is read for anything that is kept. What an element
does is decided by whoever `mover` is; this module does not know BPMN.
"""

from __future__ import annotations

from typing import Any, Protocol
from uuid import UUID

from SpiffWorkflow.bpmn.specs.bpmn_process_spec import BpmnProcessSpec
from SpiffWorkflow.bpmn.specs.mixins.bpmn_spec_mixin import BpmnSpecMixin
from SpiffWorkflow.bpmn.util.subworkflow import BpmnSubWorkflow
from SpiffWorkflow.bpmn.workflow import BpmnWorkflow
from SpiffWorkflow.task import Task
from SpiffWorkflow.util.task import TaskState

from engine.diagram import Element, Flow, Process
from engine.run.journal import Journal
from engine.values import Value

READY, WAITING, COMPLETED, CANCELLED = TaskState.READY, TaskState.STARTED, TaskState.COMPLETED, TaskState.CANCELLED


class Mover(Protocol):
    """Who knows what happens when a token runs, and where it goes then."""

    journal: Journal

    def step(self, token: Token) -> bool | None:
        """Let the element of a ready token act: True to pass on, None to wait."""
        ...

    def onward(self, token: Token) -> None:
        """Put a token at the end of each flow that was chosen."""
        ...


class Step(BpmnSpecMixin):
    """One drawn element as a task spec."""

    def __init__(self, spec: BpmnProcessSpec, element: Element, process: Process) -> None:
        # The library keeps the names "Start", "End" and "Root" for itself; ours begin with a colon.
        super().__init__(spec, f":{element.id}")
        self.bpmn_id, self.bpmn_name, self.lane = element.id, element.name, element.lane
        self.element, self.process = element, process
        self.flows: tuple[Flow, ...] = tuple(process.flows[f] for f in element.outgoing)

    def _predict(self, my_task: Any, seen: Any = None, looked_ahead: int = 0, mask: int = 0) -> None:
        """Nothing is foreseen."""

    def _update_hook(self, my_task: Any) -> bool:
        return True

    def _run_hook(self, my_task: Token) -> bool | None:
        return my_task.mover.step(my_task)

    def _on_complete_hook(self, my_task: Token) -> None:
        my_task.mover.onward(my_task)


class Token(Task):
    """A place where the case stands."""

    task_spec: Step
    workflow: Scope

    def __init__(
        self, workflow: Scope, step: Step, *, number: int, scope: str, phase: str = "enter", state: int = READY
    ) -> None:
        super().__init__(workflow, step, workflow.task_tree, state, UUID(int=number))
        self.number = number
        #: Name of the scope its expressions see; its own once it has local data.
        self.scope = scope
        #: "enter", "caught" (an event that has happened), "wait", "leave".
        self.phase = phase
        #: Its name in the case, when it has one: "trace-2".
        self.name: str | None = None
        #: Whether a document of its own goes by that name.
        self.local = False
        #: The flow it came by.
        self.via: str | None = None
        #: What an event brought, or a person answered, until it is mapped; with whose data they are.
        self.payload: dict[str, Value] | None = None
        self.whose: dict[str, str] = {}
        #: Whether the input says what the payload is; what the case sent to itself must be told.
        self.told = True
        #: For an event sub-process: the start event that began it.
        self.begun_by: str | None = None
        #: For an instance of a repeated activity: the number of the body, and which one it is.
        self.body: int | None = None
        self.index = 0
        #: For the body of a repeated activity: the items, how many began, the outputs.
        self.loop: dict[str, Any] | None = None
        #: For an ad-hoc sub-process in sequence: the steps that were chosen and have not begun.
        self.rest: list[str] | None = None
        #: Whether its inputs were mapped already: a listener came between.
        self.mapped = False
        #: The listener's errand it waits for, and how many of its phase have been heard.
        self.asked: str | None = None
        self.heard = 0
        #: The flows it leaves by.
        self.going: tuple[Flow, ...] = ()
        workflow.journal.note(self._unborn)

    @property
    def element(self) -> Element:
        """The drawn element."""
        return self.task_spec.element

    @property
    def process(self) -> Process:
        """The process the element is drawn in."""
        return self.task_spec.process

    @property
    def flows(self) -> tuple[Flow, ...]:
        """The flows that leave the element."""
        return self.task_spec.flows

    @property
    def mover(self) -> Mover:
        """Who moves it."""
        return self.workflow.top_workflow.mover

    @property
    def alive(self) -> bool:
        """Whether it is still in the tree."""
        return self.workflow.tasks.get(self.id) is self

    @property
    def own(self) -> str:
        """The scope its own expressions see."""
        return self.name if self.local and self.name else self.scope

    def put(self, **values: Any) -> None:
        """Change attributes, so that it can be taken back."""
        before = {name: getattr(self, name) for name in values}
        self.workflow.journal.note(lambda: self.__dict__.update(before))
        self.__dict__.update(values)

    def remove(self) -> None:
        """Take it out of the tree."""
        workflow, id = self.workflow, self.id
        del workflow.tasks[id]
        workflow.task_tree._children.remove(id)

        def back() -> None:
            workflow.tasks[id] = self
            workflow.task_tree._children.append(id)

        workflow.journal.note(back)

    def ready(self, phase: str) -> None:
        """Let it run again, in a phase."""
        self.put(phase=phase, _state=READY)

    def _unborn(self) -> None:
        del self.workflow.tasks[self.id]
        self.workflow.task_tree._children.remove(self.id)

    def _set_state(self, value: int) -> None:
        # The library's own would log and read the clock.
        if value != self._state:
            self.put(_state=value)


class _Scope:
    """What the main process, a called process and a sub-process have in common."""

    tasks: dict[UUID, Any]
    task_tree: Any
    spec: Any
    top_workflow: MainScope

    def _set_up(self, process: Process, place: str | None, scope: str, called: str) -> None:
        #: The process, and the sub-process of it whose tokens are here.
        self.process, self.place = process, place
        #: Scope of the data its elements see, and the call activity it is in ("" for none).
        self.scope, self.called = scope, called
        self.task_tree = Task(self, self.spec.start, state=COMPLETED, id=UUID(int=0))

    @property
    def journal(self) -> Journal:
        """Where changes are noted."""
        return self.top_workflow.mover.journal

    @property
    def tokens(self) -> list[Token]:
        """The tokens in it, the oldest first."""
        return sorted((t for t in self.tasks.values() if isinstance(t, Token)), key=lambda t: t.number)

    @property
    def empty(self) -> bool:
        """Whether no token is left."""
        return len(self.tasks) == 1

    @property
    def owner(self) -> Token | None:
        """The token of the activity it is the inside of."""
        return None

    def update_waiting_tasks(self) -> None:
        """Nothing waits to be polled: timers and messages come as inputs."""

    def _task_completed_notify(self, task: Any) -> None:
        task.remove()


class MainScope(_Scope, BpmnWorkflow):
    """The main process in motion."""

    subprocesses: dict[UUID, InnerScope]

    def __init__(self, specs: dict[str, BpmnProcessSpec], process: Process, mover: Mover) -> None:
        self.mover = mover
        super().__init__(specs[spec_name(process.id, None)], specs, script_engine=NO_SCRIPTS, deserializing=True)
        self._set_up(process, None, "", "")

    def open_inside(self, token: Token, process: Process, place: str | None, scope: str, called: str) -> InnerScope:
        """Begin the inside of an activity."""
        inner = InnerScope(self.subprocess_specs[spec_name(process.id, place)], token.id, self)
        inner._set_up(process, place, scope, called)
        self.subprocesses[token.id] = inner
        self.journal.note(lambda: self.subprocesses.pop(token.id))
        return inner

    def inside(self, token: Token) -> InnerScope | None:
        """The inside of an activity, if it has one in motion."""
        return self.subprocesses.get(token.id)

    def token(self, id: UUID) -> Token:
        """The token of that id, wherever it is."""
        found: Token = self.get_task_from_id(id)
        return found

    def close_inside(self, token: Token) -> None:
        """End the inside of an activity."""
        inner = self.subprocesses.pop(token.id)
        self.journal.note(lambda: self.subprocesses.__setitem__(token.id, inner))

    def all_scopes(self) -> list[Scope]:
        """The main process and every inside in motion."""
        return [self, *(self.subprocesses[id] for id in sorted(self.subprocesses))]


class InnerScope(_Scope, BpmnSubWorkflow):
    """A called process, or a sub-process, in motion."""

    def __init__(self, spec: BpmnProcessSpec, parent_task_id: UUID, top_workflow: MainScope) -> None:
        super().__init__(spec, parent_task_id, top_workflow, deserializing=True)

    @property
    def owner(self) -> Token:
        """The token of the activity it is the inside of."""
        return self.top_workflow.token(self.parent_task_id)


Scope = MainScope | InnerScope


class _NoScripts:
    """Stands where the library keeps its Python engine: nothing in a diagram is Python."""


NO_SCRIPTS = _NoScripts()


def spec_name(process: str, place: str | None) -> str:
    """What the spec of a process, or of a sub-process in it, is called."""
    return process if place is None else f"{process}/{place}"


def specs_of(process: Process) -> dict[str, BpmnProcessSpec]:
    """The specs of a process and of every sub-process in it."""
    made: dict[str, BpmnProcessSpec] = {}
    for place in [None, *(e.id for e in process.elements.values() if e.id in process.scopes)]:
        spec = made[spec_name(process.id, place)] = BpmnProcessSpec(spec_name(process.id, place))
        steps = {e.id: Step(spec, e, process) for e in process.scopes.get(place, ())}
        for step in steps.values():
            for flow in step.flows:
                if flow.target in steps:
                    step.connect(steps[flow.target])
    return made
