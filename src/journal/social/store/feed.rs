//! The feed: three parts, each gathered from the people whom the viewer follows, as one statement.

use entity::control::journal::{library_entry, state_change, thought};
use sea_orm::{
    FromQueryResult,
    sea_query::{Condition, Expr, ExprTrait, Order, SelectStatement},
};

use super::Store;
use crate::{
    catalogue::titles::{TitleId, fragments},
    identity::{
        access::UserId,
        people::{NewestOf, followed_by_viewer, newest_follows, newest_of_followed, within_reach},
    },
    journal::{
        library::State,
        social::model::{FeedCursor, FeedItem, Happening},
        thoughts::{Rating, ThoughtId},
    },
    platform::{db::union_all, error::StoreError, page::Page, page::rows_for},
};

/// The kinds of rows.
const THOUGHT: i32 = 1;
const STATE: i32 = 2;
const FOLLOW: i32 = 3;

#[derive(FromQueryResult)]
struct NewsRow {
    kind: i32,
    at_ms: i64,
    by_user: String,
    subject: Option<i64>,
    title: Option<i64>,
    number: Option<i16>,
    spoiler: Option<bool>,
    words: Option<String>,
}

fn of_thought(column: thought::Column) -> Expr {
    Expr::col(("thought", column))
}

fn of_change(column: state_change::Column) -> Expr {
    Expr::col(("state_change", column))
}

fn of_entry(column: library_entry::Column) -> Expr {
    Expr::col(("library_entry", column))
}

/// Nothing, of that type: the parts of a union have columns of the same types.
fn none(kind: &'static str) -> Expr {
    Expr::cust(format!("CAST(NULL AS {kind})"))
}

impl NewsRow {
    /// The item; `None` where a row is of a kind that this version does not know.
    fn item(self) -> Option<FeedItem> {
        let news = match self.kind {
            THOUGHT => Happening::Thought {
                id: ThoughtId(self.subject?),
                title: TitleId(self.title?),
                rating: self.number.and_then(|points| Rating::of(points.into())),
                spoiler: self.spoiler?,
                excerpt: self.words?,
            },
            STATE => Happening::State { title: TitleId(self.title?), state: State::of_number(self.number?) },
            FOLLOW => Happening::Follow { whom: UserId::stored(&self.words?) },
            _ => return None,
        };
        Some(FeedItem { at_ms: self.at_ms, by: UserId::stored(&self.by_user), news })
    }
}

impl Store {
    fn thoughts(&self, viewer: &UserId, until_ms: i64, limit: u64) -> SelectStatement {
        let condition = Condition::all()
            .add(of_thought(thought::Column::CreatedAtMs).lte(until_ms))
            .add(within_reach(of_thought(thought::Column::Audience)))
            .add(fragments::visible_to(Some(viewer)));
        newest_of_followed(
            self.control.dialect(),
            &NewestOf {
                from: &|select| {
                    select.from(self.control.table(thought::Entity));
                    fragments::join(select, of_thought(thought::Column::Title));
                },
                table: "thought",
                owner: "user_id",
                at: "created_at_ms",
                ties: &["id"],
                condition,
                limit,
                columns: vec![
                    (Expr::cust(THOUGHT.to_string()), "kind"),
                    (of_thought(thought::Column::CreatedAtMs), "at_ms"),
                    (of_thought(thought::Column::UserId), "by_user"),
                    (of_thought(thought::Column::Id), "subject"),
                    (of_thought(thought::Column::Title), "title"),
                    (of_thought(thought::Column::Rating), "number"),
                    (of_thought(thought::Column::Spoiler), "spoiler"),
                    (of_thought(thought::Column::Excerpt), "words"),
                ],
            },
        )
    }

    fn states(&self, viewer: &UserId, until_ms: i64, limit: u64) -> SelectStatement {
        let same_entry = of_entry(library_entry::Column::User)
            .eq(of_change(state_change::Column::User))
            .and(of_entry(library_entry::Column::Title).eq(of_change(state_change::Column::Title)));
        let condition = Condition::all()
            .add(of_change(state_change::Column::AtMs).lte(until_ms))
            // Their owner wrote the state; an import brings thousands.
            .add(Expr::cust(r#"("library_entry"."written" & 1) <> 0"#))
            .add(within_reach(of_entry(library_entry::Column::Audience)))
            .add(fragments::visible_to(Some(viewer)));
        newest_of_followed(
            self.control.dialect(),
            &NewestOf {
                from: &|select| {
                    select
                        .from(self.control.table(state_change::Entity))
                        .inner_join(self.control.table(library_entry::Entity), same_entry.clone());
                    fragments::join(select, of_change(state_change::Column::Title));
                },
                table: "state_change",
                owner: "user",
                at: "at_ms",
                ties: &["title", "state"],
                condition,
                limit,
                columns: vec![
                    (Expr::cust(STATE.to_string()), "kind"),
                    (of_change(state_change::Column::AtMs), "at_ms"),
                    (of_change(state_change::Column::User), "by_user"),
                    (none("BIGINT"), "subject"),
                    (of_change(state_change::Column::Title), "title"),
                    (of_change(state_change::Column::State), "number"),
                    (none("BOOLEAN"), "spoiler"),
                    (none("TEXT"), "words"),
                ],
            },
        )
    }

    fn follows(&self, viewer: &UserId, until_ms: i64, limit: u64) -> SelectStatement {
        newest_follows(self.control.dialect(), viewer, until_ms, limit, |at, by, whom| {
            vec![
                (Expr::cust(FOLLOW.to_string()), "kind"),
                (at, "at_ms"),
                (by, "by_user"),
                (none("BIGINT"), "subject"),
                (none("BIGINT"), "title"),
                (none("SMALLINT"), "number"),
                (none("BOOLEAN"), "spoiler"),
                (whom, "words"),
            ]
        })
    }

    /// A page of what those whom the viewer follows have done, the newest first.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn feed(
        &self,
        viewer: &UserId,
        after: Option<FeedCursor>,
        limit: usize,
    ) -> Result<Page<FeedItem>, StoreError> {
        let (until_ms, shown) = after.map_or((i64::MAX, 0), |after| (after.at_ms, after.shown));
        let rows = rows_for(limit + shown);
        let parts = [
            self.thoughts(viewer, until_ms, rows),
            self.states(viewer, until_ms, rows),
            self.follows(viewer, until_ms, rows),
        ];
        let Some(mut select) = union_all(parts) else { return Ok(Page { items: Vec::new(), more: false }) };
        // As the newest of each person were chosen, so that pages agree about items of one time.
        for column in ["at_ms", "kind", "by_user", "subject", "title", "number", "words"] {
            select.order_by(column, Order::Desc);
        }
        select.with_cte(followed_by_viewer(viewer)).limit(rows);
        let rows: Vec<NewsRow> = self.control.all(&select).await?;
        let items = rows.into_iter().skip(shown).filter_map(NewsRow::item).collect();
        Ok(Page::cut(items, limit))
    }
}
