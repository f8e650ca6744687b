//! The rules of a game: how a change of them is read, in which bounds, and how it is told. The rules themselves, with what a
//! new game has, stand in [`crate::traces::rules`].
//!
//! Rules are stored in the form of a change too, with everything named; so what a later program adds is as a new game has
//! it.

use serde_json::{Map, Value};

use super::model::StudioError;
use crate::{
    platform::{codec::fields::Fields, error::Fault},
    traces::rules::{Keep, OnQuota, Rules, TraceKind},
};

/// What a rule may be.
#[derive(Clone, Copy)]
enum Form {
    /// An integer of the one to the other.
    Whole(i64, i64),
    /// True or false.
    Flag,
    /// A text of at most 100 bytes, without control characters.
    Text,
    /// What happens beyond a quota.
    OnQuota,
}

/// Bytes of a text, at most.
const TEXT_BYTES: usize = 100;

/// Ten years.
const LONGEST_S: i64 = 315_360_000;

/// The rules of a game, but for those of its kinds.
const OF_A_GAME: [(&str, Form); 9] = [
    ("content_version_min", Form::Whole(0, 2_147_483_647)),
    ("decks", Form::Whole(1, 64)),
    ("refresh_s", Form::Whole(1, 3600)),
    ("public_reads", Form::Flag),
    ("hidden_at_reports", Form::Whole(0, 1000)),
    ("max_frames", Form::Whole(1, 100_000)),
    ("max_recording_bytes", Form::Whole(1024, 1_048_576)),
    ("axes", Form::Text),
    ("units", Form::Text),
];

/// The rules of a kind.
const OF_A_KIND: [(&str, Form); 8] = [
    ("enabled", Form::Flag),
    ("deck_size", Form::Whole(0, 1000)),
    ("pool", Form::Whole(1, 10_000)),
    ("quota_scope", Form::Whole(0, 1_000_000)),
    ("quota_total", Form::Whole(0, 10_000_000)),
    ("on_quota", Form::OnQuota),
    (KEEP, Form::Whole(1, 100_000_000)),
    ("expires_s", Form::Whole(0, LONGEST_S)),
];

const KINDS: &str = "kinds";

const KIND: &str = "kind";

const KEEP: &str = "keep";

/// A change of a game's rules: what it does not name stays as it is.
#[derive(Clone, Debug, PartialEq)]
pub struct Change {
    of_the_game: Map<String, Value>,
    of_kinds: Vec<(TraceKind, Map<String, Value>)>,
}

impl Change {
    /// The change in that JSON.
    ///
    /// # Errors
    /// It is none, a rule is out of bounds, or a name is not known.
    pub fn read(body: &[u8]) -> Result<Self, StudioError> {
        let mut fields = Fields::read(body)?;
        let of_the_game = members(&mut fields, &OF_A_GAME);
        let mut of_kinds: Vec<(TraceKind, Map<String, Value>)> = Vec::new();
        for mut kind in fields.objects(KINDS, TraceKind::ALL.len()).unwrap_or_default() {
            let named = kind.text(KIND, parse_kind);
            if named.is_some_and(|named| of_kinds.iter().any(|(other, _)| *other == named)) {
                kind.wrong(KIND, "is there more than once");
            }
            let members = members(&mut kind, &OF_A_KIND);
            kind.refuse_others();
            match kind.done(named) {
                Ok(named) => of_kinds.push((named, members)),
                Err(faults) => fields.wrong_too(faults),
            }
        }
        fields.refuse_others();
        fields.done(Some(Self { of_the_game, of_kinds })).map_err(StudioError::Invalid)
    }

    /// What would have a scope keep more than it may on this server.
    #[must_use]
    pub fn beyond(&self, most: Keep) -> Vec<Fault> {
        let fault = |(at, (kind, members)): (usize, &(TraceKind, Map<String, Value>))| {
            let (keep, most) = (members.get(KEEP)?.as_u64()?, u64::from(most.of(*kind)));
            let detail = || format!("is {keep}; 1 to {most}, as many as this server lets a scope keep");
            (keep > most).then(|| Fault::new(format!("/{KINDS}/{at}/{KEEP}"), detail()))
        };
        self.of_kinds.iter().enumerate().filter_map(fault).collect()
    }

