"""What can go wrong in the store, and the one place where a database's errors become ours."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import exc

from engine.errors import EngineError
from engine.history import Record


class CaseNotFound(EngineError):
    """There is no case {case}."""

    zh = "没有案件 {case}。"


class TaskNotFound(EngineError):
    """There is no task {task} in case {case}."""

    zh = "案件 {case} 中没有任务 {task}。"


class PackNotFound(EngineError):
    """No release of the pack {pack} is in force; publish one."""

    zh = "制度包 {pack} 没有生效的版本；请先发布。"


class ReleaseNotFound(EngineError):
    """There is no release {digest}."""

    zh = "没有版本 {digest}。"


class DraftNotFound(EngineError):
    """There is no draft {draft}; it may have been put away."""

    zh = "没有草稿 {draft}，可能已被删除。"


class DraftFileNotFound(EngineError):
    """The draft {draft} has no file {path}."""

    zh = "草稿 {draft} 中没有文件 {path}。"


class FileNotStored(EngineError):
    """There is no file {sha256}."""

    zh = "没有文件 {sha256}。"


class PersonNotFound(EngineError):
    """There is nobody called {person}."""

    zh = "没有名为 {person} 的人员。"


class CaseMovedOn(EngineError):
    """Somebody else changed case {case} first ({what}); read it again and try again."""

    zh = "案件 {case} 已被他人先行更改（{what}）；请重新查看后再试。"

    def __init__(self, *, case: str, since: Sequence[Record]) -> None:
        #: What happened meanwhile.
        self.since = tuple(since)
        what = ", ".join(f"{r.seq} {r.event.kind}" for r in since[:5]) or "-"
        super().__init__(case=case, what=what, since=self.since)


class IdempotencyKeyReused(EngineError):
    """The key {key} was used before for another request; use a new key for each action."""

    zh = "键 {key} 已用于另一请求；每次操作请使用新的键。"


class RequestUnderWay(EngineError):
    """The same request, key {key}, is being carried out at this moment; ask again and you get its answer."""

    zh = "同一请求（键 {key}）正在办理；请稍后再发，即可得到结果。"


class CursorUnusable(EngineError):
    """This page mark is not one of ours; start at the first page."""

    zh = "分页标记无效；请从第一页开始。"


class JobLost(EngineError):
    """Job {job} is no longer ours: its lease ran out or it was cancelled; nothing of this try counts."""

    zh = "作业 {job} 已不归本节点：租约到期或已取消；本次执行作废。"


class JobNotFound(EngineError):
    """There is no parked job {job}."""

    zh = "没有搁置的作业 {job}。"


class CalendarNotFound(EngineError):
    """There is no version {version} of a calendar {calendar}."""

    zh = "没有日历 {calendar} 的版本 {version}。"


class ReportNotFound(EngineError):
    """There is no report {report} of {pack} for {period}."""

    zh = "没有制度包 {pack} 的报表 {report}（{period}）。"


class StoreTrouble(EngineError):
    """The database cannot be used now; nothing was changed."""

    zh = "数据库暂时无法使用；未作任何更改。"


class SecondNode(StoreTrouble):
    """Another node already works on {database}: SQLite serves one node. Stop it, or set a PostgreSQL database."""

    zh = "已有节点在使用 {database}：SQLite 只供一个节点。请停止它，或改用 PostgreSQL。"


class DatabaseUnsuitable(StoreTrouble):
    """{url} cannot be used as database: {reason}."""

    zh = "{url} 不能用作数据库：{reason}。"


class StoreBusy(StoreTrouble):
    """The database is locked by somebody else; nothing was changed. Try again."""

    zh = "数据库正被占用；未作任何更改。请重试。"


class StoreFull(StoreTrouble):
    """The disk of the database is full; nothing was changed. Free some space."""

    zh = "数据库磁盘已满；未作任何更改。请清理空间。"


class StoreReadOnly(StoreTrouble):
    """The database cannot be written: its file or folder is read-only; nothing was changed."""

    zh = "数据库不可写：文件或文件夹为只读；未作任何更改。"


class MoveNotFound(EngineError):
    """There is no move {move}."""

    zh = "没有迁移 {move}。"


class StoreUnreachable(StoreTrouble):
    """The database cannot be reached; nothing was changed."""

    zh = "无法连接数据库；未作任何更改。"


class StoreDamaged(StoreTrouble):
    """The database file is damaged or is no database; restore a backup."""

    zh = "数据库文件已损坏或不是数据库；请恢复备份。"


class StoreNotCreated(StoreTrouble):
    """The database has no tables of ours yet; create it first."""

    zh = "数据库尚未建立；请先创建。"


class SchemaTooNew(StoreTrouble):
    """The database is of a later version of Kesu (schema {found}); run that version or restore a backup."""

    zh = "数据库属于更新版本的 Kesu（结构 {found}）；请运行该版本或恢复备份。"


class SchemaTooOld(StoreTrouble):
    """The database is of an earlier version of Kesu (schema {found}); back it up, then bring it up to this one."""

    zh = "数据库属于较早版本的 Kesu（结构 {found}）；请先备份，再升级到本版本。"


class HistoryIsForEver(EngineError):
    """Events are never changed or removed."""

    zh = "事件不得更改或删除。"


class StoreRefused(StoreTrouble):
    """The database refused: {reason}. Nothing was changed."""

    zh = "数据库拒绝了操作：{reason}。未作任何更改。"


_SQLITE: dict[str, type[EngineError]] = {
    "SQLITE_BUSY": StoreBusy,
    "SQLITE_LOCKED": StoreBusy,
    "SQLITE_FULL": StoreFull,
    "SQLITE_READONLY": StoreReadOnly,
    "SQLITE_CANTOPEN": StoreUnreachable,
    # A quota, or the largest file the system grants: SQLite tells only a full disk apart.
    "SQLITE_IOERR_WRITE": StoreFull,
    "SQLITE_IOERR": StoreUnreachable,
    "SQLITE_CORRUPT": StoreDamaged,
    "SQLITE_NOTADB": StoreDamaged,
}

#: By SQLSTATE, longest prefix first.
_POSTGRES: dict[str, type[EngineError]] = {
    "40001": StoreBusy,
    "40P01": StoreBusy,
    "55P03": StoreBusy,
    "57014": StoreBusy,
    "53100": StoreFull,
    "25006": StoreReadOnly,
    "42P01": StoreNotCreated,
    "53": StoreBusy,
    "57": StoreUnreachable,
    "08": StoreUnreachable,
    "28": StoreUnreachable,
    "3D": StoreUnreachable,
}


def told(error: BaseException) -> EngineError:
    """Our error for what SQLAlchemy or a driver raised."""
    cause: Any = error.orig if isinstance(error, exc.DBAPIError) else error
    text = str(cause).strip().splitlines()[0] if str(cause).strip() else type(cause).__name__
    if "events are for ever" in text:
        return HistoryIsForEver()
    if isinstance(error, exc.TimeoutError):
        return StoreBusy()
    name = getattr(cause, "sqlite_errorname", None)
    if name is not None:
        return _of_sqlite(name, text)
    state = getattr(cause, "sqlstate", None)
    if state is not None:
        for prefix in (state, state[:2]):
            if prefix in _POSTGRES:
                return _POSTGRES[prefix]()
        return StoreRefused(reason=text)
    if isinstance(error, exc.OperationalError | exc.InterfaceError):
        return StoreUnreachable()
    return StoreRefused(reason=text)


def _of_sqlite(name: str, text: str) -> EngineError:
    if "no such table" in text:
        return StoreNotCreated()
    for prefix, kind in _SQLITE.items():
        if name.startswith(prefix):
            return kind()
    return StoreRefused(reason=text)
