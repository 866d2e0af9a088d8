//! The table of formats: every prefix that begins a secret of its own, and what its body must show. A new one is a row here.

use super::bytes::{ALNUM, BASE64, CREDENTIAL, DOTTED, HEX, UPPER, WORD};

/// The kind of the ids of AWS keys, near which their secrets are looked for.
pub(super) const AWS: &str = "aws-key";

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
    rule("sk-ant-", "anthropic-key", WORD, 13, Proof::Stretch),
    rule("sk-proj-", "openai-key", WORD, 16, Proof::Stretch),
    rule("sk-svcacct-", "openai-key", WORD, 16, Proof::Stretch),
    rule("sk-admin-", "openai-key", WORD, 16, Proof::Stretch),
    rule("sk-or-", "openrouter-key", WORD, 16, Proof::Stretch),
    rule("sk-lf-", "langfuse-key", WORD, 30, Proof::Digit),
    rule("sk-helicone-", "helicone-key", WORD, 20, Proof::Digit),
    rule("sk-", "provider-key", WORD, 17, Proof::Random),
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
    rule("xoxa-", "slack-token", WORD, 15, Proof::Digit),
    rule("xoxb-", "slack-token", WORD, 15, Proof::Digit),
    rule("xoxc-", "slack-token", WORD, 15, Proof::Digit),
    rule("xoxd-", "slack-token", WORD, 15, Proof::Digit),
    rule("xoxe-", "slack-token", WORD, 15, Proof::Digit),
    rule("xoxo-", "slack-token", WORD, 15, Proof::Digit),
    rule("xoxp-", "slack-token", WORD, 15, Proof::Digit),
    rule("xoxr-", "slack-token", WORD, 15, Proof::Digit),
    rule("xoxs-", "slack-token", WORD, 15, Proof::Digit),
    rule("xapp-", "slack-token", WORD, 15, Proof::Digit),
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
    rule("sk_live_", "stripe-key", ALNUM, 12, Proof::DigitOrLong),
    rule("sk_test_", "stripe-key", ALNUM, 12, Proof::DigitOrLong),
    rule("sk_prod_", "stripe-key", ALNUM, 12, Proof::DigitOrLong),
    rule("rk_live_", "stripe-key", ALNUM, 12, Proof::DigitOrLong),
    rule("rk_test_", "stripe-key", ALNUM, 12, Proof::DigitOrLong),
    rule("rk_prod_", "stripe-key", ALNUM, 12, Proof::DigitOrLong),
    rule("whsec_", "stripe-key", BASE64, 20, Proof::DigitOrLong),
    rule("SG.", "sendgrid-key", WORD, 20, Proof::TwoParts),
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
    // github.com/gitleaks/gitleaks, config/gitleaks.toml of 2026-07-22, read 2026-11-25.
    rule("p8e-", "adobe-secret", ALNUM, 30, Proof::Digit),
    rule("AKCp", "artifactory-key", ALNUM, 60, Proof::Digit),
    rule("cmVmd", "artifactory-token", ALNUM, 55, Proof::Apart),
    rule("bedrock-api-key-", "aws-key", BASE64, 30, Proof::None),
    rule("CLOJARS_", "clojars-token", ALNUM, 40, Proof::None),
    rule("duffel_test_", "duffel-token", WORD, 30, Proof::None),
    rule("duffel_live_", "duffel-token", WORD, 30, Proof::None),
    rule("EZAK", "easypost-key", ALNUM, 50, Proof::Digit),
    rule("EZTK", "easypost-key", ALNUM, 50, Proof::Digit),
    rule("FLWSECK_TEST-", "flutterwave-key", ALNUM, 12, Proof::None),
    rule("FLWSECK-", "flutterwave-key", ALNUM, 30, Proof::None),
    rule("fm1a_", "fly-token", BASE64, 80, Proof::None),
    rule("fm1r_", "fly-token", BASE64, 80, Proof::None),
    rule("fio-u-", "frameio-token", WORD, 40, Proof::None),
    rule("eyJrIjoi", "grafana-key", ALNUM, 60, Proof::Digit),
    rule("s-s4t2ud-", "intra42-secret", HEX, 40, Proof::None),
    rule("s-s4t2af-", "intra42-secret", HEX, 40, Proof::None),
    rule("API-", "octopus-key", UPPER, 26, Proof::Bounded),
    rule("pscale_oauth_", "planetscale-token", DOTTED, 30, Proof::None),
    rule("pnu_", "prefect-token", ALNUM, 30, Proof::Digit),
    rule("rdme_", "readme-key", ALNUM, 60, Proof::None),
    rule("tk-us-", "scalingo-token", WORD, 40, Proof::None),
    rule("shippo_live_", "shippo-token", HEX, 40, Proof::None),
    rule("shippo_test_", "shippo-token", HEX, 40, Proof::None),
    rule("sm_aat_", "settlemint-token", ALNUM, 16, Proof::None),
    rule("sm_pat_", "settlemint-token", ALNUM, 16, Proof::None),
    rule("sm_sat_", "settlemint-token", ALNUM, 16, Proof::None),
    rule("sgp_", "sourcegraph-token", WORD, 40, Proof::Digit),
    // github.com/trufflesecurity/trufflehog, pkg/detectors of 2026-08-21, read 2026-11-25.
    rule("aio_", "adafruit-key", ALNUM, 26, Proof::Digit),
    rule("apify_api_", "apify-token", ALNUM, 30, Proof::None),
    rule("bb_pr_", "bannerbear-key", HEX, 30, Proof::None),
    rule("bb_ma_", "bannerbear-key", HEX, 30, Proof::None),
    rule("cfk_", "cloudflare-key", ALNUM, 40, Proof::Digit),
    rule("figp_", "figma-token", WORD, 30, Proof::Stretch),
    rule("API_KEY", "finage-key", UPPER, 32, Proof::Bounded),
    rule("flb_live_", "fleetbase-key", ALNUM, 20, Proof::None),
    rule("shltm_", "flexport-key", WORD, 40, Proof::None),
    rule("na1.", "fullstory-key", BASE64, 90, Proof::Digit),
    rule("pat-eu1-", "hubspot-token", WORD, 36, Proof::Digit),
    rule("pat-na1-", "hubspot-token", WORD, 36, Proof::Digit),
    rule("NRBR-", "newrelic-key", HEX, 19, Proof::None),
    rule("NRII-", "newrelic-key", WORD, 25, Proof::None),
    rule("NRIQ-", "newrelic-key", WORD, 25, Proof::None),
    rule("ak_live_", "pagarme-key", ALNUM, 30, Proof::None),
    rule("rzp_live_", "razorpay-key", ALNUM, 14, Proof::None),
    rule("rh-api-", "robinhood-key", WORD, 36, Proof::Digit),
    rule("rootly_", "rootly-key", HEX, 60, Proof::None),
    rule("salad_cloud_", "salad-key", WORD, 16, Proof::Digit),
    rule("3MVG9", "salesforce-key", DOTTED, 80, Proof::Digit),
    rule("5AEP861", "salesforce-token", DOTTED, 80, Proof::Digit),
    rule("sqco_", "sonar-token", ALNUM, 50, Proof::None),
    rule("slk_", "sourcegraph-token", HEX, 60, Proof::None),
    rule("thog-key-", "trufflehog-key", HEX, 16, Proof::None),
    rule("BBFF-", "ubidots-key", ALNUM, 30, Proof::Digit),
    rule("VF.", "voiceflow-key", DOTTED, 40, Proof::Digit),
    rule("1000.", "zoho-token", HEX, 32, Proof::TwoParts),
    // Pages of the providers, read 2026-11-25.
    rule("csk-", "cerebras-key", ALNUM, 40, Proof::Digit),
    rule("pcsk_", "pinecone-key", WORD, 40, Proof::Stretch),
    rule("sb_secret_", "supabase-key", WORD, 20, Proof::DigitOrLong),
    rule("ek_", "openai-key", ALNUM, 30, Proof::Random),
    rule("tgp_v1_", "together-key", WORD, 30, Proof::None),
    rule("fw_", "fireworks-key", ALNUM, 20, Proof::Random),
    rule("jina_", "jina-key", ALNUM, 40, Proof::Digit),
    rule("rpa_", "runpod-key", ALNUM, 40, Proof::Digit),
    rule("e2b_", "e2b-key", HEX, 40, Proof::None),
    rule("bb_live_", "browserbase-key", WORD, 20, Proof::Stretch),
    rule("flp_", "friendli-token", ALNUM, 40, Proof::Digit),
    rule("esecret_", "anyscale-key", ALNUM, 24, Proof::Digit),
    rule("wandb_v1_", "wandb-key", WORD, 40, Proof::Digit),
    rule("phx_", "posthog-key", ALNUM, 40, Proof::Digit),
    rule("dckr_pat_", "docker-token", WORD, 20, Proof::None),
    rule("dckr_oat_", "docker-token", WORD, 20, Proof::None),
    rule("ATBB", "bitbucket-password", ALNUM, 28, Proof::Bounded),
    rule("BBDC-", "bitbucket-token", BASE64, 40, Proof::Digit),
    rule("xwfp-", "slack-token", WORD, 20, Proof::Digit),
    rule("lin_oauth_", "linear-key", ALNUM, 30, Proof::None),
    rule("figo_", "figma-token", WORD, 30, Proof::Stretch),
    rule("figu_", "figma-token", WORD, 30, Proof::Stretch),
    rule("NRAK-", "newrelic-key", UPPER, 25, Proof::None),
    rule("dt0s01.", "dynatrace-token", DOTTED, 40, Proof::None),
    rule("dt0s16.", "dynatrace-token", DOTTED, 40, Proof::None),
    rule("xsmtpsib-", "brevo-key", WORD, 40, Proof::None),
    rule("dp.st.", "doppler-token", DOTTED, 30, Proof::None),
    rule("dp.ct.", "doppler-token", ALNUM, 30, Proof::None),
    rule("dp.sa.", "doppler-token", ALNUM, 30, Proof::None),
    rule("dp.scim.", "doppler-token", ALNUM, 30, Proof::None),
    rule("dp.audit.", "doppler-token", ALNUM, 30, Proof::None),
    rule("hvr.", "vault-token", WORD, 20, Proof::DigitOrLong),
    rule("nfp_", "netlify-token", ALNUM, 30, Proof::Digit),
    rule("tskey-", "tailscale-key", WORD, 24, Proof::Stretch),
    rule("AKID", "tencent-key", ALNUM, 30, Proof::Apart),
    rule("tfp_", "typeform-token", WORD, 40, Proof::Digit),
    rule("CFPAT-", "contentful-token", WORD, 40, Proof::None),
    rule("sk.eyJ", "mapbox-token", WORD, 40, Proof::TwoParts),
    rule("secret-live-", "stytch-secret", WORD, 30, Proof::None),
    rule("secret-test-", "stytch-secret", WORD, 30, Proof::Digit),
    rule("access-production-", "plaid-token", WORD, 36, Proof::Digit),
    rule("access-sandbox-", "plaid-token", WORD, 36, Proof::Digit),
    rule("bkua_", "buildkite-token", HEX, 40, Proof::None),
    rule("CCIPAT_", "circleci-token", WORD, 40, Proof::None),
    rule("CCIPRJ_", "circleci-token", WORD, 40, Proof::None),
    rule("sqp_", "sonar-token", HEX, 40, Proof::None),
    rule("squ_", "sonar-token", HEX, 40, Proof::None),
    rule("sqa_", "sonar-token", HEX, 40, Proof::None),
    rule("hcaik_", "honeycomb-key", ALNUM, 40, Proof::None),
    rule("essu_", "elastic-key", BASE64, 60, Proof::Digit),
    rule("mdb_sa_sk_", "mongodb-secret", WORD, 30, Proof::None),
    rule("napi_", "neon-key", ALNUM, 50, Proof::Digit),
    rule("xau_", "xata-key", ALNUM, 30, Proof::Digit),
    rule("secret_", "notion-token", ALNUM, 40, Proof::Digit),
    rule("shptka_", "shopify-token", HEX, 30, Proof::None),
    rule("sk_", "elevenlabs-key", HEX, 48, Proof::Digit),
    // A run decides with its first one, so it stands last.
    rule("eyJ", "jwt", CREDENTIAL, 17, Proof::Jwt),
];

