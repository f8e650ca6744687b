//! What is reported, as it is: whatever its audience, since moderators must see what others have seen.

use std::collections::BTreeMap;

use entity::control::journal::{challenge, media, thought, thought_comment};
use sea_orm::{
    DatabaseTransaction, FromQueryResult, IntoSimpleExpr as _,
    sea_query::{Expr, ExprTrait, Query, SelectStatement, TableRef},
};

use super::Store;
use crate::{
    catalogue::titles::TitleId,
    identity::{
        access::{ModerationReason, UserId},
        people::Audience,
        profiles::{asked_audience, set_hidden},
        sanctions::{self, ModeratedPerson},
    },
    journal::moderation::model::{Files, Subject, SubjectKind, SubjectNow},
    platform::error::StoreError,
};

#[derive(FromQueryResult)]
struct SubjectRow {
    number: i64,
    name: Option<String>,
    author: Option<String>,
    text: String,
    more: Option<String>,
    title: Option<i64>,
    thought: Option<i64>,
    audience: i16,
    audience_asked: Option<i16>,
    hidden: Option<i16>,
    revision: i64,
    media_type: Option<String>,
    file: Option<String>,
    thumbnail: Option<String>,
    turn: Option<i16>,
}

impl SubjectRow {
    /// The id by which the subject is stored.
    fn id(&self) -> String {
        self.name.clone().unwrap_or_else(|| self.number.to_string())
    }
}

impl From<SubjectRow> for SubjectNow {
    fn from(row: SubjectRow) -> Self {
        let (file, thumbnail, turn) = (row.file, row.thumbnail, row.turn.unwrap_or_default());
        let texts = [Some(row.text), row.more].into_iter().flatten().filter(|text| !text.is_empty());
        Self {
            author: row.author.as_deref().map(UserId::stored),
            text: texts.collect::<Vec<_>>().join("\n"),
            title: row.title.map(TitleId),
            thought: row.thought,
            audience: asked_audience(row.audience, row.audience_asked),
            hidden: row.hidden.map(ModerationReason::stored),
            revision: row.revision,
            files: row.media_type.map(|media_type| Files { media_type, file, thumbnail, turn }),
        }
    }
}

impl From<&ModeratedPerson> for SubjectNow {
    fn from(person: &ModeratedPerson) -> Self {
        let texts = [Some(person.card.username.as_str()), person.card.display_name.as_deref(), Some(&person.bio)];
        let texts: Vec<&str> = texts.into_iter().flatten().filter(|text| !text.is_empty()).collect();
        Self {
            author: Some(person.card.user.clone()),
            text: texts.join("\n"),
            title: None,
            thought: None,
            audience: Audience::Public,
            hidden: person.hidden,
            revision: person.revision,
            files: None,
        }
    }
}

/// Nothing, of that type.
fn none(kind: &'static str) -> Expr {
    Expr::cust(format!("CAST(NULL AS {kind})"))
}

