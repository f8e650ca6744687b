//! The answer to a `PROPFIND` (RFC 4918, 13), and the bodies of refusals (RFC 4918, 16).

use std::fmt::Write;

use poem::{
    Response,
    http::{StatusCode, header},
};

use super::propfind::{Asked, DAV, PropName};
use crate::platform::clock;

const XML: &str = "application/xml; charset=utf-8";

/// Something at a path.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Resource {
    /// Its path, percent-encoded; that of a collection ends in a slash.
    pub href: String,
    /// What people call it.
    pub name: String,
    /// Bytes and tag; `None`: it is a collection.
    pub file: Option<(u64, String)>,
    /// When it was last changed.
    pub modified_ms: Option<i64>,
}

/// Writes a text into XML.
fn escape(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for char in text.chars() {
        match char {
            '&' => escaped.push_str("&amp;"),
            '<' => escaped.push_str("&lt;"),
            '>' => escaped.push_str("&gt;"),
            '"' => escaped.push_str("&quot;"),
            // What XML 1.0 can't have at all.
            '\0'..='\u{8}' | '\u{b}' | '\u{c}' | '\u{e}'..='\u{1f}' | '\u{fffe}' | '\u{ffff}' => {
                escaped.push('\u{fffd}');
            }
            char => escaped.push(char),
        }
    }
    escaped
}

impl Resource {
    /// Its properties: names of WebDAV with their content.
    fn properties(&self) -> Vec<(&'static str, String)> {
        let kind = if self.file.is_none() { "<D:collection/>" } else { "" };
        let mut properties = vec![("resourcetype", kind.to_owned()), ("displayname", escape(&self.name))];
        if let Some(modified_ms) = self.modified_ms {
            properties.push(("getlastmodified", clock::http_date(modified_ms)));
        }
        if let Some((bytes, tag)) = &self.file {
            properties.push(("getcontentlength", bytes.to_string()));
            properties.push(("getetag", escape(tag)));
            properties.push(("getcontenttype", "application/octet-stream".to_owned()));
        }
        properties
    }

    fn write(&self, asked: &Asked, xml: &mut String) {
        let mut found = String::new();
        let mut missing = String::new();
        let properties = self.properties();
        let element = |(name, content): &(&str, String)| {
            if content.is_empty() { format!("<D:{name}/>") } else { format!("<D:{name}>{content}</D:{name}>") }
        };
        match asked {
            Asked::All => properties.iter().for_each(|property| found.push_str(&element(property))),
            Asked::Names => found.extend(properties.iter().map(|(name, _)| format!("<D:{name}/>"))),
            Asked::These(names) => {
                for PropName { namespace, name } in names {
                    match properties.iter().find(|(known, _)| namespace == DAV && known == name) {
                        Some(property) => found.push_str(&element(property)),
                        None => missing.extend([format!("<x:{name} xmlns:x=\"{}\"/>", escape(namespace))]),
                    }
                }
            }
        }
        let mut status = |properties: &str, status: &str| {
            // Writing into a text does not fail.
            let _written = write!(
                xml,
                "<D:propstat><D:prop>{properties}</D:prop><D:status>HTTP/1.1 {status}</D:status></D:propstat>"
            );
        };
        if !found.is_empty() || missing.is_empty() {
            status(&found, "200 OK");
        }
        if !missing.is_empty() {
            status(&missing, "404 Not Found");
        }
    }
}

/// The answer with what is asked for of these.
#[must_use]
pub fn answer(asked: &Asked, resources: &[Resource]) -> Response {
    let mut xml = String::from("<?xml version=\"1.0\" encoding=\"utf-8\"?>\n<D:multistatus xmlns:D=\"DAV:\">");
    for resource in resources {
        let _written = write!(xml, "\n<D:response><D:href>{}</D:href>", escape(&resource.href));
        resource.write(asked, &mut xml);
        xml.push_str("</D:response>");
    }
    xml.push_str("\n</D:multistatus>\n");
    Response::builder()
        .status(StatusCode::MULTI_STATUS)
        .content_type(XML)
        .header(header::CACHE_CONTROL, "no-store")
        .body(xml)
}

/// The answer of that status which names the condition that a request does not meet.
#[must_use]
pub fn refusal(status: StatusCode, condition: &str) -> Response {
    let xml =
        format!("<?xml version=\"1.0\" encoding=\"utf-8\"?>\n<D:error xmlns:D=\"DAV:\"><D:{condition}/></D:error>\n");
    Response::builder().status(status).content_type(XML).header(header::CACHE_CONTROL, "no-store").body(xml)
}

#[cfg(test)]
mod tests {
    use quick_xml::{Reader, events::Event};

    use super::*;

    #[tokio::test]
    async fn an_answer_is_well_formed_whatever_files_are_called() {
        let file = Resource {
            href: "/dav/a%26b".to_owned(),
            name: "a&b<\"\u{1}".to_owned(),
            file: Some((12, "\"tag\"".to_owned())),
            modified_ms: Some(1_795_248_000_000),
        };
        let unknown = PropName { namespace: "urn:\"<".to_owned(), name: "colour".to_owned() };
        let length = PropName { namespace: DAV.to_owned(), name: "getcontentlength".to_owned() };
        for asked in [Asked::All, Asked::Names, Asked::These(vec![unknown, length])] {
            let answer = answer(&asked, std::slice::from_ref(&file));
            assert_eq!(answer.status(), StatusCode::MULTI_STATUS);
            let xml = answer.into_body().into_string().await.unwrap();
            let mut reader = Reader::from_str(&xml);
            while reader.read_event().unwrap() != Event::Eof {}
            assert_eq!(xml.contains("<D:getcontentlength>12<"), asked != Asked::Names, "{xml}");
            assert_eq!(xml.contains("404 Not Found"), matches!(asked, Asked::These(_)), "{xml}");
        }
    }
}
