"""Work done by a second process while this one does something else, such as writing.

The second process is a fresh interpreter that is handed a task and hands back results one by one;
it is never more than one result ahead, so memory stays bounded, and it ends with its reader.
"""

import os
import pickle
import subprocess
import sys
from collections.abc import Callable, Iterator
from typing import IO, Any, TypeVar

from core.errors import DomainError

Result = TypeVar("Result")
_WORK = "from core.aside import work; work()"


def in_another_process(task: Callable[[], Iterator[Result]]) -> Iterator[Result]:
    """Start another process and return an iterator of what `task` yields there.

    Args:
        task: A function of a module with arguments bound by `functools.partial`.

    Raises:
        DomainError: The one `task` raised.
    """
    process = subprocess.Popen(  # noqa: S603  # ourselves
        [sys.executable, "-c", _WORK],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        env={**os.environ, "PYTHONPATH": os.pathsep.join(filter(None, sys.path))},
    )
    if process.stdin is None or process.stdout is None:
        raise RuntimeError("a process without pipes")
    with process.stdin as to_child:
        pickle.dump(task, to_child, pickle.HIGHEST_PROTOCOL)
    return _results(process, process.stdout)


def _results(process: "subprocess.Popen[bytes]", from_child: IO[bytes]) -> Iterator[Any]:
    try:
        while True:
            # What we read here is what our own code has written.
            try:
                kind, value = pickle.load(from_child)  # noqa: S301
            except EOFError as error:
                raise DomainError("The reading of the file broke off; try it again.") from error
            if kind == "end":
                return
            if kind == "error":
                raise value
            yield value
    finally:
        from_child.close()
        process.kill()
        process.wait()


def work() -> None:
    """Do the task that comes through standard input; results go to standard output."""
    task = pickle.load(sys.stdin.buffer)  # noqa: S301  # from our own parent process
    out = sys.stdout.buffer
    sys.stdout = sys.stderr
    try:
        for result in task():
            pickle.dump(("result", result), out, pickle.HIGHEST_PROTOCOL)
            out.flush()
        pickle.dump(("end", None), out)
    except DomainError as error:
        pickle.dump(("error", error), out)
    out.flush()
