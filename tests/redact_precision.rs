//! Telemetry that holds no secrets but much that looks like them: it must come out as it went in.

mod redact_corpus;

use std::collections::BTreeMap;

use obs_native::redact::{Pattern, Redactor, Settings};
use redact_corpus::{ALNUM, BASE64, Chance, HEX, base64, quote};

/// Texts by kind; `@` and a letter stands for something made up.
const TEXTS: &[(&str, &[&str])] = &[
    (
        "prose about secrets",
        &[
            "API token parameter is required",
            "The token has expired, please log in again",
            "Invalid password: must be at least 12 characters",
            "password must not be empty",
            "Enter your password to continue",
            "No credentials found for provider anthropic",
            "secret @w was not found in the cluster",
            "Unauthorized: missing authorization header",
            "authorization failed for user @w",
            "Rotate the access key every 90 days",
            "The private key could not be read from @p",
            "cookie consent banner shown @n times",
            "Connection string is malformed near position @n",
            "unexpected token } in JSON at position @n",
            "SyntaxError: Unexpected token < in JSON at position @n",
            "Bearer authentication is not supported by this endpoint",
            "Basic understanding of the module is enough",
            "basic auth is disabled; use bearer tokens instead",
            "used @n tokens of a budget of @n tokens",
            "Token usage: input @n, output @n, total @n",
            "tokens: @n in, @n out, cost $0.@n",
            "token limit reached (max 200000)",
            "The session cookie is set by the server: see @u",
            "passwordless login and passkeys were discussed with the secretary",
            "the author authenticated with a hardware key",
            "a monkey at the keyboard found the key insight",
            "Tokenizer: bpe, vocabulary of @n entries",
            "api key: missing",
            "password: required",
            "secret: none",
            "token: expired",
            "Pass phrase is optional",
            "Do not put your API key in the source; read it from the environment",
            "see the section 'Tokens and secrets' of the manual",
        ],
    ),
    (
        "words with sk- and other prefixes",
        &[
            "task-@n-management",
            "task-@h32",
            "subtask-550e8400-e29b-41d4-a716-446655440000",
            "risk-assessment-report-for-the-third-quarter-2026",
            "disk-usage-exceeded-threshold-on-node-17",
            "desk-booking-service-v2-deployment-3",
            "flask-application-server-main-worker-1",
            "mask-rcnn-resnet50-fpn-coco-2026-01",
            "ask-questions-before-implementation-starts",
            "msg.content and msg.role are required",
            "ASIA-SOUTHEAST1 and EUROPE-WEST4 regions",
            "elf_symbol_table_reader and half_open_state",
            "npm_config_registry and npm_package_version are set",
            "the eyjafjallajokull.dat.gz archive",
            "sk-learn-pipeline-with-many-stages",
            "xoxo from the team",
        ],
    ),
    (
        "hashes and ids",
        &[
            "commit @h40",
            "@h40 Merge branch 'main' into feature/@w",
            "sha256:@h64",
            "integrity sha512-@b86==",
            "@h8-@h4-4@h3-a@h3-@h12",
            "trace @h32 span @h16",
            "etag W/\"@h32\"",
            "image registry.example.com/team/@w:@h12",
            "cache-key-@h32",
            "build 2026.@n.@n-rc.@n+@h8",
            "chunk-@a8.js and vendor-@a8.css",
            "req_@a24 finished",
            "msg_@a22 stop_reason=end_turn",
            "toolu_@a22 called",
            "run-@n step @n of @n",
        ],
    ),
    (
        "paths and commands",
        &[
            "/home/ci/agent/.claude/context/logs/skill-invocations-2026-02-03.jsonl",
            "C:\\Users\\dev\\agent\\tools\\tokenizer\\run.mjs",
            "src/auth/password-reset/TokenService.ts",
            "node_modules/@scope/secrets-manager/dist/index.js",
            "cat ~/.ssh/known_hosts | grep @w",
            "git push origin HEAD:refs/heads/feature/token-rotation",
            "npm run build -- --max-tokens=@n --mode production",
            "curl -s https://example.com/v1/models | jq '.data[].id'",
            "docker run --rm -e NODE_ENV=production app:@n",
            "export PATH=$HOME/bin:$PATH",
            "PWD=/home/dev/project OLDPWD=/home/dev",
            "kubectl get secret @w -o yaml",
            "curl -H \"Authorization: Bearer $TOKEN\" @u",
            "curl -H 'Authorization: Bearer <token>' @u",
            "psql postgres://localhost:5432/main -c 'select 1'",
            "git clone git@github.com:team/@w.git",
            "git clone ssh://git@github.com/team/@w.git",
            "--token-file /run/secrets/token --verbose",
            "OPENAI_API_KEY=$OPENAI_API_KEY node run.js",
            "API_TOKEN=<your-token> npm start",
            "mysql --password --user root",
        ],
    ),
    (
        "code",
        &[
            "const token = await getToken(user.id);",
            "let password = process.env.DB_PASSWORD;",
            "if (token === null || secret === undefined) throw new Error('missing token');",
            "interface User { password: string; token?: string; apiKey: string | null }",
            "function login(username: string, password: string): Promise<Token> {",
            "const { token, secret } = options;",
            "headers: { Authorization: `Bearer ${token}` },",
            "headers['x-api-key'] = config.apiKey;",
            "password = request.form['password']",
            "def authenticate(user, password=None, token=None):",
            "client = Client(api_key=os.environ[\"API_KEY\"], token=token)",
            "self.secret = secret",
            "token: string = this.tokens[index];",
            "return tokens.filter((token) => token.type !== 'comment');",
            "for (const token of tokenizer.encode(text)) count += 1;",
            "type Token = { kind: 'word'; value: string };",
            "private_key = load_private_key(path)",
            "secret := os.Getenv(\"SECRET\")",
            "String password = scanner.nextLine();",
            "@Column(name = \"password_hash\") private String passwordHash;",
            "SELECT id, password_hash, token FROM users WHERE email = $1;",
            "ALTER TABLE users ADD COLUMN api_key text NOT NULL;",
            "expect(screen.getByLabelText('Password')).toBeVisible();",
            "<input type=\"password\" name=\"password\" placeholder=\"Your password\" />",
            "const KEY_NAMES = ['token', 'secret', 'password', 'authorization'];",
            "cookie: parseCookies(req.headers.cookie),",
            "res.setHeader('Set-Cookie', serialize(name, value));",
            "connectionString: process.env.DATABASE_URL,",
            "secretName: \"my-secret\"",
            "tokenUrl: 'https://example.com/oauth/token',",
            "token_type = \"Bearer\"",
            "const accessKey = keys.find((key) => key.active);",
            "max_tokens: 4096, temperature: 0.2",
            "let tokenCount = 0; tokenCount += usage.total_tokens;",
            "if password == \"\" { return Err(Error::EmptyPassword) }",
            "secret = Secret::new(vec![0; 32])",
            "export const TOKEN_LIMIT = 200000;",
            "passphrase: Option<String>,",
            "assert token.startswith('Bearer ')",
            "const pwd = process.cwd();",
            "(token) => token.trim()",
            "password: z.string().min(12),",
            "apiKey: z.string().optional()",
            "Kind[Kind[\"EndOfFileToken\"] = 1] = \"EndOfFileToken\";",
            "\"cookiechange\": CookieChangeEvent;",
            "\"js-tokens\": \"^4.0.0\", \"js-cookie\": \"js-cookie\",",
            "c.token=_??118,c.elements=me(r)",
            "source;lastOnToken=null;options;token=1048576;flags=0;",
            "this.lastTokEndLoc=this.lastTokStartLoc=null,this.x=1",
            "lastSignificantToken = \"?NonExpressionParenEnd\";",
            "token: ${{ secrets.GITHUB_TOKEN }}",
            "password: {{ .Values.db.password }}",
            "{\"type\": \"object\", \"properties\": {\"token\": {\"type\": \"string\"}}",
        ],
    ),
    (
        "minified code",
        &[
            "!function(e,t){\"object\"==typeof exports?module.exports=t():e.lib=t()}(this,function(){var e={},t=function(n){return e[n]};return t});",
            "var n=r(12),o=r.n(n),i=\"undefined\"!=typeof window?window:self;function a(e){return\"@w\"===e.type||e.token&&e.token.key}",
            "e.exports=JSON.parse('{\"a\":1}'),t.token=function(e){return e.split(\".\")[1]},t.key=t.token;",
            "const a=b?.c??d;for(let e=0;e<t.length;e++)n+=t[e].tokens||0;export{a as default,n as tokens};",
            "(self.webpackChunk=self.webpackChunk||[]).push([[@n],{@n:(e,t,r)=>{r.d(t,{Z:()=>o});var n=r(@n);o=n.Z}}]);",
        ],
    ),
    (
        "base64 without secrets",
        &[
            "data:image/png;base64,@I",
            "data:image/jpeg;base64,/9j/@I",
            "\"thumb\": \"@I\"",
            "font @b180==",
            "text @T end",
        ],
    ),
    (
        "logs",
        &[
            "2026-02-03T08:00:19.818Z INFO  request finished status=200 duration=@nms tokens=@n",
            "[@n/@n] Compiling tokenizer v0.@n.0 (/src/tokenizer)",
            "added @n packages, and audited @n packages in 3s",
            "Error: connect ECONNREFUSED 127.0.0.1:@n\n    at TCPConnectWrap.afterConnect (node:net:1555:16)",
            "TypeError: Cannot read properties of undefined (reading 'token')\n    at parse (/srv/app/token.js:@n:5)",
            "GET /v1/messages?page=2&limit=@n&cursor=@a12 200",
            "GET /search?q=password+reset&lang=en 200",
            "POST https://api.example.com/v1/tokens 201 Created",
            "http://localhost:3000/users/@n?tab=keys",
            "https://example.com/a%20b/%C3%BC?x=1%2C2",
            "rate limit: 50 requests, 40000 tokens per minute",
            "PASS src/auth/token.test.ts (5.@n s)",
            "  ✓ rejects an expired token (@n ms)",
            "model=large input_tokens=@n output_tokens=@n cache_read=@n",
            "Warning: 'secret' is deprecated; use 'secretRef'",
            "{\"Unexpected_token_@n\": \"Unexpected token {0}.\", \"a\": 1",
        ],
    ),
];

