//! Reading a change of a trace, and the ids of traces.

use super::fields::{data, name, rotation, sentence, texts};
use crate::{
    platform::codec::fields::Fields,
    traces::{
        authoring::model::{AuthoringError, KnownTraces, MAX_SYNC_IDS, TraceChange},
        trace::{COORDINATE_LIMIT, Detail, GroupKey},
    },
};

/// The id in a path.
///
/// # Errors
/// [`AuthoringError::NotFound`]: what is not an id names no trace.
pub fn trace_id(text: &str) -> Result<i64, AuthoringError> {
    text.parse().map_err(|_| AuthoringError::NotFound)
}

/// The change in a body.
///
/// # Errors
/// The body is malformed or invalid.
pub fn change(body: &[u8]) -> Result<TraceChange, AuthoringError> {
    let mut fields = Fields::read(body)?;
    let revision = fields.optional_integer("revision", 1..=i64::from(i32::MAX));
    if revision == Some(None) {
        fields.wrong("revision", "is missing; the revision of the trace that you have seen");
    }
    let revision = revision.flatten().and_then(|revision| i32::try_from(revision).ok());
    let text = texts(&mut fields);
    let sentence = sentence(&mut fields);
    let data = fields.optional_text("data", data);
    let position = fields.optional_numbers::<3>("pos", COORDINATE_LIMIT);
    let rotation = rotation(&mut fields);
    let sort = fields.optional_text("type", |text| name(text, Detail::TYPE_BYTES));
    fields.refuse_others();
    let change = (|| {
        Some(TraceChange {
            revision: revision?,
            text: text?,
            sentence,
            data: data?,
            position: position?,
            rotation: rotation?,
            sort: sort?,
        })
    })();
    fields.done(change).map_err(AuthoringError::Invalid)
}

/// The traces in the body of a sync request.
///
/// # Errors
/// The body is malformed or invalid.
pub fn known_traces(body: &[u8]) -> Result<KnownTraces, AuthoringError> {
    let mut fields = Fields::read(body)?;
    let ids = fields.optional_texts("ids", |text| text.parse().map_err(|_| "is no id".to_owned()));
    if ids.as_ref().is_some_and(|ids| ids.as_ref().is_none_or(|ids| ids.len() > MAX_SYNC_IDS)) {
        fields.wrong("ids", format!("must be a list of 1 to {MAX_SYNC_IDS} ids"));
    }
    let group = fields.optional_text("group", GroupKey::parse);
    fields.refuse_others();
    let known = ids.flatten().zip(group).map(|(ids, group)| KnownTraces { ids, group });
    fields.done(known).map_err(AuthoringError::Invalid)
}
