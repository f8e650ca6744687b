//! The export of a user's data.

use serde_json::{Value, json};

use super::Titles;
use crate::{
    catalogue::titles::{
        model::{ExternalId, Facts, Name, Title, TitleError},
        store::Sight,
    },
    identity::access::UserId,
    platform::clock,
};

/// Titles in an export at most: more than a user may have.
const MOST: usize = 100;

fn row(title: &Title) -> Value {
    let Facts { name, other_names, released, publisher, developer, platforms, genres } = &title.facts;
    let external = |id: &ExternalId| json!({"source": id.source(), "id": id.external()});
    json!({
        "id": title.id.to_string(),
        "name": name.as_str(),
        "other_names": other_names.iter().map(Name::as_str).collect::<Value>(),
        "released": released.as_ref().map(ToString::to_string),
        "publisher": publisher.as_str(),
        "developer": developer.as_str(),
        "platforms": platforms.iter().map(ToString::to_string).collect::<Value>(),
        "genres": genres.iter().map(ToString::to_string).collect::<Value>(),
        "external": title.external.iter().map(external).collect::<Value>(),
        "created_at": clock::format(title.created_at_ms),
        "changed_at": clock::format(title.changed_at_ms),
    })
}

impl Titles {
    /// The titles of a user that await approval. One that is approved is nobody's.
    ///
    /// # Errors
    /// The database can't be reached.
    pub async fn export_of(&self, user: &UserId) -> Result<Value, TitleError> {
        let page = self.store.waiting(Sight::User(user), None, MOST).await?;
        let mut rows = Vec::with_capacity(page.items.len());
        for id in page.items {
            // One that was merged or deleted meanwhile is the user's no more.
            let title = self.store.title(id).await?;
            rows.extend(title.filter(|title| title.pending_of.as_ref() == Some(user)).iter().map(row));
        }
        Ok(rows.into())
    }
}
