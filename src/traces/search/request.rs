//! Reading searches. Each mode needs some of the fields (docs/traces.md). Fields of other modes are refused, except for the
//! values that some engines write for absent ones: 0, false, empty.

use poem_openapi::{Object, types::Example};

use super::{
    cursor::Cursor,
    model::{DEFAULT_AHEAD, DEFAULT_LIMIT, MAX_LIMIT, MAX_PER_SIDE, RankWindow, SearchError, SearchQuery, SortOrder},
};
use crate::{
    platform::codec::fields::Fields,
    traces::{
        TraceKind,
        decks::MAX_SCOPES,
        trace::{COORDINATE_LIMIT, GroupKey},
    },
    worlds::ScopeKey,
};

/// The greatest magnitude of a rank.
const RANK_LIMIT: f64 = 1e12;

const MODES: [&str; 5] = ["recent", "top", "near", "ahead", "own"];

/// A search. Each mode needs some of the fields and refuses others (docs/traces.md).
#[derive(Debug, Default, Object)]
#[oai(example)]
pub struct SearchRequest {
    /// `recent` (the newest first), `top` (the best score first), `near` (the nearest first), `ahead` (ghosts beside a rank) or
    /// `own` (the player's own, the oldest first; needs a player's token). Absent: `recent`.
    mode: Option<String>,
    /// The scopes: at most 8. Absent: the scope without a name; in mode `own` all scopes.
    scopes: Option<Vec<String>>,
    /// `object`, `message`, `phantom`, `bloodstain`. Absent: all of them; in mode `ahead` phantoms.
    kinds: Option<Vec<String>>,
    /// The name of the group whose traces are asked for.
    group: Option<String>,
    /// The lowest content version.
    version_min: Option<i32>,
    /// In mode `near`: the position from which distances are measured, `[x,y,z]`.
    near: Option<Vec<f64>>,
    /// In mode `near`: the greatest distance; more than 0, at most 1e7.
    radius: Option<f64>,
    /// In mode `ahead`: the rank; lower is better.
    rank_value: Option<f64>,
    /// In mode `ahead`: the number of better ghosts, those just better: at most 100. Absent: 10 where `behind` is absent too.
    ahead: Option<u16>,
    /// In mode `ahead`: the number of ghosts that are as good or worse, those least worse: at most 100.
    behind: Option<u16>,
    /// In mode `ahead`: only the best ghost of each author in a scope.
    best_per_author: Option<bool>,
    /// The `next` of an answer to the same search.
    after: Option<String>,
    /// The most traces on the page: 1 to 1000. Absent: 100.
    limit: Option<u16>,
}

impl Example for SearchRequest {
    fn example() -> Self {
        Self {
            mode: Some("near".to_owned()),
            scopes: Some(vec!["Ash Lake".to_owned()]),
            kinds: Some(vec!["message".to_owned()]),
            near: Some(vec![160.0, -58.0, -446.0]),
            radius: Some(25.0),
            ..Self::default()
        }
    }
}

/// A field is invalid, and its fault is recorded.
#[derive(Clone, Copy, PartialEq)]
struct Faulty;

/// The fields that only some modes have.
#[derive(Clone, Copy)]
struct ModeFields {
    near: Result<Option<[f64; 3]>, Faulty>,
    radius: Result<Option<f64>, Faulty>,
    rank_value: Result<Option<f64>, Faulty>,
    ahead: Option<u16>,
    behind: Option<u16>,
    best_per_author: bool,
}

