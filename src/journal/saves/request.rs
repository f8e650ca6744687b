//! Request bodies and parameters: their documentation, and how they are read.

use percent_encoding::percent_decode_str;
use poem::{Request, http::header};
use poem_openapi::{Object, types::Example};

use super::{
    examples,
    model::{
        Announced, AnnouncedFile, DAV_SAVES, DavPath, Folder, ListRequest, MAX_DEVICE, MAX_FILES, Part, SaveError,
        SavePath, SlotId,
    },
};
use crate::{
    catalogue::titles::TitleId,
    http::{
        declaration::{Param, Values},
        page::{PageRequest, Paged},
        params::{self, QueryParams, QueryReader, UriReader},
        schema::Timestamp,
    },
    journal::examples::TIME_MS,
    platform::{
        blobs::Digest,
        clock,
        codec::fields::{BodyReader, Fields},
        error::Fault,
    },
};

/// Bytes of a file at most that a request can announce.
const MOST_BYTES: i64 = 17_179_869_184;

fn read<T>(body: &[u8], read: impl FnOnce(&mut Fields) -> Option<T>) -> Result<T, SaveError> {
    let mut fields = Fields::read(body)?;
    let value = read(&mut fields);
    fields.refuse_others();
    fields.done(value).map_err(SaveError::Invalid)
}

/// The slot that a path names.
///
/// # Errors
/// It names none.
pub fn slot_id(id: &str) -> Result<SlotId, SaveError> {
    id.parse().ok().filter(|id: &i64| *id > 0).map(SlotId).ok_or(SaveError::NotFound)
}

/// The number of a version in a path.
///
/// # Errors
/// It is none.
pub fn number(text: &str) -> Result<i64, SaveError> {
    text.parse().ok().filter(|number: &i64| *number > 0).ok_or(SaveError::VersionNotFound)
}

fn title(text: &str) -> Result<TitleId, String> {
    text.parse().ok().filter(|id: &i64| *id > 0).map(TitleId).ok_or_else(|| "must be the id of a game".to_owned())
}

/// A save to make.
#[derive(Debug, Object)]
#[oai(example, rename = "NewSave")]
pub struct SaveRequest {
    /// The game. Either this or `folder`.
    #[oai(validator(max_length = 20))]
    game: Option<String>,
    /// A folder, for what is no game here, such as an emulator's saves: up to 255 bytes, without slashes.
    #[oai(validator(max_length = 255))]
    folder: Option<String>,
    /// What the save is called, once for each game and folder: up to 255 bytes, without slashes.
    #[oai(validator(min_length = 1, max_length = 255))]
    name: String,
}

impl Example for SaveRequest {
    fn example() -> Self {
        Self { game: Some(examples::game()), folder: None, name: "main".to_owned() }
    }
}

impl SaveRequest {
    /// Reads a body.
    ///
    /// # Errors
    /// What is wrong with it.
    pub fn read(body: &[u8]) -> Result<(Folder, Part), SaveError> {
        read(body, |fields| {
            let game = fields.optional_text("game", title);
            let folder = fields.optional_text("folder", Part::parse);
            let name = fields.text("name", Part::parse);
            let folder = match (game?, folder?) {
                (Some(game), None) => Folder::Title(game),
                (None, Some(folder)) => Folder::Named(folder),
                _ => {
                    fields.wrong("game", "must be there, or else folder; and not both");
                    return None;
                }
            };
            Some((folder, name?))
        })
    }
}

/// A file of a version.
#[derive(Debug, Object)]
#[oai(example, rename = "NewSaveFile")]
pub struct SaveFileRequest {
    /// The path in the save: up to 1024 bytes, with slashes between its parts.
    #[oai(validator(min_length = 1, max_length = 1024))]
    path: String,
    /// The length.
    #[oai(validator(maximum(value = "17179869184")))]
    bytes: u64,
    /// The SHA-256 digest, as 64 hexadecimal digits.
    #[oai(validator(min_length = 64, max_length = 64))]
    sha256: String,
    /// When the file was last changed.
    modified_at: Option<Timestamp>,
}

impl Example for SaveFileRequest {
    fn example() -> Self {
        Self {
            path: examples::PATH.to_owned(),
            bytes: 48_213,
            sha256: examples::SHA256.to_owned(),
            modified_at: Some(Timestamp(TIME_MS)),
        }
    }
}

/// A version to make: all files that it has, those included that the last one has too.
#[derive(Debug, Object)]
#[oai(example, rename = "NewSaveVersion")]
pub struct VersionRequest {
    /// What the device is called.
    #[oai(validator(max_length = 64))]
    device: Option<String>,
    /// The files.
    #[oai(validator(max_items = 2000))]
    files: Vec<SaveFileRequest>,
}

