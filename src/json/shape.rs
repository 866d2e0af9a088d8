//! The shape of a text: everything but its values that are no containers. Lines of one writer have few shapes, and a line
//! whose shape is known needs no more than a comparison and a walk over its values.

use super::scalar::skip_scalar;

/// The pieces of text around the scalar values of JSON text that has passed the scanner. Text that has the same pieces
/// around other scalar values is JSON as well, with the same keys in the same places.
///
/// ```
/// use obs_native::json::Shape;
///
/// let shape = Shape::new(br#"{"a":1,"b":[""]}"#, &[(5, 6), (12, 14)]);
/// let mut values = Vec::new();
/// assert!(shape.find(br#"{"a":null,"b":["x"]}"#, &mut values));
/// assert_eq!(values, [(5, 9), (15, 18)]);
/// assert!(!shape.find(br#"{"a":null,"c":["x"]}"#, &mut values));
/// ```
#[derive(Debug)]
pub struct Shape(Vec<Step>);

/// How many bytes are compared at once.
const STEP: usize = size_of::<u128>();

/// At most sixteen bytes of a piece.
#[derive(Debug, Default)]
struct Step {
    bytes: u128,
    /// Which bits of them count.
    mask: u128,
    length: usize,
    /// Whether the piece ends here and a scalar value follows.
    scalar: bool,
}

impl Shape {
    /// The shape of `text`, which has its scalar values in these ranges, in order.
    #[must_use]
    pub fn new(text: &[u8], scalars: &[(usize, usize)]) -> Self {
        let mut steps = Vec::new();
        let mut from = 0;
        for &(start, end) in scalars {
            append_piece(&mut steps, &text[from..start]);
            steps.last_mut().into_iter().for_each(|step: &mut Step| step.scalar = true);
            from = end;
        }
        append_piece(&mut steps, &text[from..]);
        Self(steps)
    }

    /// Whether `text` has this shape; then `scalars` are the ranges of its scalar values.
    #[inline]
    pub fn find(&self, text: &[u8], scalars: &mut Vec<(usize, usize)>) -> bool {
        scalars.clear();
        let mut at = 0;
        for step in &self.0 {
            let bytes = match text.get(at..).and_then(<[u8]>::first_chunk) {
                Some(bytes) => u128::from_le_bytes(*bytes),
                None => padded(text, at),
            };
            if (bytes ^ step.bytes) & step.mask != 0 {
                return false;
            }
            at += step.length;
            if step.scalar {
                let Ok(end) = skip_scalar(text, at) else { return false };
                scalars.push((at, end));
                at = end;
            }
        }
        at == text.len()
    }
}

fn append_piece(steps: &mut Vec<Step>, piece: &[u8]) {
    for part in piece.chunks(STEP).chain(piece.is_empty().then_some(piece)) {
        let mut mask = [0; STEP];
        mask[..part.len()].fill(u8::MAX);
        let (bytes, mask) = (padded(part, 0), u128::from_le_bytes(mask));
        steps.push(Step { bytes, mask, length: part.len(), scalar: false });
    }
}

/// What there is from `at` on, at most sixteen bytes; zeros, which no piece has, stand for those behind the end.
#[inline]
fn padded(text: &[u8], at: usize) -> u128 {
    let rest = text.get(at..).unwrap_or_default();
    match text.last_chunk() {
        Some(last) if !rest.is_empty() => u128::from_le_bytes(*last) >> (8 * (STEP - rest.len())),
        _ => rest.iter().rev().fold(0, |bytes, &byte| (bytes << 8) | u128::from(byte)),
    }
}
