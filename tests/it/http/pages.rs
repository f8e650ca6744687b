//! The pages: their files, the documents that the server makes, and what a browser may do with them.

use cairn_test_macros::cairn_test;
use reqwest::{Method, header};
use serde_json::json;

use crate::{
    journal::Gamer,
    support::{Backend, Cairn, Place, run},
};

const HTML: &str = "text/html,application/xhtml+xml,*/*;q=0.8";

#[tokio::test(flavor = "multi_thread")]
async fn addresses_of_the_application_get_its_document_and_others_do_not() {
    run(Backend::Embedded, async |cairn| {
        let document = cairn.get("/journal").header("accept", HTML).send().await.unwrap();
        assert_eq!(document.status(), 200);
        let tag = document.headers()[header::ETAG].clone();
        let text = document.text().await.unwrap();
        assert!(text.contains(&format!("<meta name=\"cairn-public-url\" content=\"{}\" />", cairn.base)), "{text}");
        for path in ["/journal/library?state=ongoing", "/studio/moss/climb/world", "/account/sign-in", "/admin"] {
            let answer =
                cairn.get(path).header("accept", HTML).header("if-none-match", tag.as_bytes()).send().await.unwrap();
            assert_eq!(answer.status(), 304, "{path}");
        }
        let head = cairn.http.head(format!("{}/journal", cairn.base)).header("accept", HTML).send().await.unwrap();
        assert_eq!((head.status().as_u16(), head.headers()[header::ETAG].clone()), (200, tag));
        for (path, accept) in [("/journal", "application/json"), ("/journals", HTML), ("/index.htm", HTML)] {
            let answer = cairn.get(path).header("accept", accept).send().await.unwrap();
            assert_eq!(
                (answer.status().as_u16(), &answer.headers()["content-type"]),
                (404, &"application/problem+json".parse().unwrap()),
                "{path}"
            );
        }
        assert_eq!(
            cairn.http.post(format!("{}/journal", cairn.base)).header("accept", HTML).send().await.unwrap().status(),
            404
        );
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn files_never_change_under_their_names_and_are_not_counted() {
    run(Backend::Embedded, async |cairn| {
        let document = cairn.get("/journal").header("accept", HTML).send().await.unwrap();
        assert!(!document.headers().contains_key("ratelimit"), "from memory");
        let text = document.text().await.unwrap();
        let script = text.split('"').find(|part| part.starts_with("/assets/") && is_of(part, "js")).unwrap();
        let file = cairn.get(script).header("accept-encoding", "gzip").send().await.unwrap();
        let of = |name: &str| file.headers()[name].to_str().unwrap();
        assert_eq!(of("cache-control"), "public, max-age=31536000, immutable");
        assert_eq!((of("content-type"), of("content-encoding")), ("text/javascript; charset=utf-8", "gzip"));
        let again = cairn.get(script).header("accept-encoding", "gzip").header("if-none-match", of("etag"));
        assert_eq!(again.send().await.unwrap().status(), 304);
        let font = first_font(cairn, &text).await;
        let font = cairn.get(&font).header("accept-encoding", "gzip").send().await.unwrap();
        assert_eq!(
            (&font.headers()["content-type"], font.headers().get("content-encoding")),
            (&"font/woff2".parse().unwrap(), None)
        );
        let gone = cairn.get("/assets/index-00000000.js").header("accept", HTML).send().await.unwrap();
        assert_eq!(
            (gone.status().as_u16(), &gone.headers()["content-type"]),
            (404, &"application/problem+json".parse().unwrap())
        );
    })
    .await;
}

/// Whether a path is one of a file of that kind.
fn is_of(path: &str, kind: &str) -> bool {
    path.rsplit_once('.').is_some_and(|(_, end)| end == kind)
}

/// A font that one of the styles of a document names.
async fn first_font(cairn: &Cairn, document: &str) -> String {
    for style in document.split('"').filter(|part| part.starts_with("/assets/") && is_of(part, "css")) {
        let styles = cairn.get(style).send().await.unwrap().text().await.unwrap();
        if let Some(font) = styles.split(['(', ')']).find(|part| is_of(part, "woff2")) {
            return font.to_owned();
        }
    }
    panic!("no style of the document names a font: {document}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_browser_runs_only_files_of_ours() {
    run(Backend::Embedded, async |cairn| {
        for path in ["/", "/journal", "/account/sign-in", "/games/1", "/people/nobody"] {
            let answer = cairn.get(path).header("accept", HTML).send().await.unwrap();
            let policy = answer.headers()["content-security-policy"].to_str().unwrap().to_owned();
            for directive in [
                "default-src 'none'",
                "script-src 'self'",
                "style-src 'self'",
                "frame-ancestors 'none'",
                "base-uri 'none'",
            ] {
                assert!(policy.split("; ").any(|part| part == directive), "{path}: {policy}");
            }
            assert!(!policy.contains("unsafe"), "{path}: {policy}");
            assert_eq!(answer.headers()["x-content-type-options"], "nosniff", "{path}");
            let text = answer.text().await.unwrap();
            // Linked data is no script: no browser runs it.
            let inline = text.matches("<script").count()
                - text.matches("<script src=").count()
                - text.matches("<script type=\"module\"").count();
            assert_eq!(inline, text.matches("<script type=\"application/ld+json\">").count(), "{path}: {text}");
            assert!(!text.contains(" style=") && !text.contains("data:"), "{path}: {text}");
        }
    })
    .await;
}

#[cairn_test]
async fn what_everybody_may_read_has_a_page_and_the_rest_has_none(place: &Place) {
    let cairn = Cairn::start(place, &[]).await;
    let (ann, bob) = (Gamer::new(&cairn, place, "ann").await, Gamer::new(&cairn, place, "bob").await);
    let game = cairn.new_title("steam:1", "Moss </script><b> & \"Stone\"", "2019", &["pc"]).await;
    let open = ann.think(game, "It **ends** ||badly||. <img src=x onerror=alert(1)>", "public").await;
    let friends = ann.think(game, "between us", "friends").await;
    let read = async |path: &str, language: &str| {
        let answer = cairn.get(path).header("accept", HTML).header("accept-language", language).send().await.unwrap();
        let status = answer.status().as_u16();
        assert!(answer.headers()["content-type"].to_str().unwrap().starts_with("text/html"), "{path}");
        (status, answer.text().await.unwrap())
    };
    let (status, page) = read(&format!("/games/{game}"), "en").await;
    assert_eq!(status, 200, "{page}");
    assert!(page.contains("<h1>Moss &#60;/script&#62;&#60;b&#62; &#38; &#34;Stone&#34;</h1>"), "{page}");
    assert!(
        page.contains("\\u003c/script>\\u003cb>")
            && page.matches("</script>").count() == page.matches("<script").count(),
        "{page}"
    );
    assert!(page.contains("<strong>ends</strong>") && page.contains("<span class=\"spoiler\">badly</span>"), "{page}");
    assert!(!page.contains("<img") && !page.contains("between us"), "{page}");
    let (status, page) = read(&format!("/thoughts/{open}"), "ro-RO,ro").await;
    assert_eq!(status, 200);
    assert!(page.contains("<html lang=\"ro\">") && page.contains("ann despre"), "{page}");
    assert!(
        page.contains("<meta name=\"description\" content=\"\">"),
        "what is folded is not told to other sites: {page}"
    );
    let (status, page) = read("/people/ann", "en").await;
    assert_eq!(status, 200);
    assert!(page.contains("<h1>ann</h1>") && !page.contains("between us"), "{page}");
    for path in
        [format!("/thoughts/{friends}"), "/people/nobody".to_owned(), "/games/999999".to_owned(), "/games/x".to_owned()]
    {
        let (status, page) = read(&path, "en").await;
        assert_eq!(status, 404, "{path}");
        assert!(page.contains("<h1>There is nothing here</h1>"), "{page}");
    }
    let hide = json!({"display_name": "Bob", "audience": "friends"});
    let (status, me) = bob.send(Method::PUT, "/users", None, Some(hide)).await;
    assert_eq!(status, 200, "{me}");
    assert_eq!(read("/people/bob", "en").await.0, 404, "who shows themself to friends has no page");
    cairn.stop().await;
}
