//! `/api/users`: making, showing and deleting an account.

use cairn_test_macros::cairn_test;
use reqwest::Method;
use serde_json::{Value, json};

use super::Caller;
use crate::support::{
    Cairn, Place,
    mail::Mailbox,
    person::{PASSWORD, Person, refusal},
};

/// Asks for an account, and makes it with that username.
async fn create(caller: &Caller<'_>, mailbox: &Mailbox, email: &str, username: &str) -> (u16, Value) {
    assert_eq!(caller.post("/users", json!({"email": email})).await, (202, json!({"email": email})));
    let code = mailbox.take(email, "Your code for a new account").await.code();
    caller.post("/users", json!({"code": code, "password": PASSWORD, "username": username})).await
}

#[cairn_test]
async fn an_account_is_made_in_two_steps_with_a_username(place: &Place) {
    let (cairn, mailbox) = (Cairn::start(place, &[]).await, Mailbox::in_data_of(place));
    let nobody = Caller::nobody(&cairn);
    let (status, me) = create(&nobody, &mailbox, "ann@example.org", "Ann").await;
    assert_eq!((status, &me["username"], &me["email"]), (201, &"Ann".into(), &"ann@example.org".into()), "{me}");
    let mut person = Person::new(&cairn);
    person.sign_in("ann@example.org", PASSWORD).await;
    let ann = Caller { cairn: &cairn, token: person.token.clone() };
    assert_eq!(ann.get("/users").await.1["username"], "Ann");
    assert_eq!(person.get("").await.1["email"], "ann@example.org", "the same account under /v1/account");
    cairn.stop().await;
}

#[cairn_test]
async fn a_taken_username_leaves_the_code_as_it_is(place: &Place) {
    let (cairn, mailbox) = (Cairn::start(place, &[]).await, Mailbox::in_data_of(place));
    let nobody = Caller::nobody(&cairn);
    Caller::signed_in(&cairn, place, "bill").await;
    nobody.post("/users", json!({"email": "bob@example.org"})).await;
    let code = mailbox.take("bob@example.org", "Your code for a new account").await.code();
    let make = async |username: &str| {
        nobody.post("/users", json!({"code": code, "password": PASSWORD, "username": username})).await
    };
    for alike in ["bill", "BILL", "b-i-l-l", "b1ll"] {
        assert_eq!(refusal(make(alike).await), (409, "username_taken".to_owned()), "{alike}");
    }
    assert_eq!(make("bob").await.0, 201);
    cairn.stop().await;
}

#[cairn_test]
async fn each_step_names_what_it_lacks(cairn: &Cairn) {
    let nobody = Caller::nobody(cairn);
    for (body, pointers) in [
        (json!({}), &["/email"][..]),
        (json!({"email": "no address"}), &["/email"]),
        (json!({"code": "x"}), &["/password", "/username"]),
        (json!({"code": "x", "password": PASSWORD, "username": "x"}), &["/username"]),
        (json!({"code": "x", "password": PASSWORD, "username": "ann", "email": "a@b.c"}), &["/email"]),
        (json!({"email": "a@b.c", "usrname": "ann"}), &["/usrname"]),
    ] {
        let (status, problem) = nobody.post("/users", body.clone()).await;
        let named: Vec<&str> =
            problem["errors"].as_array().unwrap().iter().map(|fault| fault["pointer"].as_str().unwrap()).collect();
        assert_eq!((status, named.as_slice()), (422, pointers), "{body}");
    }
}

#[cairn_test]
async fn an_account_without_a_username_chooses_one_later(place: &Place) {
    let (cairn, mailbox) = (Cairn::start(place, &[]).await, Mailbox::in_data_of(place));
    let (person, _) = Person::signed_in(&cairn, "ann@example.org", &mailbox).await;
    let ann = Caller { cairn: &cairn, token: person.token.clone() };
    let other = Caller::signed_in(&cairn, place, "bob").await;
    let (status, me) = ann.get("/users").await;
    assert_eq!((status, &me["username"]), (200, &Value::Null));
    assert_eq!(refusal(ann.put("/users", json!({"bio": "Hello."})).await), (409, "username_needed".to_owned()));
    assert_eq!(refusal(ann.call(Method::PUT, "/follows/bob", None).await), (409, "username_needed".to_owned()));
    assert_eq!(refusal(ann.put("/users", json!({"username": "Bob"})).await), (409, "username_taken".to_owned()));
    assert_eq!(ann.profile(json!({"username": "ann"})).await["username"], "ann");
    assert_eq!(other.get("/users/ann").await.0, 200);
    cairn.stop().await;
}

