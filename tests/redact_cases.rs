//! Texts as they stand in reports and logs: of the first kind every secret goes, whole; of the second nothing does.

use obs_native::redact::{Pattern, Redactor, Settings};

/// A text in which «…» is a secret.
const GOES: &[(&str, &[&str])] = &[
    (
        "quoted values, whole",
        &[
            r#"login failed: password="«correct horse battery staple»""#,
            "run --password='«hunter 2pass»' now",
            r#"SECRET_KEY="«k2#9 x!aZ»""#,
            r#"DB_PASSWORD="«two words»" ./run.sh"#,
            r#"password="«it's a long one»""#,
            r#"password = '«a "quoted" one»'"#,
            r#"secret="«abc»""#,
            "{'user': 'me', 'password': '«two words»'}",
            r#"password="«ends in a backslash 1\\»" more"#,
        ],
    ),
    (
        "values without quotes, to their end",
        &[
            "DB_PASSWORD=«P@ss;w0rd!»",
            "DB_PASSWORD=«p4ss,w0rd»",
            "DB_PASSWORD=«p{a}ss9w0rd»",
            "DB_PASSWORD=«p4ss'w0rd»",
            "DB_PASSWORD=«p4ss|w0rd»",
            "DB_PASSWORD=«p4ss&w0rd»",
            "password: «P@ss;w0rd!»",
            "password: «P@ss,w0rd!» was refused",
            "https://example.com/x?password=«abc1234»&user=me",
            "user=me&password=«P@ss1234»&remember=1",
            "Server=db;User Id=sa;Password=«P@ss,w0rd1»;Timeout=5",
            "Server=db;Password=«P@ss1&2»;",
            "Server=db;User Id=sa;Password=«P@ss w0rd»;Encrypt=yes",
            "{password: «P@ss1234», user: me}",
            "(password=«P@ss1234»)",
            "password=«P@ss1234», then it stopped",
        ],
    ),
    (
        "names that decide",
        &[
            "api_key=«correcthorsebattery»",
            "token=«correcthorsebatterystaple»",
            "GET /x?api_key=«abcdef»",
            "X-Api-Key: «abcdef»",
            "x-auth-token: «swordfish»",
            "API_TOKEN=«swordfish» npm publish",
            "client_secret=«letmeinplease»",
            "--password\t«hunter2» now",
            "password=«*star9*x»",
            "password=«$Xk3!pass»",
            "password=«%Ab9!pass»",
        ],
    ),
    (
        "signatures of URLs",
        &[
            "https://a.blob.core.windows.net/c/f?sv=2022-11-02&sr=b&sig=«Zm9vYmFyYmF6cXV4Zm9vYmFyYmF6cXV4Zm9vYmFyYmE%3D»&se=2026",
            "https://b.s3.amazonaws.com/k?X-Amz-Date=20260109T000000Z&X-Amz-Signature=«6f1a3b5c7d9e0f2a4b6c8d0e1f3a5b7c9d0e2f4a6b8c0d1e3f5a7b9c0d2e4f6a»",
            "https://storage.googleapis.com/b/o?X-Goog-Signature=«6f1a3b5c7d9e0f2a4b6c8d0e1f3a5b7c9d0e2f4a»&x=1",
            "https://d111.cloudfront.net/i.jpg?Expires=1767960000&Signature=«nitfHRCrtziwO2HwPfWw~yYDhUF5EwRunQA-j19DzZrvDh6hQ73lDx~»&Key-Pair-Id=K2",
        ],
    ),
    (
        "command lines and files of clients",
        &[
            "curl -u admin:«s3cret!» https://example.com",
            "curl -uadmin:«s3cret» https://example.com",
            "mysql -h db -u root -p«Hunter2» app",
            "mysqldump -p«Hunter2» app > dump.sql",
            "sshpass -p «Hunter2» ssh host",
            "redis-cli -h cache -a «Hunter2» ping",
            "docker login -u me -p «Hunter2» registry.example.com",
            "machine api.example.com login me password «hunter»",
            "default login me password «hunter2»",
            "machine api.example.com\n  login me\n  password «hunter2»\n",
            "curl -u \"admin:«two words»\" https://example.com",
            "curl -su admin:«hunter2» https://example.com",
            "ldapsearch -D cn=me -w «hunter2» -b dc=x",
            "smbclient //h/s -U me%«hunter2»",
            "curl --proxy-user=me:«hunter2» https://example.com",
            "failed: `mysql -u root -p«Hunter2»`",
            "curl \\\n  -u admin:«s3cret!» \\\n  https://example.com",
            "curl -s \\\r\n  --user \\\r\n  admin:«s3cret!» https://example.com",
            "curl `\n  -u admin:«s3cret!» https://example.com",
            "curl ^\r\n  -su ^\r\n  admin:«s3cret!» https://example.com",
            "curl\t-u\tadmin:«s3cret!» https://example.com",
            "curl\t-su\tadmin:«s3cret!» https://example.com",
            "mysql -u root \\\n\t-p«Hunter2» app",
            "docker login \\\n  -u me \\\n  -p «Hunter2» registry.example.com",
            "docker login -u me -p \\\n«Hunter2» \\\nregistry.example.com",
            "sshpass\t-p\t«Hunter2»\tssh host",
            "redis-cli\t-a\t«Hunter2»\nping",
            "smbclient //h/s -U\tme%«hunter2»\n",
            "db.example.com:5432:app:me:«hunter2»",
            "db.example.com:5432:app:me:«3f7a9b1c5d2e8f4a6b0c7d9e1f3a5b7c9d0e2f4a6b8c1d3e5f7a9b0c2d4e6f8a1b3c5d7e9f0a2b4c6d8e0f1a3b5c7d9e»",
            "//registry.example.com/:_auth=«bWU6aHVudGVyMg==»",
            "//registry.example.com/:_password=«aHVudGVyMg»",
            "ftp://me:«p/w#x»@host.example.com/x",
            "postgres://me:«p?w1»@db:5432/app",
        ],
    ),
    (
        "prose",
        &[
            "the password is «hunter2!»",
            "the password is\t«hunter2!»\n",
            "Password was «Tr0ub4dor&3».",
            "the token is «a8f3k2m9x1»",
            "Password is: «Tr0ub4dor&3»",
        ],
    ),
];

