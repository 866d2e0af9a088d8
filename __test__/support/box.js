// What this machine lets a test do: mounts, strace, limits. A test that needs what is missing is skipped with the reason.
'use strict';

const { spawnSync } = require('node:child_process');
const fs = require('node:fs');
const os = require('node:os');
const path = require('node:path');

const INSTALL = 'scripts/ci-packages.sh installs it';

/** `''` when the command ends well, else why it cannot be used. */
function trial(command, ...args) {
  const { status, error, stderr } = spawnSync(command, args, { encoding: 'utf8', timeout: 20_000 });
  if (error) return error.code === 'ENOENT' ? `${command} is not installed (${INSTALL})` : error.message;
  return status === 0 ? '' : (stderr.trim().split('\n')[0] || `${command} ended with ${status}`).slice(0, 120);
}

/** ClickHouse as a library for Python, of which the tests need nothing else; too large for every developer's machine. */
const CHDB = path.join(os.homedir(), '.cache', 'obs-native-tests', 'chdb-core-26.9.0');

/** The official clients of the Model Context Protocol: a hundred packages, which nothing else needs. */
const CLIENTS = path.join(os.homedir(), '.cache', 'obs-native-tests', 'mcp-clients-2.4.0');

/** ccusage, which counts tokens from the same transcripts. */
const CCUSAGE = path.join(os.homedir(), '.cache/obs-native-tests/ccusage-20.0.24/node_modules/ccusage/src/cli.js');

/** Claude Code, of which the tests need only what it says of plugins. */
const CLAUDE = path.join(
  os.homedir(),
  '.cache/obs-native-tests/claude-code-2.1.197/node_modules/@anthropic-ai/claude-code-linux-x64/claude',
);
/** The official definitions of OTLP and receivers of it, for Python. */
const OTLP = path.join(os.homedir(), '.cache', 'obs-native-tests', 'otlp-1');

/** The reason, for what CI may do without. */
const optional = (reason) => reason.replace(` (${INSTALL})`, '');

const needs = {
  linux: process.platform === 'linux' ? '' : 'only Linux has /proc, tmpfs and strace',
};

/** Why `what` cannot be had here, `''` when it can; looked up once. */
function missing(what) {
  needs[what] ??= needs.linux || look(what);
  return needs[what];
}

function look(what) {
  switch (what) {
    case 'mount':
      return trial('unshare', '-m', 'sh', '-c', 'mount -t tmpfs -o size=64k none /mnt');
    case 'quota': {
      const options = 'size=1m,usrquota,usrquota_block_hardlimit=64k';
      const reason = trial('unshare', '-m', 'sh', '-c', `mount -t tmpfs -o ${options} none /mnt`);
      return reason && 'the tmpfs of this kernel has no quotas';
    }
    case 'strace':
      return trial('strace', '-f', '-qq', '-o', '/dev/null', '-e', 'inject=write:error=EINTR:when=1', 'true');
    case 'prlimit':
      return trial('prlimit', '--fsize=65536', 'true');
    case 'chattr': // works only on some file systems
      return trial('sh', '-c', 't=$(mktemp) && chattr +i "$t"; code=$?; chattr -i "$t"; rm -f "$t"; exit $code');
    case 'promtool':
      return trial('promtool', '--version');
    case 'prometheus':
      return trial('prometheus', '--version');
    case 'node_exporter':
      return optional(trial('prometheus-node-exporter', '--version'));
    case 'rsyslog': {
      const reason = trial('rsyslogd', '-N1', '-f', path.join(__dirname, 'relp.conf'));
      return reason && 'rsyslog with RELP is not installed';
    }
    case 'prometheus_client': {
      const reason = trial('/usr/bin/python3', '-c', 'import prometheus_client.openmetrics.parser');
      return reason && '/usr/bin/python3 has no prometheus_client';
    }
    case 'client_model': {
      const definitions = '/usr/share/gocode/src/github.com/prometheus/client_model/io/prometheus/client/metrics.proto';
      if (!fs.existsSync(definitions)) return 'the official definitions of metrics are not there';
      return optional(trial('protoc', '--version'));
    }
    case 'chdb': {
      const reason = trial('python3', '-c', `import sys; sys.path.append('${CHDB}'); import chdb`);
      return reason && 'python3 has no chdb';
    }
    case 'ccusage': {
      const reason = trial(process.execPath, CCUSAGE, '--version');
      return reason && 'ccusage is not there';
    }
    case 'claude':
      return fs.existsSync(CLAUDE) ? '' : 'Claude Code is not there';
    case 'mcp-clients': {
      const names = ['client', 'sdk'].map((name) => path.join(CLIENTS, 'node_modules', '@modelcontextprotocol', name));
      return names.every((name) => fs.existsSync(name)) ? '' : 'the official clients are not there';
    }
    case 'opentelemetry-proto': {
      const reason = trial('python3', '-c', `import sys; sys.path.append('${OTLP}'); import opentelemetry.proto`);
      return reason && 'python3 has no opentelemetry-proto';
    }
    case 'oteltap': {
      const reason = trial('python3', '-c', `import sys; sys.path.append('${OTLP}'); import oteltap`);
      return reason && 'python3 has no oteltap';
    }
    case 'trace-view':
      return optional(trial(path.join(OTLP, 'bin', 'tv'), '--version')) && 'trace-view is not installed';
    case 'alertmanager':
      return trial('prometheus-alertmanager', '--version');
    case 'tmux':
      return optional(trial('tmux', '-V'));
    case 'chromium':
      return optional(trial('chromium', '--version')) || withoutPlaywright();
    case 'systemd-analyze':
      return optional(trial('systemd-analyze', '--version'));
    case 'root':
      return process.getuid() === 0 ? '' : 'only root may become another user';
    default:
      throw new Error(`nothing is known of ${what}`);
  }
}

function withoutPlaywright() {
  try {
    require.resolve('playwright-core');
    return '';
  } catch {
    return 'playwright-core is not installed (npm ci)';
  }
}

/** Jest's `test`, or a skipped one that names what is missing. In CI nothing that can be installed may be missing. */
function testWith(wanted, name, body, timeout) {
  const reason = wanted.map(missing).find((each) => each !== '');
  if (reason === undefined) return test(name, body, timeout);
  const installable = reason.includes(INSTALL);
  if (process.env.CI === 'true' && installable) {
    return test(name, () => {
      throw new Error(reason);
    });
  }
  return test.skip(`${name} [skipped: ${reason}]`, body);
}

/** The command that runs what follows on a tmpfs of its own, mounted at `folder`. */
function onTmpfs(folder, options) {
  const script = `mount -t tmpfs -o ${options} obs-test "$0" && exec "$@"`;
  return ['unshare', '-m', 'sh', '-c', script, folder];
}

/** The command that runs what follows under strace, with `faults` given to `-e inject=`, at calls on `paths` only. */
function underStrace(paths, faults, { log = '/dev/null', trace } = {}) {
  const traced = trace ?? faults.map((fault) => fault.split(':')[0]).join(',');
  const injected = faults.flatMap((fault) => ['-e', `inject=${fault}`]);
  const filters = paths.flatMap((each) => ['-P', each]);
  return ['strace', '-f', '-qq', '-o', log, ...filters, '-e', `trace=${traced}`, ...injected];
}

module.exports = { CCUSAGE, CHDB, CLAUDE, CLIENTS, OTLP, missing, onTmpfs, testWith, underStrace };