#[cairn_test]
async fn an_account_is_deleted_with_the_password_and_with_all_of_it(place: &Place) {
    let (cairn, mailbox) = (Cairn::start(place, &[]).await, Mailbox::in_data_of(place));
    let nobody = Caller::nobody(&cairn);
    create(&nobody, &mailbox, "ann@example.org", "ann").await;
    let mut person = Person::new(&cairn);
    person.sign_in("ann@example.org", PASSWORD).await;
    let ann = Caller { cairn: &cairn, token: person.token.clone() };
    let bob = Caller::signed_in(&cairn, place, "bob").await;
    ann.set("/follows/bob").await;
    bob.set("/follows/ann").await;
    ann.put("/people/place", json!({"latitude": 44.43, "longitude": 26.1})).await;
    let delete = async |password: &str| ann.call(Method::DELETE, "/users", Some(json!({"password": password}))).await;
    assert_eq!(refusal(ann.call(Method::DELETE, "/users", Some(json!({}))).await), (422, "invalid".to_owned()));
    assert_eq!(refusal(delete("not the password").await), (403, "wrong_password".to_owned()));
    assert_eq!(delete(PASSWORD).await, (204, Value::Null));
    assert_eq!(bob.get("/users/ann").await.0, 404);
    assert!(bob.usernames("/follows?list=followers").await.is_empty());
    assert!(bob.items("/notices").await.is_empty(), "nobody is told of somebody who is gone");
    for table in ["follow", "place", "name_word", "notice"] {
        let column = if table == "follow" { "follower" } else { "user_id" };
        let left = place.control_texts(&format!("SELECT {column} FROM {table}")).await;
        let of_bob = |user: &String| user.ends_with("bob");
        assert!(left.iter().all(of_bob), "{table}: {left:?}");
    }
    assert_eq!(create(&nobody, &mailbox, "ann@new.example", "ann").await.0, 201, "the username is free");
    cairn.stop().await;
}

#[cairn_test]
async fn an_export_has_all_that_is_kept_of_a_person_and_no_ids_of_others(place: &Place) {
    let (cairn, mailbox) = (Cairn::start(place, &[]).await, Mailbox::in_data_of(place));
    create(&Caller::nobody(&cairn), &mailbox, "ann@example.org", "ann").await;
    let mut person = Person::new(&cairn);
    person.sign_in("ann@example.org", PASSWORD).await;
    let ann = Caller { cairn: &cairn, token: person.token.clone() };
    let bob = Caller::signed_in(&cairn, place, "bob").await;
    let _eve = Caller::signed_in(&cairn, place, "eve").await;
    ann.profile(json!({"bio": "Hello.", "languages": ["ro"]})).await;
    ann.set("/follows/bob").await;
    bob.set("/follows/ann").await;
    ann.set("/blocks/eve").await;
    ann.put("/people/place", json!({"latitude": 44.43, "longitude": 26.1})).await;
    ann.put("/notices/settings/followed", json!({"app": true, "mail": true})).await;
    let kept = person.get("/export").await.1["kept"].clone();
    let people = &kept["people"];
    assert_eq!(people["profile"][0]["bio"], "Hello.");
    assert_eq!(people["place"].as_array().unwrap().len(), 1);
    for list in ["followed", "followers"] {
        assert_eq!(people[list][0]["username"], "bob", "{list}");
    }
    assert_eq!(people["blocks"][0]["username"], "eve");
    assert_eq!(kept["notices"]["notices"][0]["username"], "bob");
    assert_eq!(kept["notices"]["settings"][0]["mail"], true);
    assert!(!kept.to_string().contains("00bob"), "ids of others: {kept}");
    cairn.stop().await;
}
