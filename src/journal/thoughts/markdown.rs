//! Markdown as HTML that any page may show.
//!
//! - Raw HTML is shown as the text that it is. What the parser makes is cleaned once more, by a list of elements and attributes
//!   that are safe, so that a fault of the one is caught by the other.
//! - Nothing is loaded from anywhere: an image becomes a link to it.
//! - Links lead to http, https and mailto only, with a `rel` by which they pass on neither a referrer nor a search rank.
//! - `||text||` is a spoiler: `<span class="spoiler">`.
//! - What a text can cost is bounded: how deep it nests, how many cells its tables have, how large its HTML is.

use std::{
    collections::{HashMap, HashSet},
    sync::LazyLock,
};

use ammonia::{Builder, UrlRelative};
use comrak::{
    Arena, Options,
    arena_tree::NodeEdge,
    nodes::{AstNode, NodeValue},
};

/// The number of this way to make HTML. HTML that an earlier one made is made again where it is read: raise it with every change
/// here and every update of the two packages.
pub const RENDERER: i16 = 1;

/// How deep elements may be nested. Fifteen levels of lists take 46: each is a list, an item and at last a paragraph.
const MAX_DEPTH: usize = 60;

/// The most cells of all tables: the parser fills up short rows, so that a text of a few thousand letters could have millions.
const MAX_CELLS: usize = 10_000;

/// The most bytes of HTML. What people write takes two or three bytes for one; this is sixteen for one.
pub const MAX_HTML_BYTES: usize = 256 * 1024;

/// The most characters of an excerpt.
pub const EXCERPT_CHARS: usize = 280;

/// What stands for a spoiler in an excerpt.
const COVERED: &str = "[…]";

/// A text as pages show it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Rendered {
    /// The HTML.
    pub html: String,
    /// Its beginning as plain text, spoilers left out.
    pub excerpt: String,
}

/// Renders a text, or says what is wrong with it.
///
/// # Errors
/// It would cost too much: what, with the limit.
pub fn render(text: &str) -> Result<Rendered, String> {
    if table_cells(text) > MAX_CELLS {
        return Err(format!("has too many cells of tables; at most {MAX_CELLS}"));
    }
    let arena = Arena::new();
    let root = comrak::parse_document(&arena, text, &OPTIONS);
    if depth(root) > MAX_DEPTH {
        return Err(format!("is nested too deeply; at most {MAX_DEPTH} levels of elements"));
    }
    link_images(root);
    let excerpt = excerpt(root);
    let mut html = String::new();
    // Writing to a string can't fail.
    let _whole = comrak::format_html(root, &OPTIONS, &mut html);
    let too_large = || format!("takes too much room as HTML; at most {MAX_HTML_BYTES} bytes");
    if html.len() > MAX_HTML_BYTES {
        return Err(too_large());
    }
    let html = CLEANER.clean(&html).to_string();
    if html.len() > MAX_HTML_BYTES { Err(too_large()) } else { Ok(Rendered { html, excerpt }) }
}

static OPTIONS: LazyLock<Options<'static>> = LazyLock::new(|| {
    let mut options = Options::default();
    options.extension.strikethrough = true;
    options.extension.table = true;
    options.extension.autolink = true;
    options.extension.spoiler = true;
    // A line that somebody ends is a line.
    options.render.hardbreaks = true;
    options.render.escape = true;
    options
});

const ELEMENTS: [&str; 26] = [
    "a",
    "blockquote",
    "br",
    "code",
    "del",
    "em",
    "h1",
    "h2",
    "h3",
    "h4",
    "h5",
    "h6",
    "hr",
    "li",
    "ol",
    "p",
    "pre",
    "span",
    "strong",
    "table",
    "tbody",
    "td",
    "th",
    "thead",
    "tr",
    "ul",
];

const REL: &str = "nofollow ugc noopener noreferrer";