    /// Those rules with this change.
    ///
    /// # Errors
    /// A rule does not hold what its bounds allow: a fault of ours.
    pub fn apply(self, rules: &Rules) -> Result<Rules, serde_json::Error> {
        let mut whole = members_of(serde_json::to_value(rules)?);
        whole.extend(self.of_the_game);
        let kinds = whole.get_mut(KINDS).and_then(Value::as_array_mut);
        for (kind, rules) in kinds
            .into_iter()
            .flatten()
            .zip(TraceKind::ALL)
            .filter_map(|(rules, kind)| Some((kind, rules.as_object_mut()?)))
        {
            let changed = self.of_kinds.iter().find(|(changed, _)| *changed == kind);
            rules.extend(changed.map(|(_, members)| members.clone()).unwrap_or_default());
        }
        serde_json::from_value(Value::Object(whole))
    }
}

fn members_of(value: Value) -> Map<String, Value> {
    if let Value::Object(members) = value { members } else { Map::new() }
}

fn parse_kind(text: &str) -> Result<TraceKind, String> {
    TraceKind::of_name(text).ok_or_else(|| one_of(&TraceKind::ALL.map(TraceKind::name)))
}

fn one_of(names: &[&str]) -> String {
    format!("must be one of {}", names.join(", "))
}

fn members(fields: &mut Fields, forms: &[(&str, Form)]) -> Map<String, Value> {
    let mut members = Map::new();
    for &(name, form) in forms {
        let found: Option<Value> = match form {
            Form::Whole(least, most) => fields.optional_integer(name, least..=most).flatten().map(Value::from),
            Form::Flag => fields.optional_flag(name).flatten().map(Value::from),
            Form::Text => fields.optional_text(name, parse_text).flatten().map(Value::from),
            Form::OnQuota => fields.optional_text(name, parse_on_quota).flatten().map(Value::from),
        };
        members.extend(found.map(|found| (name.to_owned(), found)));
    }
    members
}

fn parse_text(text: &str) -> Result<String, String> {
    if text.len() > TEXT_BYTES {
        return Err(format!("is {} bytes long; at most {TEXT_BYTES}", text.len()));
    }
    if text.chars().any(char::is_control) {
        return Err("has a control character in it".to_owned());
    }
    Ok(text.to_owned())
}

fn parse_on_quota(text: &str) -> Result<&'static str, String> {
    OnQuota::of_name(text).map(OnQuota::name).ok_or_else(|| one_of(&OnQuota::ALL.map(OnQuota::name)))
}

/// The rules as JSON, all of them named: a change that makes any rules these.
///
/// # Errors
/// They can't be written: a fault of ours.
pub fn print(rules: &Rules) -> Result<String, serde_json::Error> {
    serde_json::to_string(rules)
}

/// What is different, before and after: `decks 8 -> 5; message.deck_size 40 -> 20`. Empty where nothing is.
///
/// # Errors
/// They can't be written: a fault of ours.
pub fn differences(before: &Rules, after: &Rules) -> Result<String, serde_json::Error> {
    let mut said = Vec::new();
    let (before, after) = (members_of(serde_json::to_value(before)?), members_of(serde_json::to_value(after)?));
    compare("", &OF_A_GAME, &before, &after, &mut said);
    let kinds = |whole: &Map<String, Value>| whole.get(KINDS).and_then(Value::as_array).cloned().unwrap_or_default();
    for ((before, after), kind) in kinds(&before).into_iter().zip(kinds(&after)).zip(TraceKind::ALL) {
        let prefix = format!("{}.", kind.name());
        compare(&prefix, &OF_A_KIND, &members_of(before), &members_of(after), &mut said);
    }
    Ok(said.join("; "))
}

