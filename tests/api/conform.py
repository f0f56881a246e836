"""What the service says of itself holds: every answer in every test is compared with the description."""

from __future__ import annotations

import re
from typing import Any

from jsonschema import Draft202012Validator
from werkzeug.test import TestResponse

Description = dict[str, Any]


class Conformance:
    """Compares answers with an OpenAPI description."""

    def __init__(self, description: Description) -> None:
        self._components = description["components"]
        self._paths = [
            (re.compile(re.sub(r"{\w+}", "[^/]+", re.escape(path).replace(r"\{", "{").replace(r"\}", "}")) + r"\Z"), path, ways)
            for path, ways in description["paths"].items()
        ]
        # Fixed words go before names: /tasks before /tasks/{case}.
        self._paths.sort(key=lambda entry: entry[1].count("{"))
        self._checks: dict[str, Draft202012Validator] = {}

    def check(self, method: str, path: str, answer: TestResponse) -> None:
        """Fail where the answer is not as described, or could not leave a server."""
        for name, value in answer.headers:
            # Beyond Latin-1 (PEP 3333) the test client does not mind, and a server breaks the answer off.
            assert value.isascii(), (method, path, name, value)
        known = next((entry for entry in self._paths if entry[0].match(path) and method.lower() in entry[2]), None)
        if known is None:
            assert answer.status_code in (404, 405), (method, path, answer.status_code)
            return
        operation = known[2][method.lower()]
        status = str(answer.status_code)
        assert status in operation["responses"], f"{method} {known[1]} answered {status}, not described: {answer.text}"
        content = operation["responses"][status]["content"]
        if "*/*" in content:
            return
        media = answer.mimetype
        assert media in content, (method, path, media)
        described = content[media]
        if not media.endswith(("json", "plain", "csv")):
            return
        if media == "application/problem+json":
            code = answer.json["code"]  # type: ignore[index]
            assert code in described["examples"], f"{method} {known[1]} answered {status} {code}, not described"
        said = answer.json if media.endswith("json") else answer.text
        wrong = [f"{'/'.join(map(str, e.path))}: {e.message[:300]}" for e in self._check(described).iter_errors(said)]
        assert not wrong, (method, known[1], wrong)

    def _check(self, described: Any) -> Draft202012Validator:
        key = repr(described["schema"])
        if key not in self._checks:
            schema = {**described["schema"], "components": self._components}
            self._checks[key] = Draft202012Validator(schema)
        return self._checks[key]
