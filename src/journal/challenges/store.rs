//! All SQL of challenges: what a viewer sees here, by what it is about in the other files.

mod lists;
mod making;
mod moving;
mod personal;
mod telling;

use entity::control::journal::{challenge, challenge_guest, challenge_move};
use sea_orm::{
    FromQueryResult,
    sea_query::{Condition, Expr, ExprTrait, JoinType, Order, Query, SelectStatement},
};

pub use self::{moving::Locked, personal::PersonalRows};
use super::model::{
    Challenge, ChallengeId, ChallengeState, Guest, GuestState, MoveWithCard, OwnGuest, SHOWN_MOVES, SessionType,
    number, stored,
};
use crate::{
    catalogue::titles::TitleId,
    identity::{
        access::{ModerationReason, UserId},
        people::{Cell, visible_to},
        profiles::{asked_audience, blocked_either_way},
    },
    platform::{db::Control, error::StoreError, zone::Zone},
};

/// Challenges with their guests and histories. Cheap to clone.
#[derive(Clone, Debug)]
pub struct Store {
    control: Control,
}

/// A row that is read with what depends on the viewer.
#[derive(Debug, FromQueryResult)]
struct SeenRow {
    #[sea_orm(nested)]
    row: challenge::Model,
    accepted: i64,
    waiting: i64,
    own_state: Option<i16>,
    own_before: i64,
    own_answer_by_ms: Option<i64>,
    own_brings: Option<String>,
}

fn count(number: i64) -> u64 {
    u64::try_from(number).unwrap_or_default()
}

impl From<SeenRow> for Challenge {
    fn from(seen: SeenRow) -> Self {
        let row = seen.row;
        let own = seen.own_state.map(|state| {
            let state = stored(state, GuestState::Expired);
            OwnGuest {
                state,
                position: (state == GuestState::Waiting).then(|| count(seen.own_before)),
                answer_by_ms: seen.own_answer_by_ms,
                brings: seen.own_brings.unwrap_or_default(),
            }
        });
        Self {
            id: ChallengeId(row.id),
            host: row.host.as_deref().map(UserId::stored),
            title: TitleId(row.title),
            session_type: stored(row.session_type, SessionType::Online),
            state: stored(row.state, ChallengeState::Expired),
            audience: asked_audience(row.audience, row.audience_asked),
            hidden: row.hidden.map(ModerationReason::stored),
            text: row.text,
            capacity: row.capacity,
            starts_at_ms: row.starts_at_ms,
            zone: Zone::stored(row.zone),
            minutes: row.minutes,
            area: row.area,
            cell: row.cell.and_then(Cell::stored),
            sealed_address: row.address,
            brings: row.brings,
            needs: row.needs,
            accepted: count(seen.accepted),
            waiting: count(seen.waiting),
            own,
            revision: row.revision,
            created_at_ms: row.created_at_ms,
            changed_at_ms: row.changed_at_ms,
        }
    }
}

/// A guest's row.
fn guest_of(row: challenge_guest::Model, is_blocked: bool) -> Guest {
    Guest {
        id: Some(row.id),
        user: UserId::stored(&row.user_id),
        state: stored(row.state, GuestState::Expired),
        is_invited: row.invited,
        turn: row.turn,
        answer_by_ms: row.answer_by_ms,
        brings: row.brings,
        no_show: row.no_show,
        since_ms: row.since_ms,
        is_blocked,
        is_changed: false,
    }
}

/// A column of the challenge.
fn of_challenge(column: challenge::Column) -> Expr {
    Expr::col(("challenge", column))
}

/// A column of a guest, in a table of that name.
fn of_guest(table: &'static str, column: challenge_guest::Column) -> Expr {
    Expr::col((table, column))
}

/// The viewer as a guest.
const OWN: &str = "own_guest";

/// That the viewer sees the challenge, to which their own row as a guest must be joined: its host shows it to them, or has invited
/// them, and neither has blocked the other.
fn visible(viewer: Option<&UserId>) -> Condition {
    let by_audience =
        visible_to(viewer, of_challenge(challenge::Column::Host), of_challenge(challenge::Column::Audience));
    let Some(viewer) = viewer else { return by_audience };
    let as_guest = of_guest(OWN, challenge_guest::Column::Id)
        .is_not_null()
        .and(of_challenge(challenge::Column::Hidden).is_null())
        .and(blocked_either_way(viewer, of_challenge(challenge::Column::Host)).not());
    Condition::any().add(by_audience).add(as_guest)
}

impl Store {
    /// A store on the control tables.
    #[must_use]
    pub fn new(control: Control) -> Self {
        Self { control }
    }

    /// The tables.
    #[must_use]
    pub fn control(&self) -> &Control {
        &self.control
    }

