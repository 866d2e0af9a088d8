//! How long hostile texts take: as long for each byte however many there are, and never very long.

use std::time::Duration;

use obs_native::json;
use obs_native::redact::Redactor;

fn quote(text: &str) -> String {
    json::quote(text.as_bytes())
}

/// Texts that would take a careless rule more than linear time.
const HOSTILE: &[&str] = &[
    "curl ",
    "curl -u mysql -p sshpass ",
    "?sig=",
    "&Signature=a",
    "a:5432:",
    "password=a,b;c|d&e{f}",
    "login me password ",
    "password is ",
    "password=\\\"",
    "a;password=b c",
    "x://a:b/c#d",
    "a",
    "eyJ",
    "eyJ.",
    "eyJhbGciOiJIUzI1NiJ9.",
    "-----BEGIN ",
    "-----BEGIN RSA PRIVATE KEY-----",
    "sk-",
    "sk-a1",
    "ghp_",
    "AKIA",
    "LTAI",
    "LTAIAKIA",
    "SKdapi",
    "xoxb-",
    "token",
    "token=",
    "token = ",
    "token: \"",
    "token='",
    "pwd=\\\"",
    "password ",
    "secret\\",
    "authorization:",
    "authorization: bearer ",
    "cookie: a=",
    "Bearer ",
    "Bearer a1",
    "Basic ",
    "Basic dTpw",
    "://",
    "://a:",
    "://@",
    ":\\/\\/",
    ":\\\\",
    "\\",
    "\\u0073",
    "\\\"",
    "%41",
    "%25",
    "%",
    "~",
    "8Q~",
    "hooks.slack",
    "/webhooks/",
    "key",
    "api_key=",
    "data:image/png;base64,",
    "dG9rZW49",
    "dG9rZW49YWJj/",
    "YQ/+",
    "SG.aaaaaaaaaaaaaaaaaaaaaaaa.",
    "[",
    "{",
    "[\"authorization\",",
    "<token>",
    "--token ",
    "\"token\":",
    "{\"a\":\"{\\\"",
    "MTAAAAAAAAAAAAAAAAAAAAAAAA.bbbbbb.",
    "é",
    "\n",
    " ",
    "=",
    "AA",
    ":AA",
    "12345678:AA",
    "connection string=",
    "pass phrase:",
    "?token=atoken=",
    "?token=a.token=",
    "cookie://a:b@",
    "AKIDldap",
    "123ATBBsecret%41",
    "AKID\\u0073mysql",
    "%41eyJhbGciOiJIUzI1NiJ9AKIDsmbclient",
    "pwd)connection stringPassword=",
    "=>pwd",
    "Password=pass",
    "token:a.",
    "pwd:",
    "token=$",
    "token=?",
    "token=${",
    "PASSWORD=$A_",
    "*password=*",
    "tokenis=",
    "max_tokens=",
    "password: \"",
    "{\"k\":\"token\",\"v\":",
    "\\\"token\\\":\\\"",
    "\\\\\\\"pwd\\\\\\\":",
    "password='\\\"",
    ";Password=a b;",
    "Server=db;Password=",
    "&X-Amz-Signature=aaaaaaaaaaaaaaaa",
    "login me password a ",
    "-----BEGIN PRIVATE KEY-----\\n",
    "UUUUUUUUUUUUUUUUUUUUUUUU ",
    "dG9rZW49dG9rZW49dG9r ",
    "AAAAAAAAAAAAAAAAAAAAsk-[%41",
    "[{",
    "{\"a\":[",
    "--token \"token\":\"|",
];

/// The time that this thread has had on a processor, so that others on the machine do not count.
#[cfg(unix)]
fn spent() -> Duration {
    rustix::time::clock_gettime(rustix::time::ClockId::ThreadCPUTime).try_into().unwrap_or_default()
}

#[cfg(not(unix))]
fn spent() -> Duration {
    static START: std::sync::LazyLock<std::time::Instant> = std::sync::LazyLock::new(std::time::Instant::now);
    START.elapsed()
}

/// A loop over the bytes of a text that no compiler makes faster: what a text takes is told in times of it, which say the same
/// on slow and busy machines.
fn yardstick(text: &[u8]) {
    let fold = |sum: u64, &byte: &u8| (sum ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3);
    std::hint::black_box(text.iter().fold(0xcbf2_9ce4_8422_2325, fold));
}

/// How long a MiB of a text takes, and how often the yardstick fits into that; the best of five.
fn time(text: &[u8], run: impl Fn(&[u8])) -> (Duration, f64) {
    let once = |run: &dyn Fn(&[u8])| {
        let before = spent();
        run(text);
        spent().saturating_sub(before)
    };
    let (mut best, mut folded) = (Duration::MAX, Duration::MAX);
    for _ in 0..5 {
        folded = folded.min(once(&yardstick));
        best = best.min(once(&run));
    }
    let times = best.as_secs_f64() / folded.as_secs_f64();
    (best * (1 << 20) / u32::try_from(text.len()).unwrap_or(u32::MAX), times)
}

/// How many yardsticks a text may take, each of which is a millisecond for a MiB on a machine of 4 GHz. Texts of one kind take
/// less than half of it; those that take most are shown twice, as they are and decoded, and again with what was found in them masked.
const BAR: f64 = 50.0;

#[test]
#[ignore = "prints and judges timings"]
fn time_is_linear() {
    let redactor = Redactor::standard();
    let text = |text: &str| time(text.as_bytes(), |text| drop(redactor.text(text)));
    let json = |json: &str| time(json.as_bytes(), |json| drop(redactor.json(json)));
    let nested = |text: &str| quote(&quote(&format!("[{}]", quote(text))));
    let (mut worst, mut slow) = (Duration::ZERO, Vec::new());
    for shape in HOSTILE {
        let of = |bytes: usize| shape.repeat(bytes / shape.len());
        let (half, whole) = (of(1 << 20), of(2 << 20));
        for (name, half, whole) in [
            ("text", text(&half), text(&whole)),
            ("json", json(&quote(&half)), json(&quote(&whole))),
            ("nested", json(&nested(&half)), json(&nested(&whole))),
        ] {
            let ((took, times), ratio) = (half, whole.1 / half.1);
            let row = format!(
                "{name:6} {shape:40?} {:5.1} ms a MiB, {times:4.1} yardsticks, {ratio:.2} times that in twice the text",
                took.as_secs_f64() * 1e3
            );
            println!("{row}");
            // Each is told for one MiB: by the square it would be twice as long. Memory of a few MiB is dearer than that of one.
            if times > BAR || ratio > 1.85 && whole.1 > BAR / 2.0 {
                slow.push(row);
            }
            worst = worst.max(took);
        }
    }
    println!("worst {worst:?} for 1 MiB");
    assert!(slow.is_empty(), "over {BAR} yardsticks, or by the square:\n{}", slow.join("\n"));
}
