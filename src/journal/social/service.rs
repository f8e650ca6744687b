//! The use cases of feeds and first pages.

use std::collections::BTreeMap;

use super::{
    model::{CardedItem, FeedCursor, FeedItem, FeedPage, HOME_FEED, Happening, Home, HomeEntry, SocialError},
    store::Store,
};
use crate::{
    catalogue::titles::{TitleCard, TitleId, Titles},
    identity::{
        access::UserId,
        people::{People, PersonCard},
    },
    journal::library::State,
    platform::{db::Control, page::Page},
};

/// Feeds and first pages. Cheap to clone.
#[derive(Clone, Debug)]
pub struct Social {
    store: Store,
    titles: Titles,
    people: People,
}

/// What is shown of titles and people, by their ids.
struct Cards {
    titles: BTreeMap<TitleId, TitleCard>,
    people: BTreeMap<UserId, PersonCard>,
}

impl Cards {
    /// A page with what is shown of whom and what it is about. What the viewer is not to see of either leaves the item out.
    fn page(&self, page: Page<FeedItem>, before: Option<FeedCursor>) -> FeedPage {
        let times: Vec<i64> = page.items.iter().map(|item| item.at_ms).collect();
        let carded = |item: FeedItem| {
            let by = self.people.get(&item.by)?.clone();
            let title = match item.news.title() {
                Some(title) => Some(self.titles.get(&title)?.clone()),
                None => None,
            };
            let whom = match &item.news {
                Happening::Follow { whom } => Some(self.people.get(whom)?.clone()),
                _ => None,
            };
            Some(CardedItem { item, by, title, whom })
        };
        let next = FeedCursor::after(before, &times).or(before);
        FeedPage { items: page.items.into_iter().filter_map(carded).collect(), next, more: page.more }
    }
}

impl Social {
    /// The feature on the control tables.
    #[must_use]
    pub fn new(control: Control, titles: Titles, people: People) -> Self {
        Self { store: Store::new(control), titles, people }
    }

    /// A page of what those whom the viewer follows have done, the newest first.
    ///
    /// # Errors
    /// [`SocialError`].
    pub async fn feed(
        &self,
        viewer: &UserId,
        after: Option<FeedCursor>,
        limit: usize,
    ) -> Result<FeedPage, SocialError> {
        let page = self.store.feed(viewer, after, limit).await?;
        let cards = self.cards(viewer, &page.items, &[]).await?;
        Ok(cards.page(page, after))
    }

    /// All that a user's first page needs. With the look at the session it asks the database six times.
    ///
    /// # Errors
    /// [`SocialError`].
    pub async fn home(&self, user: &UserId) -> Result<Home, SocialError> {
        let (counts, entries, feed) = tokio::try_join!(
            self.store.counts(user),
            self.store.entries(user),
            self.store.feed(user, None, HOME_FEED)
        )?;
        let cards = self.cards(user, &feed.items, &entries).await?;
        let of = |state: State| -> Vec<(HomeEntry, TitleCard)> {
            let those = entries.iter().filter(|entry| entry.state == state);
            those.filter_map(|entry| Some((*entry, cards.titles.get(&entry.title)?.clone()))).collect()
        };
        Ok(Home {
            me: cards.people.get(user).cloned(),
            counts,
            ongoing: of(State::Ongoing),
            wishes: of(State::Wishlist),
            feed: cards.page(feed, None),
        })
    }

    /// What is shown of all titles and people that occur, the viewer among them.
    async fn cards(&self, viewer: &UserId, items: &[FeedItem], entries: &[HomeEntry]) -> Result<Cards, SocialError> {
        let mut titles: Vec<TitleId> = items.iter().filter_map(|item| item.news.title()).collect();
        titles.extend(entries.iter().map(|entry| entry.title));
        let mut people = vec![viewer.clone()];
        for item in items {
            people.push(item.by.clone());
            if let Happening::Follow { whom } = &item.news {
                people.push(whom.clone());
            }
        }
        titles.sort_unstable();
        titles.dedup();
        people.sort_unstable();
        people.dedup();
        let titles = async { Ok::<_, SocialError>(self.titles.cards(Some(viewer), &titles).await?) };
        let people = async { Ok(self.people.cards(Some(viewer), &people).await?) };
        let (titles, people) = tokio::try_join!(titles, people)?;
        Ok(Cards {
            titles: titles.into_iter().map(|card| (card.asked, card)).collect(),
            people: people.into_iter().map(|card| (card.user.clone(), card)).collect(),
        })
    }
}
