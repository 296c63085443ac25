"""How much memory a program and the processes it starts take, watched from outside while it runs.

Every process is asked for the most it ever held (`VmHWM`) and for what it holds now, twenty times
a second. The kernel's answer for ended children (`ru_maxrss`) will not do: it counts for a child
what its parent held when it started it. Pages of files that several processes share, such as
libraries, are counted for each of them.
"""

import subprocess
import time
from dataclasses import dataclass, field
from pathlib import Path
from tempfile import TemporaryFile

EVERY_SECONDS = 0.05
PROCESSES = Path("/proc")


@dataclass
class Peak:
    """The most that was held, in megabytes; 0 where the system does not say."""

    first: int = 0
    """By the program itself."""
    others: int = 0
    """By the largest process it started."""
    together: int = 0
    """By all of them at one moment."""
    together_private: int = 0
    """The same without pages that files stand behind."""
    _highest: dict[int, int] = field(default_factory=dict)

    def look(self, first: int) -> None:
        """Look at a program and all that it has started."""
        held = {pid: _status(pid) for pid in _family(first)}
        self.together = max(self.together, sum(one.get("VmRSS", 0) for one in held.values()))
        private = sum(one.get("RssAnon", 0) for one in held.values())
        self.together_private = max(self.together_private, private)
        for pid, one in held.items():
            self._highest[pid] = max(self._highest.get(pid, 0), one.get("VmHWM", 0))
        self.first = self._highest.get(first, 0)
        others = (most for pid, most in self._highest.items() if pid != first)
        self.others = max(others, default=0)


def run_watched(
    words: list[str], folder: Path, environment: dict[str, str] | None = None
) -> tuple[subprocess.CompletedProcess[str], Peak]:
    """Run a program to its end; return what it said and the most memory it took."""
    peak = Peak()
    with TemporaryFile("w+") as out, TemporaryFile("w+") as err:
        process = subprocess.Popen(  # noqa: S603  # ourselves
            words, cwd=folder, env=environment, stdout=out, stderr=err
        )
        while process.poll() is None:
            peak.look(process.pid)
            time.sleep(EVERY_SECONDS)
        out.seek(0)
        err.seek(0)
        said = (out.read(), err.read())
    return subprocess.CompletedProcess(words, process.returncode, *said), peak


def _family(pid: int) -> list[int]:
    found = [pid]
    for path in PROCESSES.glob(f"{pid}/task/*/children"):
        try:
            children = path.read_text().split()
        except OSError:
            continue  # It has just ended.
        for child in children:
            found += _family(int(child))
    return found


def _status(pid: int) -> dict[str, int]:
    """Return what a process holds, in megabytes."""
    try:
        lines = (PROCESSES / str(pid) / "status").read_text().splitlines()
    except OSError:
        return {}
    pairs = (line.split(":", 1) for line in lines)
    return {
        name: int(value.split()[0]) // 1024
        for name, value in pairs
        if name in ("VmRSS", "VmHWM", "RssAnon")
    }
