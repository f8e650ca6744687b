//! The use cases of thoughts.

use std::collections::BTreeMap;

use super::{
    markdown::{self, RENDERER, Rendered},
    model::{
        Comment, CommentId, CommentText, ListRequest, Thought, ThoughtError, ThoughtId, Version, WithCards, Written,
    },
    store::{Outcome, PersonalRows, Store, StoredThought},
};
use crate::{
    catalogue::titles::{TitleError, TitleId, Titles},
    identity::{
        access::UserId,
        people::{People, PersonCard},
    },
    platform::{
        db::Control,
        error::{Fault, StoreError},
        page::Page,
    },
};

/// Thoughts, reviews, comments and reactions. Cheap to clone.
#[derive(Clone, Debug)]
pub struct Thoughts {
    store: Store,
    titles: Titles,
    people: People,
}

impl Thoughts {
    /// The feature on the control tables.
    #[must_use]
    pub fn new(control: Control, titles: Titles, people: People) -> Self {
        Self { store: Store::new(control), titles, people }
    }

    /// Writes a thought on a title; with a rating it is the author's review.
    ///
    /// # Errors
    /// [`ThoughtError`].
    pub async fn write(
        &self,
        author: &UserId,
        title: TitleId,
        written: Written,
    ) -> Result<WithCards<Thought>, ThoughtError> {
        // The title that has taken the place of one that was merged.
        let title = self.titles.card(Some(author), title).await.map_err(not_there)?.id;
        let (written, rendered) = render(written).await?;
        let id = self.store.insert(author, title, &written, &rendered).await?;
        self.thought(Some(author), id).await
    }

    /// The thought with that id, if the viewer sees it.
    ///
    /// # Errors
    /// [`ThoughtError::NotFound`], or another.
    pub async fn thought(&self, viewer: Option<&UserId>, id: ThoughtId) -> Result<WithCards<Thought>, ThoughtError> {
        let stored = self.store.thought(viewer, id).await?.ok_or(ThoughtError::NotFound)?;
        let page = Page { items: vec![stored], more: false };
        self.shown(viewer, page).await?.items.pop().ok_or(ThoughtError::NotFound)
    }

    /// The thoughts of the person with that username that the viewer sees.
    ///
    /// # Errors
    /// [`ThoughtError`].
    pub async fn of_person(
        &self,
        viewer: Option<&UserId>,
        username: &str,
        list: &ListRequest,
    ) -> Result<Page<WithCards<Thought>>, ThoughtError> {
        let author = self.people.find(viewer, username).await?;
        self.shown(viewer, self.store.of_user(viewer, &author, list).await?).await
    }

    /// The user's own thoughts.
    ///
    /// # Errors
    /// [`ThoughtError`].
    pub async fn own(&self, user: &UserId, list: &ListRequest) -> Result<Page<WithCards<Thought>>, ThoughtError> {
        self.shown(Some(user), self.store.of_user(Some(user), user, list).await?).await
    }

    /// The thoughts on a title that the viewer sees.
    ///
    /// # Errors
    /// [`ThoughtError::GameNotFound`], or another.
    pub async fn on_title(
        &self,
        viewer: Option<&UserId>,
        title: TitleId,
        list: &ListRequest,
    ) -> Result<Page<WithCards<Thought>>, ThoughtError> {
        let title = self.titles.card(viewer, title).await.map_err(not_there)?.id;
        let ids = self.titles.ids_of(title).await?;
        self.shown(viewer, self.store.on_title(viewer, &ids, list).await?).await
    }

    /// Changes an author's thought, if `may_change` says so of its revision.
    ///
    /// # Errors
    /// [`ThoughtError::Stale`] with the thought as it is, or another.
    pub async fn change(
        &self,
        author: &UserId,
        id: ThoughtId,
        may_change: impl Fn(i64) -> bool + Send,
        written: Written,
    ) -> Result<WithCards<Thought>, ThoughtError> {
        let (written, rendered) = render(written).await?;
        let outcome = self.store.update(author, id, may_change, &written, &rendered).await?;
        let now = self.thought(Some(author), id).await?;
        if outcome == Outcome::Stale { Err(ThoughtError::Stale(Box::new(now))) } else { Ok(now) }
    }

    /// Deletes an author's thought with its comments and reactions, if `may_change` says so of its revision.
    ///
    /// # Errors
    /// [`ThoughtError::Stale`] with the thought as it is, or another.
    pub async fn delete(
        &self,
        author: &UserId,
        id: ThoughtId,
        may_change: impl Fn(i64) -> bool + Send,
    ) -> Result<(), ThoughtError> {
        match self.store.delete(author, id, may_change).await? {
            Outcome::Done => Ok(()),
            Outcome::Stale => Err(ThoughtError::Stale(Box::new(self.thought(Some(author), id).await?))),
        }
    }

    /// What an author's thought was before its changes, the newest first. Nobody else is shown that: who takes something back
    /// has taken it back.
    ///
    /// # Errors
    /// [`ThoughtError::NotFound`], or another.
    pub async fn versions(&self, author: &UserId, id: ThoughtId) -> Result<Vec<Version>, ThoughtError> {
        if !self.store.is_by(author, id).await? {
            return Err(ThoughtError::NotFound);
        }
        Ok(self.store.versions(id).await?)
    }

    /// Comments on a thought.
    ///
    /// # Errors
    /// [`ThoughtError`].
    pub async fn comment(
        &self,
        user: &UserId,
        id: ThoughtId,
        text: CommentText,
    ) -> Result<WithCards<Comment>, ThoughtError> {
        let stored = self.store.add_comment(user, id, &text).await?;
        let comment = Comment {
            id: stored.id,
            author: user.clone(),
            text: text.as_str().to_owned(),
            hidden: None,
            created_at_ms: stored.created_at_ms,
        };
        let author = self.people.cards(Some(user), std::slice::from_ref(user)).await?.pop();
        Ok(WithCards { thing: comment, author, title: None })
    }

