//! The program that Claude Code runs: `obs-hook` for its hooks, `obs-hook statusline` for the line under its prompt.
//!
//! For hooks it prints nothing, and whatever happens its exit code is 0, for Claude Code acts on both; `OBS_DEBUG` makes it say
//! on standard error what went wrong.

use std::io::{IsTerminal, Write};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::{SystemTime, UNIX_EPOCH};

use obs_native::claude::{
    Glance, Left, Place, Surroundings, import_left, read_bounded, refresh_status, run_hook, status_line, wrapped,
};

/// Longer input is no event of which anything would be read.
const MOST_BYTES: usize = 16 * 1024 * 1024;

/// A longer transcript is imported behind the hook's back: reading it takes two to four milliseconds.
const MOST_TRANSCRIPT: u64 = 2 * 1024 * 1024;

fn main() {
    let debug = std::env::var_os("OBS_DEBUG").is_some_and(|value| !value.is_empty());
    if !debug {
        std::panic::set_hook(Box::new(|_| {}));
    }
    let done = std::panic::catch_unwind(run);
    if let (true, Ok(Err(what))) = (debug, done) {
        let _ = writeln!(std::io::stderr(), "obs-hook: {what}");
    }
}

fn run() -> Result<(), String> {
    let words: Vec<String> = std::env::args_os().skip(1).map(|word| word.to_string_lossy().into_owned()).collect();
    match words.iter().map(String::as_str).collect::<Vec<_>>()[..] {
        [] | ["hook"] => hook(),
        ["statusline"] => show(None),
        ["statusline", "--wrap", command] => show(Some(command)),
        ["refresh", root, data] => {
            let place = Place { root: PathBuf::from(root), data: PathBuf::from(data) };
            refresh_status(&place, &Surroundings::of_process(), now()).map_err(|error| error.to_string())
        }
        ["import", root, data, session] => {
            let place = Place { root: PathBuf::from(root), data: PathBuf::from(data) };
            import_left(&place, Path::new(session), &Surroundings::of_process(), now())
                .map_err(|error| error.to_string())
        }
        ["--version"] => print(concat!("obs-hook ", env!("CARGO_PKG_VERSION")).as_bytes()),
        _ => Err("it knows no words but: hook, statusline, statusline --wrap COMMAND, --version".to_owned()),
    }
}

fn hook() -> Result<(), String> {
    let Some(text) = input()? else { return Ok(()) };
    let left =
        run_hook(&text, &Surroundings::of_process(), now(), MOST_TRANSCRIPT).map_err(|error| error.to_string())?;
    let Some(Left { place, import, retention }) = left else { return Ok(()) };
    let imported = import.map_or(Ok(()), |session| import_behind(&place, &session));
    if retention { retention_behind(&place.root).and(imported) } else { imported }
}

/// Has a session imported by a process that nobody waits for.
fn import_behind(place: &Place, session: &Path) -> Result<(), String> {
    let program = std::env::current_exe().map_err(|error| error.to_string())?;
    let mut command = Command::new(program);
    command.arg("import").args([&place.root, &place.data]).arg(session);
    start_behind(&mut command)
}

/// Has the records of a workspace thinned out by a process of Node's that nobody waits for, where the package is beside this
/// program, or this one in it.
fn retention_behind(root: &Path) -> Result<(), String> {
    let program = std::env::current_exe().map_err(|error| error.to_string())?;
    let Some(folder) = program.parent() else { return Ok(()) };
    let places = [folder.join("bin/obs.js"), folder.join("../native/bin/obs.js")];
    let Some(obs) = places.into_iter().find(|place| place.exists()) else { return Ok(()) };
    let mut command = Command::new("node");
    command.arg(obs).args(["retention", "run", "--root"]).arg(root);
    start_behind(&mut command)
}

/// Standard input, unless it is too long. Nobody is asked to type it.
fn input() -> Result<Option<Vec<u8>>, String> {
    let stdin = std::io::stdin();
    if stdin.is_terminal() {
        return Ok(Some(Vec::new()));
    }
    read_bounded(stdin.lock(), MOST_BYTES).map_err(|error| error.to_string())
}

/// Shows the status line, below that of another command.
fn show(command: Option<&str>) -> Result<(), String> {
    let text = input()?.unwrap_or_default();
    let columns = std::env::var("COLUMNS").ok().and_then(|columns| columns.parse().ok()).filter(|columns| *columns > 0);
    let Glance { line, refresh } = status_line(&text, &Surroundings::of_process(), columns, now());
    let mut shown = command.map(|command| wrapped(command, &text)).unwrap_or_default();
    if !shown.is_empty() && !line.is_empty() {
        shown.push(b'\n');
    }
    shown.extend_from_slice(line.as_bytes());
    let printed = print(&shown);
    refresh.map_or(Ok(()), |place| refresh_behind(&place)).and(printed)
}

fn print(text: &[u8]) -> Result<(), String> {
    let mut stdout = std::io::stdout().lock();
    let written = if text.is_empty() { Ok(()) } else { stdout.write_all(&[text, b"\n"].concat()) };
    written.and_then(|()| stdout.flush()).map_err(|error| error.to_string())
}

/// Has the state made anew by a process that nobody waits for.
fn refresh_behind(place: &Place) -> Result<(), String> {
    let program = std::env::current_exe().map_err(|error| error.to_string())?;
    let mut command = Command::new(program);
    command.arg("refresh").args([&place.root, &place.data]);
    start_behind(&mut command)
}

fn start_behind(command: &mut Command) -> Result<(), String> {
    command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
    #[cfg(unix)]
    std::os::unix::process::CommandExt::process_group(command, 0);
    command.spawn().map(drop).map_err(|error| error.to_string())
}

/// Epoch ms, whole ones as `Date.now()` gives them.
#[expect(clippy::cast_precision_loss, reason = "times of dates are far below 2^53")]
fn now() -> f64 {
    SystemTime::now().duration_since(UNIX_EPOCH).map_or(0.0, |since| since.as_millis() as f64)
}