static CLEANER: LazyLock<Builder<'static>> = LazyLock::new(|| {
    let mut cleaner = Builder::empty();
    let set = |names: &[&'static str]| names.iter().copied().collect::<HashSet<_>>();
    cleaner
        .tags(set(&ELEMENTS))
        .tag_attributes(HashMap::from([("a", set(&["href", "title"])), ("ol", set(&["start"]))]))
        .tag_attribute_values(
            ["td", "th"].map(|cell| (cell, HashMap::from([("align", set(&["left", "center", "right"]))]))).into(),
        )
        .allowed_classes(HashMap::from([("span", set(&["spoiler"]))]))
        .url_schemes(set(&["http", "https", "mailto"]))
        .url_relative(UrlRelative::Deny)
        .link_rel(Some(REL))
        .strip_comments(true);
    cleaner
});

/// At most how many cells the tables of a text have: for lines without an empty one between them, the columns of the widest
/// line that could be a table's second one, in all of them.
fn table_cells(text: &str) -> usize {
    let (mut all, mut rows, mut columns) = (0_usize, 0_usize, 0_usize);
    for line in text.lines().chain([""]) {
        if line.trim().is_empty() {
            all = all.saturating_add(rows.saturating_mul(columns));
            (rows, columns) = (0, 0);
            continue;
        }
        rows += 1;
        // A second line of a table may stand in a quotation or a list.
        if line.bytes().all(|byte| {
            matches!(byte, b'|' | b':' | b'-' | b'>' | b'*' | b'+' | b'.' | b')' | b' ' | b'\t' | b'0'..=b'9')
        }) {
            columns = columns.max(line.bytes().filter(|byte| *byte == b'|').count() + 1);
        }
    }
    all
}

/// How deep the deepest element is below the root.
fn depth<'a>(root: &'a AstNode<'a>) -> usize {
    let (mut depth, mut deepest) = (0_usize, 0);
    for edge in root.traverse() {
        match edge {
            NodeEdge::Start(_) => {
                depth += 1;
                deepest = deepest.max(depth);
            }
            NodeEdge::End(_) => depth = depth.saturating_sub(1),
        }
    }
    deepest
}

/// Makes a link of each image, and of one inside of a link its text.
fn link_images<'a>(root: &'a AstNode<'a>) {
    let images = root.descendants().filter(|node| matches!(node.data().value, NodeValue::Image(_)));
    for image in images.collect::<Vec<_>>() {
        let is_in_link = |node: &AstNode<'a>| matches!(node.data().value, NodeValue::Link(_) | NodeValue::Image(_));
        let in_link = image.ancestors().skip(1).any(is_in_link);
        let mut data = image.data_mut();
        let NodeValue::Image(link) = std::mem::replace(&mut data.value, NodeValue::Emph) else { continue };
        if !in_link {
            data.value = NodeValue::Link(link);
        }
    }
}

/// The beginning of a text without its marks, on one line.
fn excerpt<'a>(root: &'a AstNode<'a>) -> String {
    let mut excerpt = Excerpt::default();
    let mut covered = 0_usize;
    for edge in root.traverse() {
        let (node, is_start) = match edge {
            NodeEdge::Start(node) => (node, true),
            NodeEdge::End(node) => (node, false),
        };
        let data = node.data();
        if matches!(data.value, NodeValue::SpoileredText) {
            if is_start && covered == 0 {
                excerpt.push(COVERED);
            }
            covered = if is_start { covered + 1 } else { covered.saturating_sub(1) };
        }
        if !is_start || covered > 0 {
            if data.value.block() {
                excerpt.gap();
            }
            continue;
        }
        match &data.value {
            NodeValue::Text(text) => excerpt.push(text),
            NodeValue::HtmlInline(text) => excerpt.push(text),
            NodeValue::Code(code) => excerpt.push(&code.literal),
            NodeValue::CodeBlock(block) => excerpt.push(&block.literal),
            NodeValue::HtmlBlock(block) => excerpt.push(&block.literal),
            NodeValue::SoftBreak | NodeValue::LineBreak | NodeValue::TableCell => excerpt.gap(),
            _ => {}
        }
        if excerpt.is_full() {
            break;
        }
    }
    excerpt.text
}

/// A text of at most [`EXCERPT_CHARS`] characters, with one space wherever there is any white space.
#[derive(Default)]
struct Excerpt {
    text: String,
    chars: usize,
    gap: bool,
}

impl Excerpt {
    fn gap(&mut self) {
        self.gap = true;
    }

