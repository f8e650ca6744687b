//! Answering a question after traces.

use entity::tenant::traces::trace;

use super::{
    model::MeetingError,
    query::{Cursor, Order, Page, Position, Question, square_of_distance},
    service::Meeting,
    store::{Sight, Store},
};
use crate::{
    platform::clock,
    traces::trace::{GroupKey, TraceResponse},
    worlds::{ChangeReason, WorldKey},
};

/// TraceWorlds beyond those of a page that are looked at, for some may not be to be seen.
const SPARE: u16 = 100;

/// TraceWorlds that were found, in order, and which of them are shown.
struct Found {
    shown: Vec<trace::Model>,
    /// The last that was looked at.
    last: Option<Position>,
    more: bool,
}

/// Where a trace stands in the order of a question.
fn position(order: Order, row: &trace::Model) -> Position {
    let key = match (order, row.x, row.y, row.z) {
        (Order::Top, ..) => row.score,
        (Order::Near { to, .. }, Some(x), Some(y), Some(z)) => square_of_distance([x, y, z], to),
        _ => 0.0,
    };
    Position { key, id: row.id }
}

/// Of what was found in order, those that are to be seen: so many at most. There may be more where as many were found as
/// were looked for.
fn shown(rows: Vec<trace::Model>, question: &Question, sight: Sight, looked_for: usize) -> Found {
    let group = question.group.as_ref().map(GroupKey::as_str);
    let is_seen = |row: &trace::Model| {
        !row.hidden
            && row.group_key.as_deref() == group
            && row.content_version >= sight.version_min
            && row.expires_at_ms.is_none_or(|over| over > sight.now_ms)
    };
    let mut more = rows.len() >= looked_for;
    let (mut shown, mut last) = (Vec::new(), None);
    for row in rows {
        if !is_seen(&row) {
            last = Some(position(question.order, &row));
        } else if shown.len() < usize::from(question.limit) {
            last = Some(position(question.order, &row));
            shown.push(row);
        } else {
            more = true;
            break;
        }
    }
    Found { shown, last, more }
}

impl Meeting {
    /// A page of what is asked for in a world, in any order but that of one's own traces.
    ///
    /// # Errors
    /// It is not known any more what has gone since the page before.
    pub async fn query(&self, world: WorldKey, question: &Question) -> Result<Page, MeetingError> {
        let store = self.store(world).await?;
        // First, so that what goes while the traces are read is told with the next page.
        let gone = gone(&store, world, question).await?;
        let version_min = question.version_min.max(self.rules(world).content_version_min);
        let sight = Sight { world, version_min, now_ms: clock::now_ms() };
        let after = question.after.as_ref().and_then(|after| after.position);
        let found = find(&store, question, sight, after).await?;
        Ok(Page {
            next: Cursor::of(question, gone.seq, found.last.or(after)),
            items: found.shown.into_iter().map(TraceResponse::of).collect(),
            gone: gone.ids,
            more: found.more || gone.more,
        })
    }

    /// The page of a question after a player's own, of which these are the traces.
    ///
    /// # Errors
    /// It is not known any more what has gone since the page before.
    pub async fn own(
        &self,
        world: WorldKey,
        question: &Question,
        items: Vec<TraceResponse>,
        more: bool,
    ) -> Result<Page, MeetingError> {
        let gone = gone(&self.store(world).await?, world, question).await?;
        let last = items.last().and_then(|last| last.id.parse().ok()).map(|id| Position { key: 0.0, id });
        let after = question.after.as_ref().and_then(|after| after.position);
        let next = Cursor::of(question, gone.seq, last.or(after));
        Ok(Page { items, gone: gone.ids, next, more: more || gone.more })
    }
}

async fn gone(store: &Store, world: WorldKey, question: &Question) -> Result<super::store::Gone, MeetingError> {
    // To its author what is hidden is there.
    let counts = |reason| question.order != Order::Own || reason != ChangeReason::Hidden;
    let after = question.after.as_ref().map(|after| after.seq);
    store.gone(world, &question.scopes, after, counts).await?.ok_or(MeetingError::TooOld)
}

async fn find(
    store: &Store,
    question: &Question,
    sight: Sight,
    after: Option<Position>,
) -> Result<Found, MeetingError> {
    let looked_for = usize::from(question.limit.saturating_add(SPARE));
    let limit = u64::from(question.limit) + u64::from(SPARE);
    Ok(match question.order {
        Order::Recent => shown(store.newest(sight, question, after, limit).await?, question, sight, looked_for),
        Order::Top => shown(store.highest(sight, question, after, limit).await?, question, sight, looked_for),
        Order::Near { to, radius } => {
            let one_more = usize::from(question.limit) + 1;
            let mut rows = store.nearest(sight, question, (to, radius), after, u64::from(question.limit) + 1).await?;
            let place = |row: &trace::Model| position(question.order, row);
            rows.sort_unstable_by(|one, other| {
                let (one, other) = (place(one), place(other));
                one.key.total_cmp(&other.key).then(one.id.cmp(&other.id))
            });
            shown(rows, question, sight, one_more)
        }
        Order::Ahead(beside) => Found { shown: store.beside(sight, question, beside).await?, last: None, more: false },
        // Read by whoever looks after them.
        Order::Own => Found { shown: Vec::new(), last: None, more: false },
    })
}