impl Example for VersionRequest {
    fn example() -> Self {
        Self { device: Some(examples::DEVICE.to_owned()), files: vec![SaveFileRequest::example()] }
    }
}

fn device(text: &str) -> Result<String, String> {
    let is_name = text.chars().count() <= MAX_DEVICE && !text.chars().any(char::is_control);
    if is_name {
        Ok(text.to_owned())
    } else {
        Err(format!("must have at most {MAX_DEVICE} characters, none of control"))
    }
}

fn file(fields: &mut Fields, most_bytes: u64) -> Option<AnnouncedFile> {
    let path = fields.text("path", SavePath::parse);
    let bytes = fields.optional_integer("bytes", 0..=i64::try_from(most_bytes).unwrap_or(MOST_BYTES).min(MOST_BYTES));
    if bytes == Some(None) {
        fields.wrong("bytes", "is missing");
    }
    let digest =
        fields.text("sha256", |text| Digest::of_hex(text).ok_or_else(|| "must be 64 hexadecimal digits".to_owned()));
    let modified_ms = fields.optional_text("modified_at", |text| {
        clock::parse(text).ok_or_else(|| "must be a time as RFC 3339 writes it".to_owned())
    });
    fields.refuse_others();
    Some(AnnouncedFile { path: path?, bytes: u64::try_from(bytes??).ok()?, digest: digest?, modified_ms: modified_ms? })
}

impl VersionRequest {
    /// Reads a body; no file is larger than `most_bytes`.
    ///
    /// # Errors
    /// What is wrong with it.
    pub fn read(body: &[u8], most_bytes: u64) -> Result<Announced, SaveError> {
        read(body, |fields| {
            let device = fields.optional_text("device", device);
            let mut files = Vec::new();
            for (at, mut inner) in fields.objects("files", MAX_FILES)?.into_iter().enumerate() {
                let read = file(&mut inner, most_bytes);
                match inner.done(read) {
                    Ok(file) => files.push((at, file)),
                    Err(faults) => fields.wrong_too(faults),
                }
            }
            files.sort_by(|(_, one), (_, other)| one.path.cmp(&other.path));
            for pair in files.windows(2) {
                if let [(_, one), (at, other)] = pair
                    && other.path.parents().chain([other.path.clone()]).any(|path| path == one.path)
                {
                    fields.wrong(&format!("files/{at}/path"), "is that of another file, or in one");
                }
            }
            let files = files.into_iter().map(|(_, file)| file).collect();
            Some(Announced { device: device?.unwrap_or_default(), files })
        })
    }
}

/// Saves in pages, the newest first.
#[derive(Debug)]
pub struct SavePages;

impl Paged for SavePages {
    type Cursor = i64;
    const DEFAULT_LIMIT: usize = 50;
    const MAX_LIMIT: usize = 200;
    const EXAMPLE_CURSOR: &'static str = "318";

    fn parse(cursor: &str) -> Result<i64, String> {
        cursor.parse().map_err(|_| "must be a page's next".to_owned())
    }
}

/// Which page.
pub fn list(page: &PageRequest<SavePages>) -> ListRequest {
    ListRequest { after: page.after, limit: page.limit }
}

/// The parameters of the list of saves.
#[derive(Debug)]
pub struct SavesQuery {
    /// Which page.
    pub page: PageRequest<SavePages>,
    /// Only those of this game.
    pub game: Option<TitleId>,
}

impl QueryParams for SavesQuery {
    fn read(reader: &mut QueryReader<'_>) -> Option<Self> {
        let game = Param {
            name: "game",
            about: "Only the saves of this game.",
            values: Values::Text { max_bytes: 20 },
            example: "7301",
        };
        let page = PageRequest::read(reader);
        let game = reader.optional(&game, title);
        Some(Self { page: page?, game })
    }
}

/// The parameters of a new version.
#[derive(Clone, Copy, Debug)]
pub struct ForceQuery {
    /// Whether a set may be much smaller than the last.
    pub force: bool,
}

impl QueryParams for ForceQuery {
    fn read(reader: &mut QueryReader<'_>) -> Option<Self> {
        let force = Param {
            name: "force",
            about: "With `true` the set may be empty, or much smaller than the last.",
            values: Values::OneOf(&["false", "true"]),
            example: "true",
        };
        let force = reader.optional(&force, |text| text.parse().map_err(|_| "must be true or false".to_owned()));
        Some(Self { force: force.unwrap_or_default() })
    }
}

