//! Whose data answers show.

use poem_openapi::{Object, types::Example};

use crate::catalogue::titles::model::ExternalId;

/// Whose data an answer shows.
#[derive(Clone, Debug, Object)]
#[oai(rename = "DataSource", example)]
pub struct SourceResponse {
    /// Who.
    name: String,
    /// A page that shows the data links there.
    url: String,
}

impl SourceResponse {
    /// The source of that name, to which pages link.
    #[must_use]
    pub fn new(name: &str, url: &str) -> Self {
        Self { name: name.to_owned(), url: url.to_owned() }
    }
}

impl Example for SourceResponse {
    fn example() -> Self {
        Self::new("RAWG", "https://rawg.io")
    }
}

/// Where pages link that show a title which a source knows, because its terms ask for that.
const LINKED_SOURCES: [(&str, &str, &str); 1] = [("rawg", "RAWG", "https://rawg.io")];

/// The sources of these that ask for a link.
pub fn linked(external: &[ExternalId]) -> Vec<SourceResponse> {
    let is_known = |source: &str| external.iter().any(|id| id.source() == source);
    let linked = LINKED_SOURCES.iter().filter(|(source, ..)| is_known(source));
    linked.map(|(_, name, url)| SourceResponse::new(name, url)).collect()
}
