"""Deadlines in words, checked again, and how much is left."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from engine.calendar import Calendar
from engine.deadline.counting import Pause, Span, due, elapsed_minutes
from engine.errors import EngineError

_UNITS = {
    "minute": ("分钟", "minute"), "hour": ("小时", "hour"), "work_hour": ("工作小时", "working hour"),
    "workday": ("个工作日", "working day"), "day": ("天", "day"), "week": ("周", "week"), "month": ("个月", "month"),
    "date_field": ("当日", "same day"),
}  # fmt: skip


class TraceDisagrees(EngineError):
    """The deadline {stored} does not follow from its trace: by calendar {calendar} {version} it is {derived}."""

    zh = "期限 {stored} 与其计算依据不符：按日历 {calendar}（{version}）应为 {derived}。"


@dataclass(frozen=True, kw_only=True)
class TimeLeft:
    """How much working time is left, or by how much it is over."""

    late: bool
    #: Whole working days and what remains, of business hours.
    days: int
    hours: int
    minutes: int

    def text(self, lang: str) -> str:
        """ "剩 2 工作日 3 小时" or "3 h over"."""
        zh = lang.startswith("zh")
        parts = [(self.days, "工作日", "working d"), (self.hours, "小时", "h")]
        if not self.days and not self.hours:
            parts = [(self.minutes, "分钟", "min")]
        said = " ".join(f"{n} {z if zh else e}" for n, z, e in parts if n) or ("0 分钟" if zh else "0 min")
        if self.late:
            return f"超期 {said}" if zh else f"{said} over"
        return f"剩 {said}" if zh else f"{said} left"


def remaining(now: datetime, end: datetime, calendar: Calendar) -> TimeLeft:
    """Working time between now and an end. Beyond a year it is told in days only."""
    late = now > end
    first, last = (end, now) if late else (now, end)
    if last - first > timedelta(days=400):
        return TimeLeft(late=late, days=(last - first).days * 5 // 7, hours=0, minutes=0)
    minutes = elapsed_minutes(first, last, calendar)
    full = sum(b - a for a, b in next((spans for spans in calendar.week if spans), ((0, 480),)))
    days, rest = divmod(minutes, full)
    return TimeLeft(late=late, days=days, hours=rest // 60, minutes=rest % 60)


def check(trace: Mapping[str, Any], calendar: Calendar) -> None:
    """Derive the end again from what the trace says.

    Raises:
        TraceDisagrees.
    """
    found = due(
        trace["start"],
        int(trace["amount"]),
        trace["unit"],
        calendar,
        roll=trace.get("roll") or "none",
        pauses=[Pause(since=a, until=b) for a, b in trace.get("pauses", ())],
        extensions=[Span(amount=int(n), unit=u) for n, u in trace.get("extensions", ())],
        cap=Span(amount=int(trace["cap"][0]), unit=trace["cap"][1]) if trace.get("cap") else None,
    )
    if found.instant != trace["due"] or calendar.version != trace["version"]:
        raise TraceDisagrees(
            stored=trace["due"].isoformat(),
            derived=found.instant.isoformat(),
            calendar=calendar.name,
            version=calendar.version,
        )


def explain(trace: Mapping[str, Any], lang: str) -> list[str]:
    """Why then: sentences a manager understands."""
    zh = lang.startswith("zh")
    zone = ZoneInfo(trace["zone"])
    start, end = trace["start"].astimezone(zone), trace["due"].astimezone(zone)
    length = span_text(int(trace["amount"]), trace["unit"], lang)
    told = [
        f"{length}，自 {_at(start)} 起算，起算当日不计，末日计入；到期 {_end(trace['day'], end, zh)}。"
        if zh
        else f"{length} from {_at(start)}; the first day is not counted, the last one is; due {_end(trace['day'], end, zh)}."
    ]
    for key, say_zh, say_en in (
        ("skipped", "不计", "not counted"),
        ("extra", "调休上班，照计", "make-up working days, counted"),
    ):
        days = [day for day, _ in trace.get(key, ())]
        if days:
            told.append(f"{say_zh}：{_runs(days)}。" if zh else f"{say_en.capitalize()}: {_runs(days)}.")
    for a, b in trace.get("pauses", ()):
        a, b = _at(a.astimezone(zone)), _at(b.astimezone(zone))
        told.append(f"{a} 至 {b} 暂停计时。" if zh else f"The clock stood still from {a} to {b}.")
    for amount, unit in trace.get("extensions", ()):
        more = span_text(int(amount), unit, lang)
        told.append(f"经批准延长 {more}。" if zh else f"Extended by {more}, with approval.")
    if cap := trace.get("cap"):
        most = span_text(int(cap[0]), cap[1], lang)
        told.append(f"总计不得超过 {most}，以此为限。" if zh else f"At most {most} in all: brought back to that.")
    if roll := trace.get("roll"):
        where = ("下一" if roll == "next_workday" else "前一") if zh else ("next" if roll == "next_workday" else "last")
        told.append(
            f"末日如为休息日，移至{where}工作日。" if zh else f"An end on a day off goes to the {where} working day."
        )
    if years := trace.get("unpublished"):
        listed = "、".join(map(str, years))
        told.append(f"注意：{listed} 年放假安排尚未公布，暂按普通周计算。" if zh
                    else f"Note: the holidays of {listed} are not published yet; plain weeks are assumed.")  # fmt: skip
    told.append(f"日历 {trace['calendar']}（{trace['version']}），时区数据 {trace['tz']}。" if zh
                else f"Calendar {trace['calendar']} ({trace['version']}), zone data {trace['tz']}.")  # fmt: skip
    return told


def span_text(amount: int, unit: str, lang: str) -> str:
    """ "15 个工作日", "15 working days"."""
    zh, en = _UNITS.get(unit, (unit, unit))
    if lang.startswith("zh"):
        return f"{amount} {zh}" if unit != "date_field" else ("当月" if amount else "当日")
    return (
        f"{amount} {en}{'' if amount == 1 else 's'}"
        if unit != "date_field"
        else ("same month" if amount else "same day")
    )


def _at(local: datetime) -> str:
    return f"{local:%Y-%m-%d %H:%M}"


def _end(day: date, end: datetime, zh: bool) -> str:
    return f"{day.isoformat()} 24:00" if end.hour == 0 and end.minute == 0 and end.date() != day else _at(end)


def _runs(days: list[date]) -> str:
    """Days as runs: "10-01–10-07, 10-11"."""
    runs: list[list[date]] = []
    for day in sorted(set(days)):
        if runs and (day - runs[-1][-1]).days == 1:
            runs[-1].append(day)
        else:
            runs.append([day])
    return "、".join(f"{r[0]:%m-%d}" if len(r) == 1 else f"{r[0]:%m-%d}–{r[-1]:%m-%d}" for r in runs)
