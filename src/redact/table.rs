//! The one table of rules: every prefix that begins a secret, and every word that a secret may stand behind.

use super::bytes::{ALNUM, BASE64, CREDENTIAL, DOTTED, HEX, UPPER, WORD};
use super::prefixes::AWS;
use super::scan::Scan;
use super::{clients, credentials, pairs, places};

/// A secret that begins with a prefix of its own.
pub(super) struct Prefix {
    pub(super) text: &'static str,
    pub(super) kind: &'static str,
    /// The class of the bytes that follow, and how few of them there may be.
    pub(super) body: u16,
    pub(super) least: usize,
    pub(super) proof: Proof,
}

/// What else the body of a prefixed secret must show, where the prefix alone proves too little.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Proof {
    /// Nothing more.
    None,
    /// A digit.
    Digit,
    /// A digit, or thirty bytes, or twenty with letters in both cases.
    DigitOrLong,
    /// A stretch of eight letters and digits, both among them or in both cases.
    Stretch,
    /// As `sk-` needs it, which also ends `task-` and `risk-`.
    Random,
    /// Two more parts behind dots.
    Jwt,
    /// One more part behind a dot.
    TwoParts,
    /// A varied body that stops within 128 bytes, so that it is not a piece of something longer.
    Bounded,
    /// The same, and no long base64 around it, which has these letters by chance when it holds a program.
    Apart,
}

const fn rule(text: &'static str, kind: &'static str, body: u16, least: usize, proof: Proof) -> Prefix {
    Prefix { text, kind, body, least, proof }
}

