"""The timekeeper: fires timers, delivers letters, wakes up in time. The job table is its only truth."""

from engine.timekeeper.executor import Executor, Tally
from engine.timekeeper.post import FolderPost, Letter, MailPost, NotDelivered, Post
from engine.timekeeper.waker import Waker

__all__ = ["Executor", "FolderPost", "Letter", "MailPost", "NotDelivered", "Post", "Tally", "Waker"]
