//! Query parameters and headers, read strictly: none occurs twice, and values are valid UTF-8.
//!
//! A type that implements [`QueryParams`] is both: how its parameters are read, and how the API document describes them.
//! [`Params`] extracts it from a request.

use std::borrow::Cow;

use percent_encoding::percent_decode_str;
use poem::{Request, RequestBody, Result, http::Uri};
use poem_openapi::{
    ApiExtractor, ApiExtractorType, ExtractParamOptions,
    registry::{MetaParamIn, MetaSchemaRef},
};

use super::{
    declaration::{Declaration, Param, Values},
    problem::Problem,
};
use crate::platform::{codec::json::exact_integer, error::Fault};

/// The statuses with which wrong parameters are refused.
const REFUSALS: &[u16] = &[422];

/// A set of query parameters.
pub trait QueryParams: Sized + Send {
    /// Reads all of them. It must read each whatever came of the others, since reading a parameter also declares it.
    fn read(reader: &mut QueryReader<'_>) -> Option<Self>;
}

/// A set of query parameters, by name: whether a URI has them all right. For fuzzing.
pub type UriReader = (&'static str, fn(&Uri) -> bool);

/// The query parameters of a request.
#[derive(Clone, Debug)]
pub struct Params<T>(pub T);

impl<'a, T: QueryParams> ApiExtractor<'a> for Params<T> {
    const TYPES: &'static [ApiExtractorType] = &[ApiExtractorType::Parameter];

    type ParamType = ();
    type ParamRawType = ();

    fn param_in() -> Option<MetaParamIn> {
        Some(MetaParamIn::Query)
    }

    fn param_schema_ref() -> Option<MetaSchemaRef> {
        Some(Declaration { params: declared::<T>(), refusals: REFUSALS }.into_schema())
    }

    async fn from_request(request: &'a Request, _: &mut RequestBody, _: ExtractParamOptions<()>) -> Result<Self> {
        Ok(Self(read(request.uri()).map_err(Problem::invalid)?))
    }
}

/// The parameters that a set declares.
#[must_use]
pub fn declared<T: QueryParams>() -> Vec<Param> {
    let mut reader = QueryReader { uri: None, declared: Vec::new(), faults: Vec::new() };
    // It is read for what it declares.
    let _nothing = T::read(&mut reader);
    reader.declared
}

/// The set of parameters in a URI.
///
/// # Errors
/// Each fault.
pub fn read<T: QueryParams>(uri: &Uri) -> Result<T, Vec<Fault>> {
    let mut reader = QueryReader { uri: Some(uri), declared: Vec::new(), faults: Vec::new() };
    let made = T::read(&mut reader);
    made.filter(|_| reader.faults.is_empty()).ok_or(reader.faults)
}

/// Reads the query parameters of a request, and collects a fault for each that is wrong; or, without a request, only notes
/// which are read.
#[derive(Debug)]
pub struct QueryReader<'a> {
    uri: Option<&'a Uri>,
    declared: Vec<Param>,
    faults: Vec<Fault>,
}

impl<'a> QueryReader<'a> {
    /// Adds a fault of a parameter.
    pub fn wrong(&mut self, param: &Param, detail: impl Into<String>) {
        self.faults.push(Fault::new(format!("?{}", param.name), detail));
    }

    /// The URI, or a note of the parameter where there is none.
    fn uri_for(&mut self, param: &Param) -> Option<&'a Uri> {
        if self.uri.is_none() {
            self.declared.push(*param);
        }
        self.uri
    }

    /// A parameter that `parse` reads, and says what is wrong with it; `None` where it is absent, empty or wrong.
    pub fn optional<T>(&mut self, param: &Param, parse: impl FnOnce(&str) -> Result<T, String>) -> Option<T> {
        let uri = self.uri_for(param)?;
        let text = query(uri, param.name).map_err(|fault| self.faults.push(fault)).ok()?;
        if text.is_empty() {
            return None;
        }
        parse(&text).map_err(|detail| self.wrong(param, detail)).ok()
    }

    /// An integer within the bounds that the parameter declares.
    pub fn integer(&mut self, param: &Param) -> Option<i64> {
        self.optional(param, |text| {
            let Values::Integer { min, max, .. } = param.values else { return Err("is not an integer".to_owned()) };
            // `3.0` is an integer here as in bodies.
            let number = text
                .parse()
                .ok()
                .or_else(|| text.parse().ok().and_then(exact_integer))
                .filter(|number| (min..=max).contains(number));
            number.ok_or_else(|| format!("must be an integer of {min} to {max}"))
        })
    }

    /// A parameter that may be repeated, in order. An empty value counts too.
    pub fn repeated<T>(&mut self, param: &Param, parse: impl Fn(&str) -> Result<T, String>) -> Vec<T> {
        let Some(uri) = self.uri_for(param) else { return Vec::new() };
        let mut parsed = Vec::new();
        for raw in values(uri, param.name) {
            let one = decode(raw, param.name)
                .and_then(|text| parse(&text).map_err(|detail| Fault::new(format!("?{}", param.name), detail)));
            match one {
                Ok(one) => parsed.push(one),
                Err(fault) => self.faults.push(fault),
            }
        }
        if let Values::Texts { max_items, .. } = param.values
            && parsed.len() > max_items
        {
            self.wrong(param, format!("is there {} times; at most {max_items}", parsed.len()));
        }
        parsed
    }

    /// Parameters that `parse` reads together; `None` after a fault.
    pub fn together<T>(&mut self, params: &[Param], parse: impl FnOnce(&Uri) -> Result<T, Fault>) -> Option<T> {
        if self.uri.is_none() {
            self.declared.extend_from_slice(params);
        }
        parse(self.uri?).map_err(|fault| self.faults.push(fault)).ok()
    }
}

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