    fn is_full(&self) -> bool {
        self.chars >= EXCERPT_CHARS
    }

    fn push(&mut self, text: &str) {
        for char in text.chars() {
            if self.is_full() {
                return;
            }
            if char.is_whitespace() {
                self.gap = true;
                continue;
            }
            let gap = std::mem::take(&mut self.gap) && self.chars > 0;
            if self.chars + usize::from(gap) + 1 >= EXCERPT_CHARS {
                self.text.push('…');
                self.chars = EXCERPT_CHARS;
                return;
            }
            if gap {
                self.text.push(' ');
                self.chars += 1;
            }
            self.text.push(char);
            self.chars += 1;
        }
    }
}

#[cfg(test)]
mod tests {
    use std::time::{Duration, Instant};

    use proptest::prelude::*;

    use super::*;
    use crate::journal::thoughts::model::text::MAX_CHARS;

    fn html(text: &str) -> String {
        render(text).unwrap().html
    }

    /// What is wrong with HTML by rules of our own, which know neither the parser nor the cleaner: every `<` begins one of the
    /// elements, every attribute is one of a few, every link leads where links may.
    fn unsafe_part(html: &str) -> Option<String> {
        let mut rest = html;
        while let Some((_, after)) = rest.split_once('<') {
            let Some((tag, after)) = after.split_once('>') else { return Some(format!("an open tag: {after}")) };
            rest = after;
            let tag = tag.strip_prefix('/').unwrap_or(tag);
            let (name, mut attributes) = tag.split_once(' ').unwrap_or((tag, ""));
            if !ELEMENTS.contains(&name) {
                return Some(format!("<{name}>"));
            }
            while !attributes.is_empty() {
                let Some((attribute, value)) = attributes.split_once("=\"") else { return Some(attributes.to_owned()) };
                let Some((value, further)) = value.split_once('"') else { return Some(attributes.to_owned()) };
                let is_safe = match (name, attribute.trim()) {
                    ("a", "href") => ["http://", "https://", "mailto:"].iter().any(|start| value.starts_with(start)),
                    ("a", "rel") => value == REL,
                    ("a", "title") => true,
                    ("ol", "start") => value.bytes().all(|byte| byte.is_ascii_digit()),
                    ("span", "class") => value == "spoiler",
                    ("td" | "th", "align") => ["left", "center", "right"].contains(&value),
                    _ => false,
                };
                if !is_safe {
                    return Some(format!("{name} {attribute}={value}"));
                }
                attributes = further.trim_start();
            }
        }
        None
    }

    #[test]
    fn the_rules_of_these_tests_find_what_is_not_safe() {
        for html in [
            "<script>",
            "<a href=\"javascript:x\">",
            "<a onclick=\"x\">",
            "<img src=\"http://x\">",
            "<p style=\"x\">",
            "<p",
            "<a href=x>",
            "<span class=\"other\">",
            "<a href=\"/x\">",
            "<a rel=\"follow\">",
        ] {
            assert!(unsafe_part(html).is_some(), "{html}");
        }
    }

    #[test]
    fn markdown_is_rendered() {
        for (text, expected) in [
            ("a *b* **c** ~~d~~", "<p>a <em>b</em> <strong>c</strong> <del>d</del></p>\n"),
            ("one\ntwo", "<p>one<br>\ntwo</p>\n"),
            ("||the end||", "<p><span class=\"spoiler\">the end</span></p>\n"),
            ("# Head\n\n- a\n- b", "<h1>Head</h1>\n<ul>\n<li>a</li>\n<li>b</li>\n</ul>\n"),
            ("3. c", "<ol start=\"3\">\n<li>c</li>\n</ol>\n"),
            ("```rust\nlet <a>;\n```", "<pre><code>let &lt;a&gt;;\n</code></pre>\n"),
            (
                "|a|b|\n|-|:-:|\n|1|2|",
                "<table>\n<thead>\n<tr>\n<th>a</th>\n<th align=\"center\">b</th>\n</tr>\n</thead>\n<tbody>\n<tr>\n<td>1</td>\n\
                 <td align=\"center\">2</td>\n</tr>\n</tbody>\n</table>\n",
            ),
        ] {
            assert_eq!(html(text), expected, "{text}");
        }
    }

