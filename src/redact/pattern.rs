//! Regular expressions of JavaScript, as far as they can be matched in linear time.

use regex::bytes::{Regex, RegexBuilder};

use super::settings::{Error, Pattern};

/// The longest source of a pattern.
const LONGEST: usize = 4096;
/// How much memory a compiled pattern may take.
const SIZE: usize = 1 << 20;
/// How many patterns a list may have.
const MOST: usize = 100;

/// White space as `\s` of JavaScript has it, as the inside of a class.
const SPACE: &str = r"\t\n\x0B\x0C\r \x{A0}\x{1680}\x{2000}-\x{200A}\x{2028}\x{2029}\x{202F}\x{205F}\x{3000}\x{FEFF}";

/// Compiles the patterns of one list.
pub(super) fn compile(list: &'static str, patterns: &[Pattern]) -> Result<Vec<Regex>, Error> {
    if patterns.len() > MOST {
        return Err(Error::TooMany { list, count: patterns.len(), most: MOST });
    }
    let compile = |(index, pattern): (usize, &Pattern)| {
        compile_one(pattern).map_err(|reason| Error::Pattern {
            list,
            index,
            source_text: pattern.source.chars().take(100).collect(),
            flags: pattern.flags.clone(),
            reason,
        })
    };
    patterns.iter().enumerate().map(compile).collect()
}

/// Compiles a regular expression of JavaScript that ignores case, as far as it can be matched in linear time.
///
/// # Errors
/// What is wrong with it.
///
/// ```
/// use obs_native::redact::expression;
///
/// assert!(expression(r"time\s?out").is_ok_and(|found| found.is_match(b"a TimeOut")));
/// assert!(expression("(").is_err());
/// ```
pub fn expression(source: &str) -> Result<Regex, String> {
    compile_one(&Pattern { source: source.to_owned(), flags: "i".to_owned() })
}

fn compile_one(pattern: &Pattern) -> Result<Regex, String> {
    if pattern.source.len() > LONGEST {
        return Err(format!("the source has {} bytes, which should be at most {LONGEST}", pattern.source.len()));
    }
    if let Some(flag) = pattern.flags.chars().find(|flag| !"dgimsu".contains(*flag)) {
        return Err(format!("the flag {flag:?} is not supported; d, g, i, m, s and u are"));
    }
    if has_property(&pattern.source) {
        return Err(r"classes of Unicode properties (\p and \P) are not supported: name the characters".into());
    }
    let has = |flag| pattern.flags.contains(flag);
    let regex = RegexBuilder::new(&translate(&pattern.source, has('s')))
        .case_insensitive(has('i'))
        .multi_line(has('m'))
        .size_limit(SIZE)
        .dfa_size_limit(SIZE)
        .nest_limit(50)
        .build()
        .map_err(|error| explain(&error))?;
    if regex.is_match(b"") {
        return Err("it matches the empty text; it should match at least one character".into());
    }
    Ok(regex)
}

/// Whether there is a class of characters with a property. The tables that it takes would be a tenth of the whole addon.
fn has_property(source: &str) -> bool {
    let mut chars = source.chars();
    while let Some(char) = chars.next() {
        if char == '\\' && matches!(chars.next(), Some('p' | 'P')) {
            return true;
        }
    }
    false
}

fn explain(error: &regex::Error) -> String {
    match error {
        regex::Error::CompiledTooBig(limit) => {
            format!("it is too large once compiled; at most {limit} bytes are allowed: use smaller repetitions")
        }
        other => {
            let text = other.to_string();
            let last = text.lines().last().unwrap_or_default();
            format!("it cannot be matched in linear time or is not valid: {}", last.trim_start_matches("error: "))
        }
    }
}

/// Rewrites what the two dialects spell alike but mean differently.
fn translate(source: &str, dot_all: bool) -> String {
    let mut out = String::with_capacity(source.len() + 16);
    let mut chars = source.chars();
    let mut class = false;
    while let Some(char) = chars.next() {
        match char {
            '\\' => escape(&mut out, chars.next(), class),
            '[' if class => out.push_str("\\["),
            '[' => {
                class = true;
                open_class(&mut out, &mut chars, &mut class);
            }
            ']' if class => {
                class = false;
                out.push(']');
            }
            // Doubled, these are operators on sets in the other dialect.
            '&' | '~' if class => out.extend(['\\', char]),
            '.' if !class && dot_all => out.push_str("(?s:.)"),
            '.' if !class => out.push_str(r"[^\n\r\x{2028}\x{2029}]"),
            other => out.push(other),
        }
    }
    out
}

