"""From nothing to the first page, as somebody who has just cloned the project."""

import os
import signal
import subprocess
import tempfile
import time
import urllib.error
import urllib.request
from dataclasses import dataclass
from pathlib import Path

PORT = "8765"
MOST_SECONDS = 120
OWN = {"DATABASE_URL", "TRAINING_MIX_DATA", "VIRTUAL_ENV"}
"""What would lead the clone to something that is there already."""


@dataclass(frozen=True)
class Start:
    """Seconds for installing, and after that from the start command to the first page."""

    installing: float
    to_first_page: float

    def section(self) -> list[str]:
        """Return it as a section of Markdown."""
        return [
            "## First start",
            "",
            "A fresh clone, without `.venv` and without data. Installing the packages, from the",
            f"index or from what this machine has kept of it: {self.installing:.1f} s. After that,",
            "from the start command to the first page, with the demo organisation made on the way:",
            f"{self.to_first_page:.1f} s.",
        ]


def first_start(root: Path) -> Start | None:
    """Clone what is committed, install, start, and ask for the first page; None when none came."""
    with tempfile.TemporaryDirectory(prefix="training-mix-clone-") as name:
        clone = Path(name) / "clone"
        subprocess.run(["git", "clone", "--quiet", str(root), str(clone)], check=True)  # noqa: S603, S607  # our own project
        env = {key: value for key, value in os.environ.items() if key not in OWN} | {"PORT": PORT}
        start = time.perf_counter()
        subprocess.run([str(clone / "scripts" / "setup.sh"), "run"], env=env, check=True)  # noqa: S603  # our own script
        installing = time.perf_counter() - start
        seconds = _to_first_page(clone, env)
    return None if seconds is None else Start(installing, seconds)


def _to_first_page(clone: Path, env: dict[str, str]) -> float | None:
    start = time.perf_counter()
    with subprocess.Popen(  # noqa: S603  # our own script
        [str(clone / "run")],
        cwd=clone,
        env=env,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    ) as process:
        try:
            while time.perf_counter() - start < MOST_SECONDS:
                if _answers():
                    return time.perf_counter() - start
                time.sleep(0.05)
            return None
        finally:
            os.killpg(process.pid, signal.SIGTERM)


def _answers() -> bool:
    try:
        with urllib.request.urlopen(f"http://127.0.0.1:{PORT}/", timeout=5):
            return True
    except urllib.error.HTTPError:
        return True
    except OSError:
        return False