    /// The comments on a thought that the viewer sees, the oldest first.
    ///
    /// # Errors
    /// [`ThoughtError::NotFound`], or another.
    pub async fn comments(
        &self,
        viewer: Option<&UserId>,
        id: ThoughtId,
        (after, limit): (Option<i64>, usize),
    ) -> Result<Page<WithCards<Comment>>, ThoughtError> {
        if self.store.thought(viewer, id).await?.is_none() {
            return Err(ThoughtError::NotFound);
        }
        let page = self.store.comments(viewer, id, after, limit).await?;
        let people = self.cards(viewer, page.items.iter().map(|comment| comment.author.clone())).await?;
        Ok(page.map(|comment| WithCards { author: people.get(&comment.author).cloned(), thing: comment, title: None }))
    }

    /// The comment with that id and the thought that it is on, if the viewer sees both.
    ///
    /// # Errors
    /// [`ThoughtError::CommentNotFound`], or another.
    pub async fn comment_seen(&self, viewer: &UserId, id: CommentId) -> Result<(ThoughtId, Comment), ThoughtError> {
        self.store.comment(viewer, id).await?.ok_or(ThoughtError::CommentNotFound)
    }

    /// Deletes a comment, for who wrote it and for the author of the thought.
    ///
    /// # Errors
    /// [`ThoughtError`].
    pub async fn delete_comment(&self, user: &UserId, id: ThoughtId, comment: CommentId) -> Result<(), ThoughtError> {
        self.store.delete_comment(user, id, comment).await
    }

    /// Remembers that somebody likes a thought, once.
    ///
    /// # Errors
    /// [`ThoughtError`].
    pub async fn react(&self, user: &UserId, id: ThoughtId) -> Result<(), ThoughtError> {
        self.store.react(user, id).await
    }

    /// Forgets it. That a thought is not there, or not seen any more, changes nothing.
    ///
    /// # Errors
    /// [`ThoughtError::Store`].
    pub async fn take_back_reaction(&self, user: &UserId, id: ThoughtId) -> Result<(), ThoughtError> {
        Ok(self.store.take_back_reaction(user, id).await?)
    }

    /// All that is stored of a user, for an export.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn export_of(&self, user: &UserId) -> Result<PersonalRows, StoreError> {
        self.store.personal_rows(user).await
    }

    /// Takes the user's name off their public reviews, so that the end of the account does not delete them.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn release_reviews(&self, user: &UserId) -> Result<(), StoreError> {
        self.store.release_reviews(user).await
    }

    /// Removes all thoughts, comments and reactions of a user in slices, before the account is deleted: in one transaction many would
    /// hold up all others.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn remove(&self, user: &UserId) -> Result<(), StoreError> {
        while self.store.remove_some(user).await? {}
        Ok(())
    }

    /// Thoughts with what is shown of their authors and titles. HTML that an earlier release made is made again.
    async fn shown(
        &self,
        viewer: Option<&UserId>,
        page: Page<StoredThought>,
    ) -> Result<Page<WithCards<Thought>>, ThoughtError> {
        let authors = page.items.iter().filter_map(|stored| stored.thought.author.clone());
        let titles: Vec<TitleId> = page.items.iter().map(|stored| stored.thought.title).collect();
        let (people, titles) = tokio::try_join!(self.cards(viewer, authors), async {
            let cards = self.titles.cards(viewer, &titles).await?;
            Ok(cards.into_iter().map(|card| (card.asked, card)).collect::<BTreeMap<_, _>>())
        })?;
        let mut items = Vec::with_capacity(page.items.len());
        for StoredThought { mut thought, renderer } in page.items {
            if renderer != RENDERER {
                thought.html = rendered_again(thought.written.clone()).await?;
            }
            let author = thought.author.as_ref().and_then(|author| people.get(author).cloned());
            let title = titles.get(&thought.title).cloned();
            items.push(WithCards { thing: thought, author, title });
        }
        Ok(Page { items, more: page.more })
    }

    async fn cards(
        &self,
        viewer: Option<&UserId>,
        users: impl Iterator<Item = UserId>,
    ) -> Result<BTreeMap<UserId, PersonCard>, ThoughtError> {
        let mut users: Vec<UserId> = users.collect();
        users.sort_unstable();
        users.dedup();
        let cards = self.people.cards(viewer, &users).await?;
        Ok(cards.into_iter().map(|card| (card.user.clone(), card)).collect())
    }
}

fn not_there(error: TitleError) -> ThoughtError {
    match error {
        TitleError::NotFound => ThoughtError::GameNotFound,
        other => other.into(),
    }
}

/// Renders off the threads that serve requests: a text that is made to cost much takes a tenth of a second.
async fn render(written: Written) -> Result<(Written, Rendered), ThoughtError> {
    let made = tokio::task::spawn_blocking(move || {
        let rendered = markdown::render(written.text.as_str());
        (written, rendered)
    });
    let (written, rendered) = made.await.map_err(|error| ThoughtError::Broken(error.to_string()))?;
    let rendered = rendered.map_err(|detail| ThoughtError::Invalid(vec![Fault::new("/text", detail)]))?;
    Ok((written, rendered))
}

/// The HTML of a text that was accepted before. One that this release would refuse is shown as nothing.
async fn rendered_again(written: Written) -> Result<String, ThoughtError> {
    match render(written).await {
        Ok((_, rendered)) => Ok(rendered.html),
        Err(ThoughtError::Invalid(_)) => Ok(String::new()),
        Err(error) => Err(error),
    }
}
