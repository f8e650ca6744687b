//! Signing in by providers: against a real issuer, and against one that lies.

use cairn::platform::{clock, sealing::Sealer};
use cairn_test_macros::cairn_test;
use reqwest::Method;
use serde_json::{Value, json};

use super::accounts::second_factor::code_of;
use crate::support::{
    Cairn, Place,
    browser::{Browser, SERVER},
    issuer::{Issuer, Lies, RealIssuer},
    mail::Mailbox,
    person::{PASSWORD, Person, refusal},
};

const ANN: &str = "ann@example.org";

/// The clients of the real issuer, each of which is a provider here: with their secrets.
const CLIENTS: [(&str, &str); 3] = [("rsa", "a secret/with+odd:characters%"), ("ec", "another"), ("public", "")];

fn callback(provider: &str) -> String {
    format!("{SERVER}/v1/account/oidc/{provider}/callback")
}

fn start(provider: &str) -> String {
    format!("{SERVER}/v1/account/oidc/{provider}/start")
}

/// A server with these providers: id, issuer, client, secret.
async fn with_providers(place: &Place, providers: &[(&str, &str, &str, &str)]) -> Cairn {
    let table = |(id, issuer, client, secret): &(&str, &str, &str, &str)| {
        format!(
            "{{ id = \"{id}\", display_name = \"The {id}\", issuer = \"{issuer}\", client_id = \"{client}\", client_secret = \"{secret}\" }}"
        )
    };
    let tables: Vec<String> = providers.iter().map(table).collect();
    let providers = format!("[{}]", tables.join(", "));
    let settings = [
        ("CAIRN_OIDC_PROVIDERS", providers.as_str()),
        ("CAIRN_OUTBOUND_PRIVATE", "true"),
        ("CAIRN_PUBLIC_URL", SERVER),
    ];
    Cairn::start(place, &settings).await
}

/// A real issuer, and a server with its clients as providers.
async fn with_real_issuer(place: &Place) -> Option<(RealIssuer, Cairn)> {
    let callbacks: Vec<String> = CLIENTS.iter().map(|(id, _)| callback(id)).collect();
    let issuer = RealIssuer::start(&callbacks)?;
    let providers: Vec<_> = CLIENTS.iter().map(|(id, secret)| (*id, issuer.base.as_str(), *id, *secret)).collect();
    let cairn = with_providers(place, &providers).await;
    issuer.person("ann-there", ANN, true).await;
    Some((issuer, cairn))
}

/// A lying issuer, and a server with it as the provider `own`.
async fn with_issuer(place: &Place) -> (Issuer, Cairn) {
    let issuer = Issuer::start().await;
    let cairn = with_providers(place, &[("own", &issuer.base, "us", "s")]).await;
    (issuer, cairn)
}

/// Signs in with the password in a browser.
async fn sign_in(browser: &mut Browser<'_>, email: &str) {
    let body = json!({"email": email, "password": PASSWORD, "cookie": true});
    let (status, answer) = browser.post("/v1/account/sessions", body).await;
    assert_eq!(status, 201, "{answer}");
}

/// Links Ann's identity of that provider, from the page of the account on.
async fn link(browser: &mut Browser<'_>, provider: &str) -> String {
    let body = json!({"provider": provider, "password": PASSWORD});
    let (status, begun) = browser.post("/v1/account/identities", body).await;
    assert_eq!(status, 200, "{begun}");
    browser.follow(begun["authorization_url"].as_str().unwrap()).await
}

