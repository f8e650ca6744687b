//! A change of a game's rules: how it is read from JSON, within which bounds, how it is applied, and what it changed.
//!
//! Rules are stored in the form of a patch too, one that names every rule: so a rule that a later version adds has its
//! default.

use serde_json::{Map, Value};

use super::{Axes, OnQuota, Rules, ScopeLimits, SettingsError, TextRule};
use crate::{
    platform::{codec::fields::Fields, error::Fault, named::Named},
    traces::TraceKind,
};

/// The type and bounds of a rule.
#[derive(Clone, Copy)]
enum Form {
    /// An integer from the first to the second, inclusive.
    Whole(i64, i64),
    /// True or false.
    Flag,
    /// A text of at most so many bytes, without control characters.
    Text(usize),
    /// The name of some [`Axes`].
    Axes,
    /// The name of an [`OnQuota`].
    OnQuota,
    /// The name of a [`TextRule`].
    TextRule,
}

/// The most bytes of the name of a unit.
const UNITS_BYTES: usize = 32;

/// Ten years.
const LONGEST_S: i64 = 315_360_000;

/// The longest list of templates, words and the like.
const LONGEST_LIST: i64 = 1_000_000;

/// The rules of a whole game.
const GAME_RULES: [(&str, Form); 15] = [
    ("content_version_min", Form::Whole(0, 2_147_483_647)),
    ("decks", Form::Whole(1, 64)),
    ("refresh_s", Form::Whole(1, 3600)),
    (PUBLIC_READS, Form::Flag),
    ("hidden_at_reports", Form::Whole(0, 1000)),
    ("v0", Form::Flag),
    ("text", Form::TextRule),
    ("templates", Form::Whole(0, LONGEST_LIST)),
    ("words", Form::Whole(0, LONGEST_LIST)),
    ("conjunctions", Form::Whole(0, LONGEST_LIST)),
    ("gestures", Form::Whole(0, LONGEST_LIST)),
    ("max_frames", Form::Whole(1, 100_000)),
    ("max_recording_bytes", Form::Whole(1024, 1_048_576)),
    (AXES, Form::Axes),
    (UNITS, Form::Text(UNITS_BYTES)),
];

