//! Reading searches. Each mode needs some of the fields (docs/traces.md). Fields of other modes are refused, except for the
//! values that some engines write for absent ones: 0, false, empty.

use poem_openapi::{Object, types::Example};

use super::{
    cursor::Cursor,
    model::{
        DEFAULT_AHEAD, DEFAULT_LIMIT, MAX_LIMIT, MAX_PER_SIDE, RankWindow, SearchError, SearchMode, SearchQuery,
        SortOrder,
    },
};
use crate::{
    http::schema::OneOf,
    platform::{
        codec::fields::{BodyReader, Fields},
        named::Named,
    },
    traces::{
        TraceKind,
        decks::{MAX_SCOPES, Versions},
        trace::{COORDINATE_LIMIT, GroupKey},
    },
    worlds::ScopeKey,
};

/// The greatest magnitude of a rank.
const RANK_LIMIT: f64 = 1e12;

/// A search. Each mode needs some of the fields and refuses others (docs/traces.md).
#[derive(Debug, Default, Object)]
#[oai(rename = "Search", example)]
pub struct SearchRequest {
    /// The order; `own` needs a player's token. Absent: `recent`.
    mode: Option<OneOf<SearchMode>>,
    /// The scopes. Absent: the scope without a name; in mode `own` all scopes.
    #[oai(validator(max_items = 8, max_length = 64))]
    scopes: Option<Vec<String>>,
    /// The kinds. Absent: all of them; in mode `ahead` phantoms.
    kinds: Option<Vec<OneOf<TraceKind>>>,
    /// The name of the group whose traces are asked for.
    #[oai(validator(max_length = 64))]
    group: Option<String>,
    /// The lowest content version; 0 counts as absent.
    #[oai(validator(minimum(value = "0")))]
    content_version_min: Option<i32>,
    /// The highest content version; 0 counts as absent.
    #[oai(validator(minimum(value = "0")))]
    content_version_max: Option<i32>,
    /// In mode `near`: the position from which distances are measured, `[x,y,z]`.
    #[oai(validator(max_items = 3))]
    near: Option<Vec<f64>>,
    /// In mode `near`: the greatest distance; 0 counts as absent.
    #[oai(validator(minimum(value = "0"), maximum(value = "10000000")))]
    radius: Option<f64>,
    /// In mode `ahead`: the rank; lower is better, 0 counts as absent.
    #[oai(validator(minimum(value = "-1000000000000"), maximum(value = "1000000000000")))]
    rank_value: Option<f64>,
    /// In mode `ahead`: the number of better ghosts, those just better. Absent or 0: 10 where `behind` is absent too.
    #[oai(validator(minimum(value = "0"), maximum(value = "100")))]
    ahead: Option<u16>,
    /// In mode `ahead`: the number of ghosts that are as good or worse, those least worse.
    #[oai(validator(minimum(value = "0"), maximum(value = "100")))]
    behind: Option<u16>,
    /// In mode `ahead`: only the best ghost of each author in a scope.
    best_per_author: Option<bool>,
    /// The `next` of an answer to the same search.
    #[oai(validator(max_length = 96))]
    after: Option<String>,
    /// The most traces on the page. Absent or 0: 100.
    #[oai(validator(minimum(value = "0"), maximum(value = "1000")))]
    limit: Option<u16>,
}

