//! The body of a `PROPFIND`: which properties are asked for (RFC 4918, 9.1). It is small, and neither declares nor uses entities.

use std::time::Duration;

use futures_util::StreamExt;
use poem::Body;
use quick_xml::{
    NsReader,
    events::Event,
    name::{Namespace, ResolveResult},
};

/// Bytes of a body at most.
const MAX_BYTES: usize = 64 * 1024;

/// Elements in each other at most: `propfind`, `prop`, the property, and what it may hold.
const MAX_DEPTH: usize = 8;

/// Properties that are asked for at most.
const MAX_NAMES: usize = 100;

/// For how long a body is waited for.
const PATIENCE: Duration = Duration::from_secs(15);

/// The namespace of WebDAV.
pub(super) const DAV: &str = "DAV:";

/// The name of a property.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PropName {
    /// Its namespace; empty: none.
    pub namespace: String,
    /// Its name there.
    pub name: String,
}

/// Which properties are asked for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Asked {
    /// All.
    All,
    /// The names of all.
    Names,
    /// These.
    These(Vec<PropName>),
}

/// Why a body can't be read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Unreadable {
    /// It is larger than one may be.
    TooLarge,
    /// It ended early, or did not come.
    Cut,
    /// It is no XML, or has what is refused: a document type, entities, too many elements.
    Malformed(&'static str),
}

/// Reads the body of a request, and what it asks for.
///
/// # Errors
/// [`Unreadable`].
pub async fn read(body: Body) -> Result<Asked, Unreadable> {
    let reading = async {
        let (mut parts, mut bytes) = (std::pin::pin!(body.into_bytes_stream()), Vec::new());
        while let Some(part) = parts.next().await {
            let part = part.map_err(|_| Unreadable::Cut)?;
            if bytes.len() + part.len() > MAX_BYTES {
                return Err(Unreadable::TooLarge);
            }
            bytes.extend_from_slice(&part);
        }
        Ok(bytes)
    };
    let bytes = tokio::time::timeout(PATIENCE, reading).await.map_err(|_| Unreadable::Cut)??;
    parse(&bytes)
}

fn text(bytes: &[u8]) -> Result<String, Unreadable> {
    String::from_utf8(bytes.to_vec()).map_err(|_| Unreadable::Malformed("the body is not UTF-8"))
}

/// What a body asks for; without one, all.
///
/// # Errors
/// [`Unreadable::Malformed`].
pub fn parse(bytes: &[u8]) -> Result<Asked, Unreadable> {
    const NOT_XML: Unreadable = Unreadable::Malformed("the body is not well-formed XML");
    if bytes.iter().all(u8::is_ascii_whitespace) {
        return Ok(Asked::All);
    }
    if bytes.contains(&b'&') {
        return Err(Unreadable::Malformed("entities are not taken"));
    }
    let mut reader = NsReader::from_reader(bytes);
    reader.config_mut().expand_empty_elements = true;
    let (mut path, mut names, mut asked, mut is_begun) = (Vec::<String>::new(), Vec::new(), None, false);
    loop {
        let (namespace, event) = reader.read_resolved_event().map_err(|_| NOT_XML)?;
        match event {
            Event::DocType(_) => return Err(Unreadable::Malformed("a document type is not taken")),
            Event::Start(element) => {
                let namespace = match namespace {
                    ResolveResult::Bound(Namespace(name)) => text(name)?,
                    ResolveResult::Unbound => String::new(),
                    ResolveResult::Unknown(_) => return Err(NOT_XML),
                };
                let name = text(element.local_name().as_ref())?;
                let of_dav = namespace == DAV;
                match path.as_slice() {
                    [] if of_dav && name == "propfind" => {}
                    [] => return Err(Unreadable::Malformed("the body must be a propfind")),
                    [_] if of_dav && name == "allprop" => asked = Some(Asked::All),
                    [_] if of_dav && name == "propname" => asked = Some(Asked::Names),
                    [_, parent] if parent == "prop" => names.push(PropName { namespace, name: name.clone() }),
                    _ => {}
                }
                is_begun = true;
                path.push(if of_dav || path.len() != 1 { name } else { String::new() });
                if path.len() > MAX_DEPTH || names.len() > MAX_NAMES {
                    return Err(Unreadable::Malformed("the body has too many elements"));
                }
            }
            Event::End(_) => drop(path.pop()),
            Event::Eof if path.is_empty() && is_begun => break,
            Event::Eof => return Err(NOT_XML),
            _ => {}
        }
    }
    Ok(asked.unwrap_or(Asked::These(names)))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn dav(name: &str) -> PropName {
        PropName { namespace: DAV.to_owned(), name: name.to_owned() }
    }

    #[test]
    fn what_is_asked_for_is_read_with_any_prefix() {
        assert_eq!(parse(b""), Ok(Asked::All));
        assert_eq!(parse(b"<a:propfind xmlns:a='DAV:'><a:allprop/></a:propfind>"), Ok(Asked::All));
        assert_eq!(parse(b"<propfind xmlns='DAV:'><propname/></propfind>"), Ok(Asked::Names));
        // As rclone asks.
        let body = br#"<?xml version="1.0"?><d:propfind xmlns:d="DAV:" xmlns:oc="http://owncloud.org/ns"><d:prop>
            <d:displayname /><d:getlastmodified /><oc:checksums /></d:prop></d:propfind>"#;
        let checksums = PropName { namespace: "http://owncloud.org/ns".to_owned(), name: "checksums".to_owned() };
        let asked = vec![dav("displayname"), dav("getlastmodified"), checksums];
        assert_eq!(parse(body), Ok(Asked::These(asked)));
    }

    #[test]
    fn document_types_entities_and_floods_are_refused() {
        let bomb = r#"<!DOCTYPE a [<!ENTITY b "bb">]><propfind xmlns="DAV:"/>"#;
        let deep = format!("<propfind xmlns='DAV:'>{}", "<a>".repeat(100_000));
        let many = format!("<propfind xmlns='DAV:'><prop>{}</prop></propfind>", "<a/>".repeat(200));
        for body in [
            bomb,
            "<propfind xmlns='DAV:'><prop>&b;</prop></propfind>",
            "<a/>",
            "<propfind/>",
            "<propfind xmlns='DAV:'>",
            "<propfind xmlns='DAV:'></a>",
            "<x:propfind/>",
            "{}",
            &deep,
            &many,
        ] {
            assert!(matches!(parse(body.as_bytes()), Err(Unreadable::Malformed(_))), "{}", &body[..body.len().min(80)]);
        }
    }

    proptest! {
        #[test]
        fn nothing_that_is_sent_makes_it_panic(bytes in proptest::collection::vec(any::<u8>(), 0..200)) {
            let _read = parse(&bytes);
            let inside = [b"<propfind xmlns='DAV:'>".as_slice(), &bytes].concat();
            let _read = parse(&inside);
        }
    }
}
