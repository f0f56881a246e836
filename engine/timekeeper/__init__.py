"""The timekeeper: fires timers, delivers letters, makes reports, wakes up in time. The job table is its only truth."""

from engine.timekeeper.executor import LEASE, Executor, JobBroke, Tally, UnknownJob
from engine.timekeeper.measures import Histogram, Measures
from engine.timekeeper.mending import JobOfACase, Mending
from engine.timekeeper.post import FolderPost, Letter, MailPost, NotDelivered, Post
from engine.timekeeper.waker import Waker

__all__ = [
    "LEASE", "Executor", "FolderPost", "Histogram", "JobBroke", "JobOfACase", "Letter", "MailPost", "Measures",
    "Mending", "NotDelivered", "Post", "Tally", "UnknownJob", "Waker",
]  # fmt: skip
