//! Request bodies and parameters of moderation.

use poem_openapi::{Object, types::Example};
use uuid::Uuid;

use super::model::{
    Decision, Interaction, InteractionError, ModerationAction, ModerationError, QueueCursor, RemovalTarget, Report,
    ReportReason, TRACES_PER_ACTION, parse_author, parse_claimed_author, parse_free_text, parse_trace_id,
};
use crate::{
    http::{
        declaration::{Param, Values},
        page::Paged,
        params::{self, QueryParams, QueryReader, UriReader},
        schema::{OneOf, Timestamp},
    },
    identity::access::Player,
    platform::{
        clock,
        codec::fields::{BodyReader, Fields},
        error::Fault,
        named::Named,
    },
    traces::{
        gate::{Ban, BannedAuthor},
        trace::GroupKey,
    },
    worlds::ScopeKey,
};

/// The moderation queue, in pages.
#[derive(Debug)]
pub struct Queue;

impl Paged for Queue {
    type Cursor = QueueCursor;
    const DEFAULT_LIMIT: usize = 50;
    const MAX_LIMIT: usize = 100;
    const EXAMPLE_CURSOR: &'static str = "3-4211";

    fn parse(cursor: &str) -> Result<QueueCursor, String> {
        QueueCursor::parse(cursor)
    }
}

/// The authors that a player has hidden, in pages: by default all of them.
#[derive(Debug)]
pub struct HiddenAuthors;

impl Paged for HiddenAuthors {
    type Cursor = String;
    const DEFAULT_LIMIT: usize = 500;
    const MAX_LIMIT: usize = 500;
    const EXAMPLE_CURSOR: &'static str = "01936b2f-4c7e-7a10-b5d2-c3e4f5a60718";

    fn parse(cursor: &str) -> Result<String, String> {
        parse_author(cursor)
    }
}

/// The group of the trace that a player does something with.
#[derive(Clone, Debug)]
pub struct InGroup(Option<GroupKey>);

/// The parameter of the group.
const GROUP: Param = Param {
    name: "group",
    about: "The trace's group, if it has one.",
    values: Values::Text { max_bytes: GroupKey::MAX_BYTES },
    example: "the lanterns",
};

impl QueryParams for InGroup {
    fn read(reader: &mut QueryReader<'_>) -> Option<Self> {
        Some(Self(reader.optional(&GROUP, GroupKey::parse)))
    }
}

/// The author that a path names.
///
/// # Errors
/// [`ModerationError::Invalid`].
pub fn author_in_path(path: &str) -> Result<String, ModerationError> {
    parse_author(path).map_err(|detail| ModerationError::Invalid(vec![Fault::new("player_id", detail)]))
}

impl Interaction {
    /// A player's interaction with the trace in the path, in that group.
    ///
    /// # Errors
    /// No trace can have that id.
    pub fn new(player: &Player, trace: &str, InGroup(group): InGroup) -> Result<Self, ModerationError> {
        Ok(Self::of(player, trace, group)?)
    }

    /// A player's interaction with the trace of that id, in that group.
    ///
    /// # Errors
    /// No trace can have that id.
    pub fn of(player: &Player, trace: &str, group: Option<GroupKey>) -> Result<Self, InteractionError> {
        let trace = parse_trace_id(trace).map_err(|_| InteractionError::TraceNotFound)?;
        Ok(Self { player: player.id, trace, group })
    }
}

/// A report of a trace.
#[derive(Debug, Object)]
#[oai(rename = "Report", example)]
pub struct ReportRequest {
    /// Why.
    reason: OneOf<ReportReason>,
    /// More about it: at most 500 bytes, no control characters.
    #[oai(validator(max_length = 500))]
    note: Option<String>,
}

impl Example for ReportRequest {
    fn example() -> Self {
        Self { reason: OneOf(ReportReason::Abuse), note: Some("it names me".to_owned()) }
    }
}

impl ReportRequest {
    /// Reads and validates the body.
    ///
    /// # Errors
    /// It can't be read or is invalid.
    pub fn read(body: &[u8]) -> Result<Report, ModerationError> {
        let mut fields = Fields::read(body)?;
        let reason = fields.text("reason", ReportReason::parse);
        let note = fields.optional_text("note", parse_free_text);
        let report = reason.zip(note).map(|(reason, note)| Report { reason, note });
        fields.done(report).map_err(ModerationError::Invalid)
    }
}

