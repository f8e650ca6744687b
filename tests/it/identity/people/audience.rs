//! Who is shown what: the conditions that all domains use.

use cairn::identity::people::Audience;
use cairn_test_macros::cairn_test;

use crate::support::{Cairn, Place, white_box::Relations};

const ALL: [Audience; 3] = [Audience::Public, Audience::Friends, Audience::Private];

/// What a viewer is to an owner, and whether they are shown what is for everybody and what is for friends, where the owner's
/// profile is for everybody.
const VIEWERS: [(&str, bool, bool); 8] = [
    ("self", true, true),
    ("friend", true, true),
    ("follower", true, false),
    ("followed", true, false),
    ("stranger", true, false),
    ("blocked", false, false),
    ("blocker", false, false),
    ("nobody", true, false),
];

/// Whether a viewer is shown a thing of that audience of an owner whose profile is for that audience.
fn expected(viewer: (&str, bool, bool), profile: Audience, thing: Audience) -> bool {
    let (name, everything_public, everything_of_friends) = viewer;
    match profile.max(thing) {
        Audience::Public => everything_public,
        Audience::Friends => everything_of_friends,
        Audience::Private => name == "self",
    }
}

/// Owners `public`, `friends` and `private`, and viewers who stand to each of them as their name says. Those who have blocked, or
/// were, are friends besides.
async fn people(place: &Place) -> Relations<'_> {
    let people = Relations(place);
    for (owner, audience) in OWNERS {
        people.add(owner, audience).await;
    }
    for (viewer, ..) in VIEWERS.into_iter().filter(|(name, ..)| !["self", "nobody"].contains(name)) {
        people.add(viewer, Audience::Private).await;
        for (owner, _) in OWNERS {
            if ["friend", "follower", "blocked", "blocker"].contains(&viewer) {
                people.follow(viewer, owner).await;
            }
            if ["friend", "followed", "blocked", "blocker"].contains(&viewer) {
                people.follow(owner, viewer).await;
            }
            match viewer {
                "blocked" => people.block(owner, viewer).await,
                "blocker" => people.block(viewer, owner).await,
                _ => {}
            }
        }
    }
    people
}

const OWNERS: [(&str, Audience); 3] =
    [("publik", Audience::Public), ("friendly", Audience::Friends), ("privat", Audience::Private)];

#[cairn_test]
async fn a_thing_is_shown_to_whom_its_audience_and_the_profile_both_allow(place: &Place) {
    let cairn = Cairn::start(place, &[]).await;
    people(place).await;
    let mut wrong = Vec::new();
    for viewer in VIEWERS {
        for (owner, profile) in OWNERS {
            let user = match viewer.0 {
                "nobody" => None,
                "self" => Some(Relations::user(owner)),
                name => Some(Relations::user(name)),
            };
            for thing in ALL {
                let is_shown = cairn.owners_shown(user.as_ref(), thing).await.iter().any(|shown| shown == owner);
                if is_shown != expected(viewer, profile, thing) {
                    wrong.push(format!("{} sees {thing:?} of a profile {profile:?}: {is_shown}", viewer.0));
                }
            }
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
    cairn.stop().await;
}

#[cairn_test]
async fn a_person_is_found_and_carded_unless_hidden_or_blocked(place: &Place) {
    let cairn = Cairn::start(place, &[]).await;
    people(place).await;
    let owners: Vec<_> = OWNERS.iter().map(|(owner, _)| Relations::user(owner)).collect();
    for (viewer, known) in [
        ("friend", &["friendly", "publik"][..]),
        ("follower", &["publik"]),
        // One who follows somebody shows themself to them, to be followed back.
        ("followed", &["friendly", "publik"]),
        ("stranger", &["publik"]),
        ("blocked", &[]),
        ("blocker", &[]),
        ("nobody", &["publik"]),
    ] {
        let user = Some(Relations::user(viewer)).filter(|_| viewer != "nobody");
        assert_eq!(cairn.cards(user.as_ref(), &owners).await, known, "{viewer}");
        for (owner, _) in OWNERS {
            let found = cairn.found(user.as_ref(), owner).await;
            assert_eq!(found.is_some(), known.contains(&owner), "{viewer} looks for {owner}");
        }
    }
    let own = Relations::user("privat");
    assert_eq!(cairn.found(Some(&own), "privat").await, Some(own), "oneself");
    cairn.stop().await;
}

#[cairn_test]
async fn a_person_is_found_in_any_case_but_not_by_a_name_that_looks_alike(place: &Place) {
    let cairn = Cairn::start(place, &[]).await;
    Relations(place).add("bob", Audience::Public).await;
    assert!(cairn.found(None, "BoB").await.is_some());
    for other in ["b0b", "b-ob", "bobb", "", "bob/"] {
        assert_eq!(cairn.found(None, other).await, None, "{other}");
    }
    cairn.stop().await;
}

#[cairn_test]
async fn a_user_without_a_username_is_shown_to_nobody(place: &Place) {
    let cairn = Cairn::start(place, &[]).await;
    let people = Relations(place);
    people.add("ann", Audience::Public).await;
    people.add("bob", Audience::Public).await;
    place.execute_control("DELETE FROM profile WHERE username = 'bob'").await;
    let ann = Relations::user("ann");
    assert_eq!(cairn.cards(Some(&ann), &[Relations::user("bob"), ann.clone()]).await, ["ann"]);
    cairn.stop().await;
}

#[cairn_test]
async fn whom_one_follows_is_known_to_other_statements(place: &Place) {
    let cairn = Cairn::start(place, &[]).await;
    let people = Relations(place);
    for name in ["ann", "bob", "cyd"] {
        people.add(name, Audience::Public).await;
    }
    people.follow("ann", "bob").await;
    people.follow("cyd", "ann").await;
    assert_eq!(cairn.followed(&Relations::user("ann")).await, ["bob"]);
    cairn.stop().await;
}