#[cfg(test)]
mod tests {
    use super::{ALNUM, BASE64, CREDENTIAL, DOTTED, HEX, PREFIXES, Prefix, Proof, UPPER, WORD};
    use crate::redact::scan::{find, is_doubtful};
    use crate::redact::state::Setting;

    /// A body of a format as chance may make it, of so many bytes.
    fn body(rule: &Prefix, length: usize) -> String {
        let alphabet: &[u8] = match rule.body {
            HEX => b"7f0a3b91c2d4e586",
            UPPER => b"K7QX2MB5RJ4TZ6WNHD3Y",
            ALNUM | WORD | BASE64 | CREDENTIAL | DOTTED => b"q7ZkT2mB9xWc4LpR8vNd3Hs6Fy5Jg",
            other => panic!("an alphabet for {other}"),
        };
        (0..length).map(|at| char::from(alphabet[(at * 7 + at / alphabet.len()) % alphabet.len()])).collect()
    }

    /// A secret of a format; never a real one.
    fn sample(rule: &Prefix) -> String {
        let first = rule.text.to_owned() + &body(rule, rule.least);
        match rule.proof {
            Proof::Jwt => format!("{first}.{}.{}", body(rule, 20), body(rule, 20)),
            Proof::TwoParts => format!("{first}.{}", body(rule, 40)),
            Proof::Random => rule.text.to_owned() + &body(rule, 40),
            _ => first,
        }
    }

    #[test]
    fn every_row_finds_its_own_sample_in_text_and_in_json() {
        for rule in PREFIXES {
            let secret = sample(rule);
            for (before, after) in [("", ""), ("failed with ", " at once"), ("x=", ",y"), ("(", ")")] {
                let text = format!("{before}{secret}{after}");
                let found = find(text.as_bytes(), Setting::default());
                let end = before.len() + secret.len();
                let whole = found.iter().any(|span| span.start <= before.len() + rule.text.len() && span.end >= end);
                assert!(whole, "{} in {text}", rule.text);
                assert!(is_doubtful(format!("{{\"note\":\"{text}\"}}").as_bytes()), "{} in JSON", rule.text);
            }
        }
    }

    #[test]
    fn no_row_stands_twice() {
        let mut prefixes: Vec<_> = PREFIXES.iter().map(|rule| rule.text).collect();
        prefixes.sort_unstable();
        assert!(prefixes.windows(2).all(|pair| pair[0] != pair[1]));
    }
}
