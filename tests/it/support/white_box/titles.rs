//! Titles, taken in by the application behind the server.

use cairn::catalogue::titles::{Company, ExternalId, Facts, Genre, Name, Platform, Record, Released, Taken, TitleId};

use crate::support::Cairn;

/// A record of a source: `source:id` or nothing, names of which the first is the title's, year, platforms.
pub fn record(external: &str, names: &[&str], year: &str, platforms: &[&str]) -> Record {
    let name = |name: &&str| Name::parse(name).unwrap();
    let facts = Facts {
        name: name(&names[0]),
        other_names: names[1..].iter().map(name).collect(),
        released: Released::parse(year).ok(),
        publisher: Company::default(),
        developer: Company::default(),
        platforms: platforms.iter().map(|word| Platform::parse(word).unwrap()).collect(),
        genres: Vec::<Genre>::new(),
    };
    let id = external.split_once(':').map(|(source, id)| ExternalId::parse(source, id).unwrap());
    Record { external: id.into_iter().collect(), facts: facts.tidy() }
}

impl Cairn {
    /// Takes in records, as an import does.
    pub async fn take_in(&self, records: &[Record]) -> Vec<Taken> {
        self.services().titles.take_in(records).await.unwrap()
    }

    /// Takes in a record that is a new title; returns its id.
    pub async fn new_title(&self, external: &str, name: &str, year: &str, platforms: &[&str]) -> i64 {
        match self.take_in(&[record(external, &[name], year, platforms)]).await[..] {
            [Taken::New(TitleId(id))] => id,
            ref other => panic!("not new: {other:?}"),
        }
    }

    /// The titles of the application.
    pub fn titles(&self) -> &cairn::catalogue::titles::Titles {
        &self.services().titles
    }
}