#[cairn_test]
async fn whoever_is_new_gets_an_account_and_comes_back_signed_in(place: &Place) {
    let Some((issuer, cairn)) = with_real_issuer(place).await else { return };
    let mut nobody = Browser::new(&cairn);
    let listed = nobody.get("/v1/account/providers").await.1;
    assert_eq!(listed["items"][0], json!({"id": "rsa", "display_name": "The rsa"}));
    for (number, (provider, _)) in CLIENTS.iter().enumerate() {
        let (sub, email) = (format!("there-{number}"), format!("person{number}@example.org"));
        issuer.person(&sub, &email, true).await;
        let mut first = Browser::new(&cairn);
        assert_eq!(first.follow(&start(provider)).await, "/journal", "{provider}");
        let (status, account) = first.get("/v1/account").await;
        assert_eq!((status, &account["email"]), (200, &json!(email)));
        assert_eq!(account.get("password_at"), None, "it has no password");
        let identities = first.get("/v1/account/identities").await.1;
        let identity = &identities["items"][0];
        assert_eq!((&identity["provider"], &identity["email"]), (&json!(provider), &json!(email)));
        assert_eq!(identity["display_name"], format!("The {provider}"));

        let mut second = Browser::new(&cairn);
        issuer.person(&sub, "changed@example.org", false).await;
        let back = second.follow(&format!("{}?return_to=/studio?tab=1", start(provider))).await;
        assert_eq!(back, "/studio?tab=1");
        let again = second.get("/v1/account").await.1;
        assert_eq!(again["user_id"], account["user_id"], "an identity is known by its subject, not by its address");
        assert_eq!(again["email"], email);
    }
    cairn.stop().await;
}

#[cairn_test]
async fn a_browser_is_sent_to_pages_of_this_server_alone(place: &Place) {
    let (_, cairn) = with_issuer(place).await;
    let mut browser = Browser::new(&cairn);
    for elsewhere in ["//evil.example", "https://evil.example", "/%5Cevil.example", "journal", "/%09/evil.example"] {
        let answer = browser.open(&format!("{}?return_to={elsewhere}", start("own"))).await;
        assert_eq!(answer.status(), 422, "{elsewhere}");
    }
    let unknown = browser.follow(&start("nobody")).await;
    assert_eq!(unknown, "/account/sign-in?error=provider_not_found&provider=nobody");
    cairn.stop().await;
}

#[cairn_test]
async fn an_account_with_the_same_address_is_linked_only_by_its_user(place: &Place) {
    let Some((issuer, cairn)) = with_real_issuer(place).await else { return };
    let mailbox = Mailbox::in_data_of(place);
    let (ann, user) = Person::signed_in(&cairn, ANN, &mailbox).await;
    let taken = "/account/sign-in?error=address_taken&provider=rsa";
    assert_eq!(Browser::new(&cairn).follow(&start("rsa")).await, taken);
    assert_eq!(ann.get("/identities").await.1["items"], json!([]));

    let mut browser = Browser::new(&cairn);
    sign_in(&mut browser, ANN).await;
    let wrong = json!({"provider": "rsa", "password": "not the password"});
    assert_eq!(refusal(browser.post("/v1/account/identities", wrong).await), (403, "wrong_password".to_owned()));
    let unknown = json!({"provider": "nobody", "password": PASSWORD});
    assert_eq!(refusal(browser.post("/v1/account/identities", unknown).await), (404, "provider_not_found".to_owned()));
    assert_eq!(link(&mut browser, "rsa").await, "/account?linked=rsa");
    mailbox.take(ANN, "A way to sign in was added").await;
    let again = json!({"provider": "rsa", "password": PASSWORD});
    assert_eq!(refusal(browser.post("/v1/account/identities", again).await), (409, "identity_linked".to_owned()));
    let mut fresh = Browser::new(&cairn);
    assert_eq!(fresh.follow(&start("rsa")).await, "/journal");
    assert_eq!(fresh.get("/v1/account").await.1["user_id"], user);

    // It is one issuer with three names here: the identity is the same by all.
    Person::signed_in(&cairn, "bob@example.org", &mailbox).await;
    let mut bobs = Browser::new(&cairn);
    sign_in(&mut bobs, "bob@example.org").await;
    assert_eq!(link(&mut bobs, "ec").await, "/account?error=identity_taken&provider=ec");
    issuer.person("bob-there", "bob@elsewhere.example", false).await;
    let mut bobs = Browser::new(&cairn);
    sign_in(&mut bobs, "bob@example.org").await;
    assert_eq!(link(&mut bobs, "ec").await, "/account?linked=ec", "the address of an identity need not be verified");

    let identity = ann.get("/identities").await.1["items"][0]["identity_id"].as_str().unwrap().to_owned();
    let path = format!("/v1/account/identities/{identity}");
    let of_bob = bobs.send(Method::DELETE, &path, None).await;
    assert_eq!(refusal(of_bob), (404, "identity_not_found".to_owned()), "it is not Bob's");
    assert_eq!(ann.delete(&format!("/identities/{identity}")).await.0, 204);
    mailbox.take(ANN, "A way to sign in was removed").await;
    issuer.person("ann-there", ANN, true).await;
    assert_eq!(Browser::new(&cairn).follow(&start("rsa")).await, taken);
    cairn.stop().await;
}

