"""A release: all files of a pack under one digest. A case stays on the release it was opened on.

`gather` collects the files from the owner's folders, `Release.of` reads them; `settings` lays a pack
over the base it names.
"""

from engine.release.encoding import in_utf8, written
from engine.release.gathering import gather, gathered
from engine.release.guidance import Guide, GuideSection, guide_of
from engine.release.names import SHARED_NAMES, named_in, names_of, tidy
from engine.release.release import FOLDERS, LARGEST, ProcessNotFound, Release, digest_of
from engine.release.settings import BASE, PACK, loader_for, pausable_limits, settings_of, yaml_of

__all__ = [
    "BASE",
    "FOLDERS",
    "LARGEST",
    "PACK",
    "SHARED_NAMES",
    "Guide",
    "GuideSection",
    "ProcessNotFound",
    "Release",
    "digest_of",
    "gather",
    "gathered",
    "guide_of",
    "in_utf8",
    "loader_for",
    "named_in",
    "names_of",
    "pausable_limits",
    "settings_of",
    "tidy",
    "written",
    "yaml_of",
]
