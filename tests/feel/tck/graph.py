"""The part of DMN around FEEL that the TCK needs: requirements, services, types, functions.

Only for these tests. The product executes tables and literal expressions (`engine.decision`); here every boxed
expression is read, so that the FEEL inside all of them is tried.
"""

from __future__ import annotations

import contextlib
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any
from xml.etree import ElementTree
from xml.etree.ElementTree import Element

from engine.decision.types import NoSuchType, Types
from engine.feel import Budget, BudgetSpent, FeelSyntaxError, Function, compile
from engine.feel.builtins import call_function
from engine.feel.data import kind
from tests.feel.asking import context
from tests.feel.tck.answers import given as read_given
from tests.feel.tck.answers import kid, kids, tag, text
from tests.feel.tck.boxes import BOXED, Boxes

_KINDS = {
    "dateTime": "date and time", "dayTimeDuration": "days and time duration",
    "yearMonthDuration": "years and months duration",
}  # fmt: skip
_BASIC = {
    "number", "string", "boolean", "date", "time", "date and time", "days and time duration",
    "years and months duration", "context", "list", "function",
}  # fmt: skip
_MIDNIGHT = "T00:00:00Z"


def _id_in(link: Element) -> str:
    return (link.get("href") or "").rpartition("#")[2]


def _imports(root: Element, file: Path, within: frozenset[Path]) -> Iterator[tuple[str, tuple[str, Graph]]]:
    """The models that are imported from the folder; none of a circle."""
    models = [other for other in sorted(file.parent.rglob("*.dmn")) if other not in within]
    for told in kids(root, "import"):
        space = told.get("namespace") or ""
        said = [file.parent / told.get("locationURI", "")] if told.get("locationURI") else []
        for other in [*(o for o in said if o in models), *models]:
            if ElementTree.parse(other).getroot().get("namespace") == space:
                yield space, (told.get("name") or "", Graph(other, within))
                break