/// The search in a body.
///
/// # Errors
/// The body is malformed or invalid.
pub fn query(body: &[u8]) -> Result<SearchQuery, SearchError> {
    let mut fields = Fields::read(body)?;
    let mode = fields.optional_text("mode", |text| {
        MODES.into_iter().find(|mode| *mode == text).ok_or_else(|| format!("must be one of {}", MODES.join(", ")))
    });
    let mode = mode.map(|mode| mode.unwrap_or("recent"));
    let scopes = fields.optional_texts("scopes", |text| ScopeKey::parse(text, "").map_err(|fault| fault.detail));
    let kinds = fields.optional_texts("kinds", |text| {
        TraceKind::of_name(text).ok_or_else(|| "must be object, message, phantom or bloodstain".to_owned())
    });
    let mode_fields = ModeFields {
        near: fields.optional_numbers::<3>("near", COORDINATE_LIMIT).ok_or(Faulty),
        radius: fields.optional_number("radius", COORDINATE_LIMIT).ok_or(Faulty),
        rank_value: fields.optional_number("rank_value", RANK_LIMIT).ok_or(Faulty),
        ahead: small(&mut fields, "ahead", MAX_PER_SIDE),
        behind: small(&mut fields, "behind", MAX_PER_SIDE),
        best_per_author: fields.flag("best_per_author").unwrap_or_default(),
    };
    let version_min = fields.optional_integer("version_min", 0..=i64::from(i32::MAX)).flatten().unwrap_or_default();
    let group = fields.optional_text("group", GroupKey::parse).flatten();
    let limit = small(&mut fields, "limit", MAX_LIMIT);
    let after = fields.optional_text("after", Cursor::parse).flatten();
    let order = mode.and_then(|mode| order(mode, mode_fields, &mut fields));
    match mode {
        Some("ahead") if limit.is_some() => {
            fields.wrong("limit", "is there; in mode ahead, `ahead` and `behind` say how many");
        }
        Some("own") if group.is_some() => fields.wrong("group", "is there; one's own are those of all groups"),
        _ => {}
    }
    let (scopes, kinds) = (scopes.flatten(), kinds.flatten());
    if let Some(scopes) = scopes.as_ref().filter(|scopes| scopes.len() > MAX_SCOPES) {
        fields.wrong("scopes", format!("has {} scopes; at most {MAX_SCOPES}", scopes.len()));
    }
    let kinds = kinds_of(mode, kinds, &mut fields);
    fields.refuse_others();
    let query = order.zip(kinds).map(|(order, kinds)| SearchQuery {
        scopes: match scopes {
            Some(scopes) => each_once(scopes),
            None if order == SortOrder::Own => Vec::new(),
            None => vec![ScopeKey::stored("")],
        },
        order,
        kinds,
        group,
        version_min: i32::try_from(version_min).unwrap_or(i32::MAX),
        after: None,
        limit: limit.unwrap_or(DEFAULT_LIMIT),
    });
    if let (Some(query), Some(after)) = (&query, &after)
        && !after.is_of(query)
    {
        fields.wrong("after", "is the `next` of another question");
    }
    let query = fields.done(query).map_err(SearchError::Invalid)?;
    Ok(SearchQuery { after, ..query })
}

/// A number of 1 to `max`; 0 counts as absent.
fn small(fields: &mut Fields, name: &str, max: u16) -> Option<u16> {
    let number = fields.optional_integer(name, 0..=i64::from(max)).flatten()?;
    u16::try_from(number).ok().filter(|number| *number > 0)
}

fn each_once<T: Clone + PartialEq>(items: Vec<T>) -> Vec<T> {
    let mut once = Vec::with_capacity(items.len());
    for item in items {
        if !once.contains(&item) {
            once.push(item);
        }
    }
    once
}

/// The kinds of a search. Only phantoms have a rank.
fn kinds_of(mode: Option<&str>, kinds: Option<Vec<TraceKind>>, fields: &mut Fields) -> Option<Vec<TraceKind>> {
    match (mode, kinds) {
        (Some("ahead"), kinds) => {
            let ghosts = vec![TraceKind::Phantom];
            if kinds.is_some_and(|kinds| each_once(kinds) != ghosts) {
                fields.wrong("kinds", "must be phantom, or absent: no other kind has a rank");
                return None;
            }
            Some(ghosts)
        }
        (_, Some(kinds)) => Some(each_once(kinds)),
        (_, None) => Some(TraceKind::ALL.to_vec()),
    }
}

