"""Pictures of the pages, for the documentation and for whoever judges how they look.

    python -m tests.pages.screenshots              every page into docs/screenshots, its beginning
    python -m tests.pages.screenshots --all DIR    the same into another folder, the whole of each page
    python -m tests.pages.screenshots --only task  some of them

How a field for a day looks is the browser's business and follows its own language, not that of the page. Debian's Chromium
speaks English only; with its package `chromium-l10n` the Chinese pictures show what a Chinese browser shows.

Each entry of SHOTS is a name, who looks, and a function from the company to the path.
"""

from __future__ import annotations

import argparse
import io
import os
import tempfile
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from PIL import Image
from playwright.sync_api import Browser, Playwright, sync_playwright

from api.pages.sheet import decides
from engine.release import Release
from tests.pages.company import Company, build_company, served
from tests.pages.conftest import HEIGHT, chromium_path, window

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
    """An approval that waits, with most behind it."""
    with company.parts.store.look() as reading:
        rows = [row for case in reading.every_case() for row in reading.tasks(case) if row.pack != "zoo"]
        seqs = {row.case: reading.head(row.case).seq for row in rows}
    for row in sorted(rows, key=lambda row: -seqs[row.case]):
        try:
            who = row.claimed_by or row.assignee or company.able(row.case, row.task).actor.name
        except AssertionError:
            continue
        view = company.parts.casebook.task(row.case, row.task, company.actor(who))
        if view.form and view.why_not is None and any(decides(view.form, f) for f in view.form.fields):
            return who, f"/cases/{row.case}/tasks/{row.task}"
    raise AssertionError("no approval waits")


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


def _studio(path: str) -> Callable[[Company], tuple[str, str]]:
    """A page of a draft in which a limit was made longer and a step was renamed; one draft for all of them."""

    def find(company: Company) -> tuple[str, str]:
        drafting, olga = company.parts.drafting, company.actor("olga")
        draft = next((d.draft for d in drafting.drafts(olga, "mfg-gm-office")), None)
        if draft is None:
            draft = drafting.begin("mfg-gm-office", olga).draft
            pack, main = (drafting.file(draft, f, olga).content or b"" for f in ("pack.yaml", _MAIN))
            changes = {
                "pack.yaml": pack.replace(b"value: 14, unit: day", b"value: 21, unit: day", 1),
                _MAIN: main.replace("查明异常".encode(), "查明异常原因".encode(), 1),
            }
            drafting.save(draft, changes, olga)
        return "olga", f"/packs/drafts/{draft}{path}"

    return find


_MAIN = "diagrams/mfg-gm-office.bpmn"


def _paper(company: Company) -> tuple[str, str]:
    """The fullest form of the case that has most behind it."""
    who, case = _longest("{case}")(company)
    view = company.parts.casebook.case(case, company.actor(who))
    printable = {p.number for p in view.printable}
    fullest = max((p for p in view.papers if p.seq in printable), key=lambda p: (len(p.lines), p.seq))
    return who, f"/cases/{case}/documents/{fullest.seq}"


def _personal(company: Company) -> tuple[str, str]:
    """A case that holds personal data, of which a remark says some in plain words."""
    subject = "左女士：送货员态度恶劣，要求道歉"
    case = company.receive("property-mgmt", subject=subject, customer="左女士")
    task = next(iter(company.open_tasks(case).values()))
    company.parts.desk.comment(case, "已电左女士，约明日上门致歉。", company.able(case, task).actor)
    admin = next(p.name for p in company.people.values() if "*/admin" in p.memberships)
    return admin, f"/cases/{case}/erase"


def _forecast(company: Company) -> tuple[str, str]:
    """What a longer limit would do to the cases that run."""
    parts, pack = company.parts, "mfg-gm-office"
    current = _current(company, pack)
    with parts.store.look() as reading:
        files = dict(parts.shelf.release(current, reading).files)
    files["pack.yaml"] = files["pack.yaml"].replace(b"value: 14, unit: day", b"value: 21, unit: day", 1)
    longer = Release.of(files)
    with parts.store.begin() as tx:
        tx.save_release(longer.digest, pack=pack, files=longer.files, by="olga", at=company.clock.now(), note="三周结案")
        for digest in (longer.digest, current):
            tx.publish_release(digest, by="omar", at=company.clock.now())
    move = parts.moving.foresee(pack, current, longer.digest, company.actor("olga"))
    parts.executor.poke()
    return "olga", f"/packs/moves/{move.id}"