    #[test]
    fn links_pass_nothing_on_and_lead_to_pages_and_addresses_only() {
        let link = |href: &str, text: &str| format!("<p><a href=\"{href}\" rel=\"{REL}\">{text}</a></p>\n");
        assert_eq!(html("[a](https://x.example)"), link("https://x.example", "a"));
        assert_eq!(
            html("https://x.example/?a=1&b=2"),
            link("https://x.example/?a=1&amp;b=2", "https://x.example/?a=1&amp;b=2")
        );
        for bad in [
            "javascript:alert(1)",
            "JaVaScRiPt:alert(1)",
            "data:text/html,x",
            "vbscript:x",
            "/x",
            "//x.example",
            "file:///x",
            "ftp://x",
        ] {
            let made = html(&format!("[a]({bad})"));
            assert!(!made.contains("href"), "{bad}: {made}");
            assert!(made.contains('a'), "{bad}: its text stays: {made}");
        }
    }

    #[test]
    fn an_image_is_a_link_to_it() {
        assert_eq!(html("![a cat](https://x.example/c.png)"), html("[a cat](https://x.example/c.png)"));
        let inside = html("[![a cat](https://x.example/c.png)](https://y.example)");
        assert!(inside.contains("a cat") && inside.contains("y.example") && !inside.contains("c.png"), "{inside}");
    }

    #[test]
    fn raw_html_is_shown_as_text() {
        assert_eq!(html("I <3 <b>this</b>"), "<p>I &lt;3 &lt;b&gt;this&lt;/b&gt;</p>\n");
        let block = html("<div>\n\nx\n\n</div>");
        assert!(block.contains("&lt;div&gt;") && block.contains("<p>x</p>"), "{block}");
    }

    #[test]
    fn nothing_hostile_comes_through() {
        for text in [
            "<script>alert(1)</script>",
            "<img src=x onerror=alert(1)>",
            "<svg/onload=alert(1)>",
            "<svg><animate onbegin=alert(1) attributeName=x dur=1s>",
            "<math><mtext><table><mglyph><style><!--</style><img title=\"--&gt;&lt;img src=1 onerror=alert(1)&gt;\">",
            "<form><math><mtext></form><form><mglyph><style></math><img src onerror=alert(1)>",
            "<noscript><p title=\"</noscript><img src=x onerror=alert(1)>\">",
            "<iframe srcdoc='<script>alert(1)</script>'></iframe>",
            "<a href=\"javascript:alert(1)\">x</a>",
            "[x](javascript:alert(1))",
            "[x](java\tscript:alert(1))",
            "[x](\u{1}javascript:alert(1))",
            "[x](&#106;avascript:alert(1))",
            "[x](&#x6A;avascript&colon;alert(1))",
            "[x](javascript&colon;alert(1))",
            "[x](<javascript:alert(1)>)",
            "[x](<java\u{a0}script:alert(1)>)",
            "[x][y]\n\n[y]: javascript:alert(1)",
            "<javascript:alert(1)>",
            "![x](javascript:alert(1))",
            "![x](https://a.example/\"onerror=\"alert(1))",
            "![x\" onerror=\"alert(1)](y)",
            "[x](https://a.example \"a\\\" onmouseover=\\\"alert(1)\")",
            "[x](https://a.example 'a\" onmouseover=\"alert(1)')",
            "[x](https://a.example/\"><script>alert(1)</script>)",
            "```\"><script>alert(1)</script>\nx\n```",
            "``` a\" onmouseover=\"alert(1)\nx\n```",
            "`<script>alert(1)</script>`",
            "||<script>alert(1)</script>||",
            "|<script>|\n|-|\n|<img src=x onerror=alert(1)>|",
            "~~<script>~~alert(1)</script>",
            "<!-- <script>alert(1)</script> -->",
            "<!--> <script>alert(1)</script>",
            "<![CDATA[<script>alert(1)</script>]]>",
            "<?php echo 1 ?><script>alert(1)</script>",
            "<!DOCTYPE html [<!ENTITY x \"y\">]>",
            "<base href=\"https://evil.example\">",
            "<meta http-equiv=refresh content=\"0;url=https://evil.example\">",
            "<link rel=stylesheet href=https://evil.example>",
            "<style>@import 'https://evil.example';</style>",
            "<p style=\"background:url(https://evil.example)\">x</p>",
            "<input autofocus onfocus=alert(1)>",
            "<details open ontoggle=alert(1)>",
            "<video><source onerror=alert(1)>",
            "<object data=\"javascript:alert(1)\">",
            "<embed src=\"javascript:alert(1)\">",
            "<button formaction=javascript:alert(1)>x",
            "<template><script>alert(1)</script></template>",
            "<textarea></textarea><script>alert(1)</script>",
            "<a href=\"https://x\" target=_blank id=x name=y class=z>x</a>",
            "<scr<script>ipt>alert(1)</scr</script>ipt>",
            "\u{2028}<script>\u{2029}alert(1)</script>",
            "\\<script>alert(1)\\</script>",
            "&lt;script&gt;alert(1)&lt;/script&gt;",
            "&#60;script&#62;alert(1)&#60;/script&#62;",
            "https://x.example/<script>alert(1)</script>",
            "https://x.example/\"onmouseover=\"alert(1)",
            "www.x.example/'><img/src=x/onerror=alert(1)>",
            "a@x.example\"><script>alert(1)</script>",
            "mailto:a@x.example?body=<script>",
            "<https://x.example/\"onclick=\"alert(1)>",
            "[<script>](https://x.example)",
            "[a](https://x.example)<script\n>alert(1)</script\n>",
            "# <script>alert(1)</script>",
            "<plaintext>",
            "<xmp><script>alert(1)</script></xmp>",
        ] {
            let made = html(text);
            assert_eq!(unsafe_part(&made), None, "{text}\n{made}");
        }
    }

