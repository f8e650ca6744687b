//! What authors do to a world, each in its locked transaction: leave, change and withdraw traces.

use std::{collections::HashMap, sync::Arc};

use uuid::Uuid;

use super::{
    model::{AuthoringError, ChangeOutcome, LeaveOutcome, Refusal, TraceChange, TraceInput, TraceState},
    quota::{OwnTrace, OwnTraces},
    store::{self, Reference},
};
use crate::{
    identity::access::Player,
    platform::error::StoreError,
    traces::{
        TraceKind,
        gate::{self, Refused},
        moderation,
        settings::{OnQuota, Rules},
        storage::{self, Wanted},
        trace::{Detail, OwnCountChanges, RecordingSummary, Trace},
        voting,
    },
    worlds::{ChangeReason, Command, ScopeKey, TraceLocation, WorldTx, storage::Storage},
};

/// A player leaves traces. The output has the outcome of each, in order.
#[derive(Debug)]
pub struct LeaveTraces {
    /// The author.
    pub player: Player,
    /// A keyed digest of the network that they are in, if that is known.
    pub network: Option<i64>,
    /// The author's id as it is stored.
    pub author: String,
    /// The traces.
    pub inputs: Vec<TraceInput>,
    /// The rules of the game.
    pub rules: Arc<Rules>,
}

/// A trace that may be left.
struct Admitted {
    id: i64,
    recording: Option<RecordingSummary>,
    evicted: Vec<i64>,
}

impl Command for LeaveTraces {
    type Output = Vec<LeaveOutcome>;

    fn size_bytes(&self) -> usize {
        self.inputs.iter().map(TraceInput::size_bytes).sum()
    }

    async fn run(&self, tx: &mut WorldTx<'_>) -> Result<Vec<LeaveOutcome>, StoreError> {
        let references = self.inputs.iter().filter_map(|input| input.reference.as_deref()).collect();
        let mut known: HashMap<String, (i64, [u8; 32])> = store::references(tx, &self.author, references).await?;
        let known_ids: Vec<i64> = known.values().map(|(id, _)| *id).collect();
        let states = store::states(tx, &known_ids).await?;
        let ban = gate::active_ban(tx, self.player.id).await?;
        let is_new = |input: &&TraceInput| input.reference.as_ref().is_none_or(|name| !known.contains_key(name));
        let new =
            self.inputs.iter().filter(is_new).filter(|_| ban.is_none()).filter(|input| self.allows(input).is_ok());
        let new: Vec<&TraceInput> = new.collect();
        let mut own = self.count_own(tx, &new).await?;
        let mut outcomes = Vec::with_capacity(self.inputs.len());
        let (mut traces, mut new_references) = (Vec::new(), Vec::new());
        for input in &self.inputs {
            let same_reference = input.reference.as_ref().and_then(|reference| known.get(reference));
            let admitted = match (same_reference, ban) {
                (Some((id, digest)), _) if *digest == input.digest => {
                    // One without a state was left by this request.
                    let state = states.get(id).copied().unwrap_or(TraceState::Live);
                    outcomes.push(LeaveOutcome::AlreadyLeft { id: *id, state });
                    continue;
                }
                (Some(_), _) => Err(Refusal::RefReused),
                (None, Some(ban)) => Err(Refusal::Banned(ban)),
                (None, None) => self.admit(tx, input, &mut own).await?,
            };
            outcomes.push(match admitted {
                Err(refusal) => LeaveOutcome::Refused(refusal),
                Ok(Admitted { id, recording, evicted }) => {
                    traces.push(self.trace(input, id, recording, tx.now_ms()));
                    if let Some(reference) = &input.reference {
                        known.insert(reference.clone(), (id, input.digest));
                        let name = reference.clone();
                        new_references.push(Reference { name, trace: id, digest: input.digest });
                    }
                    LeaveOutcome::Left { id, evicted }
                }
            });
        }
        self.uncount_refused(tx, &new, &traces).await?;
        store::insert(tx, traces).await?;
        store::insert_references(tx, &self.author, new_references).await?;
        tx.remove(own.evicted(), ChangeReason::Evicted).await?;
        Ok(outcomes)
    }
}

impl LeaveTraces {
    /// Whether the game takes such traces.
    fn allows(&self, input: &TraceInput) -> Result<(), Refusal> {
        self.check(input)?;
        if input.content_version < self.rules.content_version_min {
            return Err(Refusal::TooOld(self.rules.content_version_min));
        }
        Ok(())
    }