#[cairn_test]
async fn an_account_keeps_a_way_to_sign_in(place: &Place) {
    let Some((_issuer, cairn)) = with_real_issuer(place).await else { return };
    let mailbox = Mailbox::in_data_of(place);
    let mut browser = Browser::new(&cairn);
    browser.follow(&start("rsa")).await;
    let identity = browser.get("/v1/account/identities").await.1["items"][0]["identity_id"].clone();
    let path = format!("/v1/account/identities/{}", identity.as_str().unwrap());
    let last = browser.send(Method::DELETE, &path, None).await;
    assert_eq!(refusal(last), (409, "last_way_in".to_owned()));
    for (path, body) in [
        ("/v1/account/delete", json!({"password": "x"})),
        ("/v1/account/second-factor", json!({"password": "x"})),
        ("/v1/account/password/change", json!({"current": "x", "password": PASSWORD})),
        ("/v1/account/identities", json!({"provider": "ec", "password": "x"})),
    ] {
        assert_eq!(refusal(browser.post(path, body).await), (409, "password_needed".to_owned()), "{path}");
    }
    let person = Person::new(&cairn);
    for guess in ["x", PASSWORD] {
        assert_eq!(refusal(person.try_sign_in(ANN, guess).await), (401, "wrong_credentials".to_owned()));
    }
    assert_eq!(person.post("/password/forgotten", json!({"email": ANN})).await.0, 202);
    let code = mailbox.take(ANN, "Your code for a new password").await.code();
    assert_eq!(person.post("/password/reset", json!({"code": code, "password": PASSWORD})).await.0, 204);
    sign_in(&mut browser, ANN).await;
    assert!(browser.get("/v1/account").await.1["password_at"].is_string());
    assert_eq!(browser.send(Method::DELETE, &path, None).await.0, 204);
    cairn.stop().await;
}

#[cairn_test]
async fn the_second_factor_is_asked_for_all_the_same(place: &Place) {
    let Some((_issuer, cairn)) = with_real_issuer(place).await else { return };
    Person::signed_in(&cairn, ANN, &Mailbox::in_data_of(place)).await;
    let mut browser = Browser::new(&cairn);
    sign_in(&mut browser, ANN).await;
    link(&mut browser, "rsa").await;
    let begun = browser.post("/v1/account/second-factor", json!({"password": PASSWORD})).await.1;
    let secret = begun["secret"].as_str().unwrap();
    let confirmed = browser.post("/v1/account/second-factor/confirm", json!({"code": code_of(secret)})).await;
    assert_eq!(confirmed.0, 200);
    place.execute_control("UPDATE second_factor SET used_step = 0").await;

    let mut fresh = Browser::new(&cairn);
    let page = fresh.follow(&format!("{}?return_to=/studio", start("rsa"))).await;
    let challenge = page.strip_prefix("/account/sign-in?return_to=%2Fstudio#challenge=").unwrap().to_owned();
    assert_eq!((fresh.cookie("cairn_session"), fresh.cookie("cairn_oidc")), (None, None));
    let step = json!({"challenge": challenge, "code": code_of(secret)});
    assert_eq!(fresh.post("/v1/account/sessions/second-factor", step).await.0, 201);
    assert_eq!(fresh.get("/v1/account").await.1["email"], ANN);
    cairn.stop().await;
}

