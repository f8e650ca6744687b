//! Types and rules of the gate.

use std::fmt;

use uuid::Uuid;

use crate::{
    platform::{
        clock,
        error::{Fault, Kind},
    },
    traces::{
        TraceKind,
        settings::{Rules, TextRule},
    },
};

/// A ban: who has it may not leave or change traces, vote, use or report.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Ban {
    /// When it ends; `None`: never.
    pub until_ms: Option<i64>,
}

impl fmt::Display for Ban {
    /// ` until …`, or nothing.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.until_ms.map_or(Ok(()), |until_ms| write!(f, " until {}", clock::format(until_ms)))
    }
}

/// An author who is banned, or no longer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum BannedAuthor {
    /// A player of this world.
    Player(Uuid),
    /// Whoever claims that name on the v0 routes.
    Claimed(String),
}

impl fmt::Display for BannedAuthor {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Player(player) => write!(f, "player {player}"),
            Self::Claimed(author) => write!(f, "claimed author {author}"),
        }
    }
}

/// Why something may not be written.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Refused {
    /// An author of it is banned.
    #[error("This author is banned{0}.")]
    Banned(Ban),
    /// The game does not take part in v0.
    #[error("This game is closed to v0 clients: only players with a token write to it.")]
    V0Closed,
    /// The game does not take that kind.
    #[error("This game accepts no traces of the kind {}.", .0.name())]
    KindDisabled(TraceKind),
    /// The game does not take these words.
    #[error("{}", match .0 {
        TextRule::Off => "This game takes no words from players.",
        _ => "This game takes no free text from players: a message is made of its templates.",
    })]
    TextDisabled(TextRule),
    /// The game does not have these templates or words.
    #[error("{}", Fault::summary(.0))]
    Unlisted(Vec<Fault>),
}

impl Refused {
    /// The kind and the problem code.
    #[must_use]
    pub fn kind(&self) -> (Kind, &'static str) {
        match self {
            Self::Banned(_) => (Kind::Forbidden, "banned"),
            Self::V0Closed => (Kind::Forbidden, "v0_closed"),
            Self::KindDisabled(_) => (Kind::Forbidden, "kind_disabled"),
            Self::TextDisabled(_) => (Kind::Forbidden, "text_disabled"),
            Self::Unlisted(_) => (Kind::Invalid, "invalid"),
        }
    }

    /// The faults of the request, where it is invalid.
    #[must_use]
    pub fn faults(&self) -> &[Fault] {
        if let Self::Unlisted(faults) = self { faults } else { &[] }
    }
}

/// Whether the game takes traces of that kind.
///
/// # Errors
/// It does not.
pub fn check_kind(rules: &Rules, kind: TraceKind) -> Result<(), Refused> {
    if rules.of(kind).enabled { Ok(()) } else { Err(Refused::KindDisabled(kind)) }
}