def _report(company: Company) -> tuple[str, str]:
    """The statistics of September, made as the executor makes them."""
    parts = company.parts
    asked = {"pack": "mfg-gm-office", "report": "monthly", "first": "2026-09-01"}
    with parts.store.begin() as tx:
        parts.duties.produce(tx, asked, now=company.clock.now())
    return company.holder("gm"), "/reports/mfg-gm-office/monthly/2026-09"


def _reports(company: Company) -> tuple[str, str]:
    who, _ = _report(company)
    return who, "/reports"


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
    "paper": _paper,
    "find": lambda c: (c.holder("sales"), "/find?words=客户"),
    "departures": lambda c: (_auditor(c), "/departures"),
    "erase": _personal,
    "registers": lambda c: (c.holder("registry"), "/registers"),
    "register": lambda c: (c.holder("registry"), "/registers/mfg-gm-office/tracking"),
    "figures": lambda c: ("olga", "/figures"),
    "figures-pack": lambda c: ("olga", "/figures/packs/mfg-gm-office?days=365"),
    "reports": _reports,
    "report": _report,
    "figures-tasks": lambda c: ("olga", "/figures/tasks?late=1"),
    "calendars": lambda c: ("olga", "/calendars"),
    "calendar": lambda c: ("olga", "/calendars/cn"),
    "calendar-effect": lambda c: ("omar", holiday(c)),
    "calendar-unpublished": lambda c: ("olga", "/calendars/unpublished"),
    "packs": lambda c: ("olga", "/packs"),
    "draft": _studio(""),
    "draft-diagram": _studio(f"/file?path={_MAIN}"),
    "draft-table": _studio("/file?path=decisions/d13-panel.dmn"),
    "draft-form": _studio("/form?path=forms/F02-trace.yaml"),
    "draft-settings": _studio("/policy"),
    "draft-text": _studio("/file?path=pack.yaml&as=text"),
    "draft-difference": _studio("/difference"),
    "draft-try": _studio("/try"),
    "moves": _forecast,
    "pack-release": lambda c: ("olga", f"/packs/releases/{_current(c, 'mfg-gm-office')}"),
    "profile": lambda c: (c.holder("sales"), "/profile"),
    "about": lambda c: (c.holder("sales"), "/about"),
    "error": lambda c: (c.holder("sales"), "/cases/C-999999"),
}
#: What each shows, for the list of them.
TITLES = {
    "signin": "登录 Sign in", "worklist": "待办 Worklist", "worklist-group": "本组未派 Of my groups", "worklist-overdue": "逾期 Overdue",
    "task": "办理任务 A task", "gate": "审批 An approval", "new": "登记投诉 New complaint", "intake": "受理表（产品质量） Intake, product quality",
    "intake-life": "受理表（人寿保险） Intake, life insurance", "task-life": "受限案件的任务 A task of a restricted case", "cases": "案件 Cases",
    "case": "案件页 A case", "replay": "重放 Replay", "proof": "验证结果 Proof", "paper": "单据 A paper", "find": "查找 Find",
    "departures": "偏离 Departures", "erase": "删除个人信息 Erasing personal data", "registers": "台账 Registers",
    "register": "登记追踪表 A register", "figures": "报表 Figures", "figures-pack": "一个制度的报表 Figures of a procedure",
    "reports": "定期报表 Periodic reports", "report": "月度统计 A monthly report", "figures-tasks": "逾期任务 Late tasks",
    "calendars": "日历 Calendars", "calendar": "一年的日历 A year", "calendar-effect": "改历影响 What a new calendar would move",
    "calendar-unpublished": "依据未公布年份的时限 Deadlines on unpublished years", "packs": "制度包 Procedures", "draft": "草稿 A draft",
    "draft-diagram": "流程图编辑 Diagram editor", "draft-table": "决策表编辑 Table editor", "draft-form": "表单设计 Form designer",
    "draft-settings": "制度设置 Settings of a procedure", "draft-text": "作为文本修改 As text",
    "draft-difference": "与现行比较 Compared with what is in force",
    "draft-try": "试运行 Trial", "moves": "迁移预测 Forecast of a move", "pack-release": "发布版本 A release", "profile": "我的 Profile",
    "about": "关于 About", "error": "出错页 An error",
}  # fmt: skip
#: Pages of the test's own pack: looked at, not shown.
ONLY_TO_LOOK_AT = ("task-fields",)
#: Milliseconds until a page must be there; the gate, which an editor asks at once, takes its time.
_PATIENCE = 120_000
#: What nobody does on a telephone: no picture of that width.
AT_A_DESK = ("draft", "pack-release", "moves", "calendar-effect", "figures-tasks", "departures", "proof", "erase")
#: A picture is so high at most, in pixels of the page.
HIGHEST = {1440: 1200, 390: 1500}


