"""The process that prints: it binds itself before it reads anything, answers once, and is gone."""

from __future__ import annotations

import sys

from engine.confined import bind

#: As in `press`, which is not loaded here: the printer loads what it needs.
_NO_LIBRARY, _NO_FONT = 3, 4


def main() -> None:
    """Read what to print as JSON, write the document."""
    bind(largest_file=None)
    import json

    told = json.load(sys.stdin)
    try:
        if told["what"] == "pdf":
            from api.paper.setting import FontsMissing, set_in_pages

            try:
                document = set_in_pages(told["pages"], told["styles"])
            except FontsMissing:
                sys.exit(_NO_FONT)
        else:
            from api.paper.binding import bound

            document = bound(told)
    except (ImportError, OSError):  # the package, or one of the libraries it opens
        sys.exit(_NO_LIBRARY)
    sys.stdout.buffer.write(document)


if __name__ == "__main__":
    main()