/// Metadata of records, as JSON.
const DATA: &[&str] = &[
    r#"{"usage":{"input_tokens":@n,"output_tokens":@n,"cache_read_input_tokens":@n,"total_tokens":@n}}"#,
    r#"{"max_tokens":@n,"tokenCount":@n,"tokens_per_second":@n.5,"token_limit":@n}"#,
    r#"{"tokenizer":"bpe-@n","author":"@w","authenticated":true,"passwordless":true,"secretary":"@w"}"#,
    r#"{"monkey":"@w","keyboard":"@w","keywords":["a","b"],"primary_key":"id","key":"@w"}"#,
    r#"{"commit":"@h40","trace":"@h32","session_id":"@h8-@h4-4@h3-a@h3-@h12"}"#,
    r#"{"headers":["Content-Type","Accept","Authorization"],"fields":["password","token","email"]}"#,
    r#"{"tools":[{"name":"read_file","value":1},{"name":"tokenize","value":"x"}]}"#,
    r#"{"model":"large","stop_reason":"end_turn","content":[{"type":"text","text":"done"}]}"#,
    r#"{"maxTokens":@n,"totalTokens":@n,"avgTokensPerCall":@n.25,"usage":{"tokens":{"prompt":@n,"completion":@n}}}"#,
    r#"{"argv":["node","run.mjs","--max-tokens","@n","--verbose"]}"#,
];