/// The rules of one kind of trace.
const KIND_RULES: [(&str, Form); 8] = [
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

const PUBLIC_READS: &str = "public_reads";

const AXES: &str = "axes";

const UNITS: &str = "units";

/// A change of a game's rules: what it does not name stays as it is.
#[derive(Clone, Debug, PartialEq)]
pub struct RulesPatch {
    game: Map<String, Value>,
    kinds: Vec<(TraceKind, Map<String, Value>)>,
}

impl RulesPatch {
    /// Reads a patch from JSON.
    ///
    /// # Errors
    /// It is not an object, a rule is out of bounds, or a name is unknown.
    pub fn parse(body: &[u8]) -> Result<Self, SettingsError> {
        let mut fields = Fields::read(body)?;
        let game = members(&mut fields, &GAME_RULES);
        let mut kinds: Vec<(TraceKind, Map<String, Value>)> = Vec::new();
        for mut kind in fields.objects(KINDS, TraceKind::ALL.len()).unwrap_or_default() {
            let named = kind.text(KIND, <TraceKind as Named>::parse);
            if named.is_some_and(|named| kinds.iter().any(|(other, _)| *other == named)) {
                kind.wrong(KIND, "is there more than once");
            }
            let members = members(&mut kind, &KIND_RULES);
            kind.refuse_others();
            match kind.done(named) {
                Ok(named) => kinds.push((named, members)),
                Err(faults) => fields.wrong_too(faults),
            }
        }
        fields.refuse_others();
        fields.done(Some(Self { game, kinds })).map_err(SettingsError::Invalid)
    }

    /// Reads stored rules. An earlier version stored any texts of at most 100 bytes as axes and units: those that are neither
    /// now are left out.
    ///
    /// # Errors
    /// As [`RulesPatch::parse`].
    pub fn parse_stored(text: &str) -> Result<Self, SettingsError> {
        let Ok(Value::Object(mut rules)) = serde_json::from_str(text) else { return Self::parse(text.as_bytes()) };
        rules.retain(|name, value| match (name.as_str(), value.as_str()) {
            (AXES, Some(axes)) => Axes::of_public_name(axes).is_some(),
            (UNITS, Some(units)) => units.len() <= UNITS_BYTES,
            _ => true,
        });
        Self::parse(Value::Object(rules).to_string().as_bytes())
    }

    /// The patch that turns off public reads.
    #[must_use]
    pub fn closing_public_reads() -> Self {
        Self { game: Map::from_iter([(PUBLIC_READS.to_owned(), Value::Bool(false))]), kinds: Vec::new() }
    }

    /// The members that would let a scope keep more traces than `limits` allow.
    #[must_use]
    pub fn exceeding(&self, limits: ScopeLimits) -> Vec<Fault> {
        let fault = |(at, (kind, members)): (usize, &(TraceKind, Map<String, Value>))| {
            let (keep, most) = (members.get(KEEP)?.as_u64()?, u64::from(limits.of(*kind)));
            let detail = || format!("is {keep}; 1 to {most}, as many as this server lets a scope keep");
            (keep > most).then(|| Fault::new(format!("/{KINDS}/{at}/{KEEP}"), detail()))
        };
        self.kinds.iter().enumerate().filter_map(fault).collect()
    }

    /// The rules with this change.
    ///
    /// # Errors
    /// A bound allows what the type of its rule can't hold: a bug.
    pub fn apply(self, rules: &Rules) -> Result<Rules, serde_json::Error> {
        let mut whole = members_of(serde_json::to_value(rules)?);
        whole.extend(self.game);
        let kinds = whole.get_mut(KINDS).and_then(Value::as_array_mut);
        for (kind, rules) in kinds
            .into_iter()
            .flatten()
            .zip(TraceKind::ALL)
            .filter_map(|(rules, kind)| Some((kind, rules.as_object_mut()?)))
        {
            let changed = self.kinds.iter().find(|(changed, _)| *changed == kind);
            rules.extend(changed.map(|(_, members)| members.clone()).unwrap_or_default());
        }
        serde_json::from_value(Value::Object(whole))
    }
}

fn members_of(value: Value) -> Map<String, Value> {
    if let Value::Object(members) = value { members } else { Map::new() }
}

/// An integer within bounds. 0 counts as absent where it is out of them: some engines write it for an absent field.
fn whole(fields: &mut Fields, name: &str, least: i64, most: i64) -> Option<i64> {
    fields.optional_integer(name, least.min(0)..=most).flatten().filter(|number| *number >= least)
}

fn members(fields: &mut Fields, forms: &[(&str, Form)]) -> Map<String, Value> {
    let mut members = Map::new();
    for &(name, form) in forms {
        let found: Option<Value> = match form {
            Form::Whole(least, most) => whole(fields, name, least, most).map(Value::from),
            Form::Flag => fields.optional_flag(name).flatten().map(Value::from),
            Form::Text(bytes) => fields.optional_text(name, |text| parse_text(text, bytes)).flatten().map(Value::from),
            Form::Axes => optional_name::<Axes>(fields, name),
            Form::OnQuota => optional_name::<OnQuota>(fields, name),
            Form::TextRule => optional_name::<TextRule>(fields, name),
        };
        members.extend(found.map(|found| (name.to_owned(), found)));
    }
    members
}

fn optional_name<E: Named>(fields: &mut Fields, name: &str) -> Option<Value> {
    Some(fields.optional_text(name, E::parse).flatten()?.public_name().into())
}

fn parse_text(text: &str, max_bytes: usize) -> Result<String, String> {
    if text.len() > max_bytes {
        return Err(format!("is {} bytes long; at most {max_bytes}", text.len()));
    }
    if text.chars().any(char::is_control) {
        return Err("has a control character in it".to_owned());
    }
    Ok(text.to_owned())
}

/// The rules as JSON: a patch that names every rule.
///
/// # Errors
/// They can't be serialised: a bug.
pub fn print(rules: &Rules) -> Result<String, serde_json::Error> {
    serde_json::to_string(rules)
}

/// The differences: `decks 8 -> 5; message.deck_size 40 -> 20`. Empty if there are none.
///
/// # Errors
/// The rules can't be serialised: a bug.
pub fn differences(before: &Rules, after: &Rules) -> Result<String, serde_json::Error> {
    let mut differences = Vec::new();
    let (before, after) = (members_of(serde_json::to_value(before)?), members_of(serde_json::to_value(after)?));
    compare("", &GAME_RULES, &before, &after, &mut differences);
    let kinds = |whole: &Map<String, Value>| whole.get(KINDS).and_then(Value::as_array).cloned().unwrap_or_default();
    for ((before, after), kind) in kinds(&before).into_iter().zip(kinds(&after)).zip(TraceKind::ALL) {
        let prefix = format!("{}.", kind.name());
        compare(&prefix, &KIND_RULES, &members_of(before), &members_of(after), &mut differences);
    }
    Ok(differences.join("; "))
}

fn compare(
    prefix: &str,
    forms: &[(&str, Form)],
    before: &Map<String, Value>,
    after: &Map<String, Value>,
    differences: &mut Vec<String>,
) {
    for (name, _) in forms {
        if let (Some(before), Some(after)) = (before.get(*name), after.get(*name))
            && before != after
        {
            differences.push(format!("{prefix}{name} {before} -> {after}"));
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn read(change: &Value) -> Result<RulesPatch, String> {
        RulesPatch::parse(change.to_string().as_bytes()).map_err(|error| error.to_string())
    }

    #[test]
    fn every_rule_can_be_changed_within_its_bounds_and_is_among_the_differences() {
        let least = |form| match form {
            Form::Whole(least, _) => json!(least),
            Form::Flag => json!(false),
            Form::Text(_) => json!("x"),
            Form::Axes => json!("y_up_right"),
            Form::OnQuota => json!("reject"),
            Form::TextRule => json!("off"),
        };
        let most = |form| match form {
            Form::Whole(_, most) => json!(most),
            Form::Flag => json!(true),
            Form::Text(bytes) => json!("y".repeat(bytes)),
            Form::Axes => json!("z_up_left"),
            Form::OnQuota => json!("evict"),
            Form::TextRule => json!("free"),
        };
        let all = |choose: &dyn Fn(Form) -> Value| {
            let members = |forms: &[(&str, Form)]| -> Map<String, Value> {
                forms.iter().map(|(name, form)| ((*name).to_owned(), choose(*form))).collect()
            };
            let mut whole = members(&GAME_RULES);
            let kinds = TraceKind::ALL.map(|kind| {
                let mut members = members(&KIND_RULES);
                members.insert(KIND.to_owned(), kind.name().into());
                Value::Object(members)
            });
            whole.insert(KINDS.to_owned(), kinds.to_vec().into());
            Value::Object(whole)
        };
        let (lowest, highest) = (all(&least), all(&most));
        let low = read(&lowest).unwrap().apply(&Rules::default()).unwrap();
        let high = read(&highest).unwrap().apply(&low).unwrap();
        // Fails if a rule is missing in the lists of bounds.
        assert_eq!((serde_json::to_value(&low).unwrap(), serde_json::to_value(&high).unwrap()), (lowest, highest));
        let expected = differences(&low, &high).unwrap();
        assert_eq!(
            expected.split("; ").count(),
            GAME_RULES.len() + KIND_RULES.len() * TraceKind::ALL.len(),
            "{expected}"
        );
        assert!(expected.starts_with("content_version_min 0 -> 2147483647; decks 1 -> 64;"), "{expected}");
        assert!(expected.contains("message.on_quota \"reject\" -> \"evict\""), "{expected}");
    }

    #[test]
    fn printed_rules_are_a_patch_that_restores_them() {
        let rules = read(&json!({"decks": 3, "kinds": [{"kind": "phantom", "expires_s": 0}]})).unwrap();
        let rules = rules.apply(&Rules::default()).unwrap();
        assert_eq!((rules.decks, rules.of(TraceKind::Phantom).expires_s), (3, None));
        let written = print(&rules).unwrap();
        assert_eq!(RulesPatch::parse(written.as_bytes()).unwrap().apply(&Rules::default()).unwrap(), rules);
    }

    #[test]
    fn absent_null_and_empty_members_change_nothing() {
        for nothing in [
            json!({}),
            json!({"decks": null, "axes": "", "kinds": []}),
            json!({"decks": 0, "refresh_s": 0, "max_frames": 0, "max_recording_bytes": 0, "units": ""}),
            json!({"kinds": [{"kind": "object", "keep": null}]}),
        ] {
            let same = read(&nothing).unwrap().apply(&Rules::default()).unwrap();
            assert_eq!(differences(&Rules::default(), &same).unwrap(), "", "{nothing}");
        }
    }

    #[test]
    fn the_bounds_are_those_of_the_openapi_document() {
        let document: Value = serde_json::from_str(include_str!("../../../../openapi.json")).unwrap();
        for (schema, forms) in [("GameSettingsChange", &GAME_RULES[..]), ("KindSettingsChange", &KIND_RULES[..])] {
            for (name, form) in forms {
                let rule = &document["components"]["schemas"][schema]["properties"][name];
                let bound = |bound: &str| rule[bound].as_f64().map(|bound| format!("{bound:.0}"));
                match form {
                    Form::Whole(least, most) => {
                        let bounds = [(*least).min(0), *most].map(|bound| Some(bound.to_string()));
                        assert_eq!([bound("minimum"), bound("maximum")], bounds, "{name}");
                    }
                    Form::Text(bytes) => assert_eq!(bound("maxLength"), Some(bytes.to_string()), "{name}"),
                    Form::Flag | Form::Axes | Form::OnQuota | Form::TextRule => {}
                }
            }
        }
    }

    #[test]
    fn texts_that_an_earlier_version_stored_do_not_lose_the_other_rules() {
        let stored = json!({"decks": 3, "axes": "y up, right-handed", "units": "u".repeat(100)}).to_string();
        let rules = RulesPatch::parse_stored(&stored).unwrap().apply(&Rules::default()).unwrap();
        assert_eq!(rules, Rules { decks: 3, ..Rules::default() });
        let stored = json!({"axes": "z_up_left", "units": "cm"}).to_string();
        let rules = RulesPatch::parse_stored(&stored).unwrap().apply(&Rules::default()).unwrap();
        assert_eq!((rules.axes, rules.units.as_str()), (Some(Axes::ZUpLeft), "cm"));
        assert!(RulesPatch::parse_stored("[").is_err());
    }

    #[test]
    fn each_fault_is_named() {
        for (change, expected) in [
            (json!({"decks": 65}), "/decks is 65; 0 to 64"),
            (json!({"deks": 5}), "/deks is not known here; did you mean decks?"),
            (json!({"axes": "up"}), "/axes must be one of y_up_right, y_up_left, z_up_right, z_up_left"),
            (json!({"units": "a\u{7}"}), "/units has a control character in it"),
            (json!({"units": "a".repeat(33)}), "/units is 33 bytes long; at most 32"),
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
            assert_eq!(read(&change).unwrap_err(), expected);
        }
    }
}