const STAYS: &[(&str, &[&str])] = &[
    (
        "measures",
        &[
            "time_to_first_token: 0.42",
            "token_rate=118.2",
            "token_cost: 0.00013",
            "first_token_ms=412",
            "inter_token_latency: 0.0113",
            "max_tokens: '4096'",
            "tokens_per_second=87.5",
        ],
    ),
    (
        "code",
        &[
            "f(token=value, x=1)",
            "client = Client(api_key=key)",
            "e.token=t.parser;e.x=1",
            "const token=await getToken()",
            "password=$PASSWORD npm test",
            "password=passwordInput.value",
            "if(t.password=e){}",
            "let secret=env.SECRET_KEY",
            "signature=ed25519",
            "function sig=x",
            "state,this.state.tokensLength=n.tokensLength,{node:r,error:n.errors[t]}",
            "t.tokenColumn=t.column;t.index<t.end;",
            "t.options.raw&&(t.tokenRaw=o),t.tokenValue=o,t.setToken(138)}",
            "_.asteriskToken=r,_.transformFlags|=z(_.expression)|1024",
            "comment:!0,tokens:!1,ecmaFeatures:{jsx:!0,impliedStrict:!1}",
            "E.isYieldToken=OK;function wD(A){return A.type}",
            "startLine=1;tokenRegExp=void 0;currentChar=0",
            "number:!0,password:!0,range:!0,search:!0",
            "var token = /d{1,4}|M{1,4}|YY(?:YY)?/g",
        ],
    ),
    (
        "prose and addresses",
        &[
            "token: the next word of the input",
            "the password is missing",
            "the token is expired",
            "Signature=sha256 is not supported",
            "http://localhost:3000/users/@me",
            "https://example.com:8443/a/b@2x.png",
            "git clone https://example.com/@scope/name",
            "curl -u is the option for credentials",
            "download it with curl\n  -u admin:secrets is for later",
            "mysql -p asks for the password",
            "docker run -p 8080:80 image",
            "git log -p file.txt",
            "machine learning login page",
            "at 10:5432:12",
            "X-Api-Key: missing",
            "password=****",
            "password=$DB_PASSWORD",
            "password=%DB_PASSWORD%",
            "password=%s",
        ],
    ),
];

/// A string of JSON, with escapes where they have to be or in place of everything but letters.
fn as_json(text: &str, escaped: bool) -> String {
    if !escaped {
        return serde_json::to_string(text).unwrap();
    }
    let escape = |char: char| match char {
        'a'..='z' | 'A'..='Z' => char.to_string(),
        other => format!("\\u{:04x}", u32::from(other)),
    };
    format!("\"{}\"", text.chars().map(escape).collect::<String>())
}

fn redacted(text: &str) -> String {
    String::from_utf8(Redactor::standard().text(text.as_bytes()).into_owned()).unwrap()
}

#[test]
fn a_secret_goes_whole_and_what_stands_around_it_stays() {
    let mut wrong = Vec::new();
    for (kind, texts) in GOES {
        for marked in *texts {
            let text = marked.replace(['«', '»'], "");
            let (before, rest) = marked.split_once('«').unwrap();
            let (_, after) = rest.split_once('»').unwrap();
            let expected = format!("{before}[REDACTED]{after}");
            let found = redacted(&text);
            if found != expected {
                wrong.push(format!("{kind}: {text}\n   gives {found}\n  wanted {expected}"));
            }
            // In a record, where a quick look decides whether there is anything to look at.
            for escaped in [false, true] {
                let record = format!("{{\"note\":{},\"n\":1}}", as_json(&text, escaped));
                let found = String::from_utf8(Redactor::standard().json(record.as_bytes()).into_owned()).unwrap();
                let note =
                    serde_json::from_str::<serde_json::Value>(&found).unwrap()["note"].as_str().unwrap().to_owned();
                if note != expected {
                    wrong.push(format!("{kind}, as JSON: {record}\n   gives {found}\n  wanted {expected}"));
                }
            }
        }
    }
    assert!(wrong.is_empty(), "{} wrong:\n{}", wrong.len(), wrong.join("\n"));
}