    /// Adds new traces to the counts of the author; returns the counts without them, and the traces that may be evicted for them.
    async fn count_own(&self, tx: &WorldTx<'_>, new: &[&TraceInput]) -> Result<OwnTraces, StoreError> {
        let mut added = OwnCountChanges::default();
        for input in new {
            added.add(&self.author, input.kind.code(), &input.scope, 1);
        }
        let counts = tx.change_own_counts(added.clone()).await?;
        let (mut before, mut asked) = (HashMap::new(), Vec::new());
        for (counted, added) in added.into_entries() {
            let count = counts.get(&counted).copied().unwrap_or_default();
            let Some(kind) = TraceKind::of_code(counted.kind) else { continue };
            let rules = self.rules.of(kind);
            let quota = if counted.scope.is_some() { rules.quota_scope } else { rules.quota_total };
            let beyond = usize::try_from(i64::from(count) - i64::from(quota)).unwrap_or_default();
            if beyond > 0 && quota > 0 && rules.on_quota == OnQuota::Evict {
                let limit = u64::try_from(beyond.min(OwnTraces::EVICTED)).unwrap_or(u64::MAX);
                asked.push(((kind, counted.scope.clone()), limit));
            }
            before.insert((kind, counted.scope), u32::try_from(count - added).unwrap_or_default());
        }
        Ok(OwnTraces::new(before, store::oldest_own(tx, &self.author, &asked).await?))
    }

    /// Subtracts from the counts of the author the new traces that were not left.
    async fn uncount_refused(&self, tx: &WorldTx<'_>, new: &[&TraceInput], left: &[Trace]) -> Result<(), StoreError> {
        let mut changes = OwnCountChanges::default();
        for input in new {
            changes.add(&self.author, input.kind.code(), &input.scope, -1);
        }
        for trace in left {
            changes.add(&self.author, trace.kind.code(), &trace.scope, 1);
        }
        tx.change_own_counts(changes).await?;
        Ok(())
    }

    /// Applies the rules of the game to a new trace; gives it an id and its recording.
    async fn admit(
        &self,
        tx: &mut WorldTx<'_>,
        input: &TraceInput,
        own: &mut OwnTraces,
    ) -> Result<Result<Admitted, Refusal>, StoreError> {
        if let Err(refusal) = self.allows(input) {
            return Ok(Err(refusal));
        }
        let rules = self.rules.of(input.kind);
        let quotas = [(Some(&input.scope), rules.quota_scope), (None, rules.quota_total)];
        let is_full = |(scope, quota): &(Option<&ScopeKey>, u32)| own.count(input.kind, *scope) >= *quota;
        // With a quota of 0 there is nothing to evict.
        let rejects = |(_, quota): &(Option<&ScopeKey>, u32)| rules.on_quota == OnQuota::Reject || *quota == 0;
        if let Some((_, quota)) = quotas.into_iter().find(|quota| rejects(quota) && is_full(quota)) {
            return Ok(Err(Refusal::QuotaFull(quota)));
        }
        let wanted =
            Wanted { kind: input.kind, author: &self.author, by_player: true, bytes: input.stored_bytes(&self.author) };
        let Some(room) = storage::make_room(tx, &input.scope, &[wanted], &self.rules).await? else {
            return Ok(Err(Refusal::NoRoom));
        };
        let id = tx.next_trace_id(&input.scope, input.kind);
        let recording = match &input.recording {
            Some(recording) => match store::attach_recording(tx, &self.player, recording, id).await? {
                Some(recorded) => Some(recorded),
                None => return Ok(Err(Refusal::NoRecording)),
            },
            None => None,
        };
        room.take(tx).await?;
        let mut evicted = room.evicted_of(&self.author);
        own.forget(&evicted);
        own.push(OwnTrace { id, kind: input.kind, scope: input.scope.clone() });
        for (scope, quota) in quotas {
            evicted.extend(own.evict(input.kind, scope, quota));
        }
        Ok(Ok(Admitted { id, recording, evicted }))
    }

    /// Asks the gate about the content of a new trace.
    fn check(&self, input: &TraceInput) -> Result<(), Refused> {
        let Detail { text, sentence, .. } = &input.detail;
        gate::check_kind(&self.rules, input.kind)?;
        gate::check_words(&self.rules, !text.is_empty(), &sentence.fields(), &format!("/traces/{}", input.at))
    }

