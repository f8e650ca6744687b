//! What players keep of their games, and the people who do: the features that lie in the control tables alone.

use std::sync::Arc;

use serde_json::{Map, Value, json};

use crate::{
    catalogue::{
        prices::Prices,
        titles::{Genre, Platform, Titles},
    },
    config::Config,
    http::problem::Problem,
    identity::{
        access::UserId,
        accounts::Keep,
        notices::Notices,
        people::{self, People, StatisticsPort},
    },
    journal::{
        challenges::{self, Challenges, ChallengesApi},
        library::{self, EntriesApi, ImportsApi, LibrariesApi, Library},
        media::{Gallery, MediaApi},
        moderation::{self, Moderation, ModerationApi, Sources},
        price_falls::{PRICE_FELL, PriceFalls},
        public_pages::PublicPages,
        saves::{SAVE_HELD, Saves, SavesApi},
        social::{Social, SocialApi},
        thoughts::{self, PersonalRows, Thoughts, ThoughtsApi},
    },
    platform::{blobs::Blobs, db::Control, jobs::Jobs, sealing::Sealer, tasks::Tasks},
};

/// These features. Cheap to clone.
#[derive(Clone, Debug)]
pub struct Journal {
    /// What users are told.
    pub notices: Notices,
    /// People as others see them.
    pub people: People,
    /// Libraries.
    pub library: Library,
    /// Falls of prices.
    pub price_falls: PriceFalls,
    /// Thoughts, reviews, comments and reactions.
    pub thoughts: Thoughts,
    /// Screenshots and clips.
    pub media: Gallery,
    /// Challenges and gatherings.
    pub challenges: Challenges,
    /// Reports and what moderators decide.
    pub moderation: Moderation,
    /// Saves. On the heap: all of this is moved about at the start.
    pub saves: Arc<Saves>,
    /// Feeds and first pages.
    pub social: Social,
    /// Games of the catalogue.
    titles: Titles,
}

impl Journal {
    /// Starts them.
    #[must_use]
    pub fn start(
        config: &Config,
        control: &Control,
        (titles, prices): (&Titles, &Prices),
        (blobs, jobs, sealer): (&Blobs, &Jobs, &Sealer),
        tasks: &Tasks,
    ) -> Self {
        let people = People::start(control.clone(), statistics(), tasks);
        let library = Library::start(control.clone(), titles.clone(), people.clone(), (&config.library).into(), tasks);
        let (wished, sold) = ((library.clone(), titles.clone()), prices.clone());
        let price_falls = PriceFalls::new(control.clone(), wished, sold, jobs.clone());
        let thoughts = Thoughts::new(control.clone(), titles.clone(), people.clone());
        let (on, files) = ((titles.clone(), people.clone()), (blobs.clone(), jobs.clone()));
        let media = Gallery::new(control.clone(), on, files, (&config.media).into());
        let (on, with) = ((titles.clone(), people.clone()), (jobs.clone(), sealer.clone()));
        let settings = config.challenges.settings(&config.http.public_url);
        let challenges = Challenges::new(control.clone(), on, with, settings);
        let settings = config.saves.settings(&config.http.public_url);
        let saves = Arc::new(Saves::new(control.clone(), titles.clone(), (blobs.clone(), jobs.clone()), settings));
        let social = Social::new(control.clone(), titles.clone(), people.clone());
        let sources = Sources {
            thoughts: thoughts.clone(),
            media: media.clone(),
            challenges: challenges.clone(),
            people: people.clone(),
            titles: titles.clone(),
        };
        let moderation = Moderation::new(control.clone(), sources, (&config.moderation).into());
        let others = [thoughts::COMMENTED, thoughts::LIKED, PRICE_FELL, SAVE_HELD];
        let kinds =
            [people::NOTICE_KINDS.as_slice(), &others, &challenges::NOTICE_KINDS, &moderation::NOTICE_KINDS].concat();
        let (notices, titles) = (Notices::new(control.clone(), kinds), titles.clone());
        Self { notices, people, library, price_falls, thoughts, media, challenges, moderation, saves, social, titles }
    }