/// The name of a moderator's action.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ActionName {
    /// Hides traces.
    Hide,
    /// Shows hidden traces again.
    Restore,
    /// Bans a player.
    Ban,
    /// Lifts a player's ban.
    Unban,
    /// Deletes traces.
    Wipe,
    /// Removes a player's display name, and lets them choose none.
    ClearName,
    /// Lets a player choose a display name again.
    AllowName,
}

impl Named for ActionName {
    const SET: &'static str = "ModerationAction";
    const MEMBERS: &'static [Self] =
        &[Self::Hide, Self::Restore, Self::Ban, Self::Unban, Self::Wipe, Self::ClearName, Self::AllowName];

    fn public_name(self) -> &'static str {
        match self {
            Self::Hide => "hide",
            Self::Restore => "restore",
            Self::Ban => "ban",
            Self::Unban => "unban",
            Self::Wipe => "wipe",
            Self::ClearName => "clear_name",
            Self::AllowName => "allow_name",
        }
    }
}

impl ActionName {
    /// Takes the fields that the action needs; the error is the name of the missing one.
    fn take(self, targets: &mut Targets) -> Result<ModerationAction, &'static str> {
        match self {
            Self::Hide => targets.take_traces().map(ModerationAction::Hide),
            Self::Restore => targets.take_traces().map(ModerationAction::Restore),
            Self::Ban => targets.take_ban(),
            Self::Unban => targets.take_author().map(ModerationAction::Unban),
            Self::Wipe => targets.take_removal(),
            Self::ClearName => targets.take_player().map(ModerationAction::ClearName),
            Self::AllowName => targets.take_player().map(ModerationAction::AllowName),
        }
    }
}

/// A moderator's action.
#[derive(Debug, Object)]
#[oai(rename = "ModerationRequest", example)]
pub struct ActionRequest {
    /// What is done: `hide` and `restore` take `trace_ids`; `ban` and `unban` take `player_id` or `claimed_author`, `ban` also
    /// `until`; `wipe` takes `trace_ids`, or `player_id` or `claimed_author`, `scope`, or one of the two with `scope`, or
    /// `everything`; `clear_name` and `allow_name` take `player_id`.
    action: OneOf<ActionName>,
    /// Traces, by their ids.
    #[oai(validator(max_items = 500))]
    trace_ids: Option<Vec<String>>,
    /// A player of this world: the `author` of traces whose `author_kind` is `minted`.
    player_id: Option<String>,
    /// The `author` of traces whose `author_kind` is `claimed`: the `u_uuid` that a v0 client sends.
    #[oai(validator(max_length = 64))]
    claimed_author: Option<String>,
    /// A scope, as the game names it.
    #[oai(validator(max_length = 64))]
    scope: Option<String>,
    /// All traces of the world, for example at the end of a season. Must be `true`, so that a forgotten field removes nothing.
    everything: Option<bool>,
    /// The reason, for the audit log: at most 500 bytes, no control characters.
    #[oai(validator(max_length = 500))]
    reason: Option<String>,
    /// When the ban ends, in the future; absent: never.
    until: Option<Timestamp>,
}

impl Example for ActionRequest {
    fn example() -> Self {
        Self {
            action: OneOf(ActionName::Hide),
            trace_ids: Some(vec!["4211".to_owned(), "4216".to_owned()]),
            player_id: None,
            claimed_author: None,
            scope: None,
            everything: None,
            reason: Some("advertising".to_owned()),
            until: None,
        }
    }
}

/// The fields that say what an action is about.
struct Targets {
    traces: Option<Vec<i64>>,
    player: Option<Uuid>,
    claimed_author: Option<String>,
    scope: Option<ScopeKey>,
    everything: bool,
    until_ms: Option<i64>,
}

