//! What requests about notices contain.

use poem_openapi::{Object, types::Example};

use super::model::{Marked, NoticeError};
use crate::{
    http::{
        declaration::{Param, Values},
        page::Paged,
        params::{self, QueryParams, QueryReader, UriReader},
    },
    identity::examples,
    platform::codec::fields::{BodyReader, Fields},
};

/// Notices that one request marks at most: all that a user has.
const MARKED_AT_ONCE: usize = 500;

/// The pages of notices.
#[derive(Debug)]
pub struct NoticePages;

impl Paged for NoticePages {
    /// When it happened, and the id.
    type Cursor = (i64, i64);
    const DEFAULT_LIMIT: usize = 50;
    const MAX_LIMIT: usize = 100;
    const EXAMPLE_CURSOR: &'static str = "1795248000000.4211";

    fn parse(cursor: &str) -> Result<(i64, i64), String> {
        let parts = cursor.split_once('.').and_then(|(at, id)| Some((at.parse().ok()?, id.parse().ok()?)));
        parts.ok_or_else(|| "must be the next of the page before".to_owned())
    }
}

/// Which notices are listed.
#[derive(Clone, Copy, Debug)]
pub struct NoticeFilter {
    /// Only those that were not read.
    pub only_unread: bool,
}

const SHOW: Param = Param {
    name: "show",
    about: "All notices, or only those that you have not read.",
    values: Values::OneOf(&["all", "unread"]),
    example: "unread",
};

impl QueryParams for NoticeFilter {
    fn read(reader: &mut QueryReader<'_>) -> Option<Self> {
        let only_unread = reader.optional(&SHOW, |text| match text {
            "all" => Ok(false),
            "unread" => Ok(true),
            _ => Err("must be all or unread".to_owned()),
        });
        Some(Self { only_unread: only_unread.unwrap_or_default() })
    }
}

/// The id of a notice in a path or a body.
///
/// # Errors
/// [`NoticeError::NotFound`]: text that is no number is no notice's id.
pub fn parse_notice_id(text: &str) -> Result<i64, NoticeError> {
    text.parse().map_err(|_| NoticeError::NotFound)
}

/// Which notices were read: these, or all.
#[derive(Debug, Object)]
#[oai(example, rename = "ReadNotices")]
pub struct ReadRequest {
    /// The ids of notices.
    #[oai(validator(max_items = 500))]
    notice_ids: Option<Vec<String>>,
    /// All that there are now.
    all: Option<bool>,
}

impl Example for ReadRequest {
    fn example() -> Self {
        Self { notice_ids: Some(vec![examples::notice()]), all: None }
    }
}

impl ReadRequest {
    /// Reads which notices are marked from a body.
    pub fn read(body: &[u8]) -> Result<Marked, NoticeError> {
        let mut fields = Fields::read(body)?;
        let ids = fields
            .optional_texts("notice_ids", |text| text.parse::<i64>().map_err(|_| "is no id of a notice".to_owned()));
        let all = fields.flag("all");
        let marked = match (ids, all) {
            (Some(Some(ids)), Some(false)) if ids.len() > MARKED_AT_ONCE => {
                fields.wrong("notice_ids", format!("has {} items; at most {MARKED_AT_ONCE}", ids.len()));
                None
            }
            (Some(Some(ids)), Some(false)) => Some(Marked::These(ids)),
            (Some(None), Some(true)) => Some(Marked::All),
            (Some(_), Some(is_all)) => {
                let detail = if is_all { "is there beside all; one of the two" } else { "is missing, and so is all" };
                fields.wrong("notice_ids", detail);
                None
            }
            _ => None,
        };
        fields.refuse_others();
        fields.done(marked).map_err(NoticeError::Invalid)
    }
}

/// Whether notices of a kind are wanted.
#[derive(Debug, Object)]
#[oai(example, rename = "NoticeWish")]
pub struct SettingRequest {
    /// Whether you are told at all. Absent: no.
    app: Option<bool>,
    /// Whether by email too, as often as your profile says. Absent: no.
    mail: Option<bool>,
}

impl Example for SettingRequest {
    fn example() -> Self {
        Self { app: Some(true), mail: Some(false) }
    }
}

impl SettingRequest {
    /// Reads a setting from a body.
    pub fn read(body: &[u8]) -> Result<(bool, bool), NoticeError> {
        let mut fields = Fields::read(body)?;
        let (app, mail) = (fields.flag("app"), fields.flag("mail"));
        if (app, mail) == (Some(false), Some(true)) {
            fields.wrong("mail", "needs app: what you are not told of is not sent either");
        }
        fields.refuse_others();
        fields.done(app.zip(mail)).map_err(NoticeError::Invalid)
    }
}

/// The readers of bodies here.
pub const BODY_READERS: &[BodyReader] = &[
    ("ReadRequest", |body| ReadRequest::read(body).is_ok()),
    ("SettingRequest", |body| SettingRequest::read(body).is_ok()),
];

/// The sets of query parameters here.
pub const URI_READERS: &[UriReader] = &[("NoticeFilter", |uri| params::read::<NoticeFilter>(uri).is_ok())];
