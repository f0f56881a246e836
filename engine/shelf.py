"""The releases a process has read, by digest, and the forms in them.

Reading a pack takes tens of milliseconds and gives frozen values, so it is done once. Nothing
here is ever stale: a digest names its bytes.
"""

from __future__ import annotations

import threading
from collections.abc import Mapping
from datetime import datetime
from typing import Protocol

from engine.errors import EngineError
from engine.feel import Context
from engine.release import Release
from engine.run import functions_of
from engine.values import Value
from forms import Form


class FormNotFound(EngineError):
    """The pack {pack} has no form called {form}."""

    zh = "制度包 {pack} 没有名为 {form} 的表单。"


class ReleaseAltered(EngineError):
    """The stored files of release {digest} are not those it was published with: they were altered."""

    zh = "版本 {digest} 的存档文件与发布时不符：文件被改动过。"


class Source(Protocol):
    """Where the files of a release are: a transaction, or a reading, of the store."""

    def release(self, digest: str) -> Mapping[str, bytes]:
        """Path -> content."""
        ...


class Shelf:
    """Releases read once per process."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._releases: dict[str, Release] = {}
        self._forms: dict[tuple[str, str], Form] = {}

    def release(self, digest: str, source: Source) -> Release:
        """The release of that digest; its files come from `source` the first time.

        Raises:
            ReleaseAltered: what is stored under the digest is something else.
        """
        found = self._releases.get(digest)
        if found is None:
            found = Release.of(source.release(digest))
            if found.digest != digest:
                raise ReleaseAltered(digest=digest)
            with self._lock:
                found = self._releases.setdefault(digest, found)
        return found

    def keep(self, release: Release) -> None:
        """A release that was read elsewhere, as by the gate, need not be read again."""
        with self._lock:
            self._releases.setdefault(release.digest, release)

    def known(self, digest: str) -> Release | None:
        """The release of that digest, if it was read before."""
        return self._releases.get(digest)

    def form(self, release: Release, form: str) -> Form:
        """A form of the release.

        Raises:
            FormNotFound: the release has no such form.
        """
        key = (release.digest, form)
        found = self._forms.get(key)
        if found is None:
            if form not in release.forms:
                raise FormNotFound(pack=release.pack, form=form)
            found = self._forms.setdefault(key, read_form(release, form))
        return found


def read_form(release: Release, form: str) -> Form:
    """Read a form of a release, with the pack's roles to choose from.

    Raises:
        Refused: the file is no form.
    """
    return Form.read(release.forms[form], f"forms/{form}.yaml", roles=release.policy.roles)


def not_yet_open(
    *, pack: str, flow: str, channel: str | None, at: datetime | None = None, parent: str | None = None
) -> dict[str, Value]:
    """What the intake form's rules see of the case there will be: `case`, as tasks see it later."""
    told = {"pack": pack, "flow": flow, "channel": channel, "opened": at, "parent": parent}
    return {"case": {"id": None, "number": None, "status": None, **told}}


def context_of(release: Release, at: datetime) -> Context:
    """What the rules of a form are evaluated with: a moment, the pack's parameters, and its calendar with the zone."""
    return Context(now=at, functions=functions_of(release), zone=release.calendar().zone)