#[cairn_test]
async fn whoever_says_no_there_or_has_no_verified_address_gets_no_account(place: &Place) {
    let Some((issuer, cairn)) = with_real_issuer(place).await else { return };
    issuer.person("nobody", ANN, true).await;
    let denied = Browser::new(&cairn).follow(&start("rsa")).await;
    assert_eq!(denied, "/account/sign-in?error=provider_denied&provider=rsa");
    issuer.person("ann-there", ANN, false).await;
    let unverified = Browser::new(&cairn).follow(&start("ec")).await;
    assert_eq!(unverified, "/account/sign-in?error=email_not_verified&provider=ec");
    assert!(place.control_texts("SELECT email FROM \"user\"").await.is_empty());
    cairn.stop().await;
}

#[cairn_test]
async fn an_answer_is_taken_once_in_the_browser_that_has_asked(place: &Place) {
    let Some((_issuer, cairn)) = with_real_issuer(place).await else { return };
    let invalid = "/account/sign-in?error=state_not_valid&provider=rsa";
    let mut first = Browser::new(&cairn);
    let answer = first.follow_until(&start("rsa"), "/callback?").await;
    let kept = first.cookies.clone();
    assert_eq!(Browser::new(&cairn).follow(&answer).await, invalid, "a browser that has not asked");
    let mut other = Browser::new(&cairn);
    other.open(&start("rsa")).await;
    assert_eq!(other.follow(&answer).await, invalid, "one that has asked for something else");
    assert_eq!(
        first.follow(&answer.replace("/rsa/", "/ec/")).await,
        invalid.replace("=rsa", "=ec"),
        "another provider's"
    );
    first.cookies.clone_from(&kept);
    assert_eq!(first.follow(&answer).await, "/journal");
    first.cookies = kept;
    assert_eq!(first.follow(&answer).await, invalid, "a second time");

    // Somebody's code in an answer to a request of another browser.
    let mut victim = Browser::new(&cairn);
    let stolen = victim.follow_until(&start("rsa"), "/callback?").await;
    let parameter = |url: &str, name: &str| {
        let url = url::Url::parse(url).unwrap();
        url.query_pairs().find(|(found, _)| found == name).unwrap().1.into_owned()
    };
    let mut thief = Browser::new(&cairn);
    let own = thief.follow_until(&start("rsa"), "/callback?").await;
    let injected = own.replace(&parameter(&own, "code"), &parameter(&stolen, "code"));
    assert_eq!(thief.follow(&injected).await, "/account/sign-in?error=provider_failed&provider=rsa");
    cairn.stop().await;
}

