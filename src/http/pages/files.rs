//! The files, each compressed when it is first asked for.

use std::{
    borrow::Cow,
    collections::{BTreeSet, HashMap},
};

use bytes::Bytes;
use poem::{Request, Response};
use serde::Deserialize;
use tokio::sync::OnceCell;

use super::ASSETS;
use crate::{
    http::{problem::Problem, rendered::Rendered},
    platform::error::Kind,
};

/// What Vite builds. A debug build reads it from the folder.
#[derive(rust_embed::Embed)]
#[folder = "web/dist"]
#[allow_missing = true]
struct Built;

const INDEX: &str = "index.html";

/// Which files belong to which source: for the server, not for browsers.
const MANIFEST: &str = "manifest.json";

/// What Vite's manifest says of a source.
#[derive(Debug, Deserialize)]
struct Chunk {
    file: String,
    #[serde(default)]
    css: Vec<String>,
    #[serde(default)]
    imports: Vec<String>,
}

/// The files that a document needs, as addresses.
#[derive(Clone, Debug, Default)]
pub struct Links {
    /// Its styles, in order.
    pub styles: Vec<String>,
    /// Its script, a module; none where the program was built without its pages.
    pub script: Option<String>,
}

/// Media types, by the ends of names.
const TYPES: [(&str, &str); 9] = [
    ("css", "text/css; charset=utf-8"),
    ("html", "text/html; charset=utf-8"),
    ("js", "text/javascript; charset=utf-8"),
    ("json", "application/json"),
    ("png", "image/png"),
    ("svg", "image/svg+xml"),
    ("txt", "text/plain; charset=utf-8"),
    ("webp", "image/webp"),
    ("woff2", "font/woff2"),
];

/// Of what never changes under its name.
const IMMUTABLE: &str = "public, max-age=31536000, immutable";

/// The files of the pages.
#[derive(Debug)]
pub(super) struct Files {
    by_path: HashMap<Cow<'static, str>, File>,
    chunks: HashMap<String, Chunk>,
}

#[derive(Debug, Default)]
struct File {
    /// What stands before the end of the document's head.
    head: Option<String>,
    rendered: OnceCell<Rendered>,
}

impl Files {
    /// The files for a server that is reached at that address. The application says so to those who opened it at another one: there,
    /// no change would be taken from them.
    pub(super) fn new(public_url: &str) -> Self {
        let built = Built::iter().filter(|path| path != MANIFEST);
        let mut by_path: HashMap<_, _> = built.map(|path| (path, File::default())).collect();
        if let Some(index) = by_path.get_mut(INDEX) {
            let url = public_url.replace('&', "&amp;").replace('"', "&quot;");
            index.head = Some(format!("<meta name=\"cairn-public-url\" content=\"{url}\" />"));
        }
        let manifest = Built::get(MANIFEST).map(|file| serde_json::from_slice(&file.data));
        // Without it the pages that the server makes have no styles: a program that was built so says it in their tests.
        let chunks = manifest.and_then(Result::ok).unwrap_or_default();
        Self { by_path, chunks }
    }

    /// The files that a document needs which begins with this source: its own, and those of what it imports.
    pub(super) fn links(&self, source: &str) -> Links {
        let (mut styles, mut seen) = (Vec::new(), BTreeSet::new());
        self.gather_styles(source, &mut styles, &mut seen);
        let script = self.chunks.get(source).map(|chunk| format!("/{}", chunk.file));
        Links { styles, script }
    }

    /// Imports first: what is nearer to the document has the last word.
    fn gather_styles(&self, source: &str, styles: &mut Vec<String>, seen: &mut BTreeSet<String>) {
        let Some(chunk) = self.chunks.get(source).filter(|_| seen.insert(source.to_owned())) else { return };
        for import in &chunk.imports {
            self.gather_styles(import, styles, seen);
        }
        let addresses = chunk.css.iter().map(|file| format!("/{file}"));
        styles.extend(addresses.filter(|address| seen.insert(address.clone())));
    }

    /// The application's document.
    pub(super) async fn index(&self, request: &Request) -> Result<Response, Problem> {
        let missing = || {
            let detail = "This program was built without its pages: `make web` builds them.";
            Problem::new(Kind::NotFound, "page_not_found", detail)
        };
        self.file(INDEX, request).await?.ok_or_else(missing)
    }

    /// The file at a path, if there is one.
    pub(super) async fn file(&self, path: &str, request: &Request) -> Result<Option<Response>, Problem> {
        let Some((path, file)) = self.by_path.get_key_value(path) else { return Ok(None) };
        let (path, head) = (path.clone(), file.head.clone());
        let render = || tokio::task::spawn_blocking(move || render(&path, head.as_deref()));
        let rendered = file.rendered.get_or_try_init(render).await;
        let rendered = rendered.map_err(|error| Problem::internal_error(&error, "compressing a file failed"))?;
        Ok(Some(rendered.answer(request)))
    }
}

fn render(path: &str, head: Option<&str>) -> Rendered {
    let data = Built::get(path).map(|file| file.data).unwrap_or_default();
    let bytes = match (head, data) {
        (Some(head), data) => {
            Bytes::from(String::from_utf8_lossy(&data).replacen("</head>", &format!("{head}\n  </head>"), 1))
        }
        (None, Cow::Borrowed(data)) => Bytes::from_static(data),
        (None, Cow::Owned(data)) => Bytes::from(data),
    };
    let end = path.rsplit('.').next().unwrap_or_default();
    let found = TYPES.iter().find(|(name, _)| *name == end);
    let content_type = found.map_or("application/octet-stream", |(_, content_type)| *content_type);
    let is_immutable = path.strip_prefix(ASSETS).is_some_and(|rest| rest.starts_with('/'));
    Rendered::of(bytes, content_type, if is_immutable { IMMUTABLE } else { "no-cache" })
}
