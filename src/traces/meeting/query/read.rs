//! Reading a question. What each mode needs and takes stands in docs/traces.md. What has nothing to do with a mode is refused,
//! but for what some engines write where nothing was said: 0, false, empty.

use super::{AHEAD, BESIDE, Beside, Cursor, MOST, Order, Question, USUAL};
use crate::{
    platform::codec::fields::Fields,
    traces::{
        meeting::model::{MeetingError, SCOPES},
        rules::TraceKind,
        trace::{COORDINATE_LIMIT, GroupKey},
    },
    worlds::ScopeKey,
};

/// A rank is within this of nought.
const RANK_LIMIT: f64 = 1e12;

const MODES: [&str; 5] = ["recent", "top", "near", "ahead", "own"];

/// What is wrong with a field is noted.
#[derive(Clone, Copy, PartialEq)]
struct Noted;

/// The fields that not every mode has.
#[derive(Clone, Copy)]
struct OfModes {
    near: Result<Option<[f64; 3]>, Noted>,
    radius: Result<Option<f64>, Noted>,
    rank_value: Result<Option<f64>, Noted>,
    ahead: Option<u16>,
    behind: Option<u16>,
    best_per_author: bool,
}

/// The question in a body.
///
/// # Errors
/// Each fault.
pub fn question(body: &[u8]) -> Result<Question, MeetingError> {
    let mut fields = Fields::read(body)?;
    let mode = fields.optional_text("mode", |text| {
        MODES.into_iter().find(|mode| *mode == text).ok_or_else(|| format!("must be one of {}", MODES.join(", ")))
    });
    let mode = mode.map(|mode| mode.unwrap_or("recent"));
    let scopes = fields.optional_texts("scopes", |text| ScopeKey::parse(text, "").map_err(|fault| fault.detail));
    let kinds = fields.optional_texts("kinds", |text| {
        TraceKind::of_name(text).ok_or_else(|| "must be object, message, phantom or bloodstain".to_owned())
    });
    let of_modes = OfModes {
        near: fields.optional_numbers::<3>("near", COORDINATE_LIMIT).ok_or(Noted),
        radius: fields.optional_number("radius", COORDINATE_LIMIT).ok_or(Noted),
        rank_value: fields.optional_number("rank_value", RANK_LIMIT).ok_or(Noted),
        ahead: small(&mut fields, "ahead", BESIDE),
        behind: small(&mut fields, "behind", BESIDE),
        best_per_author: fields.flag("best_per_author").unwrap_or_default(),
    };
    let version_min = fields.optional_integer("version_min", 0..=i64::from(i32::MAX)).flatten().unwrap_or_default();
    let group = fields.optional_text("group", GroupKey::parse).flatten();
    let limit = small(&mut fields, "limit", MOST);
    let after = fields.optional_text("after", Cursor::parse).flatten();
    let order = mode.and_then(|mode| order(mode, of_modes, &mut fields));
    match mode {
        Some("ahead") if limit.is_some() => {
            fields.wrong("limit", "is there; in mode ahead, `ahead` and `behind` say how many");
        }
        Some("own") if group.is_some() => fields.wrong("group", "is there; one's own are those of all groups"),
        _ => {}
    }
    let (scopes, kinds) = (scopes.flatten(), kinds.flatten());
    if let Some(scopes) = scopes.as_ref().filter(|scopes| scopes.len() > SCOPES) {
        fields.wrong("scopes", format!("has {} scopes; at most {SCOPES}", scopes.len()));
    }
    let kinds = kinds_of(mode, kinds, &mut fields);
    fields.refuse_others();
    let question = order.zip(kinds).map(|(order, kinds)| Question {
        scopes: match scopes {
            Some(scopes) => each_once(scopes),
            None if order == Order::Own => Vec::new(),
            None => vec![ScopeKey::stored("")],
        },
        order,
        kinds,
        group,
        version_min: i32::try_from(version_min).unwrap_or(i32::MAX),
        after: None,
        limit: limit.unwrap_or(USUAL),
    });
    if let (Some(question), Some(after)) = (&question, &after)
        && !after.is_of(question)
    {
        fields.wrong("after", "is the `next` of another question");
    }
    let question = fields.done(question).map_err(MeetingError::Invalid)?;
    Ok(Question { after, ..question })
}