    #[test]
    fn an_excerpt_is_the_beginning_without_marks_and_spoilers() {
        for (text, expected) in [
            ("# Head\n\nIt *was* [good](https://x.example).", "Head It was good."),
            ("He is ||the butler||!", "He is […]!"),
            ("a\n\n\n- b\n- `c`", "a b c"),
            ("||||", "||||"),
        ] {
            assert_eq!(render(text).unwrap().excerpt, expected, "{text}");
        }
        let long = render(&"word ".repeat(200)).unwrap().excerpt;
        assert!(long.chars().count() <= EXCERPT_CHARS && long.ends_with('…'), "{long}");
        assert!(!render("||a **secret** of ||nested|| kinds||").unwrap().excerpt.contains("secret"));
    }

    fn repeated(part: &str) -> String {
        part.repeat(MAX_CHARS / part.chars().count())
    }

    #[test]
    fn what_nests_too_deeply_is_refused() {
        for part in [">", "> ", "- ", "1. ", "*a **b "] {
            let text = if part.starts_with('*') {
                format!("{}{}", part.repeat(200), " b** a*".repeat(200))
            } else {
                repeated(part) + "x"
            };
            assert!(render(&text).is_err_and(|fault| fault.contains("nested")), "{part}");
        }
        let lists = (0..15).map(|depth| "  ".repeat(depth) + "- x").collect::<Vec<_>>().join("\n");
        assert!(render(&lists).is_ok(), "fifteen levels of lists");
    }

    #[test]
    fn tables_are_bounded_by_the_cells_that_they_would_have() {
        let wide = |columns: usize, rows: usize| {
            format!("{}\n{}\n{}", "|a".repeat(columns), "|-".repeat(columns), "|x\n".repeat(rows))
        };
        assert!(render(&wide(1000, 6000)).is_err_and(|fault| fault.contains("cells")));
        assert!(render(&wide(3000, 10)).is_err_and(|fault| fault.contains("cells")));
        let quoted = wide(100, 3000).replace('\n', "\n> ");
        let quoted = format!("> {quoted}");
        assert!(render(&quoted).is_err_and(|fault| fault.contains("cells")), "in a quotation");
        let made = html(&wide(20, 100));
        assert_eq!(unsafe_part(&made), None);
        assert_eq!(made.matches("<td").count(), 20 * 100, "short rows are filled up");
    }

