//! What answers about notices contain.

use poem_openapi::{ApiResponse, Object, types::Example};
use serde_json::Value;

use super::model::{Notice, NoticePage, NoticeSetting};
use crate::{
    http::{no_store::NoStore, schema::Timestamp},
    identity::{
        examples::{self, TIME_MS},
        profiles::PersonCard,
    },
};

/// The answer with notices.
#[derive(ApiResponse)]
pub enum NoticesListed {
    /// A page of them, the newest first.
    #[oai(status = 200)]
    Notices(NoStore<NoticeList>),
}

/// The answer with the settings of notices.
#[derive(ApiResponse)]
pub enum SettingsListed {
    /// All kinds.
    #[oai(status = 200)]
    Settings(NoStore<SettingList>),
}

/// The answer with the setting of one kind.
#[derive(ApiResponse)]
pub enum SettingAnswer {
    /// As it is now.
    #[oai(status = 200)]
    Setting(NoStore<SettingResponse>),
}

/// The person who did something.
#[derive(Debug, Object)]
#[oai(example, rename = "Card")]
pub struct CardResponse {
    /// The name by which others address the person.
    #[oai(validator(min_length = 3, max_length = 32))]
    username: String,
    /// What others call the person.
    #[oai(skip_serializing_if_is_none, validator(min_length = 1, max_length = 32))]
    display_name: Option<String>,
}

impl Example for CardResponse {
    fn example() -> Self {
        Self { username: examples::username(), display_name: Some(examples::display_name()) }
    }
}

impl From<PersonCard> for CardResponse {
    fn from(card: PersonCard) -> Self {
        Self { username: card.username, display_name: card.display_name }
    }
}

/// Something that you are told.
#[derive(Debug, Object)]
#[oai(example, rename = "Notice")]
pub struct NoticeResponse {
    /// Its id.
    notice_id: String,
    /// What it is about, such as `followed`. Later versions may have further kinds.
    kind: String,
    /// When it happened last.
    at: Timestamp,
    /// How often it has happened since the first time.
    times: u32,
    /// Whether you have read it.
    read: bool,
    /// Who did it, if it was a person.
    #[oai(skip_serializing_if_is_none)]
    person: Option<CardResponse>,
    /// The id of what it is about, if it is about a thing.
    #[oai(skip_serializing_if_is_none)]
    subject: Option<String>,
    /// Ids and numbers that depend on the kind.
    #[oai(skip_serializing_if_is_none)]
    detail: Option<Value>,
}

impl Example for NoticeResponse {
    fn example() -> Self {
        Self {
            notice_id: examples::notice(),
            kind: "followed".to_owned(),
            at: Timestamp(TIME_MS),
            times: 1,
            read: false,
            person: Some(CardResponse::example()),
            subject: None,
            detail: None,
        }
    }
}

impl From<Notice> for NoticeResponse {
    fn from(notice: Notice) -> Self {
        Self {
            notice_id: notice.id.to_string(),
            kind: notice.kind,
            at: Timestamp(notice.at_ms),
            times: u32::try_from(notice.times).unwrap_or(1),
            read: notice.is_read,
            person: notice.person.map(CardResponse::from),
            subject: notice.subject,
            detail: notice.detail,
        }
    }
}

/// A page of notices.
#[derive(Debug, Object)]
#[oai(example, rename = "NoticePage")]
pub struct NoticeList {
    /// The notices.
    #[oai(validator(max_items = 100))]
    items: Vec<NoticeResponse>,
    /// Where the next page begins.
    next: String,
    /// Whether others follow.
    more: bool,
    /// How many are unread, on all pages.
    unread: u32,
}

impl Example for NoticeList {
    fn example() -> Self {
        let next = "1795248000000.4211".to_owned();
        Self { items: vec![NoticeResponse::example()], next, more: false, unread: 1 }
    }
}

impl NoticeList {
    /// A page that began after `after`.
    pub fn new(notices: NoticePage, after: Option<(i64, i64)>) -> Self {
        let last = notices.page.items.last().map(|notice| (notice.at_ms, notice.id)).or(after);
        Self {
            items: notices.page.items.into_iter().map(NoticeResponse::from).collect(),
            next: last.map(|(at_ms, id)| format!("{at_ms}.{id}")).unwrap_or_default(),
            more: notices.page.more,
            unread: u32::try_from(notices.unread).unwrap_or(u32::MAX),
        }
    }
}

/// Whether you want notices of a kind.
#[derive(Debug, Object)]
#[oai(example, rename = "NoticeSetting")]
pub struct SettingResponse {
    /// The kind.
    kind: String,
    /// What you are told with it.
    about: String,
    /// Whether you are told at all.
    app: bool,
    /// Whether by email too, as often as your profile says.
    mail: bool,
}

impl Example for SettingResponse {
    fn example() -> Self {
        Self { kind: "followed".to_owned(), about: "Somebody follows you.".to_owned(), app: true, mail: false }
    }
}

impl From<NoticeSetting> for SettingResponse {
    fn from(setting: NoticeSetting) -> Self {
        let NoticeSetting { kind, app, mail } = setting;
        Self { kind: kind.name.to_owned(), about: kind.about.to_owned(), app, mail }
    }
}

/// The kinds of notices, and whether you want them.
#[derive(Debug, Object)]
#[oai(example, rename = "NoticeSettings")]
pub struct SettingList {
    /// All kinds.
    items: Vec<SettingResponse>,
}

impl Example for SettingList {
    fn example() -> Self {
        Self { items: vec![SettingResponse::example()] }
    }
}

impl FromIterator<NoticeSetting> for SettingList {
    fn from_iter<I: IntoIterator<Item = NoticeSetting>>(settings: I) -> Self {
        Self { items: settings.into_iter().map(SettingResponse::from).collect() }
    }
}
