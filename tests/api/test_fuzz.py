"""Whatever is sent to any operation: never a 500, never an answer the description does not know.

A request is drawn from the description: names that exist and names that do not, bodies of the right
shape with odd values, and bodies of no shape. More of it: `KESU_FUZZ=5000 pytest tests/api/test_fuzz.py -n0`.
"""

from __future__ import annotations

import os
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from api.app import description, operations
from api.rest.endpoint import Operation
from tests.api.conftest import House

EXAMPLES = int(os.environ.get("KESU_FUZZ", "250"))

_ODD = st.sampled_from(
    ["", " ", "a\x00b", "\ud800", "🙂", "שלום", "繁體", "C-1001", "look-1", "approve-1", "office", "rita", "2026-02-30",
     "9" * 40, "-1", "1.005", "NaN", "../../etc/passwd", "' OR 1=1 --", "x" * 3000, "*", "\u202egpj.exe", "*/admin", "P1D"]
)  # fmt: skip
_TEXT = st.one_of(_ODD, st.text(max_size=20))
_SCALAR = st.one_of(
    st.none(), st.booleans(), st.integers(), st.sampled_from([0, 1, -1, 2**31, 2**63, 10**30]), st.floats(allow_nan=False), _TEXT
)
_ANY = st.recursive(_SCALAR, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(_TEXT, inner, max_size=3), max_leaves=6)
_NAMES = {
    "case": ["C-1001", "C-1002", "C-9"], "task": ["look-1", "approve-1", "none-1"], "pack": ["office", "none"],
    "name": ["rita", "tracking", "cn"], "deadline": ["look-1", "whole"], "form": ["F01", "F09"], "number": ["1", "x"],
}  # fmt: skip
_WHO = st.sampled_from(["rita", "carl", "hana", "ada", "olaf"])
_DESCRIBED = description()
_OPERATIONS = [o for o in operations() if o.view.__name__ not in ("sign_out", "withdraw_token", "change_password", "put_person")]


def _of(schema: dict[str, Any]) -> st.SearchStrategy[Any]:
    """Values of about the shape of a schema."""
    if "enum" in schema:
        return st.sampled_from(schema["enum"]) | _SCALAR
    kind = schema.get("type")
    kind = kind[0] if isinstance(kind, list) else kind
    if kind == "object":
        known = {name: _of(inner) for name, inner in schema.get("properties", {}).items()}
        needed = {n: s for n, s in known.items() if n in schema.get("required", ())}
        more = {n: s for n, s in known.items() if n not in needed}
        return st.fixed_dictionaries(needed, optional=more) if known else st.dictionaries(_FIELDS, _ANY, max_size=4)
    if kind == "array":
        return st.lists(_of(schema.get("items", {})), max_size=3)
    plain = {"integer": st.integers(), "boolean": st.booleans(), "string": _TEXT, "number": st.floats(allow_nan=False)}
    return plain.get(str(kind), _ANY) | _SCALAR


_FIELDS = st.sampled_from(["subject", "loss", "customer", "accused", "finding", "approved", "reason", "pack.yaml"]) | _TEXT


@st.composite
def _requests(draw: st.DrawFn) -> dict[str, Any]:
    operation: Operation = draw(st.sampled_from(_OPERATIONS))
    told = _DESCRIBED["paths"]["/api/v1" + operation.path][operation.method.lower()]
    path, query, headers = operation.path, {}, {}
    for parameter in told["parameters"]:
        name = parameter["name"]
        if parameter["in"] == "path":
            usual = st.sampled_from(_NAMES.get(name, ["1", "none"]))
            path = path.replace(f"{{{name}}}", _quoted(draw(usual | usual | _TEXT)))
        elif parameter["in"] == "query" and draw(st.booleans()):
            query[name] = str(draw(_of(parameter["schema"]))).encode("utf-8", "replace").decode()
        elif name in ("If-Match", "Idempotency-Key", "Kesu-On-Behalf-Of") and draw(st.integers(0, 3)) == 0:
            headers[name] = draw(st.sampled_from(['"3"', "*", "k1", "é", '"99999999999"', "rita", "x" * 300]))
    body = None
    if "requestBody" in told and operation.body is not None:
        schema = told["requestBody"]["content"]["application/json"]["schema"]
        example = st.just(dict(operation.example)) if operation.example else st.nothing()
        body = draw(_of(schema) | example | _ANY)
    return {"method": operation.method, "path": path, "query": query, "headers": headers, "body": body, "who": draw(_WHO)}


def _quoted(text: str) -> str:
    from urllib.parse import quote

    return quote(text.encode("utf-8", "replace").decode(), safe="") or "-"


@pytest.mark.parametrize("store", ["sqlite"], indirect=True)
def test_no_request_ends_in_a_500(house: House) -> None:
    house.receive(customer="王女士")
    house.receive(accused="cora")

    @settings(
        max_examples=EXAMPLES, deadline=None, database=None, derandomize="KESU_FUZZ" not in os.environ,
        suppress_health_check=list(HealthCheck),
    )  # fmt: skip
    @given(_requests())
    def hold(asked: dict[str, Any]) -> None:
        said = house.ask(
            asked["method"], asked["path"], asked["who"], headers=asked["headers"], query_string=asked["query"],
            **({"json": asked["body"]} if asked["body"] is not None else {}),
        )  # fmt: skip
        assert said.status_code < 500, (asked, said.text)

    hold()
