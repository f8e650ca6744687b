//! The table of docs/journal.md, walked: everybody tries everything in every state.

use std::{collections::BTreeMap, fmt::Write as _, time::Duration};

use cairn::platform::clock;
use cairn_test_macros::cairn_test;
use reqwest::Method;
use serde_json::json;

use super::super::Gamer;
use crate::support::{Cairn, Place, eventually};

const GUIDE: &str = include_str!(concat!(env!("CARGO_MANIFEST_DIR"), "/docs/journal.md"));

/// The states of a challenge, with what is stored of each: the number of the state, and whether it has begun.
const PHASES: [(&str, i16, bool); 7] = [
    ("pending", 0, false),
    ("accepted", 1, false),
    ("declined", 2, false),
    ("begun", 1, true),
    ("cancelled", 3, false),
    ("expired", 4, true),
    ("completed", 5, true),
];

/// How somebody stands to a challenge, with the number of the guest's state where they are one.
const RELATIONS: [(&str, Option<i16>); 10] = [
    ("host", None),
    ("invited", Some(0)),
    ("offered", Some(0)),
    ("coming", Some(1)),
    ("waiting", Some(3)),
    ("declined", Some(2)),
    ("late", Some(5)),
    ("removed", Some(4)),
    ("sees it", None),
    ("does not see it", None),
];

const ACTIONS: [&str; 9] =
    ["accept", "decline", "invite", "remove", "no_show", "showed_up", "complete", "cancel", "change"];

/// The rows of the table under a heading whose first column has that name.
fn table(first: &str) -> Vec<Vec<String>> {
    let mut lines = GUIDE.lines().skip_while(|line| !line.starts_with(&format!("| {first} |")));
    let cells = |line: &str| -> Vec<String> {
        let inner = line.trim().trim_start_matches('|').trim_end_matches('|');
        inner.split('|').map(|cell| cell.trim().replace('`', "")).collect()
    };
    let heading = cells(lines.next().unwrap_or_else(|| panic!("no table {first}")));
    assert!(PHASES.iter().all(|(phase, ..)| heading.iter().any(|cell| cell == phase)), "{heading:?}");
    lines.skip(1).take_while(|line| line.starts_with('|')).map(cells).collect()
}

/// What the table says of somebody, a move and a state: what becomes of the guest, where it is allowed.
fn allowed() -> BTreeMap<(String, String, &'static str), String> {
    let mut allowed = BTreeMap::new();
    for row in table("who") {
        let (who, what, becomes) = (&row[0], &row[1], row.last().unwrap());
        for (at, (phase, ..)) in PHASES.iter().enumerate() {
            match row[2 + at].as_str() {
                "yes" => {
                    for who in who.split(", ") {
                        assert!(RELATIONS.iter().any(|(known, _)| *known == who), "nobody stands so: {who}");
                        for what in what.split(", ") {
                            assert!(ACTIONS.contains(&what), "no move: {what}");
                            allowed.insert((who.to_owned(), what.to_owned(), *phase), becomes.clone());
                        }
                    }
                }
                "no" => {}
                other => panic!("neither yes nor no: {other}"),
            }
        }
    }
    allowed
}

struct Walk<'a> {
    gamers: BTreeMap<&'static str, Gamer<'a>>,
    game: i64,
}

/// A challenge that is put into the tables as it is.
fn rows(walk: &Walk<'_>, id: usize, (relation, guest): (&str, Option<i16>), phase: (&str, i16, bool)) -> String {
    let (phase, state, has_begun) = phase;
    let hour = Duration::from_hours(1);
    let starts_ms = if has_begun { clock::ms_ago(hour) } else { clock::ms_from_now(50 * hour) };
    let audience = if relation == "sees it" { 0 } else { 2 };
    let user = |name: &str| walk.gamers[name].user.clone();
    // The other guest is as the challenge is.
    let tom = match phase {
        "pending" => 0,
        "accepted" | "begun" | "completed" => 1,
        "declined" => 2,
        "cancelled" => 4,
        _ => 5,
    };
    let mut guests = vec![("tom", tom, "NULL", "NULL".to_owned())];
    let mut capacity = 5;
    if let Some(state) = guest {
        let answer_by =
            if relation == "offered" { clock::ms_from_now(2 * hour).to_string() } else { "NULL".to_owned() };
        guests.push((known_name(relation), state, if relation == "waiting" { "1" } else { "NULL" }, answer_by));
        if relation == "waiting" {
            // Who waits does so because others have taken all places.
            guests.push(("una", 1, "NULL", "NULL".to_owned()));
            capacity = 1 + i16::from(tom == 1);
        }
    }
    let mut sql = format!(
        "INSERT INTO challenge (id, host, title, session_type, audience, state, text, capacity, starts_at_ms, zone, minutes, brings,
             needs, reminded, turns, revision, created_at_ms, changed_at_ms)
         VALUES ({id}, '{}', {}, 0, {audience}, {state}, '', {capacity}, {starts_ms}, 'UTC', 60, '', '', TRUE, 1, 1, 1, 1);",
        user("host"),
        walk.game
    );
    for (at, (name, state, turn, answer_by)) in guests.into_iter().enumerate() {
        let row = id * 10 + at;
        write!(
            sql,
            "INSERT INTO challenge_guest (id, challenge, user_id, state, invited, turn, answer_by_ms, brings, no_show, since_ms)
             VALUES ({row}, {id}, '{}', {state}, TRUE, {turn}, {answer_by}, '', FALSE, 1);",
            user(name)
        )
        .unwrap();
    }
    sql
}