fn columns(table: TableRef, columns: [(&'static str, Expr); 15]) -> SelectStatement {
    let mut select = Query::select().from(table).to_owned();
    for (name, column) in columns {
        select.expr_as(column, name);
    }
    select
}

impl Store {
    /// The subjects of a kind that are stored in a table of the journal; `None` of people.
    fn select_of(&self, kind: SubjectKind, ids: &[String]) -> Option<SelectStatement> {
        let (text, number, small) = ("TEXT", "BIGINT", "SMALLINT");
        let numbers = || ids.iter().filter_map(|id| id.parse::<i64>().ok()).collect::<Vec<_>>();
        let select = match kind {
            SubjectKind::Thought => columns(
                self.control.table(thought::Entity),
                [
                    ("number", thought::Column::Id.into_simple_expr()),
                    ("name", none(text)),
                    ("author", thought::Column::UserId.into_simple_expr()),
                    ("text", thought::Column::Text.into_simple_expr()),
                    ("more", none(text)),
                    ("title", thought::Column::Title.into_simple_expr()),
                    ("thought", none(number)),
                    ("audience", thought::Column::Audience.into_simple_expr()),
                    ("audience_asked", thought::Column::AudienceAsked.into_simple_expr()),
                    ("hidden", thought::Column::Hidden.into_simple_expr()),
                    ("revision", thought::Column::Revision.into_simple_expr()),
                    ("media_type", none(text)),
                    ("file", none(text)),
                    ("thumbnail", none(text)),
                    ("turn", none(small)),
                ],
            )
            .and_where(self.control.among(thought::Column::Id, &numbers()))
            .to_owned(),
            SubjectKind::Comment => columns(
                self.control.table(thought_comment::Entity),
                [
                    ("number", thought_comment::Column::Id.into_simple_expr()),
                    ("name", none(text)),
                    ("author", thought_comment::Column::UserId.into_simple_expr()),
                    ("text", thought_comment::Column::Text.into_simple_expr()),
                    ("more", none(text)),
                    ("title", none(number)),
                    ("thought", thought_comment::Column::Thought.into_simple_expr()),
                    ("audience", Expr::cust("CAST(0 AS SMALLINT)")),
                    ("audience_asked", none(small)),
                    ("hidden", thought_comment::Column::Hidden.into_simple_expr()),
                    ("revision", Expr::cust("CAST(0 AS BIGINT)")),
                    ("media_type", none(text)),
                    ("file", none(text)),
                    ("thumbnail", none(text)),
                    ("turn", none(small)),
                ],
            )
            .and_where(self.control.among(thought_comment::Column::Id, &numbers()))
            .to_owned(),
            SubjectKind::Media => columns(
                self.control.table(media::Entity),
                [
                    ("number", media::Column::Id.into_simple_expr()),
                    ("name", media::Column::Uuid.into_simple_expr()),
                    ("author", media::Column::UserId.into_simple_expr()),
                    ("text", media::Column::Description.into_simple_expr()),
                    ("more", none(text)),
                    ("title", media::Column::Title.into_simple_expr()),
                    ("thought", none(number)),
                    ("audience", media::Column::Audience.into_simple_expr()),
                    ("audience_asked", media::Column::AudienceAsked.into_simple_expr()),
                    ("hidden", media::Column::Hidden.into_simple_expr()),
                    ("revision", media::Column::Revision.into_simple_expr()),
                    ("media_type", media::Column::MediaType.into_simple_expr()),
                    ("file", media::Column::File.into_simple_expr()),
                    ("thumbnail", media::Column::Thumbnail.into_simple_expr()),
                    ("turn", media::Column::Turn.into_simple_expr()),
                ],
            )
            .and_where(media::Column::Uuid.into_simple_expr().is_in(ids.iter().map(String::as_str)))
            .to_owned(),
            SubjectKind::Challenge => columns(
                self.control.table(challenge::Entity),
                [
                    ("number", challenge::Column::Id.into_simple_expr()),
                    ("name", none(text)),
                    ("author", challenge::Column::Host.into_simple_expr()),
                    ("text", challenge::Column::Text.into_simple_expr()),
                    ("more", challenge::Column::Area.into_simple_expr()),
                    ("title", challenge::Column::Title.into_simple_expr()),
                    ("thought", none(number)),
                    ("audience", challenge::Column::Audience.into_simple_expr()),
                    ("audience_asked", challenge::Column::AudienceAsked.into_simple_expr()),
                    ("hidden", challenge::Column::Hidden.into_simple_expr()),
                    ("revision", challenge::Column::Revision.into_simple_expr()),
                    ("media_type", none(text)),
                    ("file", none(text)),
                    ("thumbnail", none(text)),
                    ("turn", none(small)),
                ],
            )
            .and_where(self.control.among(challenge::Column::Id, &numbers()))
            .to_owned(),
            SubjectKind::Person => return None,
        };
        Some(select)
    }

    /// Those of these subjects that are there.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn subjects_now(&self, subjects: &[Subject]) -> Result<BTreeMap<Subject, SubjectNow>, StoreError> {
        let mut by_kind: BTreeMap<SubjectKind, Vec<String>> = BTreeMap::new();
        for subject in subjects {
            by_kind.entry(subject.kind).or_default().push(subject.id.clone());
        }
        let mut now = BTreeMap::new();
        for (kind, ids) in by_kind {
            if let Some(select) = self.select_of(kind, &ids) {
                let rows: Vec<SubjectRow> = self.control.all(&select).await?;
                now.extend(rows.into_iter().map(|row| (Subject { kind, id: row.id() }, SubjectNow::from(row))));
            } else {
                let users: Vec<UserId> = ids.iter().map(|id| UserId::stored(id)).collect();
                let people = sanctions::moderated(&self.control, &users).await?;
                let subject = |person: &ModeratedPerson| Subject { kind, id: person.card.user.to_string() };
                now.extend(people.iter().map(|person| (subject(person), SubjectNow::from(person))));
            }
        }
        Ok(now)
    }

    /// A subject as it is within a transaction; nothing where it is gone.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn subject_now(
        &self,
        transaction: &DatabaseTransaction,
        subject: &Subject,
    ) -> Result<Option<SubjectNow>, StoreError> {
        if let Some(select) = self.select_of(subject.kind, std::slice::from_ref(&subject.id)) {
            let rows: Vec<SubjectRow> = self.control.returned(transaction, &select).await?;
            return Ok(rows.into_iter().next().map(SubjectNow::from));
        }
        let person = sanctions::moderated_in(&self.control, transaction, &UserId::stored(&subject.id)).await?;
        Ok(person.as_ref().map(SubjectNow::from))
    }

    /// Hides a subject, or shows it again.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn set_hidden(
        &self,
        transaction: &DatabaseTransaction,
        subject: &Subject,
        hidden: Option<ModerationReason>,
    ) -> Result<(), StoreError> {
        let number = subject.id.parse::<i64>().unwrap_or_default();
        let next = |revision: Expr| revision.add(1);
        let mut update = Query::update();
        match subject.kind {
            SubjectKind::Person => {
                let user = UserId::stored(&subject.id);
                return sanctions::hide_profile(&self.control, transaction, &user, hidden).await;
            }
            SubjectKind::Comment => {
                update
                    .table(self.control.table(thought_comment::Entity))
                    .value(thought_comment::Column::Hidden, hidden.map(ModerationReason::number))
                    .and_where(thought_comment::Column::Id.into_simple_expr().eq(number));
                return self.control.execute(transaction, &update).await.map(drop);
            }
            SubjectKind::Thought => update
                .table(self.control.table(thought::Entity))
                .value(thought::Column::Revision, next(Expr::col(thought::Column::Revision)))
                .and_where(thought::Column::Id.into_simple_expr().eq(number)),
            SubjectKind::Media => update
                .table(self.control.table(media::Entity))
                .value(media::Column::Revision, next(Expr::col(media::Column::Revision)))
                .and_where(media::Column::Uuid.into_simple_expr().eq(subject.id.as_str())),
            SubjectKind::Challenge => update
                .table(self.control.table(challenge::Entity))
                .value(challenge::Column::Revision, next(Expr::col(challenge::Column::Revision)))
                .and_where(challenge::Column::Id.into_simple_expr().eq(number)),
        };
        set_hidden(&mut update, hidden);
        self.control.execute(transaction, &update).await.map(drop)
    }
}
