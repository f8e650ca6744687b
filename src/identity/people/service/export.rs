//! The export of a user's data.

use serde_json::{Map, Value, json};

use super::People;
use crate::{
    identity::{
        access::UserId,
        people::model::{FollowList, ListedPerson, PeopleError},
    },
    platform::{clock, page::Page},
};

/// People of a list at once.
const PAGE: usize = 1_000;

/// Followers in an export at most: the list is theirs as much as the user's.
const MOST: usize = 20_000;

fn row(person: &ListedPerson) -> Value {
    json!({"username": person.card.username, "since": clock::format(person.since_ms)})
}

impl People {
    /// All that this feature keeps of a user. Others are named by username, as far as they show themselves to the user.
    ///
    /// # Errors
    /// [`PeopleError::Store`].
    pub async fn export_of(&self, user: &UserId) -> Result<Value, PeopleError> {
        let mut all = Map::new();
        for (table, rows) in self.store.own_rows(user).await? {
            all.insert(table.to_owned(), rows.into());
        }
        for (name, list) in [("followed", FollowList::Followed), ("followers", FollowList::Followers)] {
            let mut people: Vec<Value> = Vec::new();
            let mut after = None;
            loop {
                let Page { items, more } = self.store.follows(user, list, after.as_ref(), PAGE).await?;
                people.extend(items.iter().map(row));
                after = items.last().map(|last| (last.since_ms, last.key()));
                if !more || people.len() >= MOST {
                    break;
                }
            }
            all.insert(name.to_owned(), people.into());
        }
        let blocks = self.store.blocks(user, None, PAGE).await?;
        all.insert("blocks".to_owned(), blocks.items.iter().map(row).collect());
        Ok(all.into())
    }
}
