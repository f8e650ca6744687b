//! The feed: three parts, each gathered from the people whom the viewer follows, as one statement.

use entity::control::journal::{library_entry, state_change, thought};
use sea_orm::{
    FromQueryResult,
    sea_query::{Alias, Asterisk, Condition, Expr, ExprTrait, Func, Order, Query, SelectStatement},
};

use super::Store;
use crate::{
    catalogue::titles::{TitleId, fragments},
    identity::{
        access::UserId,
        people::{
            Audience, NewestOf, followed_by_viewer, newest_follows, newest_of_followed, reach, visible_to, within_reach,
        },
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

/// Their order, downwards: as the newest of each person were chosen, so that pages agree about items of one time.
const ORDER: [&str; 7] = ["at_ms", "kind", "by_user", "subject", "title", "number", "words"];

/// The name of the rows of all parts.
const NEWS: &str = "news";

/// What the owner of a row shows the viewer at most.
const REACH: &str = "reach";

/// Rows that are read beyond those that are needed, of which some may be hidden from the viewer.
const SPARE: u64 = 10;

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
    visible: bool,
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
    fn thoughts(&self, until_ms: i64, limit: u64) -> SelectStatement {
        let condition = Condition::all()
            .add(of_thought(thought::Column::CreatedAtMs).lte(until_ms))
            .add(within_reach(of_thought(thought::Column::Audience)));
        newest_of_followed(
            self.control.dialect(),
            &NewestOf {
                from: &|select| {
                    select.from(self.control.table(thought::Entity));
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
                    (reach(), REACH),
                ],
            },
        )
    }

    fn states(&self, until_ms: i64, limit: u64) -> SelectStatement {
        let condition = Condition::all()
            .add(of_change(state_change::Column::AtMs).lte(until_ms))
            .add(Expr::cust(r#""state_change"."told""#));
        newest_of_followed(
            self.control.dialect(),
            &NewestOf {
                from: &|select| {
                    select.from(self.control.table(state_change::Entity));
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
                    (reach(), REACH),
                ],
            },
        )
    }

    fn follows(&self, until_ms: i64, limit: u64) -> SelectStatement {
        newest_follows(self.control.dialect(), until_ms, limit, |at, by, whom| {
            vec![
                (Expr::cust(FOLLOW.to_string()), "kind"),
                (at, "at_ms"),
                (by, "by_user"),
                (none("BIGINT"), "subject"),
                (none("BIGINT"), "title"),
                (none("SMALLINT"), "number"),
                (none("BOOLEAN"), "spoiler"),
                (whom, "words"),
                (reach(), REACH),
            ]
        })
    }

    /// The newest rows of all parts, `limit` of them, each with whether the viewer is to see what it is about: that is asked of
    /// these rows only, not of all from which they are chosen.
    async fn newest(&self, viewer: &UserId, until_ms: i64, limit: u64) -> Result<Vec<NewsRow>, StoreError> {
        let parts = [self.thoughts(until_ms, limit), self.states(until_ms, limit), self.follows(until_ms, limit)];
        let Some(mut all) = union_all(parts) else { return Ok(Vec::new()) };
        let of = |column: &'static str| Expr::col((NEWS, Alias::new(column)));
        let is_about_visible_person = Condition::any().add(of("kind").ne(FOLLOW)).add(visible_to(
            Some(viewer),
            of("words"),
            Audience::Public.number(),
        ));
        let is_about_visible_entry = of("kind").ne(STATE).or(of_entry(library_entry::Column::Audience).lte(of(REACH)));
        let is_visible = Condition::all()
            .add(fragments::visible_to(Some(viewer)))
            .add(is_about_visible_person)
            // Where there is no entry any more this is null.
            .add(Expr::from(Func::coalesce([is_about_visible_entry, Expr::val(false)])));
        let mut select = Query::select();
        select.column((NEWS, Asterisk)).expr_as(is_visible, "visible");
        for column in ORDER {
            all.order_by(column, Order::Desc);
            select.order_by_expr(of(column), Order::Desc);
        }
        select.from_subquery(all.limit(limit).to_owned(), NEWS).with_cte(followed_by_viewer(viewer));
        fragments::left_join(&mut select, of("title"));
        let of_state = of_entry(library_entry::Column::User)
            .eq(of("by_user"))
            .and(of_entry(library_entry::Column::Title).eq(of("title")))
            .and(of("kind").eq(STATE));
        select.left_join(self.control.table(library_entry::Entity), of_state);
        self.control.all(&select).await
    }

    /// A page of what those whom the viewer follows have done, the newest first. One statement, unless much of it is hidden from the
    /// viewer.
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
        let mut most = rows_for(limit + shown).saturating_add(SPARE);
        loop {
            let rows = self.newest(viewer, until_ms, most).await?;
            let are_all = u64::try_from(rows.len()).unwrap_or(u64::MAX) < most;
            let visible = rows.into_iter().filter(|row| row.visible).skip(shown);
            let items: Vec<FeedItem> = visible.filter_map(NewsRow::item).collect();
            if are_all || items.len() > limit {
                return Ok(Page::cut(items, limit));
            }
            most = most.saturating_mul(4);
        }
    }
}