    #[test]
    fn html_that_is_too_large_is_refused() {
        let address = format!("[a]: https://x.example/{}\n", "a".repeat(900));
        match render(&(address + &"[a]".repeat(5000))) {
            Ok(rendered) => assert!(rendered.html.len() <= MAX_HTML_BYTES),
            Err(fault) => assert!(fault.contains("262144"), "{fault}"),
        }
        assert!(render(&repeated("a@b.c ")).is_ok_and(|made| made.html.len() > MAX_CHARS), "much is not too much");
    }

    #[test]
    fn no_text_takes_long() {
        let mut backticks = String::new();
        for length in (1..).take_while(|length| length * (length + 1) / 2 < MAX_CHARS) {
            backticks += &"`".repeat(length);
            backticks.push(' ');
        }
        let mut texts: Vec<String> = [
            "*",
            "_",
            "**a",
            "*a_ ",
            "*a **a ",
            "a**b",
            "[",
            "]",
            "![",
            "[a](",
            "[a](b",
            "[](",
            "[[a]",
            "<",
            "<a",
            "<!--",
            "<?",
            "<![CDATA[",
            "<a b='",
            "&",
            "&#x",
            "&a;",
            "||",
            "||a",
            "|",
            "|-",
            "|a|\n|-|\n",
            "a\n-\n",
            "~~",
            "~~a",
            "\\",
            "www.",
            "www.a.",
            "http://",
            "http://a ",
            "a@a.",
            "a@b.c ",
            "[a]: b\n",
            "[a]\n",
            "- ",
            "-\n",
            "1.\n",
            ">\n",
            "> a\n",
            "\t",
            "    a\n",
            "```\n",
            "# ",
            "***\n",
            "\n",
            "é",
            "\u{301}",
            "\u{1f40c}",
            "\"",
            "'",
            "a ",
            "a\n",
        ]
        .map(repeated)
        .into();
        texts.push(backticks);
        texts.push(format!("{}{}", "[".repeat(MAX_CHARS / 2), "]".repeat(MAX_CHARS / 2)));
        texts.push(format!("{}{}", "*a ".repeat(MAX_CHARS / 6), "a* ".repeat(MAX_CHARS / 6)));
        texts.push(format!("{}{}", "[a]: http://b\n".repeat(500), "[a]".repeat(2500)));
        let mut slowest = (Duration::ZERO, String::new());
        for text in texts {
            let began = Instant::now();
            let made = render(&text);
            let took = began.elapsed();
            if let Ok(made) = made {
                assert_eq!(unsafe_part(&made.html), None, "{}", text.chars().take(40).collect::<String>());
            }
            if took > slowest.0 {
                slowest = (took, text.chars().take(40).collect());
            }
        }
        println!("the slowest took {slowest:?}");
        // Tests are not optimised, and others run beside them: what is known to be slowest takes one second here, and a tenth of
        // that in a release. What grows with the square at every step takes minutes.
        assert!(slowest.0 < Duration::from_secs(20), "{slowest:?}");
    }

    proptest! {
        #[test]
        fn whatever_is_written_is_safe(parts in prop::collection::vec(
            prop::sample::select(vec![
                "<", ">", "\"", "'", "&", "=", "/", "(", ")", "[", "]", "!", "*", "_", "`", "~~", "||", "|", "-", "#", "\n", " ", "\\", ":",
                "javascript:", "https://x.example", "script", "img src=x onerror=", "onclick=", "a", "&lt;", "&#60;", "&quot;", "style", "svg",
                "math", "<!--", "-->", "]]>", "\u{0}x", "\u{a0}", "\t", "1.", "+", "href", "é",
            ]), 0..60,
        )) {
            if let Ok(made) = render(&parts.concat()) {
                prop_assert_eq!(unsafe_part(&made.html), None, "{}", made.html);
                let again = CLEANER.clean(&made.html).to_string();
                prop_assert_eq!(again, made.html, "cleaning what is clean changes nothing");
            }
        }

        #[test]
        fn any_text_is_safe(text in "\\PC{0,400}") {
            if let Ok(made) = render(&text) {
                prop_assert_eq!(unsafe_part(&made.html), None);
                prop_assert!(made.excerpt.chars().count() <= EXCERPT_CHARS);
            }
        }
    }
}
