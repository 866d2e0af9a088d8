#!/usr/bin/env bash
# Installs what building and testing a release on Linux needs beside Node and Rust: zig's linker, and what the tests use.
set -eu
cd "$(dirname "${BASH_SOURCE[0]}")/.."

# Pinned: what is published is linked by these.
python3 -m pip install cargo-zigbuild==0.24.1 ziglang==0.17.1
bash scripts/ci-packages.sh