fn fill(template: &str, chance: &mut Chance) -> String {
    const WORDS: &[&str] = &["planner", "parser", "checkout", "builder", "reviewer", "tokenizer", "keyboard"];
    let mut out = String::new();
    let mut chars = template.chars().peekable();
    while let Some(char) = chars.next() {
        let next = chars.peek().copied().unwrap_or(' ');
        if char != '@' || !"nwhabpuIT".contains(next) || out.ends_with("git") || template.contains("@Column") {
            out.push(char);
            continue;
        }
        chars.next();
        let mut length = 0;
        while let Some(digit) = chars.peek().and_then(|char| char.to_digit(10)).filter(|_| "hab".contains(next)) {
            length = length * 10 + digit as usize;
            chars.next();
        }
        let made = match next {
            'n' => chance.below(9000).to_string(),
            'w' => chance.pick(WORDS).to_owned(),
            'h' => chance.string(HEX, length),
            'a' => chance.string(ALNUM, length),
            'b' => chance.string(BASE64, length),
            'p' => format!("/srv/{}/{}.pem", chance.pick(WORDS), chance.below(100)),
            'u' => format!("https://example.com/{}/{}", chance.pick(WORDS), chance.below(100)),
            'I' => chance.string(BASE64, 2000) + "==",
            _ => base64(b"an ordinary text about tokens, keys and passwords without any of them", false),
        };
        out.push_str(&made);
    }
    out
}

