//! The door of WebDAV: `/dav/saves/{folder}/{slot}/…`.

use poem::{
    Endpoint, Request, RequestBody, Response, Result,
    http::{HeaderValue, StatusCode, header},
};

use crate::{
    http::{
        blobs::{Download, UploadStream, no_room},
        client::Client,
        dav::{self, Depth, Resource, Unreadable, Wrong},
        problem::Problem,
    },
    identity::app_passwords::{self, AppPasswords, AppUser},
    journal::saves::{
        model::{DavPath, DoorRefusal, SaveError},
        request, response,
        service::Saves,
    },
    platform::error::Kind,
};

/// A file may become another at any time.
const CACHE_CONTROL: &str = "private, no-cache";

/// The door. Cheap to clone.
#[derive(Clone, Debug)]
pub struct Door {
    /// What lies behind it.
    pub saves: Saves,
    /// The keys to it.
    pub passwords: AppPasswords,
}

/// The answer to a request that can't be done.
fn refused(error: SaveError) -> Result<Response> {
    match error {
        error if error.is_no_room() => Ok(dav::refusal(StatusCode::INSUFFICIENT_STORAGE, "quota-not-exceeded")),
        SaveError::Invalid(faults) => {
            let detail = faults.first().map_or_else(String::new, |fault| fault.detail.clone());
            Err(malformed(&detail).into())
        }
        other => Err(Problem::from(other).into()),
    }
}

fn malformed(detail: &str) -> Problem {
    Problem::new(Kind::Malformed, "bad_request", detail)
}

fn of_header(wrong: Wrong) -> Problem {
    match wrong {
        Wrong::Malformed(detail) => malformed(detail),
        Wrong::Elsewhere => {
            let detail = "The destination is at another server, or names another user.";
            Problem::new(Kind::Forbidden, "webdav_forbidden", detail)
        }
    }
}

fn of_body(unreadable: Unreadable) -> Problem {
    match unreadable {
        Unreadable::TooLarge => {
            Problem::new(Kind::TooLarge, "body_too_large", "The body of a PROPFIND may have 65536 bytes.")
        }
        Unreadable::Cut => malformed("The body ended early."),
        Unreadable::Malformed(what) => malformed(&format!("The request can't be read: {what}.")),
    }
}

impl Endpoint for Door {
    type Output = Response;

    async fn call(&self, mut request: Request) -> Result<Response> {
        let by = app_passwords::app_user(&request, &self.passwords).await?;
        let (path, is_folder) = match request::read_path(request.uri().path()) {
            Ok(path) => path,
            Err(detail) => return Err(malformed(&detail).into()),
        };
        let outcome = match request.method().as_str() {
            "OPTIONS" => return Ok(dav::options()),
            "PROPFIND" => return self.find(&by, &path, &mut request).await,
            "GET" | "HEAD" => self.get(&by, &path, &request).await,
            "PUT" if is_folder => Err(DoorRefusal::IsFolder.into()),
            "PUT" => return self.put(&by, &path, &mut request).await,
            "MKCOL" => return self.make_folder(&by, &path, &request).await,
            "DELETE" => self.saves.remove_at(&by, &path).await.map(|()| dav::empty(StatusCode::NO_CONTENT)),
            "MOVE" => return self.move_to(&by, &path, &request).await,
            _ => return Ok(dav::not_allowed()),
        };
        match outcome {
            Ok(response) => Ok(response),
            Err(error) => refused(error),
        }
    }
}

impl Door {
    async fn find(&self, by: &AppUser, path: &DavPath, request: &mut Request) -> Result<Response> {
        let depth = dav::depth(request).map_err(of_header)?;
        if depth == Depth::Infinity {
            return Ok(dav::refusal(StatusCode::FORBIDDEN, "propfind-finite-depth"));
        }
        let asked = dav::read(request.take_body()).await.map_err(of_body)?;
        match self.found(by, path, depth).await {
            Ok(resources) => Ok(dav::answer(&asked, &resources)),
            Err(error) => refused(error),
        }
    }

    async fn found(&self, by: &AppUser, path: &DavPath, depth: Depth) -> Result<Vec<Resource>, SaveError> {
        let itself = self.saves.look(&by.user, path).await?;
        let is_folder = itself.content.is_none();
        let mut resources = vec![Resource::from(itself)];
        if depth == Depth::One && is_folder {
            resources.extend(self.saves.children(&by.user, path).await?.into_iter().map(Resource::from));
        }
        Ok(resources)
    }

