"""What is wrong with an entry of a request, in the reader's language and with what to do instead.

The library that checks requests speaks English, and names its own types. Each of its sentences has two of ours here;
a test hands in something wrong for every entry of every operation and finds none left over.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from difflib import get_close_matches
from typing import Any

from marshmallow import Schema

#: What the library says, our Chinese, our English. Groups of the pattern stand in the sentences by number.
_SENTENCES: tuple[tuple[re.Pattern[str], str, str], ...] = tuple(
    (re.compile(said + r"\Z", re.DOTALL), zh, en)
    for said, zh, en in (
        (r"Missing data for required field\.", "必须填写。", "must be given."),
        (r"Field may not be null\.", "不得为 null；请填写，或不写这一项。", "must not be null: give it, or leave it out."),
        (r"Not a valid string\.", "应是文本。", "should be text."),
        (r"Not a valid integer\.", "应是整数，如 5。", "should be a whole number, such as 5."),
        (r"Not a valid number\.|Number too large\.", "应是数字。", "should be a number."),
        (r"Not a valid boolean\.", "应是 true 或 false。", "should be true or false."),
        (r"Not a valid list\.", "应是列表：[…]。", "should be a list: […]."),
        (r"Not a valid mapping type\.|Invalid (?:input )?type\.", "应是对象：{{名称: 值}}。", "should be an object: {{name: value}}."),
        (r"Not a valid (?:aware |naive )?datetime\.", "应是带时区的时刻，如 2026-01-31T09:30:00+08:00。",
         "should be a moment with its zone, such as 2026-01-31T09:30:00+08:00."),
        (r"Not a valid email address\.", "应是邮箱地址。", "should be an e-mail address."),
        (r"Must be one of: (.*)\.", "应是其中之一：{0}。", "should be one of: {0}."),
        (r"Must be greater than or equal to (.*) and less than or equal to (.*)\.", "应在 {0} 与 {1} 之间。",
         "should be from {0} to {1}."),
        (r"Length must be between (.*) and (.*)\.", "长度应为 {0} 至 {1}。", "should have a length from {0} to {1}."),
        (r"Longer than maximum length (.*)\.", "长度最多 {0}。", "may have a length of at most {0}."),
        (r"String does not match expected pattern\.", "格式不符。", "is not written as expected."),
        # Ours, said where they are checked.
        (r"Give a year between 1971 and 2199\.", "年份应在 1971 与 2199 之间。", "should have a year from 1971 to 2199."),
        (r"Say which pack, or send files\.", "请指明制度包，或提交文件，二者择一。", "say which pack, or send files: one of the two."),
        (r"Give one of mine, group, overdue, all\.", "mine、group、overdue、all 只写其一。", "give one of mine, group, overdue, all."),
        (r"Give at least one character that can be read, and no control characters\.", "1 至 200 个字符，不含控制字符。",
         "should have 1 to 200 characters, none of them a control character."),
        (r"Give a user name of small letters, digits, dots and dashes\.", "用户名为 2 至 61 个小写字母、数字、点、下划线或连字符，以字母或数字开头。",
         "should be a user name: 2 to 61 small letters, digits, dots, underscores or dashes, the first a letter or digit."),
        (r"Give pack/role\.", "应写作“制度包/角色”，如 office/clerk，或 */admin。", "should be pack/role, such as office/clerk, or */admin."),
        (r"Not valid text\.", "不是有效的文本：含有半个字符或空字符。", "is no valid text: it holds half a character, or a null byte."),
        (r"Not base64\.", "应是 base64 编码的文件内容。", "should be the file in base64."),
    )
)  # fmt: skip


def in_words(found: Any, lang: str, schema: Schema | None = None) -> Any:
    """What a check found, path by path, as sentences for a reader.

    Args:
        found: names -> what is wrong with them, lists of sentences at the leaves.
        schema: what was checked; its names are offered where one is unknown.
    """
    if isinstance(found, Mapping):
        return {
            name: [_unknown(str(name), schema, lang)] if inner == ["Unknown field."] else in_words(inner, lang)
            for name, inner in found.items()
        }
    if isinstance(found, list):
        return [_sentence(str(said), lang) for said in found]
    return found


def _sentence(said: str, lang: str) -> str:
    for pattern, zh, en in _SENTENCES:
        if (match := pattern.match(said)) is not None:
            return (zh if lang.startswith("zh") else en).format(*match.groups())
    return said


def _unknown(name: str, schema: Schema | None, lang: str) -> str:
    """An unknown name, with those that are known: whoever reads the refusal need not look them up."""
    known = sorted(schema.fields) if schema is not None else []
    near = get_close_matches(name, known, n=1)
    zh = lang.startswith("zh")
    if near:
        return f"这里没有这一项；是否为 {near[0]}？" if zh else f"is not known here; did you mean {near[0]}?"
    if not known:
        return "这里没有这一项；此处不接受任何项。" if zh else "is not known here; nothing is taken here."
    return f"这里没有这一项；可用：{'、'.join(known)}。" if zh else f"is not known here; these are: {', '.join(known)}."
