//! Who sees what: every route under `/api` that reads, asked by everybody about things of every audience, whatever the audience of
//! the profile. The routes are those of openapi.json; one without a row here fails.

use std::collections::{BTreeMap, BTreeSet};

use cairn_test_macros::cairn_test;
use reqwest::Method;
use serde_json::{Value, json};

use super::{Gamer, challenges, media::samples};
use crate::support::{Cairn, Place, document::DOCUMENT};

/// The audiences, the widest first.
const AUDIENCES: [&str; 3] = ["public", "friends", "private"];

/// How somebody stands to Ann, whose things these are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Relation {
    Herself,
    Friend,
    Follower,
    Stranger,
    /// By Ann, whom they once followed and who followed them.
    Blocked,
    /// They have blocked Ann.
    Blocking,
    SignedOut,
}

use Relation::{Blocked, Blocking, Follower, Friend, Herself, SignedOut, Stranger};

impl Relation {
    /// Whether they see something of that audience, the profile being of another.
    fn sees(self, audience: usize, profile: usize) -> bool {
        match self {
            Herself => true,
            Friend => audience.max(profile) <= 1,
            Follower | Stranger | SignedOut => audience.max(profile) == 0,
            Blocked | Blocking => false,
        }
    }

    fn follows(self) -> bool {
        matches!(self, Friend | Follower)
    }
}

/// What Ann has, of each audience.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Thing {
    Thought,
    Entry,
    /// What she says of a screenshot that is ready.
    Screenshot,
    /// What she says of a gathering.
    Gathering,
    /// What she wrote under somebody else's public thought.
    Comment,
    /// Her name and what she says of herself.
    Profile,
}

use Thing::{Comment, Entry, Gathering, Profile, Screenshot, Thought};

const THINGS: [Thing; 6] = [Thought, Entry, Screenshot, Gathering, Comment, Profile];

impl Thing {
    /// A text that occurs wherever it is shown, and nowhere else.
    fn mark(self, audience: usize) -> String {
        format!("{self:?}Of{}Ann", AUDIENCES[audience])
    }

    /// The audiences in which she has it.
    fn audiences(self) -> std::ops::Range<usize> {
        if matches!(self, Comment | Profile) { 0..1 } else { 0..3 }
    }
}

