#!/bin/sh
# Everything a change has to pass besides the tests. All guards run, side by side, so one run shows
# all there is.
set -u
cd "$(dirname "$0")/.."
said=$(mktemp -d)
trap 'rm -rf "$said"' EXIT
count=0

guard() {
  count=$((count + 1))
  title=$1
  shift
  {
    if output=$("$@" 2>&1); then
      printf '  ok    %s\n' "$title"
    else
      : >"$said/failed"
      printf '  FAIL  %s\n%s\n' "$title" "$output"
    fi
  } >"$said/$count" &
}

python=.venv/bin/python
guard "ruff: likely bugs and style" $python -m ruff check --quiet .
guard "ruff: layout" $python -m ruff format --check --quiet .
guard "mypy: types" $python -m mypy
guard "import-linter: direction of imports" \
  $python -c 'from importlinter.cli import lint_imports_command; lint_imports_command()'
guard "djlint: templates" $python -m djlint templates --lint --check --quiet
wait
cat "$said"/[0-9]
[ ! -e "$said/failed" ]
