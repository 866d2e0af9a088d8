//! Reads what a program is given on standard input, up to a bound.

use std::io::{self, Read};

/// All that can be read, or `None` when that is more than `most` bytes; what is too long is not read to its end.
///
/// ```
/// use obs_native::claude::read_bounded;
///
/// assert_eq!(read_bounded(&b"{}"[..], 2).unwrap(), Some(b"{}".to_vec()));
/// assert_eq!(read_bounded(&b"[1]"[..], 2).unwrap(), None);
/// ```
///
/// # Errors
/// As the system says.
pub fn read_bounded(from: impl Read, most: usize) -> io::Result<Option<Vec<u8>>> {
    let mut bytes = Vec::new();
    from.take(most as u64 + 1).read_to_end(&mut bytes)?;
    Ok((bytes.len() <= most).then_some(bytes))
}