/// Whether the game takes a message with these words: free texts, if `has_text`, and the numbers of a sentence by their names.
/// `pointer` is the place of the message in the request.
///
/// # Errors
/// It does not.
pub fn check_words(
    rules: &Rules,
    has_text: bool,
    sentence: &[(&'static str, Option<i32>)],
    pointer: &str,
) -> Result<(), Refused> {
    let has_sentence = sentence.iter().any(|(name, number)| *name != "gesture" && number.is_some());
    let is_taken = match rules.text {
        TextRule::Free => true,
        TextRule::Templates => !has_text,
        TextRule::Off => !has_text && !has_sentence,
    };
    if !is_taken {
        return Err(Refused::TextDisabled(rules.text));
    }
    let unlisted = |(name, number): &(&'static str, Option<i32>)| {
        let count = match *name {
            "template" | "template2" => rules.templates,
            "word" | "word2" => rules.words,
            "conjunction" => rules.conjunctions,
            _ => rules.gestures,
        };
        let number = (*number)?;
        let is_listed = count == 0 || u32::try_from(number).is_ok_and(|number| number <= count);
        (!is_listed).then(|| Fault::new(format!("{pointer}/{name}"), format!("is {number}; this game has {count}")))
    };
    let faults: Vec<Fault> = sentence.iter().filter_map(unlisted).collect();
    if faults.is_empty() { Ok(()) } else { Err(Refused::Unlisted(faults)) }
}

/// What a v0 request may say.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TextAllowed {
    rule: TextRule,
    /// The highest number that stands for a text; `None`: any may be sent.
    highest: Option<u32>,
}

impl TextAllowed {
    /// Anything, as in a game that has decided nothing.
    pub const ALL: Self = Self { rule: TextRule::Free, highest: None };

    /// What the game's rules allow. A part of a v0 message does not say whether it is a template or a word, so it may be any that
    /// the game has.
    #[must_use]
    pub fn by(rules: &Rules) -> Self {
        let is_listed = rules.templates > 0 && rules.words > 0;
        let highest = rules.templates.max(rules.words).max(rules.conjunctions);
        Self { rule: rules.text, highest: is_listed.then_some(highest) }
    }

    /// Whether texts may be anything: otherwise those that hold positions and the like must be numbers.
    #[must_use]
    pub fn is_free(self) -> bool {
        self.rule == TextRule::Free
    }

    /// Checks a message of these parts: the number of each, or `None` where it is a text.
    ///
    /// # Errors
    /// The game does not take it.
    pub fn check_message(self, parts: &[(&'static str, Option<i64>)]) -> Result<(), Refused> {
        let is_taken = match self.rule {
            TextRule::Free => true,
            TextRule::Templates => parts.iter().all(|(_, number)| number.is_some()),
            TextRule::Off => false,
        };
        if !is_taken {
            return Err(Refused::TextDisabled(self.rule));
        }
        let Some(highest) = self.highest else { return Ok(()) };
        let is_listed = |number: i64| (0..=i64::from(highest)).contains(&number);
        let unlisted = parts.iter().filter_map(|(name, number)| Some((name, (*number).filter(|at| !is_listed(*at))?)));
        let faults: Vec<Fault> = unlisted
            .map(|(name, number)| Fault::new(format!("/message/{name}"), format!("is {number}; at most {highest}")))
            .collect();
        if faults.is_empty() { Ok(()) } else { Err(Refused::Unlisted(faults)) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rules(text: TextRule) -> Rules {
        Rules { text, templates: 10, words: 100, gestures: 5, ..Rules::default() }
    }

    #[test]
    fn words_are_taken_as_the_game_has_decided() {
        let template = [("template", Some(3)), ("word", Some(100)), ("gesture", Some(5))];
        let gesture = [("template", None), ("gesture", Some(1))];
        let taken = |text, has_text, sentence: &[(&'static str, Option<i32>)]| {
            check_words(&rules(text), has_text, sentence, "").is_ok()
        };
        for (rule, text, sentence, mute) in [
            (TextRule::Free, true, true, true),
            (TextRule::Templates, false, true, true),
            (TextRule::Off, false, false, true),
        ] {
            assert_eq!(taken(rule, true, &[]), text, "{rule:?}");
            assert_eq!(taken(rule, false, &template), sentence, "{rule:?}");
            assert_eq!(taken(rule, false, &gesture), mute, "{rule:?}");
        }
    }

    #[test]
    fn numbers_beyond_the_games_lists_are_named() {
        let sentence = [
            ("template", Some(11)),
            ("word", Some(100)),
            ("conjunction", Some(9_999)),
            ("template2", Some(10)),
            ("word2", Some(101)),
            ("gesture", Some(6)),
        ];
        let Err(Refused::Unlisted(faults)) = check_words(&rules(TextRule::Templates), false, &sentence, "/traces/2")
        else {
            panic!("nothing is wrong");
        };
        let pointers: Vec<&str> = faults.iter().map(|fault| fault.pointer.as_str()).collect();
        assert_eq!(pointers, ["/traces/2/template", "/traces/2/word2", "/traces/2/gesture"]);
    }

    #[test]
    fn a_part_of_a_v0_message_is_a_number_of_any_list() {
        let parts = |one, two| [("part1", one), ("part2", two), ("part3", Some(0))];
        let templates = TextAllowed::by(&rules(TextRule::Templates));
        assert_eq!(templates.check_message(&parts(Some(10), Some(100))), Ok(()));
        assert!(matches!(templates.check_message(&parts(Some(1), Some(101))), Err(Refused::Unlisted(_))));
        assert!(matches!(templates.check_message(&parts(Some(-1), Some(1))), Err(Refused::Unlisted(_))));
        assert!(matches!(templates.check_message(&parts(None, Some(1))), Err(Refused::TextDisabled(_))));
        let off = TextAllowed::by(&rules(TextRule::Off));
        assert!(matches!(off.check_message(&parts(Some(1), Some(1))), Err(Refused::TextDisabled(_))));
        assert_eq!(TextAllowed::ALL.check_message(&parts(None, Some(i64::MIN))), Ok(()));
    }
}