#[cairn_test]
async fn what_a_browser_keeps_is_sealed_and_expires(place: &Place) {
    let (issuer, cairn) = with_issuer(place).await;
    let sealer = Sealer::with_key(&[[0x5e, 0xa1]; 16].concat().try_into().unwrap());
    let mut browser = Browser::new(&cairn);
    let begun = browser.open(&start("own")).await;
    let set = begun.headers()["set-cookie"].to_str().unwrap();
    for attribute in ["; Path=/", "; HttpOnly", "; SameSite=Lax", "; Max-Age=600"] {
        assert!(set.contains(attribute), "{set}");
    }
    assert_eq!(begun.headers()["cache-control"], "no-store");
    let location = begun.headers()["location"].to_str().unwrap().to_owned();
    assert!(location.starts_with(&format!("{}/authorize?kept=yes&response_type=code&", issuer.base)), "{location}");
    let cookie = browser.cookie("cairn_oidc").unwrap().to_owned();
    let mut pending: Value = serde_json::from_str(&sealer.open("sign-in by a provider", &cookie).unwrap()).unwrap();
    for secret in ["state", "nonce", "verifier"] {
        assert!(!cookie.contains(pending[secret].as_str().unwrap()));
    }
    assert!(
        !location.contains(pending["verifier"].as_str().unwrap()),
        "the verifier is shown to nobody but the issuer"
    );
    pending["expires_at_ms"] = json!(clock::now_ms() - 1);
    let expired = sealer.seal("sign-in by a provider", &pending.to_string()).unwrap();
    let (state, nonce) = (pending["state"].as_str().unwrap(), pending["nonce"].as_str().unwrap());
    let answer = format!("{}?state={state}&code={nonce}", callback("own"));
    for broken in [expired.as_str(), "x", &cookie[1..]] {
        browser.cookies.insert((SERVER.to_owned(), "cairn_oidc".to_owned()), broken.to_owned());
        assert_eq!(browser.follow(&answer).await, "/account/sign-in?error=state_not_valid&provider=own");
    }
    cairn.stop().await;
}

/// Begins, and comes back with a code; `more` stands behind the answer's parameters.
async fn sign_in_at(browser: &mut Browser<'_>, more: &str) -> String {
    let location = browser.open(&start("own")).await.headers()["location"].to_str().unwrap().to_owned();
    if location.starts_with('/') {
        return location;
    }
    let url = url::Url::parse(&location).unwrap();
    let parameter = |name: &str| url.query_pairs().find(|(found, _)| found == name).unwrap().1.into_owned();
    assert_eq!((parameter("code_challenge_method"), parameter("redirect_uri")), ("S256".to_owned(), callback("own")));
    let answer = format!("{}?state={}&code={}{more}", callback("own"), parameter("state"), parameter("nonce"));
    browser.follow(&answer).await
}

const FAILED: &str = "/account/sign-in?error=provider_failed&provider=own";

#[cairn_test]
async fn an_issuer_that_lies_signs_nobody_in(place: &Place) {
    let (issuer, cairn) = with_issuer(place).await;
    let now = clock::now_ms() / 1_000;
    let claims = [
        json!({"nonce": "another"}),
        json!({"nonce": null}),
        json!({"aud": "them"}),
        json!({"aud": ["us", "them"]}),
        json!({"azp": "them"}),
        json!({"iss": "https://accounts.google.com"}),
        json!({"exp": now - 3_600}),
        json!({"exp": null}),
        json!({"iat": now + 3_600}),
        json!({"sub": null}),
        json!({"sub": ""}),
    ];
    let headers = [
        json!({"alg": "none"}),
        json!({"alg": "HS256"}),
        json!({"alg": "RS256"}),
        json!({"alg": null}),
        json!({"kid": "unknown"}),
        json!({"crit": ["exp"]}),
    ];
    let mut lies: Vec<(String, Lies)> = Vec::new();
    lies.extend(claims.map(|claims| (claims.to_string(), Lies { claims, ..Lies::default() })));
    lies.extend(headers.map(|header| (header.to_string(), Lies { header, ..Lies::default() })));
    lies.push(("a key of nobody".to_owned(), Lies { wrong_key: true, ..Lies::default() }));
    for (status, body) in [
        (200, "{}".to_owned()),
        (200, "no JSON".to_owned()),
        (200, json!({"id_token": "a.b.c"}).to_string()),
        (200, format!("{{\"id_token\": \"{}\"}}", "a".repeat(300_000))),
        (302, String::new()),
        (400, json!({"error": "invalid_grant"}).to_string()),
    ] {
        let named = format!("{status} {}", body.get(..20).unwrap_or(&body));
        lies.push((named, Lies { token_answer: Some((status, body)), ..Lies::default() }));
    }
    for (named, lie) in lies {
        issuer.lie(lie);
        let mut browser = Browser::new(&cairn);
        assert_eq!(sign_in_at(&mut browser, "").await, FAILED, "{named}");
        assert_eq!(browser.cookie("cairn_session"), None);
    }
    issuer.lie(Lies::default());
    let mixed_up = sign_in_at(&mut Browser::new(&cairn), "&iss=https%3A%2F%2Faccounts.google.com").await;
    assert_eq!(mixed_up, FAILED, "an answer of another issuer");
    let refused = sign_in_at(&mut Browser::new(&cairn), "&error=server_error").await;
    assert_eq!(refused, FAILED);
    assert!(place.control_texts("SELECT email FROM \"user\"").await.is_empty());
    let truthful = format!("&iss={}&session_state=x&authuser=0", issuer.base);
    assert_eq!(sign_in_at(&mut Browser::new(&cairn), &truthful).await, "/journal", "all that is true is taken");
    cairn.stop().await;
}