def take(folder: Path, wanted: list[tuple[str, str, int]], *, highest: Mapping[int, int]) -> None:
    """Take the pictures into a folder, each in few colours, so that it is a small file."""
    folder.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as made, sync_playwright() as playwright:
        serving = served(build_company(Path(made), with_zoo=any(name in ONLY_TO_LOOK_AT for name, _, _ in wanted)))
        company = next(serving)
        browsers = {lang: _launched(playwright, lang) for lang in dict.fromkeys(lang for _, lang, _ in wanted)}
        places = {name: SHOTS[name](company) for name in dict.fromkeys(name for name, _, _ in wanted)}
        for name, lang, width in wanted:
            who, path = places[name]
            context = window(browsers[lang], company, who, lang, width)
            context.set_default_timeout(_PATIENCE)
            page = context.new_page()
            page.goto(path)
            page.wait_for_load_state("networkidle")
            # A taller window, not a stitched picture: bars that stick stay where they belong.
            tall = int(page.evaluate("document.documentElement.scrollHeight"))
            page.set_viewport_size({"width": width, "height": max(HEIGHT[width], min(tall, highest[width]))})
            taken = Image.open(io.BytesIO(page.screenshot()))
            small = _few_colours(taken.convert("RGB"))
            small.save(folder / f"{name}-{lang[:2]}-{'wide' if width > 600 else 'phone'}.png", optimize=True)
            context.close()
        for browser in browsers.values():
            browser.close()
        next(serving, None)


def _launched(playwright: Playwright, lang: str) -> Browser:
    """A browser of somebody who reads that language."""
    speaks = lang.replace("-", "_")
    return playwright.chromium.launch(
        executable_path=chromium_path(), args=["--no-sandbox", "--disable-gpu"],
        env={**os.environ, "LANGUAGE": speaks, "LANG": f"{speaks}.UTF-8"},
    )  # fmt: skip


def _few_colours(picture: Image.Image) -> Image.Image:
    """The same in the 96 colours met most often: those of the design stay as they are, only edges of letters are rounded."""
    met: Any = sorted(picture.getcolors(picture.width * picture.height) or [], key=lambda one: -one[0])[:96]
    palette = Image.new("P", (1, 1))
    palette.putpalette([part for _, colour in met for part in colour])
    return picture.quantize(palette=palette, dither=Image.Dither.NONE)


def main() -> None:
    """Take the pictures of the documentation, or whole pages into a folder."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--all", type=Path, metavar="DIR")
    parser.add_argument("--only", nargs="*", default=[])
    args = parser.parse_args()
    wanted = [
        (name, lang, width)
        for name in SHOTS
        for lang in ("zh-CN", "en")
        for width in HEIGHT
        if (name in args.only if args.only else name not in ONLY_TO_LOOK_AT) and (width > 600 or not name.startswith(AT_A_DESK))
    ]
    take(args.all or DOCS, wanted, highest=dict.fromkeys(HEIGHT, 4000) if args.all else HIGHEST)
    if not args.all:
        (DOCS / "README.md").write_text(_listed(), "utf-8")


def _listed() -> str:
    """The list of the committed pictures, in Markdown."""
    lines = ["# 截图 Screenshots", "", "`python -m tests.pages.screenshots` takes them anew. 点文字看图。", ""]
    lines += ["| 页面 Page | | | | |", "|---|---|---|---|---|"]
    for name, title in TITLES.items():
        found = [(lang, size) for size in ("wide", "phone") for lang in ("zh", "en") if (DOCS / f"{name}-{lang}-{size}.png").exists()]
        links = [f"[{_SIZES[size]} {'中文' if lang == 'zh' else 'English'}]({name}-{lang}-{size}.png)" for lang, size in found]
        lines.append(f"| {title} | {' | '.join([*links, *[''] * (4 - len(links))])} |")
    return "\n".join(lines) + "\n"


_SIZES = {"wide": "1440", "phone": "390"}


if __name__ == "__main__":
    main()