    fn trace(&self, input: &TraceInput, id: i64, recording: Option<RecordingSummary>, now_ms: i64) -> Trace {
        let created_at_ms = input.left_at_ms.unwrap_or(now_ms);
        let lifetime_s = [input.expires_in_s, self.rules.of(input.kind).expires_s].into_iter().flatten().min();
        Trace {
            id,
            kind: input.kind,
            scope: input.scope.clone(),
            author: self.author.clone(),
            by_player: true,
            position: input.position,
            rotation: input.rotation,
            detail: Detail { recording, ..input.detail.clone() },
            content_version: input.content_version,
            rank_value: input.rank_value,
            group: input.group_key.clone(),
            hidden: false,
            legacy: false,
            good: 0,
            poor: 0,
            score: 0.0,
            vote_weight: 0,
            network: self.network,
            uses: 0,
            revision: 1,
            created_at_ms,
            expires_at_ms: lifetime_s.map(|lifetime_s| created_at_ms + i64::from(lifetime_s) * 1000),
        }
    }
}

/// A trace that a player may change or withdraw as its author.
async fn authored(tx: &WorldTx<'_>, id: i64, author: &str) -> Result<Result<Trace, AuthoringError>, StoreError> {
    Ok(match store::find(tx, id).await? {
        Some(trace) if trace.by_player && trace.author == author => Ok(trace),
        // To others a hidden trace does not exist, nor does one of a group.
        Some(trace) if !trace.hidden && trace.group.is_none() => Err(AuthoringError::NotAuthor),
        _ => Err(AuthoringError::NotFound),
    })
}

/// The bytes of a trace that a change of it may change, about.
fn texts_bytes(trace: &Trace) -> i64 {
    i64::try_from(2 * trace.detail.to_text().len()).unwrap_or(i64::MAX)
}

/// A player changes a trace of theirs.
#[derive(Debug)]
pub struct ChangeTrace {
    /// The player.
    pub player: Uuid,
    /// The rules of the game.
    pub rules: Arc<Rules>,
    /// The trace's id.
    pub id: i64,
    /// The change.
    pub change: TraceChange,
}

impl Command for ChangeTrace {
    type Output = Result<ChangeOutcome, AuthoringError>;

    fn size_bytes(&self) -> usize {
        8 * 1024
    }

    async fn run(&self, tx: &mut WorldTx<'_>) -> Result<Self::Output, StoreError> {
        let trace = match authored(tx, self.id, &self.player.to_string()).await? {
            Ok(trace) => trace,
            Err(error) => return Ok(Err(error)),
        };
        if let Some(ban) = gate::active_ban(tx, self.player).await? {
            return Ok(Err(AuthoringError::Banned(ban)));
        }
        if trace.revision != self.change.revision {
            return Ok(Ok(ChangeOutcome::Conflict(Box::new(trace))));
        }
        if let Some(fault) = self.change.unsupported_field(trace.kind) {
            return Ok(Err(fault.into()));
        }
        if let Err(refused) = self.check(trace.kind) {
            return Ok(Err(refused.into()));
        }
        let before = trace;
        let mut trace = before.clone();
        let says_something_else = self.change.apply(&mut trace);
        let growth = Storage::bytes(texts_bytes(&trace) - texts_bytes(&before));
        if tx.lacking(growth) != Storage::default() {
            return Ok(Ok(ChangeOutcome::NoRoom(Box::new(before))));
        }
        tx.charge(growth);
        if says_something_else {
            // The votes were for the old words.
            voting::reset_feedback(tx, self.id).await?;
            (trace.good, trace.poor, trace.score) = (0, 0, 0.0);
        }
        if !trace.has_content_of(&before) {
            moderation::reopen(tx, self.id).await?;
        }
        store::update(tx, &trace).await?;
        tx.log_change(&TraceLocation { id: trace.id, scope: trace.scope.clone() }, ChangeReason::Changed);
        Ok(Ok(ChangeOutcome::Changed(Box::new(trace))))
    }
}

impl ChangeTrace {
    /// Asks the gate about what the change brings. Words that the trace has already stay, whatever the game decides later.
    fn check(&self, kind: TraceKind) -> Result<(), Refused> {
        let TraceChange { text, sentence, .. } = &self.change;
        gate::check_kind(&self.rules, kind)?;
        gate::check_words(&self.rules, text.as_ref().is_some_and(|text| !text.is_empty()), &sentence.fields(), "")
    }
}

/// A player withdraws a trace of theirs.
#[derive(Debug)]
pub struct WithdrawTrace {
    /// The player's id.
    pub author: String,
    /// The trace's id.
    pub id: i64,
}

impl Command for WithdrawTrace {
    type Output = Result<(), AuthoringError>;

    async fn run(&self, tx: &mut WorldTx<'_>) -> Result<Self::Output, StoreError> {
        let Trace { id, scope, .. } = match authored(tx, self.id, &self.author).await? {
            Ok(trace) => trace,
            Err(error) => return Ok(Err(error)),
        };
        tx.remove(&[TraceLocation { id, scope }], ChangeReason::Withdrawn).await?;
        Ok(Ok(()))
    }
}
