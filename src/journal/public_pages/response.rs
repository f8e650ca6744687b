//! The pages, as templates (`templates/`).

use askama::Template;
use serde_json::{Value, json};

use super::{
    model::{PersonContent, TitleContent},
    words::Words,
};
use crate::{
    http::pages::Links,
    identity::people::PersonCard,
    journal::thoughts::{Rating, Thought, WithCards},
};

/// Symbols of a description for other sites.
const DESCRIPTION: usize = 200;

/// What every page needs.
#[derive(Clone, Debug)]
pub struct Frame {
    /// The words.
    pub words: &'static Words,
    /// The files.
    pub links: Links,
    /// The address of the page, absolute.
    pub url: String,
}

/// The front page.
#[derive(Debug, Template)]
#[template(path = "front.html")]
pub struct FrontPage {
    pub frame: Frame,
    /// The address of the server, for the examples.
    pub base: String,
}

/// The page of a title.
#[derive(Debug, Template)]
#[template(path = "title.html")]
pub struct TitlePage {
    pub frame: Frame,
    pub id: i64,
    pub name: String,
    pub year: Option<i32>,
    pub platforms: String,
    pub genres: String,
    pub description: String,
    pub linked_data: String,
    pub thoughts: Vec<ThoughtPart>,
}

/// The page of a person.
#[derive(Debug, Template)]
#[template(path = "person.html")]
pub struct PersonPage {
    pub frame: Frame,
    pub username: String,
    pub name: String,
    pub bio: String,
    pub description: String,
    pub linked_data: String,
    pub counts: Vec<(i64, &'static str)>,
    pub thoughts: Vec<ThoughtPart>,
}

/// The page of a thought.
#[derive(Debug, Template)]
#[template(path = "thought.html")]
pub struct ThoughtPage {
    pub frame: Frame,
    pub title: String,
    pub description: String,
    pub linked_data: String,
    pub thought: ThoughtPart,
}

/// The page of what is not there.
#[derive(Debug, Template)]
#[template(path = "not_found.html")]
pub struct NotFoundPage {
    pub frame: Frame,
}

/// A thought on a page.
#[derive(Debug)]
pub struct ThoughtPart {
    pub id: String,
    /// The name to show, and the username that leads to their page.
    pub author: Option<(String, String)>,
    /// The title's id and name.
    pub title: Option<(i64, String)>,
    pub rating: Option<u8>,
    pub is_spoiler: bool,
    /// Made safe when it was written.
    pub html: String,
    pub day: String,
}

impl ThoughtPart {
    fn new(words: &Words, shown: WithCards<Thought>) -> Self {
        let WithCards { thing, author, title } = shown;
        Self {
            id: thing.id.0.to_string(),
            author: author.map(|card| (name_of(&card), card.username)),
            title: title.map(|card| (card.id.0, card.name)),
            rating: thing.written.rating.map(Rating::points),
            is_spoiler: thing.written.spoiler,
            html: thing.html,
            day: words.day(thing.created_at_ms),
        }
    }

    fn all(words: &Words, shown: Vec<WithCards<Thought>>) -> Vec<Self> {
        shown.into_iter().map(|shown| Self::new(words, shown)).collect()
    }
}

fn name_of(card: &PersonCard) -> String {
    card.display_name.clone().unwrap_or_else(|| card.username.clone())
}

/// Linked data (JSON-LD) as the text of a script element: nothing in it can end the element.
fn linked(data: &Value) -> String {
    data.to_string().replace('<', "\\u003c")
}

fn shortened(text: &str) -> String {
    match text.char_indices().nth(DESCRIPTION) {
        Some((end, _)) => format!("{}…", text.get(..end).unwrap_or_default().trim_end()),
        None => text.to_owned(),
    }
}

impl TitlePage {
    /// The page of that content.
    pub fn new(frame: Frame, content: TitleContent) -> Self {
        let TitleContent { title, thoughts } = content;
        let data = json!({
            "@context": "https://schema.org",
            "@type": "VideoGame",
            "name": title.name,
            "url": frame.url,
            "gamePlatform": title.platforms,
            "genre": title.genres,
            "datePublished": title.year.map(|year| year.to_string()),
        });
        let (platforms, genres) = (title.platforms.join(", "), title.genres.join(", "));
        let facts = [title.year.map(|year| year.to_string()).unwrap_or_default(), platforms.clone(), genres.clone()];
        let description = facts.iter().filter(|fact| !fact.is_empty()).cloned().collect::<Vec<_>>().join(" · ");
        let thoughts = ThoughtPart::all(frame.words, thoughts);
        let (id, name, year, linked_data) = (title.id.0, title.name, title.year, linked(&data));
        Self { frame, id, name, year, platforms, genres, description, linked_data, thoughts }
    }
}

impl PersonPage {
    /// The page of that content.
    pub fn new(frame: Frame, content: PersonContent) -> Self {
        let PersonContent { person, statistics, thoughts } = content;
        let name = name_of(&person.card);
        let data = json!({
            "@context": "https://schema.org",
            "@type": "ProfilePage",
            "mainEntity": {"@type": "Person", "name": name, "alternateName": person.card.username, "url": frame.url},
        });
        let counts = statistics.states.iter().filter(|state| state.count.entries > 0);
        let counts: Vec<_> = counts.map(|state| (state.count.entries, frame.words.state(state.state))).collect();
        let thoughts = ThoughtPart::all(frame.words, thoughts);
        let (username, linked_data) = (person.card.username, linked(&data));
        let description = shortened(&person.bio);
        Self { frame, username, name, bio: person.bio, description, linked_data, counts, thoughts }
    }
}

impl ThoughtPage {
    /// The page of that thought.
    pub fn new(frame: Frame, shown: WithCards<Thought>) -> Self {
        let text = shown.thing.written.text.as_str().to_owned();
        let thought = ThoughtPart::new(frame.words, shown);
        let author = thought.author.as_ref().map_or(frame.words.somebody, |(name, _)| name);
        let about = thought.title.as_ref().map(|(_, name)| name.clone()).unwrap_or_default();
        let title = format!("{author} {} {about}", frame.words.on);
        // What is folded on the page is not told to other sites either.
        let description = if thought.is_spoiler || text.contains("||") { String::new() } else { shortened(&text) };
        let data = json!({
            "@context": "https://schema.org",
            "@type": if thought.rating.is_some() { "Review" } else { "Comment" },
            "author": {"@type": "Person", "name": author},
            "url": frame.url,
            "itemReviewed": thought.rating.map(|_| json!({"@type": "VideoGame", "name": about})),
            "reviewRating": thought.rating.map(|value| json!({"@type": "Rating", "ratingValue": value, "bestRating": 100, "worstRating": 0})),
        });
        let linked_data = linked(&data);
        Self { frame, title, description, linked_data, thought }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn linked_data_cannot_end_its_element() {
        assert_eq!(linked(&json!({"name": "</script><b>"})), r#"{"name":"\u003c/script>\u003cb>"}"#);
    }

    #[test]
    fn descriptions_are_cut_between_symbols() {
        assert_eq!(shortened("ș"), "ș");
        assert_eq!(shortened(&"ș".repeat(300)), format!("{}…", "ș".repeat(200)));
    }
}
