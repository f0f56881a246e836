"""Words of signing in and of what people set for themselves."""

from __future__ import annotations

SELF: dict[str, tuple[str, str]] = {
    "deputies": ("代理人", "Deputies"),
    "deputy": ("代理人", "Deputy"),
    "from": ("自", "From"),
    "until": ("至", "Until"),
    "add_deputy": ("设代理人", "Name a deputy"),
    "no_deputies": ("没有设代理人。", "No deputy is named."),
    "stands_in": ("您代理", "You stand in for"),
    "roles": ("角色", "Roles"),
    "language": ("语言", "Language"),
    "old_password": ("现在的口令", "Present password"),
    "new_password": ("新口令", "New password"),
    "change_password": ("更改口令", "Change password"),
    "password_changed": ("口令已更改。", "Password changed."),
    "licence": (
        "许可：Apache-2.0。流程由 SpiffWorkflow 执行。",
        "Licence: Apache-2.0. SpiffWorkflow executes the procedures.",
    ),
    "tagline": ("投诉从受理到归档，每一步都可重放。", "From receipt to archive, every step can be replayed."),
    "about_kesu": (
        "客诉按企业自己画的流程图处理投诉，每个案件都留有不可更改、可以重放的经过。",
        "Kesu handles complaints as your own diagrams say, and keeps of every case a history that cannot be altered and can be replayed.",
    ),
    "month_title": ("{year} 年 {month} 月", "{name} {year}"),
    "work_days_month": ("工作日 {} 天", "{} working days"),
    "work_day_place": ("今天是第 {} 个", "today is no. {}"),
    "unpublished": ("{} 年放假安排尚未公布。", "Holidays of {} are not published yet. "),
    "unpublished_more": (
        "跨年的时限先按周末推算，公布后重算并告知。",
        "Limits that reach into it assume plain weeks until then.",
    ),
    "expired": ("登录已过期，请重新登录。", "Your sign-in ran out; please sign in again."),
    "expired_kept": (
        "登录已过期。您填的内容已经留住，登录后回到原处。",
        "Your sign-in ran out. What you typed is kept; sign in and go on where you were.",
    ),
    "act_for_them": ("代其办理", "Act for them"),
    "end_early": ("提前结束", "End it"),
    "until_day": ("至 {}", "until {}"),
    "too_short": ("至少 8 个字符", "At least 8 characters"),
}