    /// Their routes.
    pub(super) fn apis(&self) -> JournalApis {
        let library = (
            EntriesApi { library: self.library.clone() },
            ImportsApi { library: self.library.clone() },
            LibrariesApi { library: self.library.clone() },
        );
        let social = SocialApi { social: self.social.clone() };
        let media = MediaApi { media: self.media.clone() };
        let challenges = ChallengesApi { challenges: self.challenges.clone() };
        let saves = SavesApi { saves: (*self.saves).clone() };
        let moderation = ModerationApi { moderation: self.moderation.clone() };
        (library, ThoughtsApi { thoughts: self.thoughts.clone() }, media, challenges, saves, (moderation, social))
    }

    /// What public pages show.
    pub(super) fn public_pages(&self) -> PublicPages {
        PublicPages {
            titles: self.titles.clone(),
            thoughts: self.thoughts.clone(),
            people: self.people.clone(),
            library: self.library.clone(),
        }
    }

    /// Removes what they keep of a user that is too much for the transaction in which the account is deleted; the database removes
    /// the rest with the account.
    ///
    /// # Errors
    /// The problem of the feature that failed.
    pub async fn remove(&self, user: &UserId, keep: Keep) -> Result<(), Problem> {
        if keep == Keep::Reviews {
            self.thoughts.release_reviews(user).await.map_err(|error| Problem::from(&error))?;
        }
        self.moderation.remove(user).await?;
        self.challenges.leave_all(user).await?;
        self.notices.remove(user).await?;
        self.saves.remove(user).await?;
        self.thoughts.remove(user).await.map_err(|error| Problem::from(&error))?;
        Ok(self.library.remove(user).await?)
    }

    /// All that they keep of a user but for the library, by feature, for the export of the account.
    ///
    /// # Errors
    /// The problem of the feature that failed.
    pub async fn kept_of(&self, user: &UserId) -> Result<Map<String, Value>, Problem> {
        let mut kept = Map::new();
        kept.insert("games".to_owned(), self.titles.export_of(user).await?);
        kept.insert("people".to_owned(), self.people.export_of(user).await?);
        kept.insert("notices".to_owned(), self.notices.export_of(user).await?);
        let falls = self.price_falls.export_of(user).await.map_err(|error| Problem::from(&error))?;
        kept.insert("price_falls".to_owned(), Value::from(falls));
        let PersonalRows { thoughts, versions, comments, reactions } =
            self.thoughts.export_of(user).await.map_err(|error| Problem::from(&error))?;
        let thoughts =
            json!({"thoughts": thoughts, "versions": versions, "comments": comments, "reactions": reactions});
        kept.insert("thoughts".to_owned(), thoughts);
        let media = self.media.export_of(user).await.map_err(|error| Problem::from(&error))?;
        kept.insert("media".to_owned(), json!(media));
        let challenges::PersonalRows { hosted, guest_of, moves } =
            self.challenges.export_of(user).await.map_err(|error| Problem::from(&error))?;
        kept.insert("challenges".to_owned(), json!({"hosted": hosted, "guest_of": guest_of, "moves": moves}));
        let saves = self.saves.export_of(user).await.map_err(|error| Problem::from(&error))?;
        let saves: Map<String, Value> =
            saves.into_iter().map(|(table, rows)| (table.to_owned(), json!(rows))).collect();
        kept.insert("saves".to_owned(), Value::Object(saves));
        kept.insert("moderation".to_owned(), Value::Object(self.moderation.export_of(user).await?));
        Ok(kept)
    }
}

/// What a search for people asks libraries.
fn statistics() -> StatisticsPort {
    StatisticsPort {
        people_with: |filter| {
            // As libraries write them; what is no such word is in none.
            let genre =
                filter.genre.as_deref().map(|text| Genre::parse(text).map_or(text.to_owned(), |it| it.to_string()));
            let platform = filter
                .platform
                .as_deref()
                .map(|text| Platform::parse(text).map_or(text.to_owned(), |it| it.to_string()));
            library::people_with(genre.as_deref(), platform.as_deref(), filter.completed, filter.minutes)
        },
        shared_games: library::shared_titles,
    }
}

/// Their routes.
pub type JournalApis = (
    (EntriesApi, ImportsApi, LibrariesApi),
    ThoughtsApi,
    MediaApi,
    ChallengesApi,
    SavesApi,
    (ModerationApi, SocialApi),
);
