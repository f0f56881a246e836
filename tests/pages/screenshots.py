"""Pictures of the pages, for the documentation and for whoever judges how they look.

    python -m tests.pages.screenshots              the pages shown in docs/screenshots, small
    python -m tests.pages.screenshots --all DIR    every page, both languages, both widths

Each entry of SHOTS is a name, who looks, and a function from the company to the path.
"""

from __future__ import annotations

import argparse
import tempfile
from collections.abc import Callable
from pathlib import Path

from playwright.sync_api import ViewportSize, sync_playwright

from tests.pages.company import Company, build_company, served
from tests.pages.conftest import HEIGHT, chromium_path, window
from tests.pages.zoo import FILLED

DOCS = Path(__file__).parents[2] / "docs" / "screenshots"


def _task(element: str) -> Callable[[Company], tuple[str, str]]:
    """Who may do an open task of that element, and where it is."""

    def find(company: Company) -> tuple[str, str]:
        with company.parts.store.look() as reading:
            rows = [row for case in reading.every_case() for row in reading.tasks(case) if row.element == element]
        row = rows[0]
        who = row.claimed_by or row.assignee or company.able(row.case, row.task).actor.name
        return who, f"/cases/{row.case}/tasks/{row.task}"

    return find


def _zoo(company: Company) -> tuple[str, str]:
    case = company.receive("zoo", subject="送货员态度恶劣，要求道歉")
    return "zoe", f"/cases/{case}/tasks/{company.open_tasks(case)['every']}"


def _gate(company: Company) -> tuple[str, str]:
    case = company.receive("zoo", subject="重复扣款两次，要求退回")
    company.do(case, company.open_tasks(case)["every"], **FILLED)
    task = company.open_tasks(case)["approve"]
    return company.able(case, task).actor.name, f"/cases/{case}/tasks/{task}"