/// Every prefix; whatever byte stands before it.
pub(super) const PREFIXES: &[Prefix] = &[
    rule("sk-ant-", "anthropic-key", WORD, 10, Proof::Stretch),
    rule("sk-proj-", "openai-key", WORD, 16, Proof::Stretch),
    rule("sk-svcacct-", "openai-key", WORD, 16, Proof::Stretch),
    rule("sk-admin-", "openai-key", WORD, 16, Proof::Stretch),
    rule("sk-or-", "openrouter-key", WORD, 16, Proof::Stretch),
    rule("sk-", "provider-key", WORD, 16, Proof::Random),
    rule("AIza", "google-key", WORD, 30, Proof::Bounded),
    rule("AQ.Ab", "google-key", WORD, 30, Proof::Bounded),
    rule("ya29.", "google-oauth", WORD, 20, Proof::None),
    rule("GOCSPX-", "google-oauth", WORD, 20, Proof::None),
    rule("ghp_", "github-token", ALNUM, 20, Proof::DigitOrLong),
    rule("gho_", "github-token", ALNUM, 20, Proof::DigitOrLong),
    rule("ghu_", "github-token", ALNUM, 20, Proof::DigitOrLong),
    rule("ghs_", "github-token", ALNUM, 20, Proof::DigitOrLong),
    rule("ghr_", "github-token", ALNUM, 20, Proof::DigitOrLong),
    rule("github_pat_", "github-token", WORD, 20, Proof::None),
    rule("glpat-", "gitlab-token", DOTTED, 16, Proof::None),
    rule("gldt-", "gitlab-token", WORD, 16, Proof::None),
    rule("glrt-", "gitlab-token", DOTTED, 16, Proof::None),
    rule("glcbt-", "gitlab-token", WORD, 16, Proof::None),
    rule("glptt-", "gitlab-token", WORD, 16, Proof::None),
    rule("gloas-", "gitlab-token", WORD, 16, Proof::None),
    rule("glsoat-", "gitlab-token", WORD, 16, Proof::None),
    rule("glimt-", "gitlab-token", WORD, 16, Proof::None),
    rule("glft-", "gitlab-token", WORD, 16, Proof::None),
    rule("glffct-", "gitlab-token", WORD, 16, Proof::None),
    rule("glagent-", "gitlab-token", WORD, 16, Proof::None),
    rule("GR1348941", "gitlab-token", WORD, 16, Proof::None),
    rule("AKIA", AWS, UPPER, 16, Proof::Bounded),
    rule("ASIA", AWS, UPPER, 16, Proof::Bounded),
    rule("ABIA", AWS, UPPER, 16, Proof::Apart),
    rule("ACCA", AWS, UPPER, 16, Proof::Apart),
    rule("ABSK", "aws-key", BASE64, 100, Proof::Digit),
    rule("xoxa-", "slack-token", WORD, 10, Proof::Digit),
    rule("xoxb-", "slack-token", WORD, 10, Proof::Digit),
    rule("xoxc-", "slack-token", WORD, 10, Proof::Digit),
    rule("xoxd-", "slack-token", WORD, 10, Proof::Digit),
    rule("xoxe-", "slack-token", WORD, 10, Proof::Digit),
    rule("xoxo-", "slack-token", WORD, 10, Proof::Digit),
    rule("xoxp-", "slack-token", WORD, 10, Proof::Digit),
    rule("xoxr-", "slack-token", WORD, 10, Proof::Digit),
    rule("xoxs-", "slack-token", WORD, 10, Proof::Digit),
    rule("xapp-", "slack-token", WORD, 14, Proof::Digit),
    rule("hf_", "huggingface-token", ALNUM, 30, Proof::None),
    rule("api_org_", "huggingface-token", ALNUM, 30, Proof::None),
    rule("gsk_", "groq-key", ALNUM, 20, Proof::DigitOrLong),
    rule("xai-", "xai-key", ALNUM, 30, Proof::Digit),
    rule("pplx-", "perplexity-key", ALNUM, 30, Proof::None),
    rule("nvapi-", "nvidia-key", WORD, 30, Proof::Stretch),
    rule("r8_", "replicate-token", ALNUM, 30, Proof::None),
    rule("tvly-", "tavily-key", WORD, 20, Proof::Digit),
    rule("lsv2_pt_", "langsmith-key", WORD, 30, Proof::None),
    rule("lsv2_sk_", "langsmith-key", WORD, 30, Proof::None),
    rule("npm_", "npm-token", ALNUM, 30, Proof::None),
    rule("pypi-", "pypi-token", WORD, 40, Proof::Stretch),
    rule("rubygems_", "rubygems-key", HEX, 30, Proof::None),
    rule("sk_live_", "stripe-key", ALNUM, 10, Proof::DigitOrLong),
    rule("sk_test_", "stripe-key", ALNUM, 10, Proof::DigitOrLong),
    rule("sk_prod_", "stripe-key", ALNUM, 10, Proof::DigitOrLong),
    rule("rk_live_", "stripe-key", ALNUM, 10, Proof::DigitOrLong),
    rule("rk_test_", "stripe-key", ALNUM, 10, Proof::DigitOrLong),
    rule("rk_prod_", "stripe-key", ALNUM, 10, Proof::DigitOrLong),
    rule("whsec_", "stripe-key", BASE64, 20, Proof::DigitOrLong),
    rule("SG.", "sendgrid-key", WORD, 16, Proof::TwoParts),
    rule("xkeysib-", "brevo-key", WORD, 40, Proof::None),
    rule("SK", "twilio-key", HEX, 32, Proof::Digit),
    rule("sq0atp-", "square-token", WORD, 20, Proof::None),
    rule("sq0csp-", "square-token", WORD, 20, Proof::None),
    rule("shpat_", "shopify-token", HEX, 30, Proof::None),
    rule("shpca_", "shopify-token", HEX, 30, Proof::None),
    rule("shppa_", "shopify-token", HEX, 30, Proof::None),
    rule("shpss_", "shopify-token", HEX, 30, Proof::None),
    rule("dop_v1_", "digitalocean-token", HEX, 40, Proof::None),
    rule("doo_v1_", "digitalocean-token", HEX, 40, Proof::None),
    rule("dor_v1_", "digitalocean-token", HEX, 40, Proof::None),
    rule("dapi", "databricks-token", HEX, 32, Proof::Digit),
    rule("dp.pt.", "doppler-token", ALNUM, 30, Proof::None),
    rule("hvs.", "vault-token", WORD, 20, Proof::DigitOrLong),
    rule("hvb.", "vault-token", WORD, 20, Proof::DigitOrLong),
    rule("atlasv1.", "terraform-token", WORD, 40, Proof::None),
    rule("ATATT3", "atlassian-token", WORD, 40, Proof::None),
    rule("ATCTT3", "atlassian-token", WORD, 40, Proof::None),
    rule("glsa_", "grafana-token", WORD, 30, Proof::Digit),
    rule("glc_", "grafana-token", BASE64, 32, Proof::Digit),
    rule("sntryu_", "sentry-token", HEX, 40, Proof::None),
    rule("sntrys_", "sentry-token", BASE64, 30, Proof::None),
    rule("PMAK-", "postman-key", WORD, 40, Proof::Digit),
    rule("lin_api_", "linear-key", ALNUM, 30, Proof::None),
    rule("ntn_", "notion-token", ALNUM, 30, Proof::Digit),
    rule("figd_", "figma-token", WORD, 30, Proof::Stretch),
    rule("pul-", "pulumi-token", HEX, 40, Proof::None),
    rule("sbp_", "supabase-token", HEX, 40, Proof::None),
    rule("HRKU-", "heroku-key", WORD, 36, Proof::Digit),
    rule("dt0c01.", "dynatrace-token", DOTTED, 40, Proof::None),
    rule("pscale_tkn_", "planetscale-token", DOTTED, 30, Proof::None),
    rule("pscale_pw_", "planetscale-token", DOTTED, 30, Proof::None),
    rule("fo1_", "fly-token", WORD, 40, Proof::None),
    rule("fm2_", "fly-token", BASE64, 80, Proof::None),
    rule("ops_eyJ", "onepassword-token", BASE64, 100, Proof::None),
    rule("LTAI", "alibaba-key", ALNUM, 16, Proof::Digit),
    rule("AGE-SECRET-KEY-1", "age-key", UPPER, 40, Proof::None),
    rule("sha256~", "openshift-token", WORD, 40, Proof::None),
    rule("eyJ", "jwt", CREDENTIAL, 9, Proof::Jwt),
];

