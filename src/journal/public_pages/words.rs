//! What the pages say, in each language.

use crate::{journal::library::State, platform::clock};

/// The languages, the first where a browser wishes for none of them.
pub const LANGUAGES: [&str; 2] = ["en", "ro"];

/// The words of one language.
#[derive(Debug)]
pub struct Words {
    /// Its tag.
    pub language: &'static str,
    /// The other language: its tag and its name.
    pub other: (&'static str, &'static str),
    pub skip: &'static str,
    pub tagline: &'static str,
    pub about: &'static str,
    pub for_players: &'static str,
    pub for_studios: &'static str,
    pub documentation: &'static str,
    pub change_theme: &'static str,
    pub sign_in: &'static str,
    pub start_journal: &'static str,
    pub put_in_game: &'static str,
    pub scene: &'static str,
    pub stone: &'static str,
    pub stone_by: &'static str,
    pub far_stone: &'static str,
    pub far_stone_by: &'static str,
    pub message: &'static str,
    pub structure: &'static str,
    pub ghost: &'static str,
    pub as_table: &'static str,
    pub table_heads: [&'static str; 4],
    pub table: [[&'static str; 4]; 4],
    pub life: &'static str,
    pub life_about: &'static str,
    pub life_steps: [(&'static str, &'static str); 4],
    pub players_head: &'static str,
    pub players_text: &'static str,
    pub players_lines: [(&'static str, &'static str); 6],
    pub studios_head: &'static str,
    pub studios_text: &'static str,
    pub studios_facts: [(&'static str, &'static str); 4],
    pub read_docs: &'static str,
    pub open_studio: &'static str,
    pub code_leave: &'static str,
    pub code_find: &'static str,
    pub come_in: &'static str,
    pub come_in_text: &'static str,
    pub first_account: &'static str,
    pub make_account: &'static str,
    pub licence: &'static str,
    pub api: &'static str,
    pub open_in_journal: &'static str,
    pub thoughts_on: &'static str,
    pub no_thoughts: &'static str,
    pub thoughts_of: &'static str,
    pub nothing_written: &'static str,
    pub spoiler: &'static str,
    pub somebody: &'static str,
    pub on: &'static str,
    pub not_found: &'static str,
    pub not_found_text: &'static str,
    pub to_front: &'static str,
    pub months: [&'static str; 12],
    states: [&'static str; 5],
}

impl Words {
    /// The words of a language, English where it is none of ours.
    #[must_use]
    pub fn of(language: &str) -> &'static Self {
        if language == ROMANIAN.language { &ROMANIAN } else { &ENGLISH }
    }

    /// What a state is called.
    #[must_use]
    pub fn state(&self, state: State) -> &'static str {
        let [wishlist, ongoing, completed, paused, dropped] = self.states;
        match state {
            State::Wishlist => wishlist,
            State::Ongoing => ongoing,
            State::Completed => completed,
            State::Paused => paused,
            State::Dropped => dropped,
        }
    }

    /// A day: "5 March 2026".
    #[must_use]
    pub fn day(&self, ms: i64) -> String {
        let text = clock::format(ms);
        let mut parts = text.get(..10).unwrap_or_default().split('-');
        let (year, month, day) = (parts.next(), parts.next(), parts.next());
        let number = |part: Option<&str>| part.and_then(|part| part.parse::<usize>().ok()).unwrap_or_default();
        let month = self.months.get(number(month).wrapping_sub(1)).copied().unwrap_or_default();
        format!("{} {month} {}", number(day), year.unwrap_or_default())
    }
}

static ENGLISH: Words = Words {
    language: "en",
    other: ("ro", "Română"),
    skip: "Skip to content",
    tagline: "A world that remembers its players",
    about: "Leave a message on a stone, a rope bridge over a gap, the ghost of your best run. Others come upon it when they pass the \
            same place, tonight or in three years. Nobody has to be online together.",
    for_players: "For players",
    for_studios: "For studios",
    documentation: "Documentation",
    change_theme: "Change theme",
    sign_in: "Sign in",
    start_journal: "Start a journal",
    put_in_game: "Put it in your game",
    scene: "A level in the fog: a trail climbs past message stones, two shelters and a bridge to a lit cairn on the ridge; a ghost \
            walks it.",
    stone: "Jump late. The ledge is kinder than it looks.",
    stone_by: "tobble · met 412 times",
    far_stone: "I turned back here. You should not.",
    far_stone_by: "pettrel · 3 years ago",
    message: "message",
    structure: "structure",
    ghost: "ghost, walking",
    as_table: "The same as a table",
    table_heads: ["Kind", "Where", "By", "Met"],
    table: [
        ["Message", "Under the ledge", "tobble", "412"],
        ["Message", "Last bend", "pettrel", "1,906"],
        ["Structure: bridge", "Low Weir", "four players", "2,377"],
        ["Ghost", "The whole trail, 6:12", "dunlin", "88"],
    ],
    life: "The life of one message",
    life_about: "Cairn is a server that a studio runs beside its game. This is all that it does, and it keeps doing it when the \
                 database or the cache goes away.",
    life_steps: [
        (
            "Tuesday, 21:14",
            "tobble misses the ledge six times, makes it, and leaves a stone: “Jump late. The ledge is kinder than it looks.”",
        ),
        ("The same moment", "It is stored for good. Eleven others leave something in the same level that night."),
        ("Wednesday, 07:50", "A stranger in Cluj reads it before work, jumps late, and thanks it."),
        ("Today", "412 people have met it. tobble’s journal says so, next to the hours and the screenshots."),
    ],
    players_head: "For players: a journal that knows where you were",
    players_text: "What you want to play, what you are playing, what you finished and what you thought of it. Import from the shops you \
                   use, take everything out again whenever you like.",
    players_lines: [
        ("Wanted", "with prices in your money, and a word when one falls"),
        ("Under way", "log an evening in ten seconds"),
        ("Done", "with the dates, as exactly as you remember them"),
        ("Thoughts", "for everybody, for friends or for you; spoilers folded"),
        ("Near and alike", "people by area, never by address, and evenings to play in one room"),
        ("Your saves", "every version kept, on every device"),
    ],
    studios_head: "For studios: one program, one call to leave, one to find",
    studios_text: "Runs on a small server with nothing else installed. Grow it onto PostgreSQL and Redis when the world gets busy. Your \
                   players’ words stay on your machines.",
    studios_facts: [
        ("1 program", "to deploy"),
        ("304", "the usual answer, with no body"),
        ("0", "other services needed to begin"),
        ("10 s", "to undo any moderation"),
    ],
    read_docs: "Read the documentation",
    open_studio: "open the studio",
    code_leave: "leave a stone where the player stands",
    code_find: "what would somebody find here?",
    come_in: "Come in",
    come_in_text: "One account for the journal, for your players in games, and for the studio if you have one. We write to you only about \
                   what you asked to be told.",
    first_account: "Running your own? The first account made here owns the installation.",
    make_account: "Make an account",
    licence: "Cairn, MIT or Apache-2.0",
    api: "API",
    open_in_journal: "Open in your journal",
    thoughts_on: "What people thought",
    no_thoughts: "Nobody has written about it for everybody yet.",
    thoughts_of: "Thoughts",
    nothing_written: "Nothing for everybody yet.",
    spoiler: "Spoiler",
    somebody: "Somebody",
    on: "on",
    not_found: "There is nothing here",
    not_found_text: "The address may be old, or what was here is gone or not for everybody.",
    to_front: "To the front page",
    months: [
        "January",
        "February",
        "March",
        "April",
        "May",
        "June",
        "July",
        "August",
        "September",
        "October",
        "November",
        "December",
    ],
    states: ["Wishlist", "Ongoing", "Completed", "Paused", "Dropped"],
};

static ROMANIAN: Words = Words {
    language: "ro",
    other: ("en", "English"),
    skip: "Sari la conținut",
    tagline: "O lume care își amintește de jucătorii ei",
    about: "Lasă un mesaj pe o piatră, un pod de frânghie peste o prăpastie, fantoma celei mai bune încercări. Alții dau peste ele când \
            trec prin același loc, în seara asta sau peste trei ani. Nimeni nu trebuie să fie online în același timp.",
    for_players: "Pentru jucători",
    for_studios: "Pentru studiouri",
    documentation: "Documentație",
    change_theme: "Schimbă tema",
    sign_in: "Intră în cont",
    start_journal: "Începe un jurnal",
    put_in_game: "Pune-l în jocul tău",
    scene: "Un nivel în ceață: o potecă urcă pe lângă pietre cu mesaje, două adăposturi și un pod, până la o movilă luminată de pe creastă; \
            o fantomă o străbate.",
    stone: "Sari târziu. Marginea e mai blândă decât pare.",
    stone_by: "tobble · întâlnit de 412 ori",
    far_stone: "Eu m-am întors de aici. Tu n-ar trebui.",
    far_stone_by: "pettrel · acum 3 ani",
    message: "mesaj",
    structure: "construcție",
    ghost: "fantomă, în mers",
    as_table: "Același lucru ca tabel",
    table_heads: ["Fel", "Unde", "De la", "Întâlnit"],
    table: [
        ["Mesaj", "Sub margine", "tobble", "412"],
        ["Mesaj", "Ultima cotitură", "pettrel", "1.906"],
        ["Construcție: pod", "Stăvilarul de Jos", "patru jucători", "2.377"],
        ["Fantomă", "Toată poteca, 6:12", "dunlin", "88"],
    ],
    life: "Viața unui mesaj",
    life_about: "Cairn este un server pe care un studio îl pornește lângă jocul său. Asta este tot ce face, și face asta și atunci când \
                 baza de date sau memoria cache nu răspunde.",
    life_steps: [
        (
            "Marți, 21:14",
            "tobble ratează marginea de șase ori, reușește și lasă o piatră: „Sari târziu. Marginea e mai blândă decât pare.”",
        ),
        (
            "În aceeași clipă",
            "Este păstrată pentru totdeauna. Alți unsprezece lasă ceva în același nivel în noaptea aceea.",
        ),
        ("Miercuri, 07:50", "Un necunoscut din Cluj o citește înainte de serviciu, sare târziu și îi mulțumește."),
        ("Astăzi", "412 oameni au întâlnit-o. Jurnalul lui tobble o spune, lângă ore și capturi de ecran."),
    ],
    players_head: "Pentru jucători: un jurnal care știe unde ai fost",
    players_text: "Ce vrei să joci, ce joci, ce ai terminat și ce ai crezut despre asta. Importă din magazinele pe care le folosești și ia \
                   totul înapoi oricând vrei.",
    players_lines: [
        ("Dorite", "cu prețuri în banii tăi și o vorbă când scad"),
        ("În curs", "notează o seară în zece secunde"),
        ("Terminate", "cu datele, atât de exact cât ți le amintești"),
        ("Gânduri", "pentru toți, pentru prieteni sau pentru tine; dezvăluirile stau ascunse"),
        ("Aproape și asemenea", "oameni după zonă, niciodată după adresă, și seri de jucat în aceeași cameră"),
        ("Salvările tale", "fiecare versiune păstrată, pe fiecare dispozitiv"),
    ],
    studios_head: "Pentru studiouri: un program, un apel ca să lași, unul ca să găsești",
    studios_text: "Merge pe un server mic, fără nimic altceva instalat. Îl muți pe PostgreSQL și Redis când lumea se umple. Cuvintele \
                   jucătorilor tăi rămân pe mașinile tale.",
    studios_facts: [
        ("1 program", "de instalat"),
        ("304", "răspunsul obișnuit, fără conținut"),
        ("0", "alte servicii ca să începi"),
        ("10 s", "ca să anulezi orice moderare"),
    ],
    read_docs: "Citește documentația",
    open_studio: "deschide studioul",
    code_leave: "lasă o piatră unde stă jucătorul",
    code_find: "ce ar găsi cineva aici?",
    come_in: "Intră",
    come_in_text: "Un singur cont pentru jurnal, pentru jucătorii tăi din jocuri și pentru studio, dacă ai unul. Îți scriem numai despre ce \
                   ai cerut să afli.",
    first_account: "Ai propriul server? Primul cont făcut aici administrează instalarea.",
    make_account: "Fă-ți un cont",
    licence: "Cairn, MIT sau Apache-2.0",
    api: "API",
    open_in_journal: "Deschide în jurnalul tău",
    thoughts_on: "Ce au crezut oamenii",
    no_thoughts: "Nimeni nu a scris încă despre el pentru toată lumea.",
    thoughts_of: "Gânduri",
    nothing_written: "Încă nimic pentru toată lumea.",
    spoiler: "Dezvăluire",
    somebody: "Cineva",
    on: "despre",
    not_found: "Aici nu este nimic",
    not_found_text: "Adresa poate fi veche, sau ce era aici nu mai există ori nu este pentru toată lumea.",
    to_front: "La prima pagină",
    months: [
        "ianuarie",
        "februarie",
        "martie",
        "aprilie",
        "mai",
        "iunie",
        "iulie",
        "august",
        "septembrie",
        "octombrie",
        "noiembrie",
        "decembrie",
    ],
    states: ["Dorite", "În curs", "Terminate", "În pauză", "Abandonate"],
};

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn days_are_written_in_both_languages() {
        assert_eq!(Words::of("en").day(1_795_965_335_627), "29 November 2026");
        assert_eq!(Words::of("ro").day(0), "1 ianuarie 1970");
        assert_eq!(Words::of("de").language, "en");
    }
}
