"""The people of the demo: three for every role of every pack, the four who belong to no pack, and the visitor.

All names are invented. Everybody signs in with the same password; it is printed, not hidden.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from engine.policy import Policy

#: Everybody's password in the demo.
PASSWORD = "kesu-demo"

#: The user a visitor signs in as first: receives complaints in every pack, and took no part in the simulated months.
VISITOR = "demo"

#: Family and given names with their spelling; combined they give 18 × 48 people, those of the first line first.
_FAMILY = (
    "周 Zhou,许 Xu,罗 Luo,赵 Zhao,陈 Chen,林 Lin,何 He,高 Gao,郭 Guo,马 Ma,梁 Liang,宋 Song,唐 Tang,冯 Feng,董 Dong,程 Cheng,"
    "沈 Shen,曹 Cao"
)
_GIVEN = (
    "敏 Min,静 Jing,成 Cheng,颖 Ying,建国 Jianguo,晓燕 Xiaoyan,志强 Zhiqiang,雪 Xue,文博 Wenbo,丽华 Lihua,海 Hai,佳 Jia,"
    "宇 Yu,春梅 Chunmei,立新 Lixin,思远 Siyuan",
    "琳 Lin,刚 Gang,婷 Ting,博 Bo,玉兰 Yulan,国强 Guoqiang,秀英 Xiuying,浩 Hao,晨 Chen,倩 Qian,俊杰 Junjie,慧 Hui,"
    "明辉 Minghui,雅琴 Yaqin,岩 Yan,诗涵 Shihan",
    "莉 Li,伟 Wei,蕾 Lei,鹏 Peng,桂芳 Guifang,永康 Yongkang,小红 Xiaohong,昊宇 Haoyu,欣怡 Xinyi,凯 Kai,振华 Zhenhua,梦 Meng,"
    "少华 Shaohua,月 Yue,子涵 Zihan,坤 Kun",
)
#: How many people hold each role: enough for four eyes, recusal and absence.
PER_ROLE = 3


@dataclass(frozen=True, kw_only=True)
class DemoPerson:
    """Somebody who works in the demo company."""

    name: str
    zh: str
    en: str
    memberships: tuple[str, ...]


def people_of(policies: Iterable[Policy]) -> list[DemoPerson]:
    """The staff for these packs, and an administrator, an auditor, two process owners and the visitor."""
    names = _names()
    staff = [_person(next(names), "*/admin"), _person(next(names), "*/auditor")]
    packs = list(policies)
    owners = ["*/owner", *(f"{p.pack}/owner" for p in packs)]
    staff += [_person(next(names), *owners), _person(next(names), *owners)]
    receiving = [f"{p.pack}/{role}" for p in packs for role in (p.starters or list(p.roles)[:1])]
    staff.append(_person((VISITOR, "访客", "Visitor"), *receiving))
    for policy in packs:
        for role in policy.roles:
            staff += [_person(next(names), f"{policy.pack}/{role}") for _ in range(PER_ROLE)]
    return staff


def _person(name: tuple[str, str, str], *memberships: str) -> DemoPerson:
    return DemoPerson(name=name[0], zh=name[1], en=name[2], memberships=memberships)


def _names() -> Iterator[tuple[str, str, str]]:
    families = [pair.split() for pair in _FAMILY.split(",")]
    for givens in ([pair.split() for pair in line.split(",")] for line in _GIVEN):
        for turn in range(len(givens)):
            for place, (zh, en) in enumerate(families):
                given_zh, given_en = givens[(place + turn) % len(givens)]
                yield f"{en}.{given_en}".lower(), zh + given_zh, f"{given_en} {en}"
