"""Every form of the library and of the packs is drawn whole, in both languages: each field with a label, a control and a place for its error."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from flask import g, render_template_string

from api.pages.sheet import sheet
from engine.feel import Context
from engine.policy import Label
from forms import Form
from tests.pages.company import Company

ROOT = Path(__file__).parents[2]
FORMS = sorted([*(ROOT / "forms" / "library").glob("*.yaml"), *(ROOT / "bpmn").glob("packs/*/forms/*.yaml")])
ROLES = {"sales": Label(zh="业务部", en="Sales"), "finance": Label(zh="财务部", en="Finance")}
PAGE = """{% from "_form.html" import fields, errors_of %}{{ errors_of(sheet.wrong, sheet.form) }}
{{ fields(sheet.form, sheet.values, sheet.document, sheet.wrong, sheet.shown, must=sheet.must) }}"""


@pytest.mark.parametrize("lang", ["zh-CN", "en"])
def test_every_form_is_drawn_whole(company: Company, lang: str) -> None:
    assert company.app is not None
    assert len(FORMS) > 60
    for file in FORMS:
        form = Form.read(file.read_bytes(), file.name, roles=ROLES)
        with company.app.test_request_context("/"):
            g.parts, g.language = company.parts, lang
            said = {f.name: ["wrong"] for f in form.fields if f.name and not f.silent}
            shown = sheet(form, form.filled({}), {}, Context(now=company.clock.now(), zone="Asia/Shanghai"), said)
            page = render_template_string(PAGE, sheet=shown)
        ids = re.findall(r' id="([^"]+)"', page)
        assert len(ids) == len(set(ids)), file.name
        for field in form.fields:
            assert field.label.text(lang) in _plain(page), (file.name, field.name)
            if field.silent or field.readonly:
                continue
            if field.type == "computed":
                assert f'data-computed="{field.name}"' in page, (file.name, field.name)
                continue
            # What is entered has a control, a place for its error, and a link to it from the list on top.
            begin = f'name="f.{field.name}' + {"table": ".", "person": ".find"}.get(field.type, '"')
            assert begin in page, (file.name, field.name)
            assert f'id="e-{field.name}"' in page, (file.name, field.name)
            assert f'href="#f-{field.name}"' in page and f"f-{field.name}" in ids, (file.name, field.name)
            for column in field.columns:
                assert f".{column.name}" in page and column.label.text(lang) in _plain(page), (
                    file.name,
                    field.name,
                    column.name,
                )


def _plain(page: str) -> str:
    return (
        page.replace("&#39;", "'").replace("&amp;", "&").replace("&#34;", '"').replace("&lt;", "<").replace("&gt;", ">")
    )


def test_what_an_intake_form_asks_follows_the_channel_that_is_asked_once(company: Company) -> None:
    desk = company.client(company.staff.opener("life-insurance").actor.name)
    page = desk.get("/new/life-insurance").get_data(as_text=True)
    assert page.count('name="channel"') == 5 and 'name="f.reception"' not in page
    asked = {
        channel: set(desk.post("/new/life-insurance/rules", {"channel": channel}).get_json()["must"])
        for channel in ("phone", "visit", "regulator", "nonsense")
    }
    assert asked["visit"] - asked["phone"] == {"signature"} and asked["regulator"] - asked["phone"] == {"regulator_name"}
    # Without a choice it is the first, as the page draws it.
    assert asked["nonsense"] == asked["phone"]