impl Targets {
    fn take_traces(&mut self) -> Result<Vec<i64>, &'static str> {
        self.traces.take().ok_or("trace_ids")
    }

    fn take_player(&mut self) -> Result<Uuid, &'static str> {
        self.player.take().ok_or("player_id")
    }

    /// The author that is named in one of two ways.
    fn take_author(&mut self) -> Result<BannedAuthor, &'static str> {
        if let Some(player) = self.player.take() {
            return Ok(BannedAuthor::Player(player));
        }
        self.claimed_author.take().map(BannedAuthor::Claimed).ok_or("player_id")
    }

    fn take_ban(&mut self) -> Result<ModerationAction, &'static str> {
        let ban = Ban { until_ms: self.until_ms.take() };
        Ok(ModerationAction::Ban(self.take_author()?, ban))
    }

    fn take_removal(&mut self) -> Result<ModerationAction, &'static str> {
        let target = if let Some(traces) = self.traces.take() {
            RemovalTarget::Traces(traces)
        } else if let Ok(author) = self.take_author() {
            RemovalTarget::Author(author, self.scope.take())
        } else if let Some(scope) = self.scope.take() {
            RemovalTarget::Scope(scope)
        } else if std::mem::take(&mut self.everything) {
            RemovalTarget::World
        } else {
            return Err("trace_ids");
        };
        Ok(ModerationAction::Remove(target))
    }

    /// The names of the fields that were sent and not taken.
    fn left_over(&self) -> impl Iterator<Item = &'static str> + use<> {
        let fields = [
            ("trace_ids", self.traces.is_some()),
            ("player_id", self.player.is_some()),
            ("claimed_author", self.claimed_author.is_some()),
            ("scope", self.scope.is_some()),
            ("everything", self.everything),
            ("until", self.until_ms.is_some()),
        ];
        fields.into_iter().filter_map(|(name, is_present)| is_present.then_some(name))
    }
}

impl ActionRequest {
    /// Reads and validates the body; `now_ms` is the time that `until` is compared with.
    ///
    /// # Errors
    /// It can't be read or is invalid.
    pub fn read(body: &[u8], now_ms: i64) -> Result<Decision, ModerationError> {
        let mut fields = Fields::read(body)?;
        let name = fields.text("action", ActionName::parse);
        let traces = fields.optional_texts("trace_ids", parse_trace_id);
        let player = fields.optional_text("player_id", |text| {
            text.parse::<Uuid>().map_err(|_| "must be a player's id: a UUID".to_owned())
        });
        let claimed_author = fields.optional_text("claimed_author", parse_claimed_author);
        let scope = fields.optional_text("scope", |text| ScopeKey::parse(text, "").map_err(|fault| fault.detail));
        let everything = fields.flag("everything");
        let until_ms = fields.optional_text("until", |text| {
            let until_ms = clock::parse(text)
                .ok_or_else(|| "must be a time in the form of RFC 3339, of the years 0 to 9999 in UTC".to_owned())?;
            if until_ms > now_ms { Ok(until_ms) } else { Err("is past".to_owned()) }
        });
        let reason = fields.optional_text("reason", parse_free_text).map(Option::unwrap_or_default);
        if let Some(Some(traces)) = &traces
            && traces.len() > TRACES_PER_ACTION
        {
            fields.wrong("trace_ids", format!("has {} items; at most {TRACES_PER_ACTION}", traces.len()));
        }
        fields.refuse_others();
        let mut action = None;
        let targets = (traces, player, claimed_author, scope, everything, until_ms);
        if let Some(name) = name
            && let (Some(traces), Some(player), Some(claimed_author), Some(scope), Some(everything), Some(until_ms)) =
                targets
        {
            let mut targets = Targets { traces, player, claimed_author, scope, everything, until_ms };
            match name.take(&mut targets) {
                Ok(complete) => action = Some(complete),
                Err(missing) => fields.wrong(missing, "is missing"),
            }
            for left_over in targets.left_over().filter(|_| action.is_some()) {
                fields.wrong(left_over, format!("does not go with this {}", name.public_name()));
            }
        }
        let decision = action.zip(reason).map(|(action, reason)| Decision { action, reason });
        fields.done(decision).map_err(ModerationError::Invalid)
    }
}