def _longest(path: str, role: str = "", pack: str = "mfg-gm-office") -> Callable[[Company], tuple[str, str]]:
    """The open case of a pack that has most behind it; `{seq}` is about two thirds of that."""

    def find(company: Company) -> tuple[str, str]:
        with company.parts.store.look() as reading:
            heads = [
                head for head in map(reading.head, reading.every_case()) if head.pack == pack and head.closed_at is None
            ]
        head = max(heads, key=lambda head: head.seq)
        who = company.holder(role, pack) if role else _auditor(company)
        return who, path.format(case=head.case, seq=head.seq * 2 // 3)

    return find


def _auditor(company: Company) -> str:
    return next(p.name for p in company.people.values() if "*/auditor" in p.memberships)


def _current(company: Company, pack: str) -> str:
    with company.parts.store.look() as reading:
        return reading.current(pack)


def holiday(company: Company) -> str:
    """A day off in October is handed in; where it is looked at."""
    almanac = company.parts.almanac
    name, kept = almanac.version("cn")
    day = b'\n[[company]]\nfrom = 2026-10-13\nto = 2026-10-13\nzh = "\xe5\x8e\x82\xe5\xba\x86"\nen = "Founding day"\n'
    row = almanac.propose(name.source + day, company.actor("olga"), note="founding day", name=kept.name)
    return f"/calendars/cn/{row.version}/effect"


#: Name -> who looks (None: nobody is signed in) and at what.
SHOTS: dict[str, Callable[[Company], tuple[str | None, str]]] = {
    "signin": lambda _: (None, "/signin"),
    "worklist": lambda c: (c.holder("sales"), "/"),
    "worklist-group": lambda c: (c.holder("quality"), "/?scope=group"),
    "worklist-overdue": lambda c: (
        next(p.name for p in c.people.values() if "*/admin" in p.memberships),
        "/?scope=overdue",
    ),
    "task": _task("trace"),
    "task-fields": _zoo,
    "gate": _gate,
    "new": lambda c: (c.holder("sales"), "/new"),
    "intake": lambda c: (c.holder("sales"), "/new/mfg-gm-office"),
    "intake-life": lambda c: (next(w.actor.name for w in [c.staff.opener("life-insurance")]), "/new/life-insurance"),
    "task-life": _task("contact"),
    "cases": lambda c: (c.holder("sales"), "/cases"),
    "case": _longest("/cases/{case}", "sales"),
    "replay": _longest("/cases/{case}/at/{seq}"),
    "proof": _longest("/cases/{case}/proof"),
    "registers": lambda c: (c.holder("registry"), "/registers"),
    "register": lambda c: (c.holder("registry"), "/registers/mfg-gm-office/tracking"),
    "figures": lambda c: ("olga", "/figures"),
    "figures-tasks": lambda c: ("olga", "/figures/tasks?late=1"),
    "calendars": lambda c: ("olga", "/calendars"),
    "calendar": lambda c: ("olga", "/calendars/cn"),
    "calendar-effect": lambda c: ("omar", holiday(c)),
    "calendar-unpublished": lambda c: ("olga", "/calendars/unpublished"),
    "packs": lambda c: ("olga", "/packs"),
    "pack-moves": lambda c: ("olga", "/packs/mfg-gm-office/moves"),
    "pack-release": lambda c: ("olga", f"/packs/releases/{_current(c, 'mfg-gm-office')}"),
    "profile": lambda c: (c.holder("sales"), "/profile"),
    "about": lambda c: (c.holder("sales"), "/about"),
    "error": lambda c: (c.holder("sales"), "/cases/C-999999"),
}
#: Which of them are committed: name, language, width.
COMMITTED = (
    ("signin", "zh-CN", 1440), ("worklist", "zh-CN", 1440), ("worklist", "en", 1440), ("worklist", "zh-CN", 390),
    ("task", "zh-CN", 1440), ("task", "en", 390), ("gate", "en", 1440), ("intake", "zh-CN", 1440),
    ("case", "zh-CN", 1440), ("case", "en", 1440), ("case", "zh-CN", 390), ("replay", "zh-CN", 1440), ("replay", "en", 1440),
    ("proof", "en", 1440),
)  # fmt: skip


#: The window of the committed pictures of wide pages, so that each is a small file.
_SMALL: ViewportSize = {"width": 1360, "height": 760}


def take(folder: Path, wanted: list[tuple[str, str, int]], *, whole: bool) -> None:
    """Take the pictures into a folder."""
    folder.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as made, sync_playwright() as playwright:
        serving = served(build_company(Path(made)))
        company = next(serving)
        chromium = playwright.chromium.launch(executable_path=chromium_path(), args=["--no-sandbox", "--disable-gpu"])
        places = {name: SHOTS[name](company) for name in dict.fromkeys(name for name, _, _ in wanted)}
        for name, lang, width in wanted:
            who, path = places[name]
            context = window(chromium, company, who, lang, width)
            page = context.new_page()
            page.goto(path)
            page.wait_for_load_state("networkidle")
            if whole:
                # A taller window, not a stitched picture: bars that stick stay where they belong.
                tall = page.evaluate("document.documentElement.scrollHeight")
                page.set_viewport_size({"width": width, "height": max(HEIGHT[width], min(int(tall), 4000))})
            elif width > _SMALL["width"]:
                page.set_viewport_size(_SMALL)
            page.screenshot(path=folder / f"{name}-{lang[:2]}-{'wide' if width > 600 else 'phone'}.png")
            context.close()
        chromium.close()
        next(serving, None)


def main() -> None:
    """Take the committed pictures, or all of them."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--all", type=Path, metavar="DIR")
    parser.add_argument("--only", nargs="*", default=[])
    args = parser.parse_args()
    if args.all:
        names = [name for name in SHOTS if not args.only or name in args.only]
        take(args.all, [(n, lang, width) for n in names for lang in ("zh-CN", "en") for width in HEIGHT], whole=True)
    else:
        take(DOCS, list(COMMITTED), whole=False)


if __name__ == "__main__":
    main()