fn compare(
    prefix: &str,
    forms: &[(&str, Form)],
    before: &Map<String, Value>,
    after: &Map<String, Value>,
    said: &mut Vec<String>,
) {
    for (name, _) in forms {
        if let (Some(before), Some(after)) = (before.get(*name), after.get(*name))
            && before != after
        {
            said.push(format!("{prefix}{name} {before} -> {after}"));
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn read(change: &Value) -> Result<Change, String> {
        Change::read(change.to_string().as_bytes()).map_err(|error| error.to_string())
    }

    #[test]
    fn every_rule_can_be_changed_within_its_bounds_and_is_told() {
        let least = |form| match form {
            Form::Whole(least, _) => json!(least),
            Form::Flag => json!(false),
            Form::Text => json!("x"),
            Form::OnQuota => json!("reject"),
        };
        let most = |form| match form {
            Form::Whole(_, most) => json!(most),
            Form::Flag => json!(true),
            Form::Text => json!("y".repeat(TEXT_BYTES)),
            Form::OnQuota => json!("evict"),
        };
        let all = |choose: &dyn Fn(Form) -> Value| {
            let members = |forms: &[(&str, Form)]| -> Map<String, Value> {
                forms.iter().map(|(name, form)| ((*name).to_owned(), choose(*form))).collect()
            };
            let mut whole = members(&OF_A_GAME);
            let kinds = TraceKind::ALL.map(|kind| {
                let mut members = members(&OF_A_KIND);
                members.insert(KIND.to_owned(), kind.name().into());
                Value::Object(members)
            });
            whole.insert(KINDS.to_owned(), kinds.to_vec().into());
            Value::Object(whole)
        };
        let (lowest, highest) = (all(&least), all(&most));
        let low = read(&lowest).unwrap().apply(&Rules::default()).unwrap();
        let high = read(&highest).unwrap().apply(&low).unwrap();
        // Nothing that a game decides is missing here.
        assert_eq!((serde_json::to_value(&low).unwrap(), serde_json::to_value(&high).unwrap()), (lowest, highest));
        let told = differences(&low, &high).unwrap();
        assert_eq!(told.split("; ").count(), OF_A_GAME.len() + OF_A_KIND.len() * TraceKind::ALL.len(), "{told}");
        assert!(told.starts_with("content_version_min 0 -> 2147483647; decks 1 -> 64;"), "{told}");
        assert!(told.contains("message.on_quota \"reject\" -> \"evict\""), "{told}");
    }

    #[test]
    fn what_is_written_makes_the_same_rules_of_any() {
        let rules = read(&json!({"decks": 3, "kinds": [{"kind": "phantom", "expires_s": 0}]})).unwrap();
        let rules = rules.apply(&Rules::default()).unwrap();
        assert_eq!((rules.decks, rules.of(TraceKind::Phantom).expires_s), (3, None));
        let written = print(&rules).unwrap();
        assert_eq!(Change::read(written.as_bytes()).unwrap().apply(&Rules::default()).unwrap(), rules);
    }

    #[test]
    fn what_is_absent_in_any_way_stays() {
        for nothing in [
            json!({}),
            json!({"decks": null, "axes": "", "kinds": []}),
            json!({"kinds": [{"kind": "object", "keep": null}]}),
        ] {
            let same = read(&nothing).unwrap().apply(&Rules::default()).unwrap();
            assert_eq!(differences(&Rules::default(), &same).unwrap(), "", "{nothing}");
        }
    }

    /// The description says each bound once more.
    #[test]
    fn the_bounds_are_those_of_the_description() {
        let document: Value = serde_json::from_str(include_str!("../../../openapi.json")).unwrap();
        for (schema, forms) in [("SettingsRequest", &OF_A_GAME[..]), ("KindRequest", &OF_A_KIND[..])] {
            for (name, form) in forms {
                let said = &document["components"]["schemas"][schema]["properties"][name]["description"];
                let bound = match form {
                    Form::Whole(least, most) => format!("{least} to {most}"),
                    Form::Text => format!("At most {TEXT_BYTES} bytes"),
                    Form::Flag | Form::OnQuota => continue,
                };
                assert!(said.as_str().unwrap().starts_with(&bound), "{name}: {said}, not {bound}");
            }
        }
    }

    #[test]
    fn each_fault_is_named() {
        for (change, told) in [
            (json!({"decks": 65}), "/decks is 65; 1 to 64"),
            (json!({"deks": 5}), "/deks is not known here"),
            (json!({"axes": "a\u{7}"}), "/axes has a control character in it"),
            (json!({"units": "a".repeat(101)}), "/units is 101 bytes long; at most 100"),
            (
                json!({"kinds": [{"kind": "house"}]}),
                "/kinds/0/kind must be one of object, message, phantom, bloodstain",
            ),
            (json!({"kinds": [{"deck_size": 5}]}), "/kinds/0/kind is missing"),
            (
                json!({"kinds": [{"kind": "object"}, {"kind": "object", "on_quota": "keep", "x": 1}], "public_reads": 1}),
                "/public_reads must be true or false; /kinds/1/kind is there more than once; \
                 /kinds/1/on_quota must be one of evict, reject; /kinds/1/x is not known here",
            ),
        ] {
            assert_eq!(read(&change).unwrap_err(), told);
        }
    }
}