/// The path of the door in an address, percent-encoded; and whether it ends in a slash.
///
/// # Errors
/// It is none of the door, or has a part that can be none.
pub fn read_path(raw: &str) -> Result<(DavPath, bool), String> {
    let rest = raw.strip_prefix(DAV_SAVES).filter(|rest| rest.is_empty() || rest.starts_with('/'));
    let rest = rest.ok_or_else(|| format!("The path must be below {DAV_SAVES}."))?;
    let (rest, is_folder) = rest.strip_suffix('/').map_or((rest, false), |rest| (rest, true));
    let mut parts = Vec::new();
    for part in rest.split('/').skip(1) {
        let part = percent_decode_str(part).decode_utf8().map_err(|_| "The path must be UTF-8.".to_owned())?;
        parts.push(part.into_owned());
    }
    let parts: Vec<&str> = parts.iter().map(String::as_str).collect();
    DavPath::of_parts(&parts).map(|path| (path, is_folder)).map_err(|wrong| format!("The path: {wrong}."))
}

/// The time that a client says a file was changed, in seconds since the Unix epoch: what ownCloud calls `X-OC-Mtime`.
#[must_use]
pub fn modified_ms(request: &Request) -> Option<i64> {
    let secs: f64 = request.headers().get("x-oc-mtime")?.to_str().ok()?.trim().parse().ok()?;
    let ms = (secs * 1000.0).round();
    // Times of files of this and the next centuries; others are no times.
    if !(0.0..=1e13).contains(&ms) {
        return None;
    }
    format!("{ms:.0}").parse().ok()
}

/// The length of a body that a request announces.
#[must_use]
pub fn length(request: &Request) -> Option<u64> {
    request.headers().get(header::CONTENT_LENGTH)?.to_str().ok()?.parse().ok()
}

/// A path that is refused.
#[must_use]
pub fn wrong_path(detail: String) -> SaveError {
    SaveError::Invalid(vec![Fault::new("path", detail)])
}

/// The readers of bodies here.
pub const BODY_READERS: &[BodyReader] = &[
    ("SaveRequest", |body| SaveRequest::read(body).is_ok()),
    ("VersionRequest", |body| VersionRequest::read(body, u64::MAX).is_ok()),
];

/// The sets of query parameters here.
pub const URI_READERS: &[UriReader] = &[
    ("SavesQuery", |uri| params::read::<SavesQuery>(uri).is_ok()),
    ("ForceQuery", |uri| params::read::<ForceQuery>(uri).is_ok()),
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_path_of_the_door_is_decoded_part_by_part() {
        let parts = |raw: &str| read_path(raw).map(|(path, _)| path.parts().join("|"));
        assert_eq!(parts("/dav/saves"), Ok(String::new()));
        assert_eq!(parts("/dav/saves/"), Ok(String::new()));
        assert_eq!(parts("/dav/saves/Elden%20Ring/main/a+b/%C3%BC.sl2"), Ok("Elden Ring|main|a+b|ü.sl2".to_owned()));
        assert_eq!(read_path("/dav/saves/a/b/").map(|(_, is_folder)| is_folder), Ok(true));
        for raw in [
            "/dav/savesa/b",
            "/dav/saves//b",
            "/dav/saves/a/../b",
            "/dav/saves/a/%2e%2e/b",
            "/dav/saves/a/b%2Fc/d",
            "/dav/saves/a/b/c%00",
            "/dav/saves/a/b/%ff",
            "/dav/saves/a/b/c//d",
        ] {
            assert!(read_path(raw).is_err(), "{raw}");
        }
    }

    #[test]
    fn the_time_of_a_file_is_in_seconds() {
        let of = |text: &str| modified_ms(&Request::builder().header("x-oc-mtime", text).finish());
        assert_eq!((of("1795248000"), of("1795248000.5")), (Some(1_795_248_000_000), Some(1_795_248_000_500)));
        assert_eq!((of("-1"), of("NaN"), of("x"), of("1e300")), (None, None, None, None));
    }

    #[test]
    fn two_files_of_one_path_or_one_in_the_other_are_refused() {
        let digest = "0".repeat(64);
        let body = |paths: &[&str]| {
            let files: Vec<String> =
                paths.iter().map(|path| format!(r#"{{"path":"{path}","bytes":1,"sha256":"{digest}"}}"#)).collect();
            VersionRequest::read(format!(r#"{{"files":[{}]}}"#, files.join(",")).as_bytes(), 10)
                .map(|all| all.files.len())
        };
        assert_eq!(body(&["b", "a/c", "a/b"]).unwrap(), 3);
        assert_eq!(body(&[]).unwrap(), 0);
        for paths in [&["a", "a"][..], &["a/b", "a"], &["../a"], &[""]] {
            assert!(matches!(body(paths), Err(SaveError::Invalid(_))), "{paths:?}");
        }
    }
}