/// The readers of bodies here.
pub const BODY_READERS: &[BodyReader] = &[
    ("ReportRequest", |body| ReportRequest::read(body).is_ok()),
    ("ActionRequest", |body| ActionRequest::read(body, clock::now_ms()).is_ok()),
];

/// The sets of query parameters here.
pub const URI_READERS: &[UriReader] = &[("InGroup", |uri| params::read::<InGroup>(uri).is_ok())];

#[cfg(test)]
mod tests {
    use super::*;

    const PLAYER: &str = "01936b2f-4c7e-7a10-b5d2-c3e4f5a60718";

    fn read(body: &str) -> Result<ModerationAction, Vec<String>> {
        match ActionRequest::read(&body.replace("PLAYER", PLAYER).into_bytes(), 1_000) {
            Ok(decision) => Ok(decision.action),
            Err(ModerationError::Invalid(faults)) => {
                Err(faults.into_iter().map(|fault| format!("{} {}", fault.pointer, fault.detail)).collect())
            }
            Err(error) => Err(vec![error.to_string()]),
        }
    }

    #[test]
    fn each_action_takes_its_own_fields() {
        let player: Uuid = PLAYER.parse().unwrap();
        let (of_player, claimed) = (BannedAuthor::Player(player), BannedAuthor::Claimed("a b".to_owned()));
        let scope = ScopeKey::parse("Ash Lake", "").unwrap();
        for (body, action) in [
            (
                r#"{"action":"hide","trace_ids":["3","4"],"player_id":"","scope":null,"until":""}"#,
                ModerationAction::Hide(vec![3, 4]),
            ),
            (r#"{"action":"restore","trace_ids":["3"],"reason":"it was a joke"}"#, ModerationAction::Restore(vec![3])),
            (
                r#"{"action":"ban","player_id":"PLAYER"}"#,
                ModerationAction::Ban(of_player.clone(), Ban { until_ms: None }),
            ),
            (
                r#"{"action":"ban","player_id":"PLAYER","until":"1970-01-01T00:00:02Z","trace_ids":[]}"#,
                ModerationAction::Ban(of_player.clone(), Ban { until_ms: Some(2_000) }),
            ),
            (r#"{"action":"unban","player_id":"PLAYER"}"#, ModerationAction::Unban(of_player.clone())),
            (
                r#"{"action":"ban","claimed_author":"a b"}"#,
                ModerationAction::Ban(claimed.clone(), Ban { until_ms: None }),
            ),
            (
                r#"{"action":"wipe","claimed_author":"a b"}"#,
                ModerationAction::Remove(RemovalTarget::Author(claimed, None)),
            ),
            (r#"{"action":"clear_name","player_id":"PLAYER"}"#, ModerationAction::ClearName(player)),
            (r#"{"action":"allow_name","player_id":"PLAYER"}"#, ModerationAction::AllowName(player)),
            (r#"{"action":"wipe","trace_ids":["3"]}"#, ModerationAction::Remove(RemovalTarget::Traces(vec![3]))),
            (
                r#"{"action":"wipe","player_id":"PLAYER"}"#,
                ModerationAction::Remove(RemovalTarget::Author(of_player.clone(), None)),
            ),
            (
                r#"{"action":"wipe","player_id":"PLAYER","scope":"Ash Lake"}"#,
                ModerationAction::Remove(RemovalTarget::Author(of_player, Some(scope.clone()))),
            ),
            (
                r#"{"action":"wipe","scope":"Ash Lake","everything":false}"#,
                ModerationAction::Remove(RemovalTarget::Scope(scope.clone())),
            ),
            (r#"{"action":"wipe","everything":true}"#, ModerationAction::Remove(RemovalTarget::World)),
        ] {
            assert_eq!(read(body), Ok(action), "{body}");
        }
    }

    #[test]
    fn each_fault_names_its_field() {
        for (body, faults) in [
            ("{}", &["/action is missing"][..]),
            (
                r#"{"action":"delete"}"#,
                &["/action must be one of hide, restore, ban, unban, wipe, clear_name, allow_name"],
            ),
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
            (
                r#"{"action":"ban","player_id":"PLAYER","claimed_author":"a"}"#,
                &["/claimed_author does not go with this ban"],
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