class Graph(Boxes):
    """One model of the TCK."""

    def __init__(self, file: Path, within: frozenset[Path] = frozenset()) -> None:
        super().__init__()
        root = ElementTree.parse(file).getroot()
        self.namespace = root.get("namespace") or ""
        #: Namespace of a model in the same folder that is imported -> the name it is known by, and the model.
        self._imported = dict(_imports(root, file, within | {file}))
        named = [e for e in root if tag(e) in ("decision", "inputData", "businessKnowledgeModel", "decisionService")]
        self._by_id = {e.get("id"): e for e in named}
        self.by_name = {(tag(e), e.get("name")): e for e in named}
        self._types = {e.get("name"): e for e in kids(root, "itemDefinition")}
        self.spelt |= {e.get("name") or "" for e in root.iter() if tag(e) == "itemComponent"} - {""}
        for name, model in self._imported.values():
            self._types |= {f"{name}.{of}".lstrip("."): item for of, item in model._types.items()}
            self.spelt |= {*model.spelt, *(of for _, of in model.by_name if of)}
        with contextlib.suppress(NoSuchType):
            # The reading of the product; it asks no more of an element than this library gives.
            self.named = Types(root, lambda said: compile(said, mode="unary").ast).named  # type: ignore[arg-type]

    # --- asking -----------------------------------------------------------------------------------------

    def ask(self, case: Element) -> dict[str, Any]:
        """What a test case gets; an error is null, as the TCK demands."""
        given: dict[str, Any] = {}
        for node in kids(case, "inputNode"):
            space = node.get("namespace") or ""
            given[f"{space}#{node.get('name')}" if space not in ("", self.namespace) else node.get("name") or ""] = read_given(node)
        wanted = [node.get("name") or "" for node in kids(case, "resultNode")]
        name = case.get("invocableName")
        if case.get("type") == "decisionService":
            service = self.by_name["decisionService", name]
            made = self._serve(service, given)
            whole = next(iter(made.values())) if len(made) == 1 else made
            fits = self.fitted(whole, self._given_by(self._type_of(service)))
            if whole is not None and fits is None:
                return dict.fromkeys(wanted)
            if wanted == [name] and name not in made:
                return {name: fits}
            return made if set(made) == set(wanted) else dict(zip(wanted, made.values(), strict=False))
        if case.get("type") == "bkm":
            known = self._knowledge(self.by_name["businessKnowledgeModel", name])
            return {result: self._call(known, list(given.values())) for result in wanted}
        over = {f"={n}": v for n, v in given.items() if ("decision", n) in self.by_name}
        return {result: self._result(result, {**given, **over}) for result in wanted}

    def _result(self, name: str, given: Mapping[str, Any]) -> Any:
        """What a decision gives, or, where a service is named, everything it gives."""
        service = self.by_name.get(("decisionService", name)) if ("decision", name) not in self.by_name else None
        return self._decided(name, given) if service is None else self._serve(service, given)

    def _decided(self, name: str, given: Mapping[str, Any]) -> Any:
        decision = self.by_name.get(("decision", name))
        try:
            return self._decision(decision, given, {}) if decision is not None else None
        except (BudgetSpent, FeelSyntaxError):
            return None

    # --- requirements -------------------------------------------------------------------------------------

    def _decision(self, node: Element, given: Mapping[str, Any], made: dict[str, Any]) -> Any:
        name = node.get("name") or ""
        if f"={name}" in given:
            return given[f"={name}"]
        if name not in made:
            logic = kid(node, *BOXED)
            value = self.value(logic, self._scope(node, given, made)) if logic is not None else given.get(name)
            made[name] = self.fitted(value, self._type_of(node))
        return made[name]

    def _scope(self, node: Element, given: Mapping[str, Any], made: dict[str, Any]) -> dict[str, Any]:
        scope: dict[str, Any] = {}
        for requirement in kids(node, "informationRequirement", "knowledgeRequirement"):
            for link in requirement:
                space, _, name = (link.get("href") or "").rpartition("#")
                if space and space != self.namespace and space in self._imported:
                    self._import(space, name, scope, given, made)
                elif (required := self._by_id.get(name)) is not None:
                    scope[required.get("name") or ""] = self._required(required, given, made)
        return scope

    def _import(self, space: str, name: str, scope: dict[str, Any], given: Mapping[str, Any], made: dict[str, Any]) -> None:
        """Something of another model, known by the name under which that is imported, or by its own where that is empty."""
        known_by, model = self._imported[space]
        required = model._by_id.get(name)
        if required is not None:
            there = scope.setdefault(known_by, {}) if known_by else scope
            there[required.get("name") or ""] = model._required(required, given, made.setdefault(f"import {space}", {}))

    def _required(self, node: Element, given: Mapping[str, Any], made: dict[str, Any]) -> Any:
        match tag(node):
            case "inputData":
                name = node.get("name") or ""
                return self.fitted(given.get(f"{self.namespace}#{name}", given.get(name)), self._type_of(node))
            case "decision":
                return self._decision(node, given, made)
            case "businessKnowledgeModel":
                return self._knowledge(node)
        return self._service(node)

    def _knowledge(self, node: Element) -> Function | None:
        logic = kid(node, "encapsulatedLogic")
        name = node.get("name") or ""
        return None if logic is None else self.function(logic, self._scope(node, {}, {}), self._type_of(node), name)

    def _service(self, node: Element) -> Function:
        parts = [
            self._by_id[_id_in(p)] for p in [*kids(node, "inputData"), *kids(node, "inputDecision")]
        ]
        names = [part.get("name") or "" for part in parts]

        def call(budget: Budget, *args: Any) -> Any:
            made = self._serve(node, dict(zip(names, args, strict=False)))
            value = next(iter(made.values())) if len(made) == 1 else made
            return self.fitted(value, self._given_by(self._type_of(node)))

        return Function(tuple(names), call)

    def _serve(self, node: Element, given: Mapping[str, Any]) -> dict[str, Any]:
        inner = dict(given)
        for link in kids(node, "inputDecision"):
            decision = self._by_id[_id_in(link)]
            name = decision.get("name") or ""
            inner[f"={name}"] = self.fitted(given.get(name), self._type_of(decision))
        outer = [self._by_id[_id_in(link)] for link in kids(node, "outputDecision")]
        made: dict[str, Any] = {}
        return {d.get("name") or "": self._decision(d, inner, made) for d in outer}

    def function(self, node: Element, scope: Mapping[str, Any], of: str = "", name: str = "") -> Function | None:
        """A function as a value; those of other languages are null."""
        if node.get("kind", "FEEL") != "FEEL":
            return None
        params = [(p.get("name") or "", p.get("typeRef") or "") for p in kids(node, "formalParameter")]
        body, own = kid(node, *BOXED), dict(scope)
        result = self._given_by(of) or node.get("typeRef") or ""

        def call(budget: Budget, *args: Any) -> Any:
            names = dict(own)
            for (param, wanted), arg in zip(params, args, strict=True):
                names[param] = self.fitted(arg, wanted)
                if names[param] is None and arg is not None:
                    return None
            return self.fitted(self.value(body, names), result) if body is not None else None

        made = Function(tuple(param for param, _ in params), call)
        if name:
            own[name] = made
        return made

    def _call(self, function: Function | None, args: Sequence[Any]) -> Any:
        return None if function is None else call_function(function, args, None, Budget())

    # --- types --------------------------------------------------------------------------------------------

    def _type_of(self, node: Element) -> str:
        variable = kid(node, "variable")
        return (variable.get("typeRef") or "") if variable is not None else ""

    def _given_by(self, of: str) -> str:
        """The type of what a function of this type gives; of a type that is none, the type."""
        item = kid(self._types.get(of), "functionItem")
        return of if item is None else item.get("outputTypeRef") or ""

    def fitted(self, value: Any, of: str) -> Any:
        """A value as a type wants it: single items unwrapped or wrapped; null when it does not fit."""
        if value is None or not of or self._fits(value, of):
            return value
        if isinstance(value, list) and len(value) == 1 and self._fits(value[0], of):
            return value[0]
        if not isinstance(value, list) and self._fits([value], of):
            return [value]
        if kind(value) == "date" and of.rpartition(":")[2] in ("date and time", "dateTime"):
            return compile(f'date and time("{value.isoformat()}{_MIDNIGHT}")').run({}, context=context()).value
        return None

    def _fits(self, value: Any, of: str) -> bool:
        of = of.rpartition(":")[2].strip()
        if of in self._types:
            return self._fits_item(value, self._types[of])
        of = _KINDS.get(of, of)
        return value is None or of not in _BASIC or kind(value) == of

    def _fits_item(self, value: Any, item: Element, *, one: bool = False) -> bool:
        if value is None:
            return True
        if item.get("isCollection") == "true" and not one:
            each = isinstance(value, list) and all(self._fits_item(inner, item, one=True) for inner in value)
            return each and self._allowed(value, kid(item, "typeConstraint"))
        if kid(item, "functionItem") is not None:
            return isinstance(value, Function)
        if parts := kids(item, "itemComponent"):
            return isinstance(value, dict) and all(
                p.get("name") in value and self._fits_item(value[p.get("name")], p) for p in parts
            )
        base = kid(item, "typeRef")
        if base is not None and not self._fits(value, (base.text or "").strip()):
            return False
        return self._allowed(value, kid(item, "allowedValues")) and (
            one or self._allowed(value, kid(item, "typeConstraint"))
        )

    def _allowed(self, value: Any, limit: Element | None) -> bool:
        if limit is None:
            return True
        if tag(limit) == "allowedValues" and isinstance(value, list):
            return all(self._allowed(inner, limit) for inner in value)
        return self.passes(text(limit), value, {})
