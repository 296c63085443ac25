#!/bin/sh
# PostgreSQL refuses to run as root. Its package then runs it as a user of its own, which is made
# here: processes that each make it at the same time would disturb one another, and an environment
# whose PATH holds no commands of administrators would not find the one that makes it.
set -eu
user=pgserver
if [ "$(id -u)" != 0 ] || id "$user" >/dev/null 2>&1; then exit 0; fi
PATH="$PATH:/usr/sbin:/sbin"
useradd -s /bin/bash "$user"