impl Example for SearchRequest {
    fn example() -> Self {
        Self {
            mode: Some(OneOf(SearchMode::Near)),
            scopes: Some(vec!["Ash Lake".to_owned()]),
            kinds: Some(vec![OneOf(TraceKind::Message)]),
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
    let mode = fields.optional_text("mode", SearchMode::parse);
    let mode = mode.map(|mode| mode.unwrap_or(SearchMode::Recent));
    let scopes = fields.optional_texts("scopes", |text| ScopeKey::parse(text, "").map_err(|fault| fault.detail));
    let kinds = fields.optional_texts("kinds", |text| {
        TraceKind::of_name(text).ok_or_else(|| "must be object, message, phantom or bloodstain".to_owned())
    });
    let mode_fields = ModeFields {
        near: fields.optional_numbers::<3>("near", COORDINATE_LIMIT).ok_or(Faulty),
        radius: fields.optional_number("radius", COORDINATE_LIMIT).ok_or(Faulty),
        // 0 counts as absent: some engines write it for an absent field.
        rank_value: fields
            .optional_number("rank_value", RANK_LIMIT)
            .map(|rank| rank.filter(|rank| *rank != 0.0))
            .ok_or(Faulty),
        ahead: small(&mut fields, "ahead", MAX_PER_SIDE),
        behind: small(&mut fields, "behind", MAX_PER_SIDE),
        best_per_author: fields.flag("best_per_author").unwrap_or_default(),
    };
    let versions = versions(&mut fields);
    let group = fields.optional_text("group", GroupKey::parse).flatten();
    let limit = small(&mut fields, "limit", MAX_LIMIT);
    let after = fields.optional_text("after", Cursor::parse).flatten();
    let order = mode.and_then(|mode| order(mode, mode_fields, &mut fields));
    match mode {
        Some(SearchMode::Ahead) if limit.is_some() => {
            fields.wrong("limit", "is there; in mode ahead, `ahead` and `behind` say how many");
        }
        Some(SearchMode::Own) if group.is_some() => {
            fields.wrong("group", "is there; one's own are those of all groups");
        }
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
        versions,
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

/// The content versions of a search; 0 counts as absent.
fn versions(fields: &mut Fields) -> Versions {
    let mut version = |name| {
        let version = fields.optional_integer(name, 0..=i64::from(i32::MAX)).flatten()?;
        i32::try_from(version).ok().filter(|version| *version > 0)
    };
    let [min, old, max] = ["content_version_min", "version_min", "content_version_max"].map(&mut version);
    if min.is_some() && old.is_some() {
        fields.wrong("version_min", "is the old name of content_version_min, which is there too");
    }
    Versions { min: min.or(old).unwrap_or_default(), max: max.unwrap_or(i32::MAX) }
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
fn kinds_of(mode: Option<SearchMode>, kinds: Option<Vec<TraceKind>>, fields: &mut Fields) -> Option<Vec<TraceKind>> {
    match (mode, kinds) {
        (Some(SearchMode::Ahead), kinds) => {
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

fn order(mode: SearchMode, mode_fields: ModeFields, fields: &mut Fields) -> Option<SortOrder> {
    let ModeFields { near, radius, rank_value, ahead, behind, best_per_author } = mode_fields;
    let is_number =
        |given: Result<Option<f64>, Faulty>| given.is_ok_and(|given| given.is_some_and(|given| given != 0.0));
    let mode_fields = [
        ("near", SearchMode::Near, near.is_ok_and(|near| near.is_some())),
        ("radius", SearchMode::Near, is_number(radius)),
        ("rank_value", SearchMode::Ahead, is_number(rank_value)),
        ("ahead", SearchMode::Ahead, ahead.is_some()),
        ("behind", SearchMode::Ahead, behind.is_some()),
        ("best_per_author", SearchMode::Ahead, best_per_author),
    ];
    for (name, mode_of_field, is_there) in mode_fields {
        if is_there && mode_of_field != mode {
            fields.wrong(name, format!("is there; it goes with mode {}", mode_of_field.public_name()));
        }
    }
    match mode {
        SearchMode::Recent => Some(SortOrder::Recent),
        SearchMode::Top => Some(SortOrder::Top),
        SearchMode::Own => Some(SortOrder::Own),
        SearchMode::Near => {
            if near == Ok(None) {
                fields.wrong("near", "is missing: where, as three numbers");
            }
            if radius.is_ok_and(|radius| radius.is_none_or(|radius| radius <= 0.0)) {
                fields.wrong("radius", format!("is missing, or not more than 0; at most {COORDINATE_LIMIT:e}"));
            }
            Some(SortOrder::Near { to: near.ok()??, radius: radius.ok()?? })
        }
        SearchMode::Ahead => {
            if rank_value == Ok(None) {
                fields.wrong("rank_value", "is missing, or 0: beside which rank");
            }
            let default = if behind.is_none() { DEFAULT_AHEAD } else { 0 };
            let (ahead, behind) = (ahead.unwrap_or(default), behind.unwrap_or_default());
            Some(SortOrder::Ahead(RankWindow { rank_value: rank_value.ok()??, ahead, behind, best_per_author }))
        }
    }
}

/// The readers of bodies here.
pub const BODY_READERS: &[BodyReader] = &[("SearchRequest", |body| query(body).is_ok())];

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
            "behind":0,"content_version_min":0,"content_version_max":0,"best_per_author":false,"after":"","limit":0,"group":""}"#;
        let godot = r#"{"limit":100.0,"mode":"recent","scopes":[""],"version_min":0.0}"#;
        let nulls = r#"{"mode":null,"near":null,"radius":null,"rank_value":null,"best_per_author":null,"limit":null}"#;
        let plain = read("{}").unwrap();
        assert_eq!((plain.order, plain.limit, plain.kinds.len()), (SortOrder::Recent, 100, 4));
        for same in [unity, godot, nulls] {
            assert_eq!(read(same).as_ref(), Ok(&plain), "{same}");
        }
        let beside = RankWindow { rank_value: 7.0, ahead: 10, behind: 0, best_per_author: false };
        assert_eq!(read(r#"{"mode":"ahead","rank_value":7,"ahead":0}"#).unwrap().order, SortOrder::Ahead(beside));
    }

    #[test]
    fn content_versions_have_an_old_name_too() {
        let versions = |body: &str| read(body).map(|query| (query.versions.min, query.versions.max));
        assert_eq!(versions("{}"), Ok((0, i32::MAX)));
        assert_eq!(versions(r#"{"content_version_min":2,"content_version_max":5}"#), Ok((2, 5)));
        assert_eq!(versions(r#"{"version_min":2,"content_version_min":0}"#), Ok((2, i32::MAX)));
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
                    "/rank_value is missing, or 0: beside which rank",
                    "/limit is there; in mode ahead, `ahead` and `behind` say how many",
                    "/kinds must be phantom, or absent: no other kind has a rank",
                ],
            ),
            (r#"{"mode":"ahead","rank_value":0}"#, &["/rank_value is missing, or 0: beside which rank"]),
            (
                r#"{"version_min":1,"content_version_min":1}"#,
                &["/version_min is the old name of content_version_min, which is there too"],
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