#[test]
fn keys_of_the_user_count_in_running_text_and_however_their_words_are_joined() {
    let settings = Settings { keys: vec!["ssnumber".into(), "Tax Id".into()], ..Settings::default() };
    let redactor = Redactor::new(&settings).unwrap();
    for marked in
        ["ss_number=«123-45»", "SS-Number: «abc»", "tax_id=«x»&y=1", "taxId = '«a b»'", "the ssnumber is missing"]
    {
        let text = marked.replace(['«', '»'], "");
        let expected = marked.split_once('«').map_or_else(
            || marked.to_owned(),
            |(before, rest)| format!("{before}[REDACTED]{}", rest.split_once('»').unwrap().1),
        );
        assert_eq!(String::from_utf8_lossy(&redactor.text(text.as_bytes())), expected);
        let record = format!("{{\"note\":{}}}", serde_json::to_string(&text).unwrap());
        let wanted = format!("{{\"note\":{}}}", serde_json::to_string(&expected).unwrap());
        assert_eq!(String::from_utf8_lossy(&redactor.json(record.as_bytes())), wanted);
    }
    let record = br#"{"ss_number":1,"TaxID":"x","taxi":2}"#;
    let wanted = r#"{"ss_number":"[REDACTED]","TaxID":"[REDACTED]","taxi":2}"#;
    assert_eq!(String::from_utf8_lossy(&redactor.json(record)), wanted);
}

#[test]
fn a_name_that_the_user_allows_is_allowed_in_running_text_too() {
    let allow = vec![Pattern { source: "^(next|page)_token$".into(), flags: String::new() }];
    let redactor = Redactor::new(&Settings { allow, ..Settings::default() }).unwrap();
    let text = r#"next_token=abc123def "page_token": "x9y8z7w6" page_token => 'x9y8z7w6' access_token=abc123def"#;
    let wanted = text.replace("access_token=abc123def", "access_token=[REDACTED]");
    assert_eq!(String::from_utf8_lossy(&redactor.text(text.as_bytes())), wanted);
}

#[test]
fn words_of_camel_case_are_words() {
    for (name, secret) in
        [("secretArg", true), ("tokenIsolated", true), ("secretary", false), ("TOKENIZER", false), ("tokenizer", false)]
    {
        let record = format!("{{\"{name}\":\"abc def\"}}");
        let found = String::from_utf8(Redactor::standard().json(record.as_bytes()).into_owned()).unwrap();
        assert_eq!(found.contains("[REDACTED]"), secret, "{name}");
    }
}

#[test]
fn what_is_no_secret_stays() {
    let texts = STAYS.iter().flat_map(|(kind, texts)| texts.iter().map(move |text| (kind, text)));
    let wrong: Vec<String> = texts
        .filter(|(_, text)| redacted(text) != **text)
        .map(|(kind, text)| format!("{kind}: {text}\n   gives {}", redacted(text)))
        .collect();
    assert!(wrong.is_empty(), "{} wrong:\n{}", wrong.len(), wrong.join("\n"));
}

/// A control character keeps a text from being JSON. Where it stands in a secret it goes with it, and then the text is JSON, in
/// which more names are known.
#[test]
fn what_is_json_only_without_its_secret_is_looked_at_again() {
    let text = "{\"password\":\"hunter2\u{2}hunter2\",\"api_key\":[\"a1b2c3d4e5f6g7h8\"]}";
    let clean = Redactor::standard().text(text.as_bytes());
    assert_eq!(&*clean, b"{\"password\":\"[REDACTED]\",\"api_key\":\"[REDACTED]\"}");
    assert_eq!(Redactor::standard().text(&clean), clean);
}

/// A key goes on with letters of other alphabets: what is no count of tokens by its whole name is seen at the first look, too.
#[test]
fn a_key_of_other_letters_is_judged_as_a_whole() {
    let never = Pattern { source: "no text has this in it".into(), flags: String::new() };
    let thorough = Redactor::new(&Settings { patterns: vec![never], ..Settings::default() }).unwrap();
    for json in ["{\"\u{e9}tokens\":12,\"a\":1}", "{\"a\":\"b\",\"\u{fffd}max_tokens\": true}", "{\"max_tokens\":12}"] {
        assert_eq!(Redactor::standard().json(json.as_bytes()), thorough.json(json.as_bytes()), "{json}");
    }
}
