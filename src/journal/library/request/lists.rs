//! The parameters of lists.

use crate::{
    catalogue::titles::{Genre, Platform},
    http::{
        declaration::{Param, Values},
        params::{QueryParams, QueryReader},
    },
    journal::library::model::{Cursor, Filter, ListRequest, Sort, State},
    platform::named::Named,
};

/// Entries of a page where the request does not say.
const DEFAULT_LIMIT: i64 = 50;

/// Entries of a page at most.
const MAX_LIMIT: i64 = 100;

/// Bytes of a name that is sought at most.
const NAME_BYTES: usize = 100;

const STATE: Param = Param {
    name: "state",
    about: "Only entries in this state; it may be repeated. Absent: in any.",
    values: Values::Texts { max_bytes: 9, max_items: 5 },
    example: "ongoing",
};

const PLATFORM: Param = Param {
    name: "platform",
    about: "Only entries with a playthrough on this platform.",
    values: Values::Text { max_bytes: 40 },
    example: "pc",
};

const GENRE: Param = Param {
    name: "genre",
    about: "Only games of this genre.",
    values: Values::Text { max_bytes: 40 },
    example: "platformer",
};

const SCORE_MIN: Param = Param {
    name: "score_min",
    about: "Only entries with a score of at least this.",
    values: Values::Integer { min: 0, max: 100, default: None },
    example: "70",
};

const NAME: Param = Param {
    name: "name",
    about: "Only games whose name contains this, whatever the case and the accents.",
    values: Values::Text { max_bytes: NAME_BYTES },
    example: "moss",
};

const SORT: Param = Param {
    name: "sort",
    about: "The order: what was changed or added last, the name, the highest score, the most time.",
    values: Values::OneOf(&["changed", "added", "name", "score", "minutes"]),
    example: "name",
};

const ORDER: Param = Param {
    name: "order",
    about: "Whether the order is turned around.",
    values: Values::OneOf(&["usual", "reversed"]),
    example: "usual",
};

const AFTER: Param = Param {
    name: "after",
    about: "The `next` of the page before, in the same order. Absent: from the start.",
    values: Values::Text { max_bytes: 1100 },
    example: "7301n1795248000000",
};

const LIMIT: Param = Param {
    name: "limit",
    about: "The most items on the page.",
    values: Values::Integer { min: 1, max: MAX_LIMIT, default: Some(DEFAULT_LIMIT) },
    example: "50",
};

/// Which page of which list of a library is requested.
#[derive(Clone, Debug)]
pub struct LibraryQuery(pub ListRequest);

impl QueryParams for LibraryQuery {
    fn read(reader: &mut QueryReader<'_>) -> Option<Self> {
        let mut states = reader.repeated(&STATE, State::parse);
        states.sort_unstable();
        states.dedup();
        let platform = reader.optional(&PLATFORM, |text| Platform::parse(text).map(|word| word.as_str().to_owned()));
        let genre = reader.optional(&GENRE, |text| Genre::parse(text).map(|word| word.as_str().to_owned()));
        let score_min = reader.integer(&SCORE_MIN).and_then(|score| u8::try_from(score).ok());
        let name = reader.optional(&NAME, |text| {
            let is_short = text.len() <= NAME_BYTES;
            if is_short { Ok(text.to_owned()) } else { Err(format!("has more than {NAME_BYTES} bytes")) }
        });
        let sort = reader.optional(&SORT, Sort::parse).unwrap_or_default();
        let reversed = reader.optional(&ORDER, |text| match text {
            "usual" => Ok(false),
            "reversed" => Ok(true),
            _ => Err("must be usual or reversed".to_owned()),
        });
        let after = reader.optional(&AFTER, |text| {
            let cursor = Cursor::of_text(text).filter(|cursor| cursor.fits(sort));
            cursor.ok_or_else(|| "must be the next of a page in the same order".to_owned())
        });
        let limit = reader.integer(&LIMIT).and_then(|limit| usize::try_from(limit).ok());
        let filter = Filter { states, platform, genre, score_min, name };
        let limit = limit.or_else(|| usize::try_from(DEFAULT_LIMIT).ok()).unwrap_or_default();
        Some(Self(ListRequest { filter, sort, reversed: reversed.unwrap_or_default(), after, limit }))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_parameter_names_every_order() {
        let Values::OneOf(names) = SORT.values else { panic!("{SORT:?}") };
        let members: Vec<&str> = Sort::MEMBERS.iter().map(|sort| sort.public_name()).collect();
        assert_eq!(names, members);
    }
}