    async fn get(&self, by: &AppUser, path: &DavPath, request: &Request) -> Result<Response, SaveError> {
        let shown = self.saves.look(&by.user, path).await?;
        let Some(content) = shown.content else { return Err(DoorRefusal::IsFolder.into()) };
        let blob = self.saves.file(&content).await?;
        let mut response = Download::of(request.headers()).respond(self.saves.blobs(), &blob, CACHE_CONTROL).await?;
        if let Some(modified_ms) = shown.modified_ms
            && let Ok(date) = HeaderValue::try_from(crate::platform::clock::http_date(modified_ms))
        {
            response.headers_mut().insert(header::LAST_MODIFIED, date);
        }
        Ok(response)
    }

    async fn put(&self, by: &AppUser, path: &DavPath, request: &mut Request) -> Result<Response> {
        if let Some(refusal) = self.refuse_put(path, request) {
            return refused(refusal);
        }
        let (bytes, modified_ms) = (request::length(request), request::modified_ms(request));
        let limits = self.saves.blobs().upload_limits();
        let share = limits.in_progress.take(Client::address_of(request)?, 1).ok_or_else(no_room)?;
        let intake = match self.saves.begin_file() {
            Ok(intake) => intake,
            Err(error) => return refused(error),
        };
        let mut body = RequestBody::new(request.take_body());
        let intake = UploadStream::of(request, &mut body)?.receive(intake, limits.least_rate).await?;
        let stored = match self.saves.end_file(intake, bytes).await {
            Ok(arrival) => self.saves.put(by, path, (arrival, modified_ms)).await,
            Err(error) => Err(error),
        };
        drop(share);
        let stored = match stored {
            Ok(stored) => stored,
            Err(error) => return refused(error),
        };
        let status = if stored.is_new { StatusCode::CREATED } else { StatusCode::NO_CONTENT };
        let mut response = dav::empty(status);
        if let Ok(tag) = HeaderValue::try_from(response::tag(&stored.digest)) {
            response.headers_mut().insert(header::ETAG, tag);
        }
        if modified_ms.is_some() {
            response.headers_mut().insert("x-oc-mtime", HeaderValue::from_static("accepted"));
        }
        Ok(response)
    }

    /// What is refused before the body is read.
    fn refuse_put(&self, path: &DavPath, request: &Request) -> Option<SaveError> {
        let most = self.saves.most_bytes();
        match path {
            DavPath::Inside(..) => {}
            _ => return Some(DoorRefusal::OutsideOfSlots.into()),
        }
        if request.headers().contains_key(header::CONTENT_RANGE) {
            return Some(request::wrong_path("A part of a file can't be sent: send it whole.".to_owned()));
        }
        let is_too_large = request::length(request).is_some_and(|bytes| bytes > most);
        is_too_large.then(|| crate::platform::blobs::BlobError::TooLarge(most).into())
    }

    async fn make_folder(&self, by: &AppUser, path: &DavPath, request: &Request) -> Result<Response> {
        if request::length(request).is_some_and(|bytes| bytes > 0) {
            return Ok(dav::empty(StatusCode::UNSUPPORTED_MEDIA_TYPE));
        }
        match self.saves.make_folder(by, path).await {
            Ok(()) => Ok(dav::empty(StatusCode::CREATED)),
            // As RFC 4918 has it (9.3.1), so that clients take it for made.
            Err(SaveError::Door(DoorRefusal::Exists)) => Ok(dav::not_allowed()),
            Err(error) => refused(error),
        }
    }

    async fn move_to(&self, by: &AppUser, path: &DavPath, request: &Request) -> Result<Response> {
        let destination = dav::destination(request, self.saves.public_url()).map_err(of_header)?;
        let to = match request::read_path(destination) {
            Ok((to, _)) => to,
            Err(detail) => return Err(malformed(&detail).into()),
        };
        match self.saves.move_to(by, (path, &to), dav::may_replace(request)).await {
            Ok(true) => {
                let mut response = dav::empty(StatusCode::CREATED);
                if let Ok(location) = HeaderValue::try_from(response::href(&to, false)) {
                    response.headers_mut().insert(header::LOCATION, location);
                }
                Ok(response)
            }
            Ok(false) => Ok(dav::empty(StatusCode::NO_CONTENT)),
            Err(error) => refused(error),
        }
    }
}