/// What is done where a word stands: the scan and the offset of the word.
pub(super) type Check = fn(&mut Scan<'_>, usize);

/// A word behind or around which a secret may stand.
pub(super) struct Word {
    /// The word, in lower case.
    pub(super) text: &'static str,
    /// Where in it the three bytes stand that are the rarest in records and in code: they are looked for first.
    pub(super) rare: usize,
    pub(super) check: Check,
}

const fn word(text: &'static str, rare: usize, check: Check) -> Word {
    Word { text, rare, check }
}

/// Every word, in groups whose rare bytes are mixed up by the sieve without much harm (see `words.rs`).
pub(super) const WORDS: [&[Word]; 8] = [
    &[word("key", 0, pairs::key), word("bearer", 0, credentials::bearer), word("_auth=", 0, places::auth)],
    &[word("token", 1, pairs::named), word("connection", 3, pairs::connection), word("mongo", 1, clients::line)],
    &[
        word("passw", 2, pairs::named),
        word("--begin", 0, places::block),
        word("sshpass", 0, clients::line),
        word("mysql", 0, clients::line),
    ],
    &[word("secret", 1, pairs::named), word("phrase", 0, pairs::phrase), word("hooks.slack", 2, places::webhook)],
    &[
        word("pwd", 0, pairs::named),
        word("\\u00", 1, places::escape),
        word("sig=", 1, places::signature),
        word(":5432:", 1, places::pgpass),
    ],
    &[
        word("credentials", 2, pairs::named),
        word("cookie", 0, credentials::cookie),
        word("curl ", 0, clients::line),
        word("redis-cli", 4, clients::line),
    ],
    &[
        word("basic", 2, credentials::basic),
        word("signature=", 2, places::signature),
        word("docker login", 5, clients::line),
        word("podman login", 5, clients::line),
        word("/webhooks/", 0, places::webhook),
        word("/webhookb2/", 0, places::webhook),
    ],
    &[
        word("://", 0, places::url),
        word(":\\/", 0, places::escaped_url),
        word(":\\\\", 0, places::escaped_url),
        word("authorization", 7, credentials::authorization),
    ],
];