/// A number from 1; 0 is none.
fn small(fields: &mut Fields, name: &str, most: u16) -> Option<u16> {
    let number = fields.optional_integer(name, 0..=i64::from(most)).flatten()?;
    u16::try_from(number).ok().filter(|number| *number > 0)
}

fn each_once<T: Clone + PartialEq>(all: Vec<T>) -> Vec<T> {
    let mut once = Vec::with_capacity(all.len());
    for one in all {
        if !once.contains(&one) {
            once.push(one);
        }
    }
    once
}

/// The kinds that are asked for. Phantoms alone have a rank.
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

fn order(mode: &str, of_modes: OfModes, fields: &mut Fields) -> Option<Order> {
    let OfModes { near, radius, rank_value, ahead, behind, best_per_author } = of_modes;
    // 0 is a rank where one is asked for, and else what an engine writes that has none.
    let is_number =
        |given: Result<Option<f64>, Noted>| given.is_ok_and(|given| given.is_some_and(|given| given != 0.0));
    let of_others = [
        ("near", "near", near.is_ok_and(|near| near.is_some())),
        ("radius", "near", is_number(radius)),
        ("rank_value", "ahead", is_number(rank_value)),
        ("ahead", "ahead", ahead.is_some()),
        ("behind", "ahead", behind.is_some()),
        ("best_per_author", "ahead", best_per_author),
    ];
    for (name, of, is_there) in of_others {
        if is_there && of != mode {
            fields.wrong(name, format!("is there; it goes with mode {of}"));
        }
    }
    match mode {
        "recent" => Some(Order::Recent),
        "top" => Some(Order::Top),
        "own" => Some(Order::Own),
        "near" => {
            if near == Ok(None) {
                fields.wrong("near", "is missing: where, as three numbers");
            }
            if radius.is_ok_and(|radius| radius.is_none_or(|radius| radius <= 0.0)) {
                fields.wrong("radius", format!("is missing, or not more than 0; at most {COORDINATE_LIMIT:e}"));
            }
            Some(Order::Near { to: near.ok()??, radius: radius.ok()?? })
        }
        _ => {
            if rank_value == Ok(None) {
                fields.wrong("rank_value", "is missing: beside which rank");
            }
            let usual = if behind.is_none() { AHEAD } else { 0 };
            let (ahead, behind) = (ahead.unwrap_or(usual), behind.unwrap_or_default());
            Some(Order::Ahead(Beside { rank_value: rank_value.ok()??, ahead, behind, best_per_author }))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(body: &str) -> Result<Question, Vec<String>> {
        question(body.as_bytes()).map_err(|error| match error {
            MeetingError::Invalid(faults) => {
                faults.into_iter().map(|fault| format!("{} {}", fault.pointer, fault.detail)).collect()
            }
            other => vec![other.to_string()],
        })
    }

    #[test]
    fn what_engines_write_for_nothing_is_nothing() {
        let unity = r#"{"scopes":[],"kinds":[],"mode":"","near":[],"radius":0,"version_min":0,"rank_value":0.0,"ahead":0,
            "behind":0,"best_per_author":false,"after":"","limit":0,"group":""}"#;
        let godot = r#"{"limit":100.0,"mode":"recent","scopes":[""],"version_min":0.0}"#;
        let nulls = r#"{"mode":null,"near":null,"radius":null,"rank_value":null,"best_per_author":null,"limit":null}"#;
        let plain = read("{}").unwrap();
        assert_eq!((plain.order, plain.limit, plain.kinds.len()), (Order::Recent, 100, 4));
        for same in [unity, godot, nulls] {
            assert_eq!(read(same).as_ref(), Ok(&plain), "{same}");
        }
        let beside = Beside { rank_value: 0.0, ahead: 10, behind: 0, best_per_author: false };
        assert_eq!(read(r#"{"mode":"ahead","rank_value":0}"#).unwrap().order, Order::Ahead(beside));
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
