"""What the tests run is counted in every worker, and too little of it fails the run."""

import os
import subprocess
import sys

from tests.architecture.files import ROOT

FILES = {
    "shop/__init__.py": "",
    "shop/sums.py": """
def price(number: int) -> int:
    if number > 10:
        return number * 9
    return number * 10


if __name__ == "__main__":
    price(1)
""",
    "shop/never_imported.py": "def told() -> None:\n    print('this')\n    print('that')\n",
    "test_few.py": "from shop.sums import price\ndef test_few(): assert price(2) == 20\n",
    "test_many.py": "from shop.sums import price\ndef test_many(): assert price(20) == 180\n",
}
SETTINGS = '[tool.slipcover]\nsource = ["shop"]\nexclude-also = [{}]\nfail-under = {}\n'
OURS = {
    "PYTEST_PLUGINS": "xdist.plugin,tests.counting",
    "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1",
    "PYTHONPATH": str(ROOT),
}
NOT_A_SHOP = "'if __name__ == \"__main__\":'"


def run(folder, *options: str, fail_under: int) -> subprocess.CompletedProcess[str]:
    for name, text in FILES.items():
        (folder / name).parent.mkdir(exist_ok=True)
        (folder / name).write_text(text, encoding="utf-8")
    settings = SETTINGS.format(NOT_A_SHOP, fail_under)
    (folder / "pyproject.toml").write_text(settings, encoding="utf-8")
    kept = {name: text for name, text in os.environ.items() if not name.startswith("PYTEST_")}
    return subprocess.run(  # noqa: S603  # our own words
        [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", *options],
        cwd=folder,
        env={**kept, **OURS},
        capture_output=True,
        text=True,
        check=False,
    )


def test_what_the_workers_run_counts_together_and_too_little_fails(tmp_path):
    done = run(tmp_path, "-n", "2", "--dist", "loadfile", fail_under=67)

    said = "The tests run 66.7 % of all lines and branches, too few: 67 % it must be."
    assert said in done.stdout
    assert "2 passed" in done.stdout
    assert done.returncode == 1, done.stdout


def test_nothing_counted_is_too_little(tmp_path):
    done = run(tmp_path, "test_few.py", fail_under=1)

    assert "1 passed" in done.stdout
    assert done.returncode == 1, done.stdout
