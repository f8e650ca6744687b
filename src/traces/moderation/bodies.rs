//! Bodies of requests: as they are described, and read.

use poem_openapi::{Object, types::Example};
use uuid::Uuid;

use super::model::{self, Banned, Complaint, Deed, ModerationError, Order, Report, TRACES_AT_ONCE, Wiped};
use crate::{
    platform::{clock, codec::fields::Fields},
    worlds::ScopeKey,
};

/// What is wrong with a trace.
#[derive(Debug, Object)]
#[oai(example)]
pub struct ReportRequest {
    /// `spam`, `abuse`, `cheating`, `sexual` or `other`.
    reason: String,
    /// More about it: at most 500 bytes, no control characters.
    note: Option<String>,
}

impl Example for ReportRequest {
    fn example() -> Self {
        Self { reason: "abuse".to_owned(), note: Some("it names me".to_owned()) }
    }
}

impl ReportRequest {
    /// Reads it.
    pub fn read(body: &[u8]) -> Result<Report, ModerationError> {
        let mut fields = Fields::read(body)?;
        let complaint = fields.text("reason", Complaint::parse);
        let note = fields.optional_text("note", model::words);
        let report = complaint.zip(note).map(|(complaint, note)| Report { complaint, note });
        fields.done(report).map_err(ModerationError::Invalid)
    }
}

/// What a moderator does.
#[derive(Debug, Object)]
#[oai(example)]
pub struct ActionRequest {
    /// `hide` and `restore` take `trace_ids`; `ban` and `unban` a `player_id`, `ban` also `until`; `wipe` takes `trace_ids`, or a
    /// `player_id`, a `scope` or both, or `everything`.
    action: String,
    /// 1 to 500 of them.
    trace_ids: Option<Vec<String>>,
    /// A player of this world.
    player_id: Option<String>,
    /// A place, as the game names it.
    scope: Option<String>,
    /// All traces of the world, as at the end of a season: must be `true`, so that nothing is wiped by leaving something out.
    everything: Option<bool>,
    /// Why, for the audit: at most 500 bytes, no control characters.
    reason: Option<String>,
    /// Until when a player is banned (RFC 3339, not past); absent: for ever.
    until: Option<String>,
}

impl Example for ActionRequest {
    fn example() -> Self {
        Self {
            action: "hide".to_owned(),
            trace_ids: Some(vec!["4211".to_owned(), "4216".to_owned()]),
            player_id: None,
            scope: None,
            everything: None,
            reason: Some("advertising".to_owned()),
            until: None,
        }
    }
}

/// What a body names besides the action and why.
struct Named {
    traces: Option<Vec<i64>>,
    player: Option<Uuid>,
    scope: Option<ScopeKey>,
    everything: bool,
    until_ms: Option<i64>,
}

const ACTIONS: [(&str, Choose); 5] =
    [("hide", hide), ("restore", restore), ("ban", ban), ("unban", unban), ("wipe", wipe)];

/// Makes a deed of what is named, and takes that away; else it says which field is missing.
type Choose = fn(&mut Named) -> Result<Deed, &'static str>;

fn hide(named: &mut Named) -> Result<Deed, &'static str> {
    named.traces.take().map(Deed::Hide).ok_or("trace_ids")
}

fn restore(named: &mut Named) -> Result<Deed, &'static str> {
    named.traces.take().map(Deed::Restore).ok_or("trace_ids")
}

fn ban(named: &mut Named) -> Result<Deed, &'static str> {
    let banned = Banned { until_ms: named.until_ms.take() };
    named.player.take().map(|player| Deed::Ban(player, banned)).ok_or("player_id")
}

fn unban(named: &mut Named) -> Result<Deed, &'static str> {
    named.player.take().map(Deed::Unban).ok_or("player_id")
}

fn wipe(named: &mut Named) -> Result<Deed, &'static str> {
    let wiped = if let Some(traces) = named.traces.take() {
        Wiped::These(traces)
    } else if let Some(player) = named.player.take() {
        Wiped::OfPlayer(player, named.scope.take())
    } else if let Some(scope) = named.scope.take() {
        Wiped::InScope(scope)
    } else if std::mem::take(&mut named.everything) {
        Wiped::Everything
    } else {
        return Err("trace_ids");
    };
    Ok(Deed::Wipe(wiped))
}

impl ActionRequest {
    /// Reads it; `now_ms` is when.
    pub fn read(body: &[u8], now_ms: i64) -> Result<Order, ModerationError> {
        let mut fields = Fields::read(body)?;
        let action = fields.text("action", |name| {
            let found = ACTIONS.into_iter().find(|(action, _)| *action == name);
            found.ok_or_else(|| format!("must be one of {}", ACTIONS.map(|(action, _)| action).join(", ")))
        });
        let traces = fields.optional_texts("trace_ids", model::trace_id);
        let player = fields.optional_text("player_id", |text| {
            text.parse::<Uuid>().map_err(|_| "must be a player's id: a UUID".to_owned())
        });
        let scope = fields.optional_text("scope", |text| ScopeKey::parse(text, "").map_err(|fault| fault.detail));
        let everything = fields.flag("everything");
        let until_ms = fields.optional_text("until", |text| {
            let until_ms = clock::parse(text).ok_or_else(|| "must be a time in the form of RFC 3339".to_owned())?;
            if until_ms > now_ms { Ok(until_ms) } else { Err("is past".to_owned()) }
        });
        let reason = fields.optional_text("reason", model::words).map(Option::unwrap_or_default);
        if let Some(Some(traces)) = &traces
            && traces.len() > TRACES_AT_ONCE
        {
            fields.wrong("trace_ids", format!("has {} items; at most {TRACES_AT_ONCE}", traces.len()));
        }
        fields.refuse_others();
        let mut deed = None;
        if let (Some((name, choose)), Some(traces), Some(player), Some(scope), Some(everything), Some(until_ms)) =
            (action, traces, player, scope, everything, until_ms)
        {
            let mut named = Named { traces, player, scope, everything, until_ms };
            match choose(&mut named) {
                Ok(chosen) => deed = Some(chosen),
                Err(missing) => fields.wrong(missing, "is missing"),
            }
            for left_over in named.left_over().filter(|_| deed.is_some()) {
                fields.wrong(left_over, format!("does not go with this {name}"));
            }
        }
        let order = deed.zip(reason).map(|(deed, reason)| Order { deed, reason });
        fields.done(order).map_err(ModerationError::Invalid)
    }
}

