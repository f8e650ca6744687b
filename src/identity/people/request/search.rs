//! The parameters of the search for people, and of the lists of follows.

use crate::{
    http::{
        declaration::{Param, Values},
        page::Paged,
        params::{QueryParams, QueryReader},
    },
    identity::{
        people::model::{Band, FollowList, Search, SearchCursor, StatisticFilter},
        profiles::search_words,
    },
    platform::named::Named,
};

/// Minutes of a century: more than anybody has played.
const MOST_MINUTES: i64 = 60_000_000;

/// Games that nobody has completed more of.
const MOST_GAMES: i64 = 1_000_000;

/// The pages of a search.
struct SearchPages;

impl Paged for SearchPages {
    type Cursor = SearchCursor;
    const DEFAULT_LIMIT: usize = 20;
    const MAX_LIMIT: usize = 50;
    const EXAMPLE_CURSOR: &'static str = "0.12.ann-of-moss";

    fn parse(cursor: &str) -> Result<SearchCursor, String> {
        SearchCursor::parse(cursor).ok_or_else(|| "must be the next of the page before".to_owned())
    }
}

/// The names of the bands, and before them that it does not matter.
const WITHIN: [&str; 6] = ["anywhere", "same_area", "under_25_km", "under_50_km", "under_100_km", "farther"];

/// Whom a user looks for.
#[derive(Debug)]
pub struct SearchParams(pub Search);

const NAME: Param = Param {
    name: "name",
    about: "Words that begin words of the username or the display name. Finds people who let themselves be found by name.",
    values: Values::Text { max_bytes: 128 },
    example: "ann moss",
};

const NEAR: Param = Param {
    name: "within",
    about: "How far they are at most from the area in which you are. Finds people who let themselves be found by place, and who let \
            you see it.",
    values: Values::OneOf(&WITHIN),
    example: "under_50_km",
};

const GENRE: Param = Param {
    name: "genre",
    about: "With the ranges: only games of this genre count.",
    values: Values::Text { max_bytes: 64 },
    example: "rpg",
};

const PLATFORM: Param = Param {
    name: "platform",
    about: "With the ranges: only games on this platform count.",
    values: Values::Text { max_bytes: 64 },
    example: "pc",
};

const fn range(name: &'static str, about: &'static str, max: i64, example: &'static str) -> Param {
    Param { name, about, values: Values::Integer { min: 0, max, default: None }, example }
}

const COMPLETED_MIN: Param =
    range("completed_min", "At least so many completed games, of those that everybody sees.", MOST_GAMES, "10");
const COMPLETED_MAX: Param = range("completed_max", "At most so many.", MOST_GAMES, "50");
const MINUTES_MIN: Param =
    range("minutes_min", "At least so many minutes played, in games that everybody sees.", MOST_MINUTES, "600");
const MINUTES_MAX: Param = range("minutes_max", "At most so many.", MOST_MINUTES, "60000");

/// The two ends of a range, which must be in order.
fn ends(reader: &mut QueryReader<'_>, least: &Param, most: &Param) -> (Option<i64>, Option<i64>) {
    let ends = (reader.integer(least), reader.integer(most));
    if let (Some(from), Some(to)) = ends
        && from > to
    {
        reader.wrong(most, format!("must be {from} at least, as {} is", least.name));
    }
    ends
}

impl QueryParams for SearchParams {
    fn read(reader: &mut QueryReader<'_>) -> Option<Self> {
        let words = reader.optional(&NAME, |text| {
            let words: Vec<String> = search_words(text).into_iter().collect();
            if words.is_empty() { Err("has neither letters nor digits".to_owned()) } else { Ok(words) }
        });
        let within = reader.optional(&NEAR, |text| {
            if text == "anywhere" {
                return Ok(None);
            }
            Band::of_public_name(text).map(Some).ok_or_else(|| format!("must be one of {}", WITHIN.join(", ")))
        });
        let genre = reader.optional(&GENRE, |text| Ok(text.to_owned()));
        let platform = reader.optional(&PLATFORM, |text| Ok(text.to_owned()));
        if genre.is_some() && platform.is_some() {
            reader.wrong(&PLATFORM, "is there beside genre; one of the two");
        }
        let completed = ends(reader, &COMPLETED_MIN, &COMPLETED_MAX);
        let minutes = ends(reader, &MINUTES_MIN, &MINUTES_MAX);
        let page = <PageRequestOf as QueryParams>::read(reader)?;
        let statistics = StatisticFilter { genre, platform, completed, minutes };
        let within = within.flatten();
        if words.is_none() && within.is_none() && !statistics.is_some() {
            reader.wrong(&NAME, "is missing: say a name, a place (within) or a range of statistics");
        }
        let (words, after, limit) = (words.unwrap_or_default(), page.after, page.limit);
        Some(Self(Search { words, within, statistics, after, limit }))
    }
}

type PageRequestOf = crate::http::page::PageRequest<SearchPages>;

/// Which of the lists of follows is asked for.
#[derive(Clone, Copy, Debug)]
pub struct FollowListParams(pub FollowList);

const LIST: Param = Param {
    name: "list",
    about: "Whom you follow, who follows you, or both.",
    values: Values::OneOf(&["followed", "followers", "friends"]),
    example: "friends",
};

impl QueryParams for FollowListParams {
    fn read(reader: &mut QueryReader<'_>) -> Option<Self> {
        let list = reader.optional(&LIST, |text| {
            FollowList::of_public_name(text).ok_or_else(|| "must be followed, followers or friends".to_owned())
        });
        Some(Self(list.unwrap_or(FollowList::Followed)))
    }
}
