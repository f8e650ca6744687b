//! Blocking people.

use cairn_test_macros::cairn_test;
use reqwest::Method;
use serde_json::json;

use super::Caller;
use crate::support::{Cairn, Place, person::refusal};

#[cairn_test]
async fn a_block_hides_both_from_each_other_and_ends_what_was_between_them(place: &Place) {
    let cairn = Cairn::start(place, &[]).await;
    let ann = Caller::signed_in(&cairn, place, "ann").await;
    let bob = Caller::signed_in(&cairn, place, "bob").await;
    for who in [&ann, &bob] {
        who.profile(json!({"found_by": {"name": true}})).await;
    }
    ann.set("/follows/bob").await;
    bob.set("/follows/ann").await;
    ann.set("/blocks/bob").await;
    ann.set("/blocks/bob").await;
    for (who, other) in [(&ann, "bob"), (&bob, "ann")] {
        let gone = (404, "person_not_found".to_owned());
        assert_eq!(refusal(who.get(&format!("/users/{other}")).await), gone);
        assert_eq!(refusal(who.call(Method::PUT, &format!("/follows/{other}"), None).await), gone);
        for list in ["followed", "followers", "friends"] {
            assert!(who.usernames(&format!("/follows?list={list}")).await.is_empty(), "{other} in {list}");
        }
        assert!(who.usernames(&format!("/people?name={other}")).await.is_empty(), "search for {other}");
        assert!(who.items("/notices").await.is_empty(), "notices of {other}");
    }
    assert_eq!(ann.usernames("/blocks").await, ["bob"]);
    assert!(bob.usernames("/blocks").await.is_empty(), "who is blocked is not told");
    cairn.stop().await;
}

#[cairn_test]
async fn who_was_blocked_and_is_no_longer_starts_anew(place: &Place) {
    let cairn = Cairn::start(place, &[]).await;
    let ann = Caller::signed_in(&cairn, place, "ann").await;
    let bob = Caller::signed_in(&cairn, place, "bob").await;
    bob.set("/follows/ann").await;
    ann.set("/blocks/bob").await;
    ann.unset("/blocks/bob").await;
    ann.unset("/blocks/bob").await;
    ann.unset("/blocks/nobody-at-all").await;
    assert!(ann.usernames("/blocks").await.is_empty());
    assert_eq!(bob.get("/users/ann").await.1["followed"], false);
    bob.set("/follows/ann").await;
    cairn.stop().await;
}

#[cairn_test]
async fn nobody_blocks_themselves_or_whom_they_do_not_see(place: &Place) {
    let cairn = Cairn::start(place, &[]).await;
    let ann = Caller::signed_in(&cairn, place, "ann").await;
    let bob = Caller::signed_in(&cairn, place, "bob").await;
    let block =
        async |who: &Caller<'_>, name: &str| refusal(who.call(Method::PUT, &format!("/blocks/{name}"), None).await);
    assert_eq!(block(&ann, "ann").await, (409, "oneself".to_owned()));
    assert_eq!(block(&ann, "nobody-at-all").await, (404, "person_not_found".to_owned()));
    bob.set("/blocks/ann").await;
    assert_eq!(block(&ann, "bob").await, (404, "person_not_found".to_owned()), "who has blocked her");
    cairn.stop().await;
}
