//! Secrets made up for the tests of redaction, and the places they are put in.

#![allow(dead_code, reason = "each test file takes what it needs")]

/// Numbers that look like chance and are the same in every run.
pub struct Chance(u64);

impl Chance {
    pub const fn new(seed: u64) -> Self {
        Self(seed.wrapping_mul(0x9e37_79b9_7f4a_7c15) | 1)
    }

    pub fn below(&mut self, limit: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        usize::try_from(self.0.wrapping_mul(0x2545_f491_4f6c_dd1d) >> 33).unwrap() % limit
    }

    pub fn pick<'a, T: ?Sized>(&mut self, from: &[&'a T]) -> &'a T {
        from[self.below(from.len())]
    }

    pub fn string(&mut self, alphabet: &str, length: usize) -> String {
        let alphabet = alphabet.as_bytes();
        (0..length).map(|_| alphabet[self.below(alphabet.len())] as char).collect()
    }
}

pub const ALNUM: &str = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";
pub const WORD: &str = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_-";
pub const HEX: &str = "0123456789abcdef";
pub const UPPER: &str = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
pub const BASE64: &str = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

/// A secret as it stands in a text: what stands before it and belongs to its form, the secret, what stands behind it.
pub struct Secret {
    pub kind: &'static str,
    pub before: String,
    pub body: String,
    pub after: String,
}

impl Secret {
    pub fn text(&self) -> String {
        format!("{}{}{}", self.before, self.body, self.after)
    }
}

