//! Reads pages of the feed, and waits for changes.

use tokio::time::Instant;
use tokio_util::sync::CancellationToken;

use super::{
    model::{FeedError, FeedPage, FeedQuery},
    store,
    subscriptions::Subscriptions,
};
use crate::{
    identity::access::Player,
    platform::{error::Fault, page::Page},
    traces::{
        TraceWorlds,
        inbox::{Inbox, InboxItem},
    },
    worlds::WorldKey,
};

/// The most items of an inbox in one answer.
const INBOX_ITEMS: usize = 100;

/// Shows the changes of worlds. Cheap to clone.
#[derive(Clone, Debug)]
pub struct Feed {
    worlds: TraceWorlds,
    inbox: Inbox,
    subscriptions: Subscriptions,
    closing: CancellationToken,
}

/// A page of the feed, with a page of an inbox.
pub type FeedAndInbox = (FeedPage, Page<InboxItem>);

impl Feed {
    /// Starts the feature: it listens to the changes of all worlds that are in use here.
    #[must_use]
    pub fn start(worlds: TraceWorlds, inbox: Inbox) -> Self {
        let subscriptions = Subscriptions::default();
        let listener = subscriptions.clone();
        worlds.on_change(move |change| listener.notify(change));
        Self { worlds, inbox, subscriptions, closing: CancellationToken::new() }
    }

    /// Ends all waiting, now and from now on: the program is about to stop.
    pub fn close(&self) {
        self.closing.cancel();
    }

    /// The changes after a cursor, and the items of a player's inbox after another, where a player asks for them; if there are
    /// neither, those that are committed while it waits.
    ///
    /// # Errors
    /// [`FeedError::TooOld`]; the player is of another world; or the world is gone, or the database is unavailable.
    pub async fn changes(
        &self,
        world: WorldKey,
        query: FeedQuery,
        inbox: Option<(&Player, i64)>,
    ) -> Result<FeedAndInbox, FeedError> {
        if inbox.is_some_and(|(player, _)| WorldKey::of_player(player) != world) {
            return Err(Fault::new("?inbox_after", "goes with a token of a player of the same world").into());
        }
        let FeedQuery { scopes, mut after, limit, wait, .. } = query;
        self.worlds.track(world).await?;
        let deadline = Instant::now() + wait;
        let tables = self.worlds.tables(world.studio()).await?.world(world.world());
        // Subscribed before the first read, so that a change in between wakes it too.
        let player = inbox.map(|(player, _)| player.id.to_string());
        let subscription = self.subscriptions.subscribe(world, &scopes, player);
        loop {
            let page = store::page(&tables, &scopes, after, limit).await?.ok_or(FeedError::TooOld)?;
            let items = match inbox {
                Some((player, after)) => self.inbox.page(player, after, INBOX_ITEMS).await?,
                None => Page { items: Vec::new(), more: false },
            };
            let has_news = !page.items.is_empty() || page.more || !items.items.is_empty();
            if has_news || Instant::now() >= deadline || self.closing.is_cancelled() {
                return Ok((page, items));
            }
            after = page.next;
            tokio::select! {
                () = subscription.changed() => {}
                // What has happened elsewhere in the world wakes nobody, but moves the cursor: one that stays behind is too old
                // some day.
                () = tokio::time::sleep_until(deadline) => {
                    if self.worlds.last_revision(world) <= after {
                        return Ok((page, items));
                    }
                }
                () = self.closing.cancelled() => return Ok((page, items)),
            }
        }
    }
}
