//! Parameters that must be read exactly: none twice, and no text made of bytes that are none.

use std::borrow::Cow;

use percent_encoding::percent_decode_str;
use poem::{Request, http::Uri};

use crate::platform::error::Fault;

/// The value of a query parameter; empty when it is absent.
///
/// # Errors
/// It is there twice, or is not UTF-8.
pub fn query(uri: &Uri, name: &str) -> Result<String, Fault> {
    let mut values = values(uri, name);
    let Some(raw) = values.next() else { return Ok(String::new()) };
    if values.next().is_some() {
        return Err(Fault::new(format!("?{name}"), "is there more than once"));
    }
    decoded(raw, name)
}

/// The values of a query parameter that may be repeated.
///
/// # Errors
/// One is not UTF-8.
pub fn queries(uri: &Uri, name: &str) -> Result<Vec<String>, Fault> {
    values(uri, name).map(|raw| decoded(raw, name)).collect()
}

fn values<'a>(uri: &'a Uri, name: &'a str) -> impl Iterator<Item = &'a str> {
    uri.query().unwrap_or_default().split('&').filter_map(move |pair| {
        let (key, value) = pair.split_once('=').unwrap_or((pair, ""));
        (percent_decode_str(key).decode_utf8().ok()? == name).then_some(value)
    })
}

fn decoded(raw: &str, name: &str) -> Result<String, Fault> {
    // A plus is a space, as forms write it.
    let raw = raw.replace('+', " ");
    let is_none = |_| Fault::new(format!("?{name}"), "is not UTF-8");
    percent_decode_str(&raw).decode_utf8().map(Cow::into_owned).map_err(is_none)
}

/// The value of a header, when it is there.
///
/// # Errors
/// It is there twice, or holds something else than visible ASCII characters and spaces.
pub fn header<'a>(request: &'a Request, name: &str) -> Result<Option<&'a str>, Fault> {
    let mut values = request.headers().get_all(name).iter();
    let Some(value) = values.next() else { return Ok(None) };
    if values.next().is_some() {
        return Err(Fault::new(name, "is there more than once"));
    }
    value.to_str().map(Some).map_err(|_| Fault::new(name, "holds something else than visible ASCII characters"))
}