/// Opens a class; an empty one matches nothing, and an empty negated one everything.
fn open_class(out: &mut String, chars: &mut std::str::Chars<'_>, class: &mut bool) {
    let rest = chars.as_str();
    let (whole, taken) = if rest.starts_with(']') {
        (r"[^\x{0}-\x{10FFFF}]", 1)
    } else if rest.starts_with("^]") {
        ("(?s:.)", 2)
    } else {
        return out.push('[');
    };
    out.push_str(whole);
    *class = false;
    *chars = rest[taken..].chars();
}

fn escape(out: &mut String, escaped: Option<char>, class: bool) {
    match escaped {
        Some('d') if class => out.push_str("0-9"),
        Some('d') => out.push_str("[0-9]"),
        Some('D') => out.push_str("[^0-9]"),
        Some('w') if class => out.push_str("0-9A-Za-z_"),
        Some('w') => out.push_str("[0-9A-Za-z_]"),
        Some('W') => out.push_str("[^0-9A-Za-z_]"),
        Some('s') if class => out.push_str(SPACE),
        Some('s') => out.extend(["[", SPACE, "]"]),
        Some('S') => out.extend(["[^", SPACE, "]"]),
        Some('b') if class => out.push_str("\\x08"),
        Some('b') => out.push_str(r"(?-u:\b)"),
        // Between two bytes of one character there is one too, but nothing that can be matched begins or ends there.
        Some('B') => out.push_str(r"(?-u:\B)"),
        Some('0') => out.push_str("\\x00"),
        Some('v') => out.push_str("\\x0B"),
        Some('f') => out.push_str("\\x0C"),
        // Escaping these is allowed there and not here.
        Some(plain @ ('/' | '<' | '>' | '"' | '\'' | '`' | '=' | ':' | ';' | ',' | '@' | '%' | '!' | '_' | ' ')) => {
            out.push(plain);
        }
        Some(other) => out.extend(['\\', other]),
        None => out.push('\\'),
    }
}

#[cfg(test)]
mod tests {
    use super::compile;
    use crate::redact::Pattern;

    fn pattern(source: &str, flags: &str) -> Pattern {
        Pattern { source: source.into(), flags: flags.into() }
    }

    fn matches(source: &str, flags: &str, text: &str) -> bool {
        compile("patterns", &[pattern(source, flags)]).unwrap()[0].is_match(text.as_bytes())
    }

    #[test]
    fn means_what_javascript_means() {
        assert!(matches(r"acme-\d{4}", "g", "x acme-1234 y"));
        assert!(!matches(r"^\d$", "", "٣"));
        assert!(matches(r"a\sb", "", "a\u{feff}b"));
        assert!(!matches(r"a\sb", "", "a\u{85}b"));
        assert!(!matches("a.b", "", "a\rb"));
        assert!(matches("a.b", "s", "a\rb"));
        assert!(matches("[^]x", "", "\nx"));
        assert!(!matches("a[]", "", "a"));
        assert!(matches(r"[[&&]", "", "&"));
        assert!(matches(r"[\w-]+\/\<x\>", "i", "a-B/<X>"));
        assert!(matches(r"\u0041\x42", "", "AB"));
        assert!(matches(r"\bü", "", "aü"), "borders are those of ASCII words");
        assert!(matches(r"ü\Bé", "", "üé") && matches(r"a\Bb", "", "ab") && !matches(r"a\Bü", "", "aü"));
        assert!(matches(r"\\p", "", r"\p"), "an escaped backslash");
    }

    #[test]
    fn says_what_is_wrong() {
        let wrong = |source: &str, flags: &str| compile("patterns", &[pattern(source, flags)]).unwrap_err().to_string();
        assert!(wrong("(?=a)b", "").contains("redact.patterns[0] /(?=a)b/: it cannot be matched in linear time"));
        assert!(wrong(r"(a)\1", "").contains("backreferences are not supported"));
        assert!(wrong("a*", "").contains("matches the empty text"));
        assert!(wrong("a", "v").contains("the flag 'v' is not supported"));
        assert!(wrong("(a{1000}){1000}", "").contains("too large"));
        assert!(wrong(r"\\\p{L}+", "u").contains("Unicode properties"));
        assert!(wrong("(", "").contains("unclosed group"));
        assert!(wrong(&"a".repeat(5000), "").contains("5000 bytes"));
        assert!(compile("allow", &vec![pattern("a", ""); 101]).unwrap_err().to_string().contains("at most 100"));
    }
}