/// One secret of every kind.
pub fn secrets(chance: &mut Chance) -> Vec<Secret> {
    let mut all = Vec::new();
    let mut add = |kind, before: &str, secret: String, after: &str| {
        all.push(Secret { kind, before: before.into(), body: secret, after: after.into() });
    };
    for (kind, prefix, alphabet, length, tail) in [
        ("anthropic api", "sk-ant-api03-", WORD, 93, "AA"),
        ("anthropic admin", "sk-ant-admin01-", WORD, 93, "AA"),
        ("anthropic oauth", "sk-ant-oat01-", WORD, 93, "AA"),
        ("openai", "sk-", ALNUM, 48, ""),
        ("openai project", "sk-proj-", WORD, 156, ""),
        ("openai service", "sk-svcacct-", WORD, 120, ""),
        ("openai admin", "sk-admin-", WORD, 120, ""),
        ("openrouter", "sk-or-v1-", HEX, 64, ""),
        ("google", "AIza", WORD, 35, ""),
        ("google oauth", "ya29.", WORD, 120, ""),
        ("github ghp", "ghp_", ALNUM, 36, ""),
        ("github gho", "gho_", ALNUM, 36, ""),
        ("github ghu", "ghu_", ALNUM, 36, ""),
        ("github ghs", "ghs_", ALNUM, 36, ""),
        ("github ghr", "ghr_", ALNUM, 36, ""),
        ("github fine", "github_pat_", ALNUM, 82, ""),
        ("gitlab", "glpat-", WORD, 20, ""),
        ("aws AKIA", "AKIA", UPPER, 16, ""),
        ("aws ASIA", "ASIA", UPPER, 16, ""),
        ("aws ABIA", "ABIA", UPPER, 16, ""),
        ("aws ACCA", "ACCA", UPPER, 16, ""),
        ("slack app", "xapp-1-A0123456789-", HEX, 64, ""),
        ("huggingface", "hf_", ALNUM, 34, ""),
        ("groq", "gsk_", ALNUM, 52, ""),
        ("npm", "npm_", ALNUM, 36, ""),
        ("pypi", "pypi-AgEIcHlwaS5vcmc", WORD, 150, ""),
        ("stripe live", "sk_live_", ALNUM, 24, ""),
        ("stripe test", "rk_test_", ALNUM, 24, ""),
        ("databricks", "dapi", HEX, 32, ""),
        ("digitalocean", "dop_v1_", HEX, 64, ""),
        ("shopify", "shpat_", HEX, 32, ""),
        ("perplexity", "pplx-", ALNUM, 48, ""),
        ("linear", "lin_api_", ALNUM, 40, ""),
        ("vault", "hvs.", WORD, 95, ""),
        ("twilio", "SK", HEX, 32, ""),
        ("telegram", "0123456789:AA", WORD, 33, ""),
    ] {
        add(kind, "", format!("{prefix}{}{tail}", chance.string(alphabet, length)), "");
    }
    for letter in "abeoprs".chars() {
        let numbers = format!("{}-{}", chance.string("0123456789", 12), chance.string("0123456789", 13));
        add("slack token", "", format!("xox{letter}-{numbers}-{}", chance.string(ALNUM, 24)), "");
    }
    add("sendgrid", "", format!("SG.{}.{}", chance.string(WORD, 22), chance.string(WORD, 43)), "");
    add("azure", "", format!("{}8Q~{}", chance.string(ALNUM, 3), chance.string(WORD, 34)), "");
    let slack = format!("T{}/B{}/{}", chance.string(UPPER, 9), chance.string(UPPER, 9), chance.string(ALNUM, 24));
    add("slack webhook", "https://hooks.slack.com/services/", slack, "");
    let claims = base64(format!("{{\"sub\":\"{}\",\"iat\":1700000000}}", chance.string(ALNUM, 12)).as_bytes(), true);
    let head = base64(b"{\"alg\":\"HS256\",\"typ\":\"JWT\"}", true);
    add("jwt", "", format!("{head}.{claims}.{}", chance.string(WORD, 43)), "");
    for label in ["RSA PRIVATE KEY", "OPENSSH PRIVATE KEY", "PRIVATE KEY", "PGP PRIVATE KEY BLOCK"] {
        for newline in ["\n", "\\n"] {
            let lines: Vec<_> = (0..4).map(|_| chance.string(BASE64, 64)).collect();
            let body = lines.join(newline);
            let begin = format!("-----BEGIN {label}-----{newline}");
            add("pem", &begin, body.clone(), &format!("{newline}-----END {label}-----"));
            add("pem without end", &begin, body, "");
        }
    }
    add("url password", "postgres://admin:", chance.string(ALNUM, 14), "@db.example.com:5432/main");
    add("bearer", "Bearer ", chance.string(WORD, 32), "");
    add("bearer upper", "BEARER ", chance.string(WORD, 32), "");
    let basic = base64(format!("{}:{}", chance.string("abcdef", 6), chance.string(ALNUM, 12)).as_bytes(), false);
    add("basic", "Basic ", basic, "");
    let pair = format!("AKIA{} ", chance.string(UPPER, 16));
    let secret = format!("aB3/{}", chance.string(BASE64, 36));
    add("aws secret", &pair, secret, "");
    all
}

pub const BEFORE: [&str; 14] = ["", " ", "\"", "\n", "e", "Z", "7", "=", ":", "/", "_", "-", "\\", "é"];
pub const AFTER: [&str; 14] = ["", " ", "\"", "\n", "x", "Z", "7", "=", ":", "/", "_", "-", "\\", "é"];

pub fn base64(bytes: &[u8], url: bool) -> String {
    let tail = if url { "-_" } else { "+/" };
    let alphabet: Vec<u8> = ALNUM.bytes().chain(tail.bytes()).collect();
    let mut out = String::new();
    for group in bytes.chunks(3) {
        let bits = group.iter().enumerate().fold(0u32, |bits, (at, &byte)| bits | u32::from(byte) << (16 - 8 * at));
        for at in 0..=group.len() {
            out.push(alphabet[(bits >> (18 - 6 * at) & 63) as usize] as char);
        }
    }
    while !url && !out.len().is_multiple_of(4) {
        out.push('=');
    }
    out
}

pub fn quote(text: &str) -> String {
    obs_native::json::quote(text.as_bytes())
}

pub fn percent(text: &str) -> String {
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || b"-_.!~*'()".contains(&byte);
    text.bytes().map(|byte| if plain(byte) { char::from(byte).to_string() } else { format!("%{byte:02X}") }).collect()
}