    /// How many guests of the challenge are in a state, and fulfil a condition.
    fn guests_in(&self, state: GuestState, condition: Option<Expr>) -> Expr {
        let guests = Query::select()
            .expr(Expr::cust("count(*)"))
            .from_as(self.control.table(challenge_guest::Entity), "some_guest")
            .and_where(
                of_guest("some_guest", challenge_guest::Column::Challenge).eq(of_challenge(challenge::Column::Id)),
            )
            .and_where(of_guest("some_guest", challenge_guest::Column::State).eq(number(state)))
            .and_where_option(condition)
            .to_owned();
        Expr::SubQuery(None, Box::new(guests.into()))
    }

    /// What the viewer sees. `join` says whether only where they are a guest.
    fn shown(&self, viewer: Option<&UserId>, join: JoinType) -> SelectStatement {
        let mut select = self.control.select::<challenge::Entity>();
        select
            .expr_as(self.guests_in(GuestState::Accepted, None), "accepted")
            .expr_as(self.guests_in(GuestState::Waiting, None), "waiting")
            .cond_where(visible(viewer));
        let Some(viewer) = viewer else {
            select
                .expr_as(Expr::cust("CAST(NULL AS SMALLINT)"), "own_state")
                .expr_as(Expr::cust("CAST(0 AS BIGINT)"), "own_before")
                .expr_as(Expr::cust("CAST(NULL AS BIGINT)"), "own_answer_by_ms")
                .expr_as(Expr::cust("CAST(NULL AS TEXT)"), "own_brings");
            return select;
        };
        let own = |column| of_guest(OWN, column);
        let is_own = own(challenge_guest::Column::Challenge)
            .eq(of_challenge(challenge::Column::Id))
            .and(own(challenge_guest::Column::UserId).eq(viewer.as_str()));
        let before = of_guest("some_guest", challenge_guest::Column::Turn).lte(own(challenge_guest::Column::Turn));
        select
            .join_as(join, self.control.table(challenge_guest::Entity), OWN, is_own)
            .expr_as(own(challenge_guest::Column::State), "own_state")
            .expr_as(self.guests_in(GuestState::Waiting, Some(before)), "own_before")
            .expr_as(own(challenge_guest::Column::AnswerByMs), "own_answer_by_ms")
            .expr_as(own(challenge_guest::Column::Brings), "own_brings");
        select
    }

    /// The challenge with that id, if the viewer sees it.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn one(&self, viewer: Option<&UserId>, id: ChallengeId) -> Result<Option<Challenge>, StoreError> {
        let select =
            self.shown(viewer, JoinType::LeftJoin).and_where(of_challenge(challenge::Column::Id).eq(id.0)).to_owned();
        let rows: Vec<SeenRow> = self.control.all(&select).await?;
        Ok(rows.into_iter().next().map(Challenge::from))
    }

    /// The guests of a challenge, without those whom the viewer has blocked or who have blocked them; of others than the host only those
    /// who come.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn guests(&self, viewer: &UserId, id: ChallengeId, is_host: bool) -> Result<Vec<Guest>, StoreError> {
        let column = |column| of_guest("challenge_guest", column);
        let only_accepted = (!is_host).then(|| column(challenge_guest::Column::State).eq(number(GuestState::Accepted)));
        let select = self
            .control
            .select::<challenge_guest::Entity>()
            .and_where(column(challenge_guest::Column::Challenge).eq(id.0))
            .and_where(blocked_either_way(viewer, column(challenge_guest::Column::UserId)).not())
            .and_where_option(only_accepted)
            .to_owned();
        let rows: Vec<challenge_guest::Model> = self.control.all(&select).await?;
        let mut guests: Vec<Guest> = rows.into_iter().map(|row| guest_of(row, false)).collect();
        guests.sort_by_key(|guest| (number(guest.state), guest.turn, guest.id));
        Ok(guests)
    }

    /// The history of a challenge, the newest first: for its host all, for others what is about all or about them.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn moves(
        &self,
        viewer: Option<&UserId>,
        id: ChallengeId,
        is_host: bool,
    ) -> Result<Vec<MoveWithCard>, StoreError> {
        let guest = || Expr::col(challenge_move::Column::Guest);
        let about = match viewer {
            _ if is_host => None,
            Some(viewer) => Some(guest().is_null().or(guest().eq(viewer.as_str()))),
            None => Some(guest().is_null()),
        };
        let select = self
            .control
            .select::<challenge_move::Entity>()
            .and_where(Expr::col(challenge_move::Column::Challenge).eq(id.0))
            .and_where_option(about)
            .order_by(challenge_move::Column::Id, Order::Desc)
            .limit(SHOWN_MOVES)
            .to_owned();
        let rows: Vec<challenge_move::Model> = self.control.all(&select).await?;
        let shown = |row: challenge_move::Model| MoveWithCard {
            by: row.by,
            what: row.what,
            guest: row.guest.as_deref().map(UserId::stored),
            person: None,
            state: stored(row.state, ChallengeState::Expired),
            at_ms: row.at_ms,
        };
        Ok(rows.into_iter().map(shown).collect())
    }
}