fn known_name(relation: &str) -> &'static str {
    RELATIONS.iter().find(|(known, _)| *known == relation).unwrap().0
}

/// The state that an open challenge has by its guests.
fn by_guests(guests: &[&str], is_private: bool) -> &'static str {
    let has = |state: &str| guests.contains(&state);
    match () {
        () if has("accepted") => "accepted",
        () if is_private && !has("pending") && !has("waiting") => "declined",
        () => "pending",
    }
}

impl Walk<'_> {
    /// Tries one thing, and says what is wrong with what came of it.
    async fn step(
        &self,
        id: usize,
        relation: &str,
        action: &str,
        phase: &str,
        becomes: Option<&String>,
    ) -> Vec<String> {
        let who = &self.gamers[relation];
        let path = format!("/challenges/{id}");
        let host = &self.gamers["host"];
        let before = host.get(&path).await.1;
        let named = match action {
            "invite" => json!({"action": action, "guests": ["uma"]}),
            "remove" | "no_show" | "showed_up" => json!({"action": action, "guests": ["tom"]}),
            _ => json!({"action": action}),
        };
        let (status, answer) = if action == "change" {
            let body = json!({"starts_at": before["starts_at"], "zone": "UTC", "capacity": 6, "text": "changed",
                "audience": before["audience"]});
            who.send(Method::PUT, &path, Some("*"), Some(body)).await
        } else {
            who.moves(&path, named).await
        };
        let after = host.get(&path).await.1;
        let mut wrong = Vec::new();
        let mut fault = |what: String| wrong.push(format!("{relation}: {action} of what is {phase}: {what}"));
        let code = answer["code"].as_str().unwrap_or_default();
        let is_for_hosts = !["accept", "decline"].contains(&action);
        let Some(becomes) = becomes else {
            let expected = match relation {
                "does not see it" => (404, "challenge_not_found"),
                "host" if !is_for_hosts => (409, "oneself"),
                "host" => (409, "not_now"),
                _ if is_for_hosts => (403, "host_only"),
                _ => (409, "not_now"),
            };
            if (status, code) != expected {
                fault(format!("answers {status} {answer}"));
            }
            if after != before {
                fault(format!("changes {before} to {after}"));
            }
            return wrong;
        };
        if status != 200 {
            fault(format!("answers {status} {answer}"));
            return wrong;
        }
        let about = match (relation, action) {
            ("host", "invite") => "uma",
            ("host", _) => "tom",
            _ => name_of(relation),
        };
        let guests = after["guests"].as_array().unwrap();
        let guest = guests.iter().find(|guest| guest["person"]["username"] == about);
        let state = guest.map_or("none", |guest| guest["state"].as_str().unwrap());
        let expected = match becomes.as_str() {
            // The other guest stays as they were, or is called off too.
            "–" if action == "cancel" && ["pending", "accepted", "waiting"].contains(&state) => "cancelled",
            "–" => state,
            other => other,
        };
        if state != expected {
            fault(format!("{about} is {state}, not {expected}"));
        }
        let is_mark = ["no_show", "showed_up"].contains(&action);
        if is_mark && guest.unwrap()["no_show"] != (action == "no_show") {
            fault("is not noted".to_owned());
        }
        let of_all: Vec<&str> = guests.iter().map(|guest| guest["state"].as_str().unwrap()).collect();
        let now = match action {
            "cancel" => "cancelled",
            "complete" => "completed",
            "no_show" | "showed_up" => before["state"].as_str().unwrap(),
            _ => by_guests(&of_all, after["audience"] == "private"),
        };
        if after["state"] != now {
            fault(format!("it is {}, not {now}: {of_all:?}", after["state"]));
        }
        let history = host.get(&format!("{path}/moves")).await.1;
        if history["items"].as_array().unwrap().is_empty() {
            fault("leaves no history".to_owned());
        }
        wrong
    }
}

