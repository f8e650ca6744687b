//! Lists of thoughts, the newest first. Each reads an index backwards, and a bounded number of rows of it.

use entity::control::journal::thought;
use sea_orm::sea_query::{Expr, ExprTrait, Order, SelectStatement};

use super::{SeenRow, Store, StoredThought, of_thought, thought_visible};
use crate::{
    catalogue::titles::TitleId,
    identity::{
        access::UserId,
        people::{Audience, followed_by},
    },
    journal::thoughts::model::{Kind, ListRequest},
    platform::{db::union_all, error::StoreError, page::Page, page::rows_for},
};

impl ListRequest {
    /// What the rows of the page fulfil.
    fn condition(&self) -> Option<Expr> {
        let kind = match self.kind {
            Kind::All => None,
            Kind::Reviews => Some(of_thought(thought::Column::Rating).is_not_null()),
            Kind::Notes => Some(of_thought(thought::Column::Rating).is_null()),
        };
        let after = self.after.map(|after| of_thought(thought::Column::Id).lt(after));
        match (kind, after) {
            (Some(kind), Some(after)) => Some(kind.and(after)),
            (kind, after) => kind.or(after),
        }
    }
}

/// The rows of one page at most, the newest first.
fn newest(mut select: SelectStatement, list: &ListRequest) -> SelectStatement {
    select
        .and_where_option(list.condition())
        .order_by(("thought", thought::Column::Id), Order::Desc)
        .limit(rows_for(list.limit));
    select
}

impl Store {
    /// The thoughts of a user that the viewer sees.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn of_user(
        &self,
        viewer: Option<&UserId>,
        author: &UserId,
        list: &ListRequest,
    ) -> Result<Page<StoredThought>, StoreError> {
        let select = self
            .shown(viewer)
            .and_where(of_thought(thought::Column::UserId).eq(author.as_str()))
            .cond_where(thought_visible(viewer))
            .to_owned();
        let rows: Vec<SeenRow> = self.control.all(&newest(select, list)).await?;
        Ok(Page::cut(rows, list.limit).map(StoredThought::from))
    }

    /// The thoughts on a title, by any of its ids, that the viewer sees: those for everybody, their own, and those of friends.
    /// Each part follows an index of its own, so that what others keep to themselves is not read to be left out.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn on_title(
        &self,
        viewer: Option<&UserId>,
        ids: &[TitleId],
        list: &ListRequest,
    ) -> Result<Page<StoredThought>, StoreError> {
        let audience = || of_thought(thought::Column::Audience);
        let author = || of_thought(thought::Column::UserId);
        let mut parts = Vec::new();
        for id in ids {
            let on_title = of_thought(thought::Column::Title).eq(id.0);
            let all = self.shown(viewer).and_where(on_title).cond_where(thought_visible(viewer)).to_owned();
            let public = all.clone().and_where(audience().eq(Audience::Public.number())).to_owned();
            parts.push(newest(public, list));
            if let Some(viewer) = viewer {
                let own = author().eq(viewer.as_str()).and(audience().ne(Audience::Public.number()));
                let of_friends = audience().eq(Audience::Friends.number()).and(followed_by(viewer, author()));
                parts.push(newest(all.clone().and_where(own).to_owned(), list));
                parts.push(newest(all.clone().and_where(of_friends).to_owned(), list));
            }
        }
        let Some(mut select) = union_all(parts) else { return Ok(Page { items: Vec::new(), more: false }) };
        select.order_by(thought::Column::Id, Order::Desc).limit(rows_for(list.limit));
        let rows: Vec<SeenRow> = self.control.all(&select).await?;
        Ok(Page::cut(rows, list.limit).map(StoredThought::from))
    }
}
