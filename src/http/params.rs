//! Query parameters and headers, read strictly: none occurs twice, and values are valid UTF-8.

use std::borrow::Cow;

use percent_encoding::percent_decode_str;
use poem::{Request, http::Uri};

use crate::platform::error::Fault;

/// The value of a query parameter; empty when it is absent.
///
/// # Errors
/// When the parameter occurs twice, or is not UTF-8.
pub fn query(uri: &Uri, name: &str) -> Result<String, Fault> {
    let mut found = None;
    for raw in values(uri, name) {
        set_once(&mut found, raw, name)?;
    }
    found.map_or(Ok(String::new()), |raw| decode(raw, name).map(Cow::into_owned))
}

/// The query parameters in order: decoded names, and values as they were sent.
pub fn pairs(uri: &Uri) -> impl Iterator<Item = (Cow<'_, str>, &str)> {
    let mut rest = uri.query();
    let next = move || {
        let (pair, after) = split_at_byte(rest?, b'&');
        rest = after;
        Some(split_at_byte(pair, b'='))
    };
    std::iter::from_fn(next).filter_map(|(name, value)| {
        let name = if is_plain(name) { name.into() } else { percent_decode_str(name).decode_utf8().ok()? };
        Some((name, value.unwrap_or_default()))
    })
}

/// Splits a text at the first such byte. Queries are short, and a loop over bytes is faster than the standard library's
/// search.
fn split_at_byte(text: &str, at: u8) -> (&str, Option<&str>) {
    let parts = text.bytes().position(|byte| byte == at).and_then(|end| text.split_at_checked(end));
    parts.map_or((text, None), |(before, after)| (before, after.get(1..)))
}

fn is_plain(raw: &str) -> bool {
    !raw.bytes().any(|byte| matches!(byte, b'%' | b'+'))
}

fn values<'a>(uri: &'a Uri, name: &'a str) -> impl Iterator<Item = &'a str> {
    pairs(uri).filter_map(move |(named, value)| (named == name).then_some(value))
}

/// Decodes a value as it was sent (`+` and percent-encoding).
///
/// # Errors
/// When the value is not UTF-8.
pub fn decode<'a>(raw: &'a str, name: &str) -> Result<Cow<'a, str>, Fault> {
    if is_plain(raw) {
        return Ok(raw.into());
    }
    let not_utf8 = |_| Fault::new(format!("?{name}"), "is not UTF-8");
    // A plus is a space, as forms write it.
    if raw.contains('+') {
        let raw = raw.replace('+', " ");
        return percent_decode_str(&raw).decode_utf8().map(|text| text.into_owned().into()).map_err(not_utf8);
    }
    percent_decode_str(raw).decode_utf8().map_err(not_utf8)
}

/// Sets the value of a parameter that may occur once.
///
/// # Errors
/// When the parameter is set already.
pub fn set_once<T>(slot: &mut Option<T>, value: T, name: &str) -> Result<(), Fault> {
    match slot.replace(value) {
        None => Ok(()),
        Some(_) => Err(Fault::new(format!("?{name}"), "is there more than once")),
    }
}

/// The value of a header; `None` where it is absent.
///
/// # Errors
/// When the header occurs twice, or has other characters than visible ASCII and spaces.
pub fn header<'a>(request: &'a Request, name: &str) -> Result<Option<&'a str>, Fault> {
    let mut values = request.headers().get_all(name).iter();
    let Some(value) = values.next() else { return Ok(None) };
    if values.next().is_some() {
        return Err(Fault::new(name, "is there more than once"));
    }
    value.to_str().map(Some).map_err(|_| Fault::new(name, "holds something else than visible ASCII characters"))
}
