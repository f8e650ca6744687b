//! Emails about challenges, by a mail server, in the language of who reads them.

use cairn_test_macros::cairn_test;
use reqwest::Method;
use serde_json::json;

use super::{super::Gamer, gathering, path};
use crate::support::{
    Cairn, Place, eventually,
    mail::{Email, MailServer, Manner},
    white_box::Relations,
};

/// The emails to somebody that have a text in them.
fn with<'a>(emails: &'a [Email], to: &str, text: &str) -> Vec<&'a Email> {
    emails.iter().filter(|email| email.to == format!("{to}@example.org") && email.text.contains(text)).collect()
}

#[cairn_test]
async fn guests_get_emails_in_their_language_with_area_time_and_link(place: &Place) {
    let Some(mail) = MailServer::running(Manner::Plain).await else { return };
    let settings = [("CAIRN_MAIL_URL", mail.url.as_str()), ("CAIRN_PUBLIC_URL", "http://cairn.example")];
    let cairn = Cairn::start(place, &settings).await;
    let people = Relations(place);
    let mut all = Vec::new();
    for name in ["ann", "bob", "radu", "eve"] {
        all.push(Gamer::known(&cairn, (String::new(), Some(people.signed_in(name, 1).await))));
    }
    let [ann, bob, radu, eve] = &all[..] else { unreachable!() };
    let romanian = json!({"preferences": {"language": "ro-RO"}});
    assert_eq!(radu.send(Method::PUT, "/users", Some("*"), Some(romanian)).await.0, 200);
    let off = json!({"app": false, "mail": false});
    assert_eq!(eve.send(Method::PUT, "/notices/settings/challenge_invited", None, Some(off)).await.0, 200);
    let game = cairn.new_title("steam:1", "Outer Wilds", "2019", &["pc"]).await;
    let said =
        json!({"invited": ["bob", "radu", "eve"], "capacity": 1, "address": "Strada 7", "text": "Nothing of this."});
    let made = gathering(ann, game, said).await;
    let path = path(&made);
    let link = format!("http://cairn.example/api{path}");
    let local = made["local_time"].as_str().unwrap()[..16].replace('T', " ");
    let when = format!("{local} (Europe/Bucharest)");
    let arrives = async |to: &str, text: &str| {
        eventually(&format!("an email to {to} with {text}; there are {:?}", mail.mailbox.all()), async || {
            !with(&mail.mailbox.all(), to, text).is_empty()
        })
        .await;
        let emails = mail.mailbox.all();
        let found = with(&emails, to, text);
        assert_eq!(found.len(), 1, "{to} gets one: {found:?}");
        let email = found[0].clone();
        for part in ["Outer Wilds", "Iași, Copou", &link, &when] {
            assert!(email.text.contains(part), "{part}: {email:?}");
        }
        for part in ["Strada", "Nothing of this"] {
            assert!(!email.text.contains(part), "{email:?}");
        }
        email
    };
    let invited = arrives("bob", "ann invites you to play Outer Wilds.").await;
    assert_eq!(invited.subject, "You are invited to play Outer Wilds");
    arrives("radu", "ann te invită să joci Outer Wilds.").await;
    assert_eq!(bob.accepts(&path).await, "accepted");
    assert_eq!(radu.accepts(&path).await, "waiting");
    bob.declines(&path).await;
    arrives("radu", "S-a eliberat un loc pentru tine").await;
    assert_eq!(radu.accepts(&path).await, "accepted");
    assert_eq!(bob.accepts(&path).await, "waiting");
    ann.calls_off(&path).await;
    arrives("radu", "s-a anulat").await;
    arrives("bob", "is called off").await;
    let emails = mail.mailbox.all();
    assert!(with(&emails, "eve", "invites").is_empty(), "who has switched it off: {emails:?}");
    let jobs = async || place.control_texts("SELECT payload FROM job WHERE kind LIKE 'challenge_e%'").await;
    eventually("all emails are sent", async || jobs().await.is_empty()).await;
    assert_eq!(mail.mailbox.all().len(), 6, "no others but that eve's place is gone: {:?}", mail.mailbox.all());
    assert_eq!(with(&mail.mailbox.all(), "eve", "is called off").len(), 1);
    cairn.stop().await;
}
