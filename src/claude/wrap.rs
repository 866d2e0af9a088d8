//! Runs somebody else's command for a status line: what it prints is kept, and neither its failure nor its silence breaks ours.

use std::io::{Read, Write};
use std::process::{Child, Command, Stdio};
use std::sync::mpsc::{Receiver, RecvTimeoutError, channel};
use std::time::{Duration, Instant};

/// So long it may take.
const PATIENCE: Duration = Duration::from_secs(2);

/// What its children may still say when it has ended.
const REST: Duration = Duration::from_millis(30);

/// How often it is looked at.
const LOOK: Duration = Duration::from_millis(2);

/// More of what it prints is not shown.
const MOST_BYTES: usize = 64 * 1024;

/// What a shell's command prints for the same standard input, without the last newline; nothing when it fails, or is not done
/// within two seconds.
#[must_use]
pub fn wrapped(command: &str, input: &[u8]) -> Vec<u8> {
    let Ok(mut child) = shell(command).spawn() else { return Vec::new() };
    if let Some(mut stdin) = child.stdin.take() {
        let input = input.to_vec();
        // It need not read it.
        std::thread::spawn(move || stdin.write_all(&input));
    }
    let output = child.stdout.take().map(pieces);
    let text = output.and_then(|output| await_text(&mut child, &output, Instant::now() + PATIENCE));
    if text.is_none() {
        end(&mut child);
    }
    let mut text = text.unwrap_or_default();
    text.truncate(text.trim_ascii_end().len());
    text
}

fn shell(command: &str) -> Command {
    // Claude Code runs such commands by a shell of this kind on Windows, too.
    let mut shell = Command::new(if cfg!(windows) { "sh" } else { "/bin/sh" });
    shell.args(["-c", command]).stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::null());
    #[cfg(unix)]
    std::os::unix::process::CommandExt::process_group(&mut shell, 0);
    shell
}

fn pieces(mut from: impl Read + Send + 'static) -> Receiver<Vec<u8>> {
    let (to, pieces) = channel();
    std::thread::spawn(move || {
        let mut buffer = [0; 8192];
        while let Ok(count @ 1..) = from.read(&mut buffer) {
            if to.send(buffer[..count].to_vec()).is_err() {
                break;
            }
        }
    });
    pieces
}

/// All that it says until it ends well; `None` when it does not.
fn await_text(child: &mut Child, pieces: &Receiver<Vec<u8>>, patience: Instant) -> Option<Vec<u8>> {
    let mut text = Vec::new();
    let (mut until, mut ended, mut closed) = (patience, false, false);
    while Instant::now() < until {
        match pieces.recv_timeout(LOOK) {
            Ok(piece) if text.len() < MOST_BYTES => text.extend_from_slice(&piece),
            Ok(_) | Err(RecvTimeoutError::Timeout) => {}
            Err(RecvTimeoutError::Disconnected) => {
                closed = true;
                std::thread::sleep(LOOK);
            }
        }
        if !ended && let Some(status) = child.try_wait().ok()? {
            if !status.success() {
                return None;
            }
            (ended, until) = (true, Instant::now() + REST);
        }
        if ended && closed {
            break;
        }
    }
    text.truncate(MOST_BYTES);
    ended.then_some(text)
}

/// Ends it and what it started.
fn end(child: &mut Child) {
    #[cfg(unix)]
    if let Some(group) = i32::try_from(child.id()).ok().and_then(rustix::process::Pid::from_raw) {
        let _ = rustix::process::kill_process_group(group, rustix::process::Signal::KILL);
    }
    let _ = child.kill();
    let _ = child.wait();
}

#[cfg(all(test, unix))]
mod tests {
    use std::time::{Duration, Instant};

    use super::{MOST_BYTES, wrapped};

    #[test]
    fn it_gets_the_input_and_keeps_its_words() {
        assert_eq!(wrapped("cat; echo", b"{\"a\":1}"), b"{\"a\":1}");
        assert_eq!(wrapped("printf 'one\\ntwo\\n\\n'", &vec![b' '; 1 << 20]), b"one\ntwo");
    }

    #[test]
    fn one_that_fails_floods_or_leaves_children_behind_breaks_nothing() {
        assert_eq!(wrapped("echo half; exit 3", b""), b"");
        assert_eq!(wrapped("/nowhere/at-all", b""), b"");
        assert_eq!(wrapped("head -c 10000000 /dev/zero | tr '\\0' x", b"").len(), MOST_BYTES);
        assert_eq!(wrapped("sleep 30 & echo done", b""), b"done");
    }

    #[test]
    fn one_that_hangs_is_ended() {
        let started = Instant::now();
        assert_eq!(wrapped("echo early; sleep 60", b""), b"");
        assert!(started.elapsed() < Duration::from_secs(50));
    }
}
