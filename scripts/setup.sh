#!/bin/sh
# Make .venv hold exactly what is needed: `scripts/setup.sh run` or `scripts/setup.sh dev`.
# Nothing is done when the requirements have not changed since the last time.
set -eu
cd "$(dirname "$0")/.."
wanted=${1:-run}
uv_version=0.13.9
unset PYTHONHOME PYTHONPATH VIRTUAL_ENV || true
export PIP_DISABLE_PIP_VERSION_CHECK=1

say() { printf '%s\n' "$*" >&2; }

# Two set-ups at the same time would disturb each other: the second waits for the first.
if command -v flock >/dev/null 2>&1; then
  exec 9>.venv.lock
  flock 9
fi

stamp_of() { printf '.venv/.installed-%s-%s' "$1" "$(cat requirements.txt requirements-dev.txt scripts/setup.sh | cksum | tr -s ' \t' '--')"; }
run_stamp=$(stamp_of run)
dev_stamp=$(stamp_of dev)

python_is_good() {
  "$1" -c 'import sys, venv; sys.exit(sys.version_info < (3, 11))' >/dev/null 2>&1
}

find_python() {
  for name in python3.11 python3.12 python3.13 python3 python; do
    if command -v "$name" >/dev/null 2>&1 && python_is_good "$name"; then
      command -v "$name"
      return 0
    fi
  done
  return 1
}

venv_is_good() {
  .venv/bin/python -c 'import sys, pip; sys.exit(sys.version_info < (3, 11))' >/dev/null 2>&1
}

need_python() {
  say "Training Mix needs Python 3.11 or newer with its venv module."
  say "Install it (on Debian or Ubuntu: apt-get install python3 python3-venv) and try again."
  exit 2
}

make_venv() {
  python=$(find_python) || need_python
  say "Making .venv with $("$python" --version 2>&1) ..."
  rm -rf .venv
  "$python" -m venv .venv >/dev/null 2>&1 || {
    # Debian's Python without python3-venv: its own pip, if there is one, can fill the gap.
    rm -rf .venv
    "$python" -m venv --without-pip .venv &&
      "$python" -m pip --python .venv/bin/python install --quiet pip
  } || need_python
}

uv() { .venv/bin/python -m uv pip install --quiet --python .venv/bin/python --compile-bytecode "$@"; }

# First with the certificates of this machine (company networks), then with those of uv. pip comes
# last: it is slow, but where only its own settings know the way to the packages it gets there.
install() {
  .venv/bin/python -m pip install --quiet "uv==$uv_version" &&
    { uv --system-certs "$@" || uv "$@"; } 2>/dev/null ||
    { say "Trying again with pip ..." && .venv/bin/python -m pip install --quiet "$@"; }
}

bring_up_to_date() {
  if [ "$wanted" = dev ]; then
    install -r requirements.txt -r requirements-dev.txt
  else
    install -r requirements.txt
  fi
}

venv_is_good || make_venv
if [ -f "$dev_stamp" ] || { [ "$wanted" = run ] && [ -f "$run_stamp" ]; }; then
  exit 0
fi

say "Installing packages (about a minute the first time) ..."
bring_up_to_date || {
  say "That did not work; starting again with a fresh .venv."
  make_venv
  bring_up_to_date
} || {
  say "The packages could not be installed. Is the package index reachable?"
  exit 2
}
rm -f .venv/.installed-*
if [ "$wanted" = dev ]; then : >"$dev_stamp"; else : >"$run_stamp"; fi