#[cairn_test]
async fn an_issuer_that_says_of_itself_what_is_not_true_is_not_asked_further(place: &Place) {
    let issuer = Issuer::start().await;
    for metadata in [
        json!({"issuer": "https://accounts.google.com"}),
        json!({"token_endpoint": null}),
        json!({"token_endpoint": "http://10.0.0.1/token"}),
        json!({"jwks_uri": "file:///etc/passwd"}),
        json!({"authorization_endpoint": "javascript:alert(1)"}),
    ] {
        let cairn = with_providers(place, &[("own", &issuer.base, "us", "s")]).await;
        issuer.lie(Lies { metadata: metadata.clone(), ..Lies::default() });
        assert_eq!(Browser::new(&cairn).follow(&start("own")).await, FAILED, "{metadata}");
        issuer.lie(Lies::default());
        assert_eq!(
            sign_in_at(&mut Browser::new(&cairn), "&error=access_denied").await,
            FAILED.replace("failed", "denied")
        );
        cairn.stop().await;
    }
    assert_eq!(issuer.asked("/token?kept=yes"), 0);
}

#[cairn_test]
async fn keys_that_change_are_found_and_not_asked_for_at_each_lie(place: &Place) {
    let (issuer, cairn) = with_issuer(place).await;
    assert_eq!(sign_in_at(&mut Browser::new(&cairn), "").await, "/journal");
    assert_eq!((issuer.asked("/keys"), issuer.asked("/.well-known/openid-configuration")), (1, 1));
    issuer.change_key("second");
    assert_eq!(sign_in_at(&mut Browser::new(&cairn), "").await, "/journal");
    assert_eq!(issuer.asked("/keys"), 2);
    issuer.lie(Lies { header: json!({"kid": "unknown"}), ..Lies::default() });
    for _ in 0..3 {
        assert_eq!(sign_in_at(&mut Browser::new(&cairn), "").await, FAILED);
    }
    assert_eq!(issuer.asked("/keys"), 2, "once a minute at most");
    cairn.stop().await;
}

#[cairn_test]
async fn an_issuer_in_a_private_network_is_asked_only_where_that_is_allowed(place: &Place) {
    let issuer = Issuer::start().await;
    let providers =
        format!("[{{ id = \"own\", display_name = \"Own\", issuer = \"{}\", client_id = \"us\" }}]", issuer.base);
    let cairn = Cairn::start(place, &[("CAIRN_OIDC_PROVIDERS", &providers), ("CAIRN_PUBLIC_URL", SERVER)]).await;
    assert_eq!(Browser::new(&cairn).follow(&start("own")).await, FAILED);
    assert_eq!(issuer.asked("/.well-known/openid-configuration"), 0);
    cairn.stop().await;
}