/// What a route shows of Ann.
#[derive(Clone, Copy, Debug)]
enum Shows {
    /// Nothing of people.
    Catalogue,
    /// What somebody has themselves: nothing of hers but to her.
    Own,
    /// These things of hers, as far as one sees them; all of them to those who do.
    Hers(&'static [Thing]),
    /// The same, to others who are signed in.
    Found(&'static [Thing]),
    /// The same, to those who follow her.
    FromFollowed(&'static [Thing]),
    /// Something of hers that nobody else ever sees, by its id.
    Private,
    /// One of three by its id, of each audience: 404 to those who don't see it.
    EachOfThree,
    /// The same, to those who are signed in.
    EachToSignedIn,
    /// How many of these one sees, in the member with that name.
    Count(Thing, &'static str),
    /// Perhaps her name, where those who ask know of her; never more.
    AtMost,
}

use Shows::{AtMost, Catalogue, Count, EachOfThree, EachToSignedIn, Found, FromFollowed, Hers, Own, Private};

/// Every route that reads. `{…}` is filled in.
const ROUTES: &[(&str, Shows)] = &[
    ("/api/users", Own),
    ("/api/users/{username}", Hers(&[Profile])),
    ("/api/users/{username}/library", Hers(&[Entry])),
    ("/api/users/{username}/statistics", Count(Entry, "entries")),
    ("/api/users/{username}/thoughts", Hers(&[Thought])),
    ("/api/users/{username}/media", Hers(&[Screenshot])),
    ("/api/people", AtMost),
    ("/api/people/place", Own),
    ("/api/follows", AtMost),
    ("/api/blocks", AtMost),
    ("/api/notices", AtMost),
    ("/api/notices/settings", Own),
    ("/api/library", Own),
    ("/api/library/statistics", Own),
    ("/api/library/export", Own),
    ("/api/library/{game_id}", Own),
    ("/api/library/import", Own),
    ("/api/library/import/{import_id}", Own),
    ("/api/library/import/{import_id}/rows", Own),
    ("/api/games", Catalogue),
    ("/api/games/discover", Own),
    ("/api/games/unclear", Catalogue),
    ("/api/games/{game_id}", Catalogue),
    ("/api/games/{game_id}/prices", Catalogue),
    ("/api/games/{game_id}/thoughts", Hers(&[Thought])),
    ("/api/games/{game_id}/traces", Own),
    ("/api/games/{game_id}/media", Hers(&[Screenshot])),
    ("/api/games/{game_id}/media/{media_uuid}", EachOfThree),
    ("/api/challenges", Own),
    ("/api/challenges/{challenge_id}", EachOfThree),
    ("/api/challenges/{challenge_id}/moves", EachOfThree),
    ("/api/challenges/{challenge_id}/calendar", EachToSignedIn),
    ("/api/thoughts", Own),
    ("/api/thoughts/{thought_id}", EachOfThree),
    ("/api/thoughts/{thought_id}/comments", EachOfThree),
    ("/api/thoughts/{thought_id}/history", Own),
    ("/api/feed", FromFollowed(&[Thought, Entry])),
    ("/api/home", FromFollowed(&[Thought, Entry])),
    ("/api/app-passwords", Own),
    ("/api/verdicts", Own),
    ("/api/moderation/queue", Own),
    ("/api/moderation/audit", Own),
    ("/api/moderation/moderators", Own),
    ("/api/saves", Own),
    ("/api/saves/{save_id}", Private),
    ("/api/saves/{save_id}/versions", Private),
    ("/api/saves/{save_id}/versions/{number}", Private),
];

/// Other questions of the same routes, and routes elsewhere that tell of people.
const MORE: &[(&str, Shows)] = &[
    ("/api/people?name=profile", Found(&[Profile])),
    ("/api/people?completed_min=0", AtMost),
    ("/api/games/{game_id}/thoughts?kind=reviews", AtMost),
    ("/api/games/{game_id}/thoughts?kind=notes&limit=1", AtMost),
    ("/api/users/{username}/thoughts?kind=notes", Hers(&[Thought])),
    ("/api/follows?list=followers", AtMost),
    ("/api/follows?list=friends", AtMost),
    ("/api/thoughts/{bobs}/comments", Hers(&[Comment])),
    ("/api/thoughts/{bobs}", Count(Comment, "comments")),
    ("/api/challenges?list=found", Found(&[Gathering])),
    ("/api/challenges?list=invited", Own),
    ("/api/feed?limit=1", AtMost),
    ("/v1/account/export", Own),
];

#[test]
fn every_route_that_reads_has_a_row() {
    let paths = DOCUMENT.whole["paths"].as_object().unwrap();
    let reads = paths.iter().filter(|(path, methods)| path.starts_with("/api/") && methods.get("get").is_some());
    let reads: BTreeSet<&str> = reads.map(|(path, _)| path.as_str()).collect();
    let rows: BTreeSet<&str> = ROUTES.iter().map(|(path, _)| *path).collect();
    assert_eq!(rows, reads);
}

/// Ann's world, and those who look at it.
struct World<'a> {
    viewers: Vec<(Relation, Gamer<'a>)>,
    /// Her thoughts, by audience.
    thoughts: Vec<String>,
    /// Her screenshots, by audience.
    media: Vec<String>,
    /// Her gatherings, by audience.
    gatherings: Vec<String>,
    /// Her save.
    save: String,
    /// The title that they are on.
    game: i64,
    /// A thought of her friend, under which she wrote.
    bobs: String,
    /// Her comment there.
    comment: String,
    /// What a moderator has hidden.
    hidden: &'static [Thing],
}

impl<'a> World<'a> {
    fn ann(&self) -> &Gamer<'a> {
        &self.viewers[0].1
    }

    async fn make(cairn: &'a Cairn, place: &Place) -> Self {
        let mut viewers = Vec::new();
        for (relation, name) in [
            (Herself, "ann"),
            (Friend, "bob"),
            (Follower, "carl"),
            (Stranger, "dora"),
            (Blocked, "eve"),
            (Blocking, "fred"),
        ] {
            viewers.push((relation, Gamer::new(cairn, place, name).await));
        }
        viewers.push((SignedOut, Gamer::stranger(cairn)));
        let game = cairn.new_title("steam:1", "Common Game", "2019", &["pc"]).await;
        let (thoughts, media, gatherings) = (Vec::new(), Vec::new(), Vec::new());
        let mut world = Self {
            viewers,
            thoughts,
            media,
            gatherings,
            save: String::new(),
            game,
            bobs: String::new(),
            comment: String::new(),
            hidden: &[],
        };
        world.set_profile(0).await;
        for (relation, viewer) in &world.viewers {
            if *relation != SignedOut {
                let place = json!({"latitude": 47.16, "longitude": 27.59, "audience": "private"});
                assert_eq!(viewer.send(Method::PUT, "/people/place", None, Some(place)).await.0, 200);
            }
        }
        for (one, other) in [(1, 0), (0, 1), (2, 0), (4, 0), (0, 4)] {
            world.viewers[one].1.follow(place, &world.viewers[other].1).await;
        }
        world.bobs = world.viewers[1].1.think(game, "bob's", "public").await;
        for audience in Thought.audiences() {
            let id = world.ann().think(game, &Thought.mark(audience), AUDIENCES[audience]).await;
            world.ann().post(&format!("/thoughts/{id}/comments"), json!({"text": "under her own"})).await;
            world.thoughts.push(id);
            let said = json!({"description": Screenshot.mark(audience), "audience": AUDIENCES[audience]});
            world.media.push(world.ann().show(game, &samples::png(), "image/png", said).await);
            let said = json!({"text": Gathering.mark(audience), "audience": AUDIENCES[audience]});
            let gathering = challenges::gathering(world.ann(), game, said).await;
            world.gatherings.push(gathering["id"].as_str().unwrap().to_owned());
            let entry =
                cairn.new_title(&format!("steam:{}", 10 + audience), &Entry.mark(audience), "2020", &["pc"]).await;
            let body = json!({"game": entry.to_string(), "state": "ongoing", "audience": AUDIENCES[audience]});
            let (status, entry) = world.ann().post("/library", body).await;
            assert_eq!(status, 201, "{entry}");
        }
        let text = json!({"text": Comment.mark(0)});
        let (status, comment) = world.ann().post(&format!("/thoughts/{}/comments", world.bobs), text).await;
        assert_eq!(status, 201, "{comment}");
        world.comment = comment["id"].as_str().unwrap().to_owned();
        world.save = world.ann().kept_save().await;
        for (one, other) in [(0, 4), (5, 0)] {
            world.viewers[one].1.block(place, &world.viewers[other].1).await;
        }
        world
    }

    /// Her profile, for that audience.
    async fn set_profile(&self, audience: usize) {
        let name = Profile.mark(0);
        let found_by = json!({"name": true, "place": true, "statistics": true});
        let profile = json!({"display_name": name, "bio": name, "audience": AUDIENCES[audience], "found_by": found_by});
        let (status, profile) = self.ann().send(Method::PUT, "/users", Some("*"), Some(profile)).await;
        assert_eq!(status, 200, "{profile}");
    }

    /// Whether somebody sees a thing of that audience.
    fn sees(&self, relation: Relation, thing: Thing, audience: usize, profile: usize) -> bool {
        relation.sees(audience, profile) && (relation == Herself || !self.hidden.contains(&thing))
    }

    /// What of three things, one of each audience, a path with their ids is about.
    fn thing_of(template: &str) -> Thing {
        match template {
            _ if template.contains("{media_uuid}") => Screenshot,
            _ if template.contains("{challenge_id}") => Gathering,
            _ => Thought,
        }
    }

    /// Has a moderator hide all that can be hidden of hers but her profile.
    async fn hide(&mut self, place: &Place) {
        let mo = Gamer::new(self.ann().cairn, place, "moe").await;
        place.execute_control(&format!("UPDATE \"user\" SET moderator = TRUE WHERE id = '{}'", mo.user)).await;
        let of = |kind: &'static str, ids: &[String]| -> Vec<Value> {
            ids.iter().map(|id| json!({"kind": kind, "id": id})).collect()
        };
        let comment = of("comment", std::slice::from_ref(&self.comment));
        let others = [of("thought", &self.thoughts), of("media", &self.media), of("challenge", &self.gatherings)];
        let subjects = [others.concat(), comment].concat();
        let body = json!({"subjects": subjects, "action": "hide", "reason": "spam"});
        let (status, outcomes) = mo.post("/moderation/verdicts", body).await;
        assert_eq!(status, 200, "{outcomes}");
        self.hidden = &[Thought, Screenshot, Gathering, Comment];
    }

    fn path(&self, template: &str, thought: usize) -> String {
        template
            .replace("{username}", "ann")
            .replace("{game_id}", &self.game.to_string())
            .replace("{thought_id}", &self.thoughts[thought])
            .replace("{challenge_id}", &self.gatherings[thought])
            .replace("{media_uuid}", &self.media[thought])
            .replace("{save_id}", &self.save)
            .replace("{number}", "1")
            .replace("{bobs}", &self.bobs)
            .replace("{import_id}", "01936b304c7e7a10b5d2c3e4f5a60718")
    }

    /// The marks in an answer.
    async fn ask(&self, viewer: &Gamer<'_>, path: &str) -> (u16, String) {
        let answer = viewer.at(Method::GET, path).send().await.unwrap();
        (answer.status().as_u16(), answer.text().await.unwrap())
    }

    /// What is wrong with the answers to one viewer.
    async fn faults(&self, (relation, viewer): &(Relation, Gamer<'_>), profile: usize) -> Vec<String> {
        let mut faults = Vec::new();
        for (template, shows) in ROUTES.iter().chain(MORE) {
            let each = if matches!(shows, EachOfThree | EachToSignedIn) { 0..3 } else { 0..1 };
            for thought in each {
                let path = self.path(template, thought);
                let (status, body) = self.ask(viewer, &path).await;
                let mut wrong = |what: String| {
                    faults.push(format!("{path} to {relation:?}, profile {}: {what}", AUDIENCES[profile]));
                };
                for (thing, audience) in
                    THINGS.iter().flat_map(|thing| thing.audiences().map(move |audience| (*thing, audience)))
                {
                    let mark = thing.mark(audience);
                    // The catalogue has all titles, whoever plays them. Who blocks somebody sees whom, to take it back.
                    let names_title = thing == Entry && matches!(shows, Catalogue);
                    let own_block = thing == Profile && *template == "/api/blocks" && *relation == Blocking;
                    let sees = self.sees(*relation, thing, audience, profile);
                    if body.contains(&mark) && !sees && !names_title && !own_block {
                        wrong(format!("leaks {mark}"));
                    }
                    let expected = match shows {
                        Hers(things) => things.contains(&thing),
                        Found(things) => things.contains(&thing) && !matches!(relation, Herself | SignedOut),
                        FromFollowed(things) => things.contains(&thing) && relation.follows(),
                        _ => false,
                    };
                    if expected && sees && !body.contains(&mark) {
                        wrong(format!("lacks {mark}: {status} {body}"));
                    }
                }
                match shows {
                    EachOfThree
                        if (status == 200) != self.sees(*relation, Self::thing_of(template), thought, profile) =>
                    {
                        wrong(format!("answers {status}"));
                    }
                    EachToSignedIn => {
                        let sees = self.sees(*relation, Self::thing_of(template), thought, profile);
                        let sees = sees && *relation != SignedOut;
                        if (status == 200) != sees {
                            wrong(format!("answers {status}"));
                        }
                    }
                    Count(thing, member) => {
                        let seen = thing
                            .audiences()
                            .filter(|audience| self.sees(*relation, *thing, *audience, profile))
                            .count();
                        let body: Value = serde_json::from_str(&body).unwrap();
                        let told = body[member].as_u64().unwrap_or_default();
                        if told != u64::try_from(seen).unwrap() {
                            wrong(format!("counts {told}, not {seen}"));
                        }
                    }
                    Private if (status == 200) != (*relation == Herself) => wrong(format!("answers {status}")),
                    Own if *relation == SignedOut && status != 401 => wrong(format!("answers {status}")),
                    _ => {}
                }
            }
        }
        faults
    }
}

#[cairn_test]
async fn nobody_is_shown_what_is_not_for_them_on_any_route(place: &Place) {
    let cairn = Cairn::start(place, &[("CAIRN_BLOBS_SHARED", "true")]).await;
    let world = World::make(&cairn, place).await;
    let mut faults = BTreeMap::new();
    for profile in 0..AUDIENCES.len() {
        world.set_profile(profile).await;
        for viewer in &world.viewers {
            faults.insert((profile, format!("{:?}", viewer.0)), world.faults(viewer, profile).await);
        }
    }
    let faults: Vec<String> = faults.into_values().flatten().collect();
    assert!(faults.is_empty(), "{} faults: {faults:#?}", faults.len());
    cairn.stop().await;
}

#[cairn_test]
async fn what_a_moderator_has_hidden_is_shown_to_nobody_else_on_any_route(place: &Place) {
    let cairn = Cairn::start(place, &[("CAIRN_BLOBS_SHARED", "true")]).await;
    let mut world = World::make(&cairn, place).await;
    world.hide(place).await;
    let mut faults = Vec::new();
    for viewer in &world.viewers {
        faults.extend(world.faults(viewer, 0).await);
    }
    assert!(faults.is_empty(), "{} faults: {faults:#?}", faults.len());
    cairn.stop().await;
}
