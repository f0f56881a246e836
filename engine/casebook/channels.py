"""What the ways are called by which a complaint comes in; a pack names them by id."""

from __future__ import annotations

from collections.abc import Mapping

from engine.policy import Label

#: Channel -> its name. What is not here reads as its id.
CHANNELS: Mapping[str, Label] = {
    id: Label(zh=zh, en=en)
    for id, zh, en in (
        ("phone", "电话", "Telephone"),
        ("letter", "信函", "Letter"),
        ("visit", "来访", "Visit"),
        ("email", "电子邮件", "E-mail"),
        ("web", "网络", "Web"),
        ("regulator", "监管转办", "Regulator"),
        ("fax", "传真", "Fax"),
        ("hotline", "热线", "Hotline"),
        ("internal", "内部", "Internal"),
        ("sales", "业务人员", "Sales staff"),
        ("mailbox", "举报箱", "Letter box"),
        ("counter", "柜面", "Counter"),
        ("media", "媒体", "Media"),
        ("chat", "在线聊天", "Chat"),
        ("sms", "手机短信", "Text message"),
        ("relay", "转告", "Told by others"),
        ("hall", "营业厅", "Service hall"),
        ("dispatch", "上级派单", "Dispatched from above"),
        ("intranet", "内网信箱", "Intranet mailbox"),
    )
}


def channel(name: str, lang: str) -> str:
    """What a channel is called."""
    found = CHANNELS.get(name)
    return found.text(lang) if found else name