#[cairn_test]
async fn a_link_belongs_to_the_session_that_has_begun_it(place: &Place) {
    let (issuer, cairn) = with_issuer(place).await;
    let mailbox = Mailbox::in_data_of(place);
    for email in ["bob@example.org", "eve@example.org"] {
        Person::signed_in(&cairn, email, &mailbox).await;
    }
    for other in ["", "eve@example.org"] {
        let mut browser = Browser::new(&cairn);
        sign_in(&mut browser, "bob@example.org").await;
        let body = json!({"provider": "own", "password": PASSWORD, "return_to": "/account?tab=security"});
        let url =
            browser.post("/v1/account/identities", body).await.1["authorization_url"].as_str().unwrap().to_owned();
        browser.cookies.remove(&(SERVER.to_owned(), "cairn_session".to_owned()));
        if !other.is_empty() {
            sign_in(&mut browser, other).await;
        }
        let url = url::Url::parse(&url).unwrap();
        let parameter = |name: &str| url.query_pairs().find(|(found, _)| found == name).unwrap().1.into_owned();
        let answer = format!("{}?state={}&code={}", callback("own"), parameter("state"), parameter("nonce"));
        let page = browser.follow(&answer).await;
        assert_eq!(page, "/account?tab=security&error=session_not_valid&provider=own");
    }
    assert_eq!(issuer.asked("/token?kept=yes"), 0);
    cairn.stop().await;
}

#[cairn_test]
async fn of_many_answers_at_once_for_one_new_person_one_account_comes(place: &Place) {
    let (_issuer, cairn) = with_issuer(place).await;
    let mut browsers: Vec<Browser<'_>> = (0..8).map(|_| Browser::new(&cairn)).collect();
    let pages = futures_util::future::join_all(browsers.iter_mut().map(|browser| sign_in_at(browser, ""))).await;
    let others =
        ["/account/sign-in?error=address_taken&provider=own", "/account/sign-in?error=identity_taken&provider=own"];
    assert!(pages.iter().all(|page| page == "/journal" || others.contains(&page.as_str())), "{pages:?}");
    assert!(pages.iter().any(|page| page == "/journal"));
    assert_eq!(place.control_texts("SELECT email FROM \"user\"").await, [ANN]);
    assert_eq!(sign_in_at(&mut Browser::new(&cairn), "").await, "/journal");
    cairn.stop().await;
}

#[test]
fn settings_of_providers_are_checked_and_secrets_are_not_shown() {
    use cairn::config::Config;
    let read = |providers: &str| Config::read(None, [("CAIRN_OIDC_PROVIDERS", providers)].into_iter());
    let one = |change: (&str, &str)| {
        let right = "[{ id = \"a\", display_name = \"A\", issuer = \"https://a.example\", client_id = \"c\", client_secret = \"hunter2\" }]";
        read(&right.replace(change.0, change.1))
    };
    let config = one(("", "")).unwrap();
    assert_eq!(config.oidc.providers()[0].scopes, "openid email");
    assert!(!format!("{config:?}").contains("hunter2"));
    for change in [
        ("id = \"a\"", "id = \"A b\""),
        ("id = \"a\"", "id = \"\""),
        ("id = \"a\",", ""),
        ("https://a.example", "http://a.example"),
        ("https://a.example", "https://u:hunter2@a.example"),
        ("client_id = \"c\"", "client_id = \"\""),
        ("client_id", "client"),
        ("[{", "{"),
        ("}]", "}"),
        ("display_name = \"A\"", "display_name = 7"),
    ] {
        let refused = one(change).unwrap_err().to_string();
        assert!(
            refused.starts_with("configuration: CAIRN_OIDC_PROVIDERS ") && !refused.contains("hunter2"),
            "{refused}"
        );
    }
    let twice = "{ id = \"a\", display_name = \"A\", issuer = \"https://a.example\", client_id = \"c\" }";
    assert!(read(&format!("[{twice}, {twice}]")).unwrap_err().to_string().contains("an id of its own"));
}