fn order(mode: &str, mode_fields: ModeFields, fields: &mut Fields) -> Option<SortOrder> {
    let ModeFields { near, radius, rank_value, ahead, behind, best_per_author } = mode_fields;
    // 0 is a rank in mode `ahead`; in other modes some engines write it for an absent field.
    let is_number =
        |given: Result<Option<f64>, Faulty>| given.is_ok_and(|given| given.is_some_and(|given| given != 0.0));
    let mode_fields = [
        ("near", "near", near.is_ok_and(|near| near.is_some())),
        ("radius", "near", is_number(radius)),
        ("rank_value", "ahead", is_number(rank_value)),
        ("ahead", "ahead", ahead.is_some()),
        ("behind", "ahead", behind.is_some()),
        ("best_per_author", "ahead", best_per_author),
    ];
    for (name, mode_of_field, is_there) in mode_fields {
        if is_there && mode_of_field != mode {
            fields.wrong(name, format!("is there; it goes with mode {mode_of_field}"));
        }
    }
    match mode {
        "recent" => Some(SortOrder::Recent),
        "top" => Some(SortOrder::Top),
        "own" => Some(SortOrder::Own),
        "near" => {
            if near == Ok(None) {
                fields.wrong("near", "is missing: where, as three numbers");
            }
            if radius.is_ok_and(|radius| radius.is_none_or(|radius| radius <= 0.0)) {
                fields.wrong("radius", format!("is missing, or not more than 0; at most {COORDINATE_LIMIT:e}"));
            }
            Some(SortOrder::Near { to: near.ok()??, radius: radius.ok()?? })
        }
        _ => {
            if rank_value == Ok(None) {
                fields.wrong("rank_value", "is missing: beside which rank");
            }
            let default = if behind.is_none() { DEFAULT_AHEAD } else { 0 };
            let (ahead, behind) = (ahead.unwrap_or(default), behind.unwrap_or_default());
            Some(SortOrder::Ahead(RankWindow { rank_value: rank_value.ok()??, ahead, behind, best_per_author }))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(body: &str) -> Result<SearchQuery, Vec<String>> {
        query(body.as_bytes()).map_err(|error| match error {
            SearchError::Invalid(faults) => {
                faults.into_iter().map(|fault| format!("{} {}", fault.pointer, fault.detail)).collect()
            }
            other => vec![other.to_string()],
        })
    }

    #[test]
    fn empty_values_of_engines_count_as_absent() {
        let unity = r#"{"scopes":[],"kinds":[],"mode":"","near":[],"radius":0,"version_min":0,"rank_value":0.0,"ahead":0,
            "behind":0,"best_per_author":false,"after":"","limit":0,"group":""}"#;
        let godot = r#"{"limit":100.0,"mode":"recent","scopes":[""],"version_min":0.0}"#;
        let nulls = r#"{"mode":null,"near":null,"radius":null,"rank_value":null,"best_per_author":null,"limit":null}"#;
        let plain = read("{}").unwrap();
        assert_eq!((plain.order, plain.limit, plain.kinds.len()), (SortOrder::Recent, 100, 4));
        for same in [unity, godot, nulls] {
            assert_eq!(read(same).as_ref(), Ok(&plain), "{same}");
        }
        let beside = RankWindow { rank_value: 0.0, ahead: 10, behind: 0, best_per_author: false };
        assert_eq!(read(r#"{"mode":"ahead","rank_value":0}"#).unwrap().order, SortOrder::Ahead(beside));
    }

    #[test]
    fn each_fault_is_named() {
        for (body, faults) in [
            (r#"{"mode":"best"}"#, &["/mode must be one of recent, top, near, ahead, own"][..]),
            (
                r#"{"mode":"near"}"#,
                &["/near is missing: where, as three numbers", "/radius is missing, or not more than 0; at most 1e7"],
            ),
            (
                r#"{"mode":"near","near":[1,2],"radius":-1}"#,
                &["/near has 2 items; 3 numbers", "/radius is missing, or not more than 0; at most 1e7"],
            ),
            (
                r#"{"mode":"top","near":[1,2,3],"rank_value":7,"ahead":1}"#,
                &[
                    "/near is there; it goes with mode near",
                    "/rank_value is there; it goes with mode ahead",
                    "/ahead is there; it goes with mode ahead",
                ],
            ),
            (
                r#"{"mode":"ahead","limit":5,"kinds":["message"]}"#,
                &[
                    "/rank_value is missing: beside which rank",
                    "/limit is there; in mode ahead, `ahead` and `behind` say how many",
                    "/kinds must be phantom, or absent: no other kind has a rank",
                ],
            ),
            (r#"{"mode":"own","group":"x"}"#, &["/group is there; one's own are those of all groups"]),
            (r#"{"limit":1001,"ahead":101}"#, &["/ahead is 101; 0 to 100", "/limit is 1001; 0 to 1000"]),
            (r#"{"kinds":["ghost"]}"#, &["/kinds/0 must be object, message, phantom or bloodstain"]),
            (r#"{"scopes":["1","2","3","4","5","6","7","8","9"]}"#, &["/scopes has 9 scopes; at most 8"]),
            (r#"{"after":"x","sort":1}"#, &["/after is no `next` of a page", "/sort is not known here"]),
            (r#"{"after":"abcdefgh.1"}"#, &["/after is the `next` of another question"]),
        ] {
            assert_eq!(read(body).unwrap_err(), faults, "{body}");
        }
    }
}
