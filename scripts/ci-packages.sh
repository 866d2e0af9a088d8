#!/usr/bin/env bash
# Installs the system packages that the tests of disks, kills, exports and the page need, only where they are missing; without root it tells.
# ClickHouse comes as a library for Python, beside the checkout; tests that need it are skipped by name where it cannot be had.
set -u

chdb="${HOME:-/root}/.cache/obs-native-tests/chdb-core-26.9.0"
if ! PYTHONPATH="$chdb" python3 -c 'import chdb' >/dev/null 2>&1; then
  echo "[packages] pip install chdb-core (180 MB)"
  timeout 300 python3 -m pip install --quiet --retries 1 --timeout 20 --no-deps --target "$chdb" chdb-core==26.9.0 >/dev/null 2>&1 ||
    echo "[packages] chdb-core could not be installed; its tests are skipped." >&2
fi

declare -A packages=([strace]=strace [unshare]=util-linux [prlimit]=util-linux [mount]=mount [chattr]=e2fsprogs [mkfifo]=coreutils [tmux]=tmux
  [promtool]=prometheus [prometheus-alertmanager]=prometheus-alertmanager
  [prometheus-node-exporter]=prometheus-node-exporter [chromium]=chromium)
wanted=()
for program in "${!packages[@]}"; do
  command -v "$program" >/dev/null 2>&1 || wanted+=("${packages[$program]}")
done
# Not a program but a module of Debian's Python.
/usr/bin/python3 -c 'import prometheus_client' >/dev/null 2>&1 || wanted+=(python3-prometheus-client)
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
