"""Releases on pages: files in, findings with their remedy, handed in by one, published by another."""

from __future__ import annotations

import io
import zipfile

import pytest
from werkzeug.datastructures import MultiDict

from api.pages.parcel import packed
from engine.release import gather
from tests.pages.company import Asking, Company
from tests.pages.conftest import LOOKS, Visit, unfit


@pytest.fixture
def pack(company: Company) -> dict[str, bytes]:
    """The files of a shipped pack, as their owner has them."""
    settings = company.parts.settings
    return gather(settings.bpmn / "packs" / "mfg-gm-office", settings.bpmn / "shared", settings.forms)


def current(company: Company) -> str:
    """The release in force."""
    with company.parts.store.look() as reading:
        return reading.current("mfg-gm-office")


def send(asking: Asking, data: bytes, act: str = "propose", file: str = "pack.zip") -> tuple[int, str, str]:
    """Status, where it leads, and the page."""
    answer = asking.post("/packs", {"file": (io.BytesIO(data), file), "act": act, "note": "louder"})
    return answer.status_code, answer.headers.get("Location", ""), answer.get_data(as_text=True)


@pytest.mark.parametrize("place", ["list", "release"])
def test_a_page_of_releases_is_fit_for_everybody(visit: Visit, company: Company, place: str) -> None:
    path = "/packs" if place == "list" else f"/packs/releases/{current(company)}"
    for lang, width in LOOKS:
        page = visit("olga", path, lang=lang, width=width)
        assert page.locator("h1").count() == 1
        assert unfit(page) == []
        if place == "release":
            assert page.locator("svg.bpmn").count() >= 1


def test_a_pack_is_handed_in_by_one_and_published_by_another(company: Company, pack: dict[str, bytes]) -> None:
    olga, omar = company.client("olga"), company.client("omar")
    before = current(company)
    louder = {**pack, "pack.yaml": pack["pack.yaml"] + "\n# 改一处\n".encode()}
    # In a folder inside the archive, as file managers make them, with their litter.
    inside = {f"mfg-gm-office/{path}": data for path, data in louder.items()}
    status, path, page = send(olga, packed({**inside, "__MACOSX/x": b"", "mfg-gm-office/.DS_Store": b""}))
    assert status == 302, page[-2000:]
    release = path.partition("?")[0]
    assert "somebody else must publish it" in olga.get(release).get_data(as_text=True)
    assert olga.post(f"{release}/publish").status_code == 403
    assert current(company) == before
    assert omar.post(f"{release}/publish").status_code == 302
    assert release.endswith(current(company))
    # What is taken along is what was handed in; publishing the earlier one again takes it back.
    with zipfile.ZipFile(io.BytesIO(omar.get(f"{release}/zip").get_data())) as archive:
        assert archive.read("pack.yaml") == louder["pack.yaml"]
    assert omar.post(f"/packs/releases/{before}/publish").status_code == 302
    assert current(company) == before


def test_a_folder_brings_what_it_uses_of_the_shared_ones_along(company: Company) -> None:
    folder = company.parts.settings.bpmn / "packs" / "mfg-gm-office"
    sent = [(io.BytesIO(p.read_bytes()), f"mfg-gm-office/{p.relative_to(folder)}") for p in folder.rglob("*") if p.is_file()]
    olga = company.client("olga")
    form = MultiDict([("csrf", olga.csrf), ("act", "check"), *(("file", one) for one in sent)])
    answer = olga.client.post("/packs", data=form, headers={"Accept": "text/html"}, content_type="multipart/form-data")
    assert answer.status_code == 200
    assert "It may be published" in answer.get_data(as_text=True)


def test_what_the_gate_finds_is_told_with_element_and_remedy(company: Company, pack: dict[str, bytes]) -> None:
    diagram = "diagrams/mfg-gm-office.bpmn"
    broken = {**pack, diagram: pack[diagram].replace(b'formId="F02-findings"', b'formId="F02-nowhere"')}
    assert broken[diagram] != pack[diagram]
    for act in ("check", "propose"):
        status, _, page = send(company.client("olga"), packed(broken), act)
        assert status == 422
        assert "Not yet: to be mended first" in page and "F02-nowhere" in page
        assert 'class="remedy"' in page and f"{diagram} · find_out" in page


def test_what_is_no_pack_is_refused_on_the_page(company: Company) -> None:
    olga, locked = company.client("olga"), io.BytesIO()
    with zipfile.ZipFile(locked, "w") as archive:
        archive.writestr("pack.yaml", "messages: [1, 2]\nlimits: text\nprocess: [a]\n")
    bomb = packed({"pack.yaml": b"\0" * 30_000_000})
    for data in (b"", b"PK\3\4nonsense", packed({"readme.txt": b"x"}), bomb, locked.getvalue()):
        status, _, page = send(olga, data)
        assert status == 422
        assert "<h1" in page and 'role="alert"' in page


def test_procedures_are_for_their_owners(company: Company) -> None:
    sales = company.client(company.holder("sales"))
    assert 'href="/packs"' not in sales.get("/").get_data(as_text=True)
    assert 'href="/packs"' in company.client("olga").get("/").get_data(as_text=True)
    for path in ("/packs", f"/packs/releases/{current(company)}", f"/packs/releases/{current(company)}/zip"):
        assert sales.get(path).status_code == 403
    assert send(sales, packed({"pack.yaml": b"x"}))[0] == 403
    assert sales.post(f"/packs/releases/{current(company)}/publish").status_code == 403
    assert company.client("olga").get("/packs/releases/none").status_code == 404