impl Named {
    /// The names of what is still there.
    fn left_over(&self) -> impl Iterator<Item = &'static str> + use<> {
        let there = [
            ("trace_ids", self.traces.is_some()),
            ("player_id", self.player.is_some()),
            ("scope", self.scope.is_some()),
            ("everything", self.everything),
            ("until", self.until_ms.is_some()),
        ];
        there.into_iter().filter_map(|(name, there)| there.then_some(name))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const PLAYER: &str = "01936b2f-4c7e-7a10-b5d2-c3e4f5a60718";

    fn read(body: &str) -> Result<Deed, Vec<String>> {
        match ActionRequest::read(&body.replace("PLAYER", PLAYER).into_bytes(), 1_000) {
            Ok(order) => Ok(order.deed),
            Err(ModerationError::Invalid(faults)) => {
                Err(faults.into_iter().map(|fault| format!("{} {}", fault.pointer, fault.detail)).collect())
            }
            Err(error) => Err(vec![error.to_string()]),
        }
    }

    #[test]
    fn each_action_takes_what_is_its() {
        let player: Uuid = PLAYER.parse().unwrap();
        let scope = ScopeKey::parse("Ash Lake", "").unwrap();
        for (body, deed) in [
            (
                r#"{"action":"hide","trace_ids":["3","4"],"player_id":"","scope":null,"until":""}"#,
                Deed::Hide(vec![3, 4]),
            ),
            (r#"{"action":"restore","trace_ids":["3"],"reason":"it was a joke"}"#, Deed::Restore(vec![3])),
            (r#"{"action":"ban","player_id":"PLAYER"}"#, Deed::Ban(player, Banned { until_ms: None })),
            (
                r#"{"action":"ban","player_id":"PLAYER","until":"1970-01-01T00:00:02Z","trace_ids":[]}"#,
                Deed::Ban(player, Banned { until_ms: Some(2_000) }),
            ),
            (r#"{"action":"unban","player_id":"PLAYER"}"#, Deed::Unban(player)),
            (r#"{"action":"wipe","trace_ids":["3"]}"#, Deed::Wipe(Wiped::These(vec![3]))),
            (r#"{"action":"wipe","player_id":"PLAYER"}"#, Deed::Wipe(Wiped::OfPlayer(player, None))),
            (
                r#"{"action":"wipe","player_id":"PLAYER","scope":"Ash Lake"}"#,
                Deed::Wipe(Wiped::OfPlayer(player, Some(scope.clone()))),
            ),
            (r#"{"action":"wipe","scope":"Ash Lake","everything":false}"#, Deed::Wipe(Wiped::InScope(scope.clone()))),
            (r#"{"action":"wipe","everything":true}"#, Deed::Wipe(Wiped::Everything)),
        ] {
            assert_eq!(read(body), Ok(deed), "{body}");
        }
    }

    #[test]
    fn each_fault_is_named() {
        for (body, faults) in [
            ("{}", &["/action is missing"][..]),
            (r#"{"action":"delete"}"#, &["/action must be one of hide, restore, ban, unban, wipe"]),
            (r#"{"action":"hide"}"#, &["/trace_ids is missing"]),
            (r#"{"action":"wipe"}"#, &["/trace_ids is missing"]),
            (r#"{"action":"ban","trace_ids":["1"]}"#, &["/player_id is missing"]),
            (
                r#"{"action":"hide","trace_ids":["1","x",2]}"#,
                &["/trace_ids/1 must be a trace's id: a text of digits", "/trace_ids/2 must be a text"],
            ),
            (
                r#"{"action":"hide","trace_ids":["1"],"scope":"a","until":"2026-01-01T00:00:00Z"}"#,
                &["/scope does not go with this hide", "/until does not go with this hide"],
            ),
            (r#"{"action":"wipe","everything":true,"scope":"a"}"#, &["/everything does not go with this wipe"]),
            (
                r#"{"action":"ban","player_id":"me","until":"1970-01-01T00:00:01Z","who":1}"#,
                &["/player_id must be a player's id: a UUID", "/until is past", "/who is not known here"],
            ),
        ] {
            assert_eq!(read(body).unwrap_err(), faults, "{body}");
        }
        let many = format!(r#"{{"action":"hide","trace_ids":[{}"1"]}}"#, r#""1","#.repeat(500));
        assert_eq!(read(&many).unwrap_err(), ["/trace_ids has 501 items; at most 500"]);
    }
}
