#!/usr/bin/env bash
# Installs the system packages that the tests of disks, kills, exports and the page need, only where they are missing; without root it tells.
set -u

declare -A packages=([strace]=strace [unshare]=util-linux [prlimit]=util-linux [mount]=mount [chattr]=e2fsprogs [mkfifo]=coreutils [tmux]=tmux
  [promtool]=prometheus [prometheus-alertmanager]=prometheus-alertmanager [chromium]=chromium)
wanted=()
for program in "${!packages[@]}"; do
  command -v "$program" >/dev/null 2>&1 || wanted+=("${packages[$program]}")
done
# Time zones are Node's own (ICU); nothing is needed for them.
if ((${#wanted[@]} == 0)); then
  echo "[packages] Nothing to do: everything that the tests need is installed."
  exit 0
fi

if ! command -v apt-get >/dev/null 2>&1 || ((EUID != 0)); then
  echo "[packages] Please install: ${wanted[*]}. Tests that need them are skipped." >&2
  exit 0
fi
echo "[packages] apt-get install ${wanted[*]}"
export DEBIAN_FRONTEND=noninteractive
apt-get install -y -qq --no-install-recommends "${wanted[@]}" >/dev/null 2>&1 && exit 0
# The lists of a fresh machine may be missing or old.
apt-get update -qq >/dev/null && apt-get install -y -qq --no-install-recommends "${wanted[@]}" >/dev/null
