"""What goes into an element and comes out of it: input and output mappings, local documents, and the way on."""

from __future__ import annotations

from typing import TYPE_CHECKING

from engine.diagram import Flow, Mapped
from engine.history import DataSet
from engine.run.documents import Bounds, marked
from engine.run.faults import NoFlow, NotText
from engine.values import Value

if TYPE_CHECKING:
    from engine.run.motion import Motion
    from engine.run.tokens import Token


def localise(motion: Motion, token: Token, bounds: Bounds | None = None) -> str:
    """Give a token a document of its own, unless it has one."""
    name = motion.named(token)
    if not token.local:
        motion.documents.open(name, bounds or Bounds(parent=token.scope))
        token.put(local=True)
    elif bounds is not None:
        motion.documents.bounds[name] = bounds
    return name


def take_in(motion: Motion, token: Token) -> dict[str, Value]:
    """Carry out the input mappings; returns what they gave."""
    inputs = token.element.zeebe.inputs
    if not inputs:
        return {}
    scope = localise(motion, token)
    if token.mapped:
        return {line.name: motion.documents.of[scope][line.name] for line in inputs}
    token.put(mapped=True)
    values, told = {}, {}
    for line in inputs:
        value, of = _mapped(motion, line, scope, token.element.id)
        name, whole = _targeted(line.target, value, motion.documents.of[scope].get(line.name))
        motion.documents.put(scope, name, whole, of)
        values[name], told[name] = whole, marked(whole, of)
    motion.tell(DataSet(at=motion.at, element=token.element.id, values=told, scope=scope))
    return values


def give_out(
    motion: Motion, token: Token, payload: dict[str, Value], whose: dict[str, str], *, told: bool = False
) -> None:
    """Carry out the output mappings over what an element brought; without mappings, merge it.

    What an instance of a repeated activity has of its own (its item, what its output is read from) is set in it.

    Args:
        told: an input event says what the payload is, so that it need not be told again.
    """
    element = token.element
    if not element.zeebe.outputs:
        if payload:
            motion.write(element.id, token.own, payload, whose, told=not told)
        return
    repeated = token.body is not None
    if repeated:  # its output may be read from what was not mapped
        for name, value in payload.items():
            motion.documents.put(token.own, name, value, whose.get(name))
    for line in element.zeebe.outputs:
        is_feel = line.source.strip().startswith("=")
        value, of = (
            motion.expressions.feel(line.source, token.own, payload, whose, element=element.id)
            if is_feel
            else (line.source.strip(), None)
        )
        scope = token.own if repeated and line.name in element.zeebe.own else token.scope
        name, whole = _targeted(line.target, value, motion.documents.seen(scope).get(line.name))
        motion.write(element.id, scope, {name: whole}, {name: of} if of else {})


def pass_on(motion: Motion, token: Token) -> bool:
    """The last of an element: its milestone, its local document, its flows."""
    flows = choose(motion, token)
    motion.drop_waits(token.number)
    if token.local:
        motion.documents.close(motion.named(token))
    motion.passed_by(token)
    token.put(going=flows)
    return True


def choose(motion: Motion, token: Token) -> tuple[Flow, ...]:
    """The flows by which anything but a gateway is left: all without a condition, and those whose condition holds, else the default.

    Raises:
        NoFlow: all have conditions, none holds, and there is no default flow.
    """
    flows, default = token.flows, token.element.default_flow
    if not flows or all(f.condition is None and f.id != default for f in flows):
        return flows
    held = {f.id for f in flows if f.id != default and holds(motion, token, f)}
    otherwise = not any(f.id in held for f in flows if f.condition is not None)
    taken = tuple(f for f in flows if f.id in held or (f.id == default and otherwise))
    if not taken:
        raise NoFlow(element=token.element.label)
    return taken


def holds(motion: Motion, token: Token, flow: Flow) -> bool:
    """Whether a flow may be taken."""
    return flow.condition is None or motion.expressions.holds(flow.condition, token.own)


def texts(motion: Motion, token: Token, text: str | None, what: str) -> tuple[str, ...]:
    """A literal list, or what FEEL gives as text or list of texts.

    Raises:
        NotText.
    """
    if text is None or not text.strip():
        return ()
    value = motion.expressions.value(text, token.own, element=token.element.id)
    found = value.split(",") if isinstance(value, str) else value
    if found is None:
        return ()
    if not isinstance(found, list) or not all(isinstance(t, str) for t in found):
        raise NotText(element=token.element.label, what=what)
    return tuple(t.strip() for t in found if t.strip())


def one_text(motion: Motion, token: Token, text: str | None, what: str) -> str | None:
    """A literal text, or what FEEL gives; None when there is none."""
    found = texts(motion, token, text, what)
    if len(found) > 1:
        raise NotText(element=token.element.label, what=what)
    return found[0] if found else None


def tries(retries: str | None) -> int | None:
    """How often an errand is tried, where the diagram says so; the gate sees that it is a whole number."""
    return int(retries) if retries and retries.isdecimal() else None


def _mapped(motion: Motion, line: Mapped, scope: str, element: str) -> tuple[Value, str | None]:
    if not line.source.strip().startswith("="):
        return line.source.strip(), None
    bounds = motion.documents.bounds[scope]
    if bounds.through:
        return motion.expressions.feel(line.source, scope, element=element)
    # The inside of a call that sees nothing around it: the mapping itself still does.
    return motion.expressions.feel(line.source, bounds.parent, motion.documents.of[scope], element=element)


def _targeted(target: str, value: Value, existing: Value) -> tuple[str, Value]:
    """`a.b` writes into the context `a`."""
    first, *rest = target.split(".")
    for name in reversed(rest):
        value = {name: value}
    if rest and isinstance(existing, dict):
        value = _merged(existing, value)
    return first, value


def _merged(before: Value, after: Value) -> Value:
    if not isinstance(before, dict) or not isinstance(after, dict):
        return after
    return {**before, **{k: _merged(before.get(k), v) for k, v in after.items()}}
