//! The emails about challenges, in English and Romanian. They say which game, when, and in which area; never an address, and nothing
//! else that a host has written.

use super::Update;

/// What an email is about.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Subject<'a> {
    /// The name of the title.
    pub game: &'a str,
    /// The username of the host, where the reader may know it.
    pub host: Option<&'a str>,
    /// Day, minute and zone.
    pub when: &'a str,
    /// The area; none of what is online.
    pub area: Option<&'a str>,
    /// Until when a place is kept: day, minute and zone.
    pub answer_by: Option<&'a str>,
    /// Where there is more, and the answer is given.
    pub link: &'a str,
}

/// Whether emails in a language are in Romanian, as its first part says; in others they are in English.
fn is_romanian(language: &str) -> bool {
    language.split('-').next() == Some("ro")
}

/// The subject and the text of an email; none of what is not told by email.
#[must_use]
pub fn write(language: &str, news: Update, about: &Subject<'_>) -> Option<(String, String)> {
    let Subject { game, when, link, .. } = about;
    let is_romanian = is_romanian(language);
    let somebody = if is_romanian { "Cineva" } else { "Somebody" };
    let (host, until) = (about.host.unwrap_or(somebody), about.answer_by.unwrap_or(when));
    let (subject, intro, end) = match (news, is_romanian) {
        (Update::Invited, false) => {
            (format!("You are invited to play {game}"), format!("{host} invites you to play {game}."), "Your answer:")
        }
        (Update::Invited, true) => {
            (format!("Invitație la joc: {game}"), format!("{host} te invită să joci {game}."), "Răspunsul tău:")
        }
        (Update::PlaceFree, false) => (
            format!("A place is free for you: {game}"),
            format!("A place is free for you to play {game}. It is kept for you until {until}."),
            "Your answer:",
        ),
        (Update::PlaceFree, true) => (
            format!("S-a eliberat un loc pentru tine: {game}"),
            format!("S-a eliberat un loc pentru tine ca să joci {game}. Îl păstrăm pentru tine până la {until}."),
            "Răspunsul tău:",
        ),
        (Update::Cancelled, false) => (
            format!("Called off: {game}"),
            format!("Playing {game} is called off, or your place in it was taken back."),
            "More:",
        ),
        (Update::Cancelled, true) => (
            format!("Anulat: {game}"),
            format!("Întâlnirea pentru {game} s-a anulat, sau locul tău a fost retras."),
            "Mai multe:",
        ),
        (Update::Reminder, false) => (format!("Tomorrow: {game}"), format!("You are to play {game} soon."), "More:"),
        (Update::Reminder, true) => (format!("Mâine: {game}"), format!("În curând joci {game}."), "Mai multe:"),
        (Update::Changed, _) => return None,
    };
    let (at, place, online, settings) = if is_romanian {
        ("Când", "Unde", "online", "Setările notificărilor spun despre ce primești astfel de e-mailuri.")
    } else {
        ("When", "Where", "online", "The settings of notices say of what you get such emails.")
    };
    let area = about.area.unwrap_or(online);
    let text = format!("{intro}\n\n{at}: {when}\n{place}: {area}\n\n{end} {link}\n\n{settings}");
    Some((subject, text))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::platform::named::Named;

    #[test]
    fn every_email_has_the_game_the_time_the_area_and_the_link_in_both_languages() {
        let about = Subject {
            game: "Moss Harbour",
            host: Some("ann"),
            when: "2026-12-05 18:00 (Europe/Bucharest)",
            area: Some("Iași, Copou"),
            answer_by: Some("2026-12-04 18:00 (Europe/Bucharest)"),
            link: "https://cairn.example/api/challenges/7",
        };
        for news in Update::MEMBERS.iter().filter(|news| **news != Update::Changed) {
            let [english, romanian] = ["en-GB", "ro-RO"].map(|language| write(language, *news, &about).unwrap());
            for (subject, text) in [&english, &romanian] {
                assert!(subject.contains(about.game));
                for part in [about.game, about.when, "Iași, Copou", about.link] {
                    assert!(text.contains(part), "{part} in {text}");
                }
            }
            assert!(english.1.contains("When: ") && romanian.1.contains("Când: "));
            assert_eq!(*news == Update::Invited, english.1.contains("ann"));
        }
        assert_eq!(write("ro", Update::Changed, &about), None);
        assert!(write("rom", Update::Invited, &Subject { area: None, ..about }).unwrap().1.contains("Where: online"));
    }
}