/// The username of who stands so.
fn name_of(relation: &str) -> &'static str {
    match relation {
        "does not see it" => "blind",
        "sees it" => "seer",
        other => known_name(other),
    }
}

#[cairn_test]
async fn everybody_may_do_what_the_table_says_and_nothing_else(place: &Place) {
    let cairn = Cairn::start(place, &[]).await;
    let mut gamers = BTreeMap::new();
    for (relation, _) in RELATIONS {
        gamers.insert(relation, Gamer::new(&cairn, place, name_of(relation)).await);
    }
    for name in ["tom", "una", "uma"] {
        gamers.insert(name, Gamer::new(&cairn, place, name).await);
    }
    let game = cairn.new_title("steam:1", "Outer Wilds", "2019", &["pc"]).await;
    let walk = Walk { gamers, game };
    let allowed = allowed();
    // A challenge for each step.
    let mut steps = Vec::new();
    for relation in RELATIONS {
        for phase in PHASES {
            for action in ACTIONS {
                steps.push((1000 + steps.len(), relation, phase, action));
            }
        }
    }
    let sql: Vec<String> = steps.iter().map(|(id, relation, phase, _)| rows(&walk, *id, *relation, *phase)).collect();
    for sql in sql.chunks(50) {
        place.execute_control(&sql.concat()).await;
    }
    let (mut wrong, mut done) = (Vec::new(), 0);
    for (id, (relation, _), (phase, ..), action) in &steps {
        let becomes = allowed.get(&((*relation).to_owned(), (*action).to_owned(), *phase));
        done += usize::from(becomes.is_some());
        wrong.extend(walk.step(*id, relation, action, phase, becomes).await);
    }
    assert!(wrong.is_empty(), "{} of {} steps: {wrong:#?}", wrong.len(), steps.len());
    assert_eq!((steps.len(), done), (10 * 7 * 9, allowed.len()), "all of the table was walked");
    time_walks(place, &walk).await;
    cairn.stop().await;
}

/// The second table: what time does in each state.
async fn time_walks(place: &Place, walk: &Walk<'_>) {
    let mut expected = Vec::new();
    for (number, row) in table("when").into_iter().enumerate() {
        let ago = match row[0].as_str() {
            "it begins" => Duration::from_mins(1),
            "a week has passed" => Duration::from_hours(7 * 24) + Duration::from_mins(1),
            other => panic!("no time: {other}"),
        };
        for (at, phase) in PHASES.into_iter().enumerate() {
            let id = 5000 + 10 * number + at;
            let mut sql = rows(walk, id, ("host", None), phase);
            write!(sql, "UPDATE challenge SET starts_at_ms = {} WHERE id = {id};", clock::ms_ago(ago)).unwrap();
            write!(
                sql,
                "INSERT INTO job (kind, payload, dead, due_ms, attempts, uncertain, error, created_at_ms)
                 VALUES ('challenge_clock', '{id}', FALSE, 1, 0, 0, '', {});",
                clock::now_ms()
            )
            .unwrap();
            place.execute_control(&sql).await;
            expected.push((id, phase.0, row[0].clone(), row[1 + at].clone(), row.last().unwrap().clone()));
        }
    }
    let waiting = "SELECT payload FROM job WHERE kind = 'challenge_clock' AND due_ms <= 1";
    eventually("what is due is done", async || {
        let leased = "SELECT payload FROM job WHERE kind = 'challenge_clock' AND lease IS NOT NULL";
        place.control_texts(waiting).await.is_empty() && place.control_texts(leased).await.is_empty()
    })
    .await;
    for (id, phase, when, state, unanswered) in expected {
        let now = walk.gamers["host"].get(&format!("/challenges/{id}")).await.1;
        assert_eq!(now["state"], state, "{phase}, {when}: {now}");
        let tom = &now["guests"][0]["state"];
        assert_ne!(*tom, "pending", "nobody is asked any more: {phase}, {when}");
        if phase == "pending" {
            assert_eq!(*tom, unanswered, "{phase}, {when}");
        }
    }
}
