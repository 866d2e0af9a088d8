#!/usr/bin/env bash
# Installs the system packages that the tests of disks, kills, exports and the page need, only where they are missing; without root it tells.
# What only some tests of exports, the page and terminals need may be missing all the same: those are skipped by name. Among it are ClickHouse and
# receivers of OTLP, which come as libraries for Python and stand beside the checkout.
set -u

declare -A packages=([strace]=strace [unshare]=util-linux [prlimit]=util-linux [mount]=mount [chattr]=e2fsprogs [mkfifo]=coreutils
  [promtool]=prometheus [prometheus-alertmanager]=prometheus-alertmanager)
wanted=()
for program in "${!packages[@]}"; do
  command -v "$program" >/dev/null 2>&1 || wanted+=("${packages[$program]}")
done
optional=()
for program in prometheus-node-exporter chromium tmux; do
  command -v "$program" >/dev/null 2>&1 || optional+=("$program")
done
command -v rsyslogd >/dev/null 2>&1 && compgen -G '/usr/lib/*/rsyslog/omrelp.so' >/dev/null || optional+=(rsyslog rsyslog-relp)
/usr/bin/python3 -c 'import prometheus_client' >/dev/null 2>&1 || optional+=(python3-prometheus-client)
# The official definitions of Prometheus' metrics, and what reads messages by them.
command -v protoc >/dev/null 2>&1 || optional+=(protobuf-compiler)
[[ -e /usr/share/gocode/src/github.com/prometheus/client_model ]] || optional+=(golang-github-prometheus-client-model-dev)
# Time zones are Node's own (ICU); nothing is needed for them.

install_packages() {
  echo "[packages] apt-get install $*"
  export DEBIAN_FRONTEND=noninteractive
  apt-get install -y -qq --no-install-recommends "$@" >/dev/null 2>&1 && return 0
  # The lists of a fresh machine may be missing or old.
  apt-get update -qq >/dev/null && apt-get install -y -qq --no-install-recommends "$@" >/dev/null
}

chdb="${HOME:-/root}/.cache/obs-native-tests/chdb-core-26.9.0"
if ! PYTHONPATH="$chdb" python3 -c 'import chdb' >/dev/null 2>&1; then
  echo "[packages] pip install chdb-core (180 MB)"
  timeout 300 python3 -m pip install --quiet --retries 1 --timeout 20 --no-deps --target "$chdb" chdb-core==26.9.0 >/dev/null 2>&1 ||
    echo "[packages] chdb-core could not be installed; its tests are skipped." >&2
fi

# install_from_npm FOLDER PACKAGE...: packages that only some tests need, in a folder of their own beside the checkout.
install_from_npm() {
  local folder="${HOME:-/root}/.cache/obs-native-tests/$1"
  shift
  [[ -e $folder/package-lock.json ]] && return
  echo "[packages] npm install $*"
  mkdir -p "$folder" && echo '{"private":true}' >"$folder/package.json" &&
    (cd "$folder" && timeout 300 npm install --save-exact --ignore-scripts --no-audit --no-fund "$@" >/dev/null 2>&1) ||
    echo "[packages] $* could not be installed; tests that need them are skipped." >&2
}
install_from_npm mcp-clients-2.4.0 @modelcontextprotocol/client@2.4.0 @modelcontextprotocol/sdk@1.32.2
install_from_npm ccusage-20.0.24 ccusage@20.0.24
install_from_npm claude-code-2.1.197 @anthropic-ai/claude-code@2.1.197
# The official definitions of OTLP, and receivers that others wrote: a tap with a core in Rust, and a viewer with a page.
otlp="${HOME:-/root}/.cache/obs-native-tests/otlp-1"
if ! PYTHONPATH="$otlp" python3 -c 'import oteltap, traceview, opentelemetry.proto' >/dev/null 2>&1; then
  echo "[packages] pip install opentelemetry-proto oteltap trace-view (8 MB)"
  timeout 300 python3 -m pip install --quiet --retries 1 --timeout 20 --no-deps --target "$otlp" \
    opentelemetry-proto==1.45.2 protobuf==7.36.2 oteltap==1.0.0 trace-view==0.1.0 >/dev/null 2>&1 ||
    echo "[packages] receivers of OTLP could not be installed; their tests are skipped." >&2
fi

if ((${#wanted[@]} + ${#optional[@]} == 0)); then
  echo "[packages] Nothing to do: everything that the tests need is installed."
  exit 0
fi
if ! command -v apt-get >/dev/null 2>&1 || ((EUID != 0)); then
  echo "[packages] Please install: ${wanted[*]} ${optional[*]}. Tests that need them are skipped." >&2
  exit 0
fi
if ((${#optional[@]} > 0)) && ! install_packages "${optional[@]}"; then
  echo "[packages] ${optional[*]} could not be installed; tests that need them are skipped." >&2
fi
((${#wanted[@]} == 0)) || install_packages "${wanted[@]}"