fn record(chance: &mut Chance, text: &str) -> String {
    let data = fill(DATA[chance.below(DATA.len())], chance);
    let number = chance.below(100_000);
    let text = quote(text);
    match chance.below(4) {
        0 => format!(
            r#"{{"type":"skill_invocation","skill":"edit","params":{{"code":{text},"n":{number}}},"metadata":{data}}}"#
        ),
        1 => format!(
            r#"{{"cuj_id":"CUJ-{number}","success":false,"duration_ms":{number}.5,"error":{text},"metadata":{data}}}"#
        ),
        2 => format!(r#"{{"run_id":"run-{number}","status":"running","message":{text},"data":{data}}}"#),
        _ => {
            let inner = quote(&format!(r#"{{"text":{text},"data":{data}}}"#));
            format!(r#"{{"type":"skill_invocation","skill":"run","params":{inner},"result":"success"}}"#)
        }
    }
}

#[test]
fn nothing_is_lost() {
    let redactor = Redactor::standard();
    let never = Pattern { source: "no text has this in it".into(), flags: String::new() };
    let thorough = Redactor::new(&Settings { patterns: vec![never], ..Settings::default() }).unwrap();
    let mut chance = Chance::new(11);
    let mut table: BTreeMap<&str, (usize, usize)> = BTreeMap::new();
    let mut masked = BTreeMap::new();
    let mut count = 0;
    for _ in 0..20 {
        for (kind, texts) in TEXTS {
            for template in *texts {
                let text = fill(template, &mut chance);
                let record = record(&mut chance, &text);
                let output = redactor.json(record.as_bytes());
                assert_eq!(thorough.json(record.as_bytes()), output, "{record}");
                let row = table.entry(kind).or_default();
                row.0 += 1;
                if output != record.as_bytes() {
                    row.1 += 1;
                    count += 1;
                    masked.insert(template, format!("{record}\n  {}", String::from_utf8_lossy(&output)));
                }
            }
        }
    }
    println!("\n{:36} {:>8} {:>7}", "kind", "records", "masked");
    for (kind, (records, masked)) in &table {
        println!("{kind:36} {records:8} {masked:7}");
    }
    let records: usize = table.values().map(|row| row.0).sum();
    println!("{records} records, {count} masked");
    for (template, text) in &masked {
        println!("{template}\n  {text}");
    }
    assert!(records >= 2_000);
    assert!(count * 1000 <= records, "at most 0.1 % may be masked");
}
