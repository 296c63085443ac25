#!/bin/sh
# Install Chromium for the browser tests where no browser is found.
set -eu
for name in chromium chromium-browser google-chrome google-chrome-stable; do
  if command -v "$name" >/dev/null 2>&1; then exit 0; fi
done
if [ -n "${CHROMIUM:-}" ]; then exit 0; fi

if command -v apt-get >/dev/null 2>&1; then
  as_root=
  if [ "$(id -u)" != 0 ]; then as_root="sudo -n"; fi
  printf 'Installing Chromium for the browser tests ...\n' >&2
  export DEBIAN_FRONTEND=noninteractive
  $as_root apt-get install -y -qq --no-install-recommends chromium >/dev/null 2>&1 || {
    $as_root apt-get update -qq >/dev/null 2>&1 &&
    $as_root apt-get install -y -qq --no-install-recommends chromium >/dev/null 2>&1
  } || true
fi
if command -v chromium >/dev/null 2>&1; then exit 0; fi
printf 'The browser tests need Chromium and it could not be installed here.\n' >&2
printf 'Install Chromium or Google Chrome, or name one: CHROMIUM=/path/to/chrome ./test\n' >&2
exit 1
