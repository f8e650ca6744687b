//! Notices as the domains store them.

use cairn::identity::{
    notices::{NewNotice, NoticeKind},
    people::Audience,
};
use cairn_test_macros::cairn_test;

use crate::support::{Cairn, Place, white_box::Relations};

const FELL: NoticeKind = NoticeKind { name: "fell", about: "A price fell.", romanian: "Un preț a scăzut." };

async fn kinds(place: &Place) -> Vec<String> {
    place.control_texts("SELECT kind FROM notice ORDER BY id").await
}

#[cairn_test]
async fn what_happens_again_is_one_notice_that_becomes_unread(place: &Place) {
    let cairn = Cairn::start(place, &[]).await;
    let people = Relations(place);
    people.add("ann", Audience::Public).await;
    let ann = Relations::user("ann");
    let folded = |fold: Option<&str>| NewNotice {
        user: &ann,
        kind: FELL,
        actor: None,
        subject: Some("7".to_owned()),
        detail: None,
        fold: fold.map(str::to_owned),
    };
    cairn.tell(&folded(Some("fell:7"))).await;
    place.execute_control("UPDATE notice SET read_at_ms = 1").await;
    cairn.tell(&folded(Some("fell:7"))).await;
    assert_eq!(kinds(place).await.len(), 1, "folded");
    let unread = "SELECT kind FROM notice WHERE read_at_ms IS NULL AND times = 2";
    assert_eq!(place.control_texts(unread).await.len(), 1, "unread again");
    cairn.tell(&folded(Some("fell:8"))).await;
    cairn.tell(&folded(None)).await;
    cairn.tell(&folded(None)).await;
    assert_eq!(kinds(place).await.len(), 4, "of others and of none");
    cairn.stop().await;
}

#[cairn_test]
async fn nobody_is_told_of_what_they_switched_off_or_whom_they_blocked(place: &Place) {
    let cairn = Cairn::start(place, &[]).await;
    let people = Relations(place);
    for name in ["ann", "bob", "cyd", "dan"] {
        people.add(name, Audience::Public).await;
    }
    people.block("ann", "bob").await;
    people.block("cyd", "ann").await;
    let ann = Relations::user("ann");
    let told = async |kind: NoticeKind, actor: Option<&str>| {
        let actor = actor.map(Relations::user);
        let notice = NewNotice { user: &ann, kind, actor: actor.as_ref(), subject: None, detail: None, fold: None };
        let before = kinds(place).await.len();
        cairn.tell(&notice).await;
        kinds(place).await.len() > before
    };
    assert!(told(FELL, None).await);
    assert!(told(FELL, Some("dan")).await, "by somebody");
    assert!(!told(FELL, Some("bob")).await, "whom she blocked");
    assert!(!told(FELL, Some("cyd")).await, "who blocked her");
    let off = format!("INSERT INTO notice_setting VALUES ('{ann}', 'fell', FALSE, FALSE)");
    place.execute_control(&off).await;
    assert!(!told(FELL, None).await, "switched off");
    assert!(told(NoticeKind { name: "rose", ..FELL }, None).await, "another kind");
    place.execute_control(&format!("DELETE FROM \"user\" WHERE id = '{ann}'")).await;
    assert!(!told(FELL, None).await, "gone");
    assert!(kinds(place).await.is_empty(), "with all that she was told");
    cairn.stop().await;
}

#[cairn_test]
async fn the_oldest_notices_give_way(place: &Place) {
    let cairn = Cairn::start(place, &[]).await;
    Relations(place).add("ann", Audience::Public).await;
    let ann = Relations::user("ann");
    let old = (0..500).map(|at| format!("('{ann}', 'k{at}', 1, {at})")).collect::<Vec<_>>().join(", ");
    place.execute_control(&format!("INSERT INTO notice (user_id, kind, times, at_ms) VALUES {old}")).await;
    cairn.tell(&NewNotice { user: &ann, kind: FELL, actor: None, subject: None, detail: None, fold: None }).await;
    let kinds = kinds(place).await;
    assert_eq!((kinds.len(), kinds[0].as_str(), kinds[499].as_str()), (500, "k1", "fell"));
    cairn.stop().await;
}
