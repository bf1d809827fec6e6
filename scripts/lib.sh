# Shared by the scripts beside it; sourced, never run. Leaves the caller in the project's folder.
# shellcheck shell=bash
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

# Debian keeps servers and ldconfig where a plain user's PATH does not look.
export PATH="$PATH:/usr/sbin:/sbin"

say() { printf '%s\n' "$*"; }

fail() {
  printf '%s\n' "$@" >&2
  exit 1
}

have() { command -v "$1" >/dev/null 2>&1; }

# One number for the content of some files: what was installed from them is up to date while it stays the same.
fingerprint() { cat -- "$@" | sha256sum | cut -d' ' -f1; }

up_to_date() { [ -f "$1" ] && [ "$(cat "$1")" = "$2" ]; }
