"""The element templates say of our settings what the code reads, and the modeler's own validator takes them.

To write the file anew: `kesu templates > bpmn/element-templates/kesu.json`.
"""

from __future__ import annotations

import json
import shutil
import subprocess
from pathlib import Path

import pytest

from api.commands.templates import PASSED, REACH, TASK, templates, written
from engine.diagram.settings import PROPERTIES
from engine.errands import ERRANDS
from tests.diagram.drawings import found, line

ROOT = Path(__file__).parents[2]
NODE = ROOT / "tests" / "feel" / "feelin"
FILE = ROOT / "bpmn" / "element-templates" / "kesu.json"


def test_the_shipped_file_is_what_the_command_writes() -> None:
    assert FILE.read_text("utf-8") == written()


def test_templates_offer_every_setting_that_is_read_and_no_other() -> None:
    assert TASK.keys() | PASSED.keys() | {REACH["binding"]["name"]} == PROPERTIES.keys()
    assert {name for name, kinds in PROPERTIES.items() if kinds is None} == PASSED.keys()
    offered = {t["id"].removeprefix("kesu.errand.") for t in templates() if t["id"].startswith("kesu.errand.")}
    assert offered == ERRANDS.keys()


def test_an_element_made_from_a_template_passes_the_gate() -> None:
    made = ('<serviceTask id="a"', '<serviceTask id="a" zeebe:modelerTemplate="kesu.errand.notify" zeebe:modelerTemplateVersion="1"')
    assert "unknown-extension" not in found(line("serviceTask a job=notify header:to=sales", made))


@pytest.mark.skipif(
    shutil.which("node") is None or not (NODE / "node_modules" / "@bpmn-io" / "element-templates-validator").is_dir(),
    reason="Node and `npm ci --prefix tests/feel/feelin` are needed",
)
def test_the_modeler_s_own_validator_takes_them() -> None:
    command = [shutil.which("node") or "node", str(NODE / "templates.mjs")]
    done = subprocess.run(command, input=FILE.read_bytes(), capture_output=True, check=True, timeout=120)
    said = json.loads(done.stdout)
    assert [row["id"] for row in said] == [t["id"] for t in templates()]
    assert [row for row in said if not row["valid"]] == []
