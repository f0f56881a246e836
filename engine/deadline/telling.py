"""Deadlines in sentences: why then, for somebody who answers for it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

from engine.calendar.zones import zone

_UNITS = {
    "minute": ("分钟", "minute"), "hour": ("小时", "hour"), "work_hour": ("工作小时", "working hour"),
    "workday": ("个工作日", "working day"), "day": ("日", "day"), "week": ("周", "week"), "month": ("个月", "month"),
}  # fmt: skip
_KINDS = {
    "weekend": ("休息日", "weekend"), "holiday": ("节假日", "holiday"), "company": ("公司假日", "company holiday"),
    "makeup": ("调休上班日", "make-up working day"), "half": ("半日工作", "half day"), "work": ("工作日", "working day"),
}  # fmt: skip
_WEEKDAYS = ("一", "二", "三", "四", "五", "六", "日")


def explain(trace: Mapping[str, Any], lang: str) -> list[str]:
    """Why then: sentences a manager understands."""
    zh = lang.startswith("zh")
    return list(_told_zh(trace) if zh else _told_en(trace))


def span_text(amount: int | Decimal, unit: str, lang: str) -> str:
    """Such as 15 个工作日 or 15 working days."""
    zh = lang.startswith("zh")
    if unit == "date_field":
        return ("当月" if amount else "当日") if zh else ("same month" if amount else "same day")
    said = _UNITS.get(unit, (unit, unit))
    return f"{amount} {said[0]}" if zh else f"{amount} {said[1]}{'' if amount == 1 else 's'}"


def _told_zh(trace: Mapping[str, Any]) -> Iterator[str]:
    tz = zone(trace["zone"])
    length = span_text(trace["amount"], trace["unit"], "zh")
    start = _moment(trace["start"], tz, "zh")
    counted = "" if trace["unit"] in ("minute", "hour", "work_hour") else "，当日不计"
    counted = "" if trace["unit"] == "date_field" else counted
    yield f"时限 {length}，自 {start} 起算{counted}，到期 {_end(trace, tz, 'zh')}，届时完成即为按时。"
    rolled = "nominal" in trace
    for run, days in _told_runs(trace, "zh"):
        if run["counts"]:
            yield f"{days} {_why(run, 'zh')}，计入。"
        elif not rolled:
            yield f"{days} {_why(run, 'zh')}，不计。"
    if rolled:
        why = next((_why(r, "zh") for r in trace.get("days", ()) if r["from"] <= trace["nominal"] <= r["to"]), "")
        yield f"末日 {_day(trace['nominal'], 'zh')} 为{why}，移至 {_day(trace['day'], 'zh')}。"
    if trace.get("civil"):
        yield "按《民法典》第二百零一条至第二百零三条计算：末日为法定休假日的顺延，以停止业务的时间为止。"
    for since, until in trace.get("pauses", ()):
        yield f"{_moment(since, tz, 'zh')} 至 {_moment(until, tz, 'zh')} 暂停计时，已相应顺延。"
    for amount, unit in trace.get("extensions", ()):
        yield f"经批准延长 {span_text(amount, unit, 'zh')}。"
    if "cap" in trace:
        cap = span_text(trace["cap"][0], trace["cap"][1], "zh")
        yield f"总计不得超过 {cap}" + ("，以此为限。" if trace["capped"] else "，未超过。")
    if years := trace.get("unpublished"):
        yield f"注意：{'、'.join(map(str, years))} 年放假安排尚未公布，暂按普通周计算，公布后可能变动。"
    yield f"日历 {trace['calendar']}（版本 {trace['version']}），时区 {trace['zone']}（数据 {trace['tz']}）。"


def _told_en(trace: Mapping[str, Any]) -> Iterator[str]:
    tz = zone(trace["zone"])
    length = span_text(trace["amount"], trace["unit"], "en")
    start = _moment(trace["start"], tz, "en")
    counted = "" if trace["unit"] in ("minute", "hour", "work_hour", "date_field") else ", that day not counted"
    yield f"{length} from {start}{counted}: due {_end(trace, tz, 'en')}; done by then is on time."
    rolled = "nominal" in trace
    for run, days in _told_runs(trace, "en"):
        if run["counts"]:
            yield f"{days}: {_why(run, 'en')}, counted."
        elif not rolled:
            yield f"{days}: {_why(run, 'en')}, not counted."
    if rolled:
        why = next((_why(r, "en") for r in trace.get("days", ()) if r["from"] <= trace["nominal"] <= r["to"]), "")
        yield f"The last day, {_day(trace['nominal'], 'en')}, is off ({why}): moved to {_day(trace['day'], 'en')}."
    if trace.get("civil"):
        yield "Counted by the Civil Code, arts. 201–203: a last day that is off by law moves on, and it ends when business closes."
    for since, until in trace.get("pauses", ()):
        yield f"The clock stood still from {_moment(since, tz, 'en')} to {_moment(until, tz, 'en')}; made good for."
    for amount, unit in trace.get("extensions", ()):
        yield f"Extended by {span_text(amount, unit, 'en')}, with approval."
    if "cap" in trace:
        cap = span_text(trace["cap"][0], trace["cap"][1], "en")
        yield f"At most {cap} in all: " + ("brought back to that." if trace["capped"] else "not reached.")
    if years := trace.get("unpublished"):
        listed = ", ".join(map(str, years))
        yield f"Note: the holidays of {listed} are not published yet; plain weeks are assumed, so this may move."
    yield f"Calendar {trace['calendar']} (version {trace['version']}), zone {trace['zone']} (data {trace['tz']})."


def _told_runs(trace: Mapping[str, Any], lang: str) -> Iterator[tuple[Mapping[str, Any], str]]:
    """Runs worth a sentence: what is not a plain working day; equal ones as one, by their first day."""
    told: dict[tuple[Any, ...], tuple[Mapping[str, Any], list[str]]] = {}
    first = None if trace["unit"] == "work_hour" else trace.get("days", [{}])[0].get("from")
    for run in trace.get("days", ()):
        if run["kind"] == "work" or (run["from"] == run["to"] == first and "nominal" not in trace):
            continue
        same = told.setdefault((run["kind"], run["counts"], run.get("zh"), run.get("en")), (run, []))
        same[1].append(_span(run["from"], run["to"], lang))
    for run, spans in told.values():
        yield run, ("、" if lang == "zh" else ", ").join(spans)


def _why(run: Mapping[str, Any], lang: str) -> str:
    kind = _KINDS.get(run["kind"], (run["kind"], run["kind"]))
    said = str(run.get(lang) or run.get("zh" if lang == "en" else "en") or "")
    name = str(kind[0] if lang == "zh" else kind[1])
    if not said or name.startswith(said.lower()):
        return name
    return f"{said}（{name}）" if lang == "zh" else f"{said} ({name})"


def _moment(at: datetime, tz: ZoneInfo, lang: str) -> str:
    local = at.astimezone(tz)
    return f"{_day(local.date(), lang)} {local:%H:%M}"


def _end(trace: Mapping[str, Any], tz: ZoneInfo, lang: str) -> str:
    local = trace["due"].astimezone(tz)
    clock = f"{local:%H:%M}" if local.date() == trace["day"] else "24:00"
    return f"{_day(trace['day'], lang)} {clock}"


def _day(day: date, lang: str) -> str:
    return f"{day.isoformat()}（周{_WEEKDAYS[day.weekday()]}）" if lang == "zh" else f"{day:%a} {day.isoformat()}"


def _span(first: date, last: date, lang: str) -> str:
    if first == last:
        return f"{first:%m-%d}"
    joint = "至" if lang == "zh" else " to "
    return f"{first:%m-%d}{joint}{last:%m-%d}" if last - first > timedelta(0) else f"{first:%m-%d}"
