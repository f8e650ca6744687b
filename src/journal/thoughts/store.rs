//! All SQL of thoughts, by what it is about.

mod comments;
mod lists;
mod personal;
mod reactions;
mod writing;

use entity::control::journal::{thought, thought_comment, thought_reaction};
use sea_orm::{
    FromQueryResult,
    sea_query::{Alias, Condition, Expr, ExprTrait, IntoTableRef, Query, SelectStatement},
};

pub use self::{personal::PersonalRows, writing::Outcome};
use super::model::{Rating, Thought, ThoughtId, ThoughtText, Written};
use crate::{
    catalogue::titles::{TitleId, fragments},
    identity::{
        access::{ModerationReason, UserId},
        people::{Audience, blocked_with, visible_to},
        profiles::asked_audience,
    },
    platform::{db::Control, error::StoreError},
};

/// Thoughts with their comments and reactions. Cheap to clone.
#[derive(Clone, Debug)]
pub struct Store {
    control: Control,
}

/// A row that is read with what depends on the viewer.
#[derive(Debug, FromQueryResult)]
struct SeenRow {
    id: i64,
    user_id: Option<String>,
    title: i64,
    audience: i16,
    hidden: Option<i16>,
    audience_asked: Option<i16>,
    rating: Option<i16>,
    spoiler: bool,
    text: String,
    html: String,
    renderer: i16,
    comments_closed: bool,
    reactions_closed: bool,
    reactions: i64,
    revision: i64,
    created_at_ms: i64,
    changed_at_ms: Option<i64>,
    comments: i64,
    hidden_reactions: i64,
    reacted: i64,
}

/// A thought, and the number of the renderer that made its HTML.
#[derive(Debug)]
pub struct StoredThought {
    /// The thought.
    pub thought: Thought,
    /// The renderer.
    pub renderer: i16,
}

fn count(number: i64) -> u64 {
    u64::try_from(number).unwrap_or_default()
}

/// A stored rating.
fn rating(points: Option<i16>) -> Option<Rating> {
    points.and_then(|points| Rating::of(points.into()))
}

impl From<SeenRow> for StoredThought {
    fn from(row: SeenRow) -> Self {
        let written = Written {
            text: ThoughtText::stored(row.text),
            rating: rating(row.rating),
            spoiler: row.spoiler,
            audience: asked_audience(row.audience, row.audience_asked),
            comments_closed: row.comments_closed,
            reactions_closed: row.reactions_closed,
        };
        let thought = Thought {
            id: ThoughtId(row.id),
            author: row.user_id.as_deref().map(UserId::stored),
            title: TitleId(row.title),
            hidden: row.hidden.map(ModerationReason::stored),
            written,
            html: row.html,
            comments: count(row.comments),
            reactions: count(row.reactions - row.hidden_reactions),
            reacted: row.reacted > 0,
            revision: row.revision,
            created_at_ms: row.created_at_ms,
            changed_at_ms: row.changed_at_ms,
        };
        Self { thought, renderer: row.renderer }
    }
}

/// A column of the thought.
fn of_thought(column: thought::Column) -> Expr {
    Expr::col(("thought", column))
}

/// A column of a comment.
fn of_comment(column: thought_comment::Column) -> Expr {
    Expr::col(("thought_comment", column))
}

/// That the viewer sees the thought, whose title must be joined: its author shows it to them, or it outlived its author.
fn thought_visible(viewer: Option<&UserId>) -> Condition {
    let by_author = visible_to(viewer, of_thought(thought::Column::UserId), of_thought(thought::Column::Audience));
    let outlived = of_thought(thought::Column::UserId).is_null();
    Condition::all().add(fragments::visible_to(viewer)).add(Condition::any().add(by_author).add(outlived))
}

/// That the viewer sees the comment: a comment is shown to whom its writer's profile is, and to its writer alone while it is hidden.
fn comment_visible(viewer: Option<&UserId>) -> Condition {
    let hidden = of_comment(thought_comment::Column::Hidden).is_not_null();
    let audience = Expr::case(hidden, Audience::Private.number()).finally(Audience::Public.number());
    visible_to(viewer, of_comment(thought_comment::Column::UserId), audience)
}

fn reactions_as(name: &'static str) -> SelectStatement {
    let table = Alias::new("thought_reaction").into_table_ref().alias(name);
    Query::select()
        .expr(Expr::cust("count(*)"))
        .from(table)
        .and_where(Expr::col((name, thought_reaction::Column::Thought)).eq(of_thought(thought::Column::Id)))
        .to_owned()
}

impl Store {
    /// A store on the control tables.
    #[must_use]
    pub fn new(control: Control) -> Self {
        Self { control }
    }

    /// Thoughts with what the viewer sees of them, without a condition.
    fn shown(&self, viewer: Option<&UserId>) -> SelectStatement {
        let comments = Query::select()
            .expr(Expr::cust("count(*)"))
            .from(self.control.table(thought_comment::Entity))
            .and_where(of_comment(thought_comment::Column::Thought).eq(of_thought(thought::Column::Id)))
            .cond_where(comment_visible(viewer))
            .to_owned();
        let sub = |select: SelectStatement| Expr::SubQuery(None, Box::new(select.into()));
        let (hidden, reacted) = match viewer {
            Some(viewer) => {
                let by = |name| Expr::col((name, thought_reaction::Column::UserId));
                let hidden =
                    reactions_as("hidden").and_where(by("hidden").in_subquery(blocked_with(viewer))).to_owned();
                let own = reactions_as("own").and_where(by("own").eq(viewer.as_str())).to_owned();
                (sub(hidden), sub(own))
            }
            None => (Expr::cust("CAST(0 AS BIGINT)"), Expr::cust("CAST(0 AS BIGINT)")),
        };
        let mut select = self.control.select::<thought::Entity>();
        fragments::join(&mut select, of_thought(thought::Column::Title));
        select.expr_as(sub(comments), "comments").expr_as(hidden, "hidden_reactions").expr_as(reacted, "reacted");
        select
    }

    /// The thought with that id, if the viewer sees it.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn thought(&self, viewer: Option<&UserId>, id: ThoughtId) -> Result<Option<StoredThought>, StoreError> {
        let select = self
            .shown(viewer)
            .and_where(of_thought(thought::Column::Id).eq(id.0))
            .cond_where(thought_visible(viewer))
            .to_owned();
        let rows: Vec<SeenRow> = self.control.all(&select).await?;
        Ok(rows.into_iter().next().map(StoredThought::from))
    }
}
