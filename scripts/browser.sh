#!/bin/sh
# Install Chromium for the browser tests where no browser is found.
set -eu
browsers="chromium-headless-shell chromium chromium-browser google-chrome google-chrome-stable"
is_there() {
  for name in $browsers; do
    if command -v "$name" >/dev/null 2>&1; then return 0; fi
  done
  return 1
}
if [ -n "${CHROMIUM:-}" ] || is_there; then exit 0; fi

if command -v apt-get >/dev/null 2>&1; then
  as_root=
  if [ "$(id -u)" != 0 ]; then as_root="sudo -n"; fi
  get() { $as_root apt-get install -y -qq --no-install-recommends "$@" >/dev/null 2>&1; }
  printf 'Installing Chromium for the browser tests ...\n' >&2
  export DEBIAN_FRONTEND=noninteractive
  # Without windows it is smaller and quicker; where there is no such package, the whole browser.
  get chromium-headless-shell || {
    $as_root apt-get update -qq >/dev/null 2>&1 || true
    get chromium-headless-shell || get chromium || true
  }
fi
if is_there; then exit 0; fi
printf 'The browser tests need Chromium and it could not be installed here.\n' >&2
printf 'Install Chromium or Google Chrome, or name one: CHROMIUM=/path/to/chrome ./test\n' >&2
exit 1
