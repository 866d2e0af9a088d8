//! Names that an objective is about: one name, or a pattern in which `*` stands for any characters.

/// A pattern for names, which are WTF-8.
///
/// ```
/// use obs_native::objective::Pattern;
///
/// let pattern = Pattern::new("deploy*");
/// assert!(pattern.fits(b"deploy-staging") && !pattern.fits(b"redeploy"));
/// assert!(Pattern::new("CUJ-005").fits(b"CUJ-005"));
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Pattern(Vec<u8>);

impl Pattern {
    /// The pattern that stands in an objective.
    #[must_use]
    pub fn new(text: &str) -> Self {
        Self(text.as_bytes().to_vec())
    }

    /// The one name that fits; `None` of a pattern for several.
    #[must_use]
    pub fn name(&self) -> Option<&[u8]> {
        (!self.0.contains(&b'*')).then_some(&self.0)
    }

    /// Whether a name fits.
    #[must_use]
    pub fn fits(&self, name: &[u8]) -> bool {
        let mut parts = self.0.split(|&byte| byte == b'*');
        let first = parts.next().unwrap_or_default();
        let Some(mut rest) = name.strip_prefix(first) else { return false };
        let Some(last) = parts.next_back() else { return rest.is_empty() };
        for part in parts {
            match memchr::memmem::find(rest, part) {
                Some(place) => rest = &rest[place + part.len()..],
                None => return false,
            }
        }
        rest.ends_with(last)
    }
}

#[cfg(test)]
mod tests {
    use super::Pattern;

    #[test]
    fn a_star_stands_for_anything() {
        for (pattern, fitting, other) in [
            ("*", "", None),
            ("a*", "a", Some("ba")),
            ("*a", "ba", Some("ab")),
            ("a*b*c", "a-b-b-c", Some("a-c-b")),
            ("a*a", "aa", Some("a")),
            ("**x", "yx", Some("y")),
            ("", "", Some("a")),
            ("a.c", "a.c", Some("abc")),
        ] {
            assert!(Pattern::new(pattern).fits(fitting.as_bytes()), "{pattern} {fitting}");
            assert!(other.is_none_or(|other| !Pattern::new(pattern).fits(other.as_bytes())), "{pattern} {other:?}");
        }
    }
}
