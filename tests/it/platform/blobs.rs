//! Blobs: uploads by signed addresses, to this server and to a real S3-compatible one, and what becomes of the files.

use cairn::platform::{
    blobs::{Blob, BlobError, SignedRequest},
    clock,
};
use cairn_test_macros::cairn_test;
use futures_util::{StreamExt, TryStreamExt};
use reqwest::Method;
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpStream,
};

use crate::support::{Backend, Cairn, Place, eventually, mail::Mailbox, person::Person, run_in, s3::S3Server};

/// The settings of a server whose files lie in a folder that all instances would have.
const FOLDER: (&str, &str) = ("CAIRN_BLOBS_SHARED", "true");

fn body(length: usize) -> Vec<u8> {
    (0..length).map(|at| u8::try_from(at * 7 % 251).unwrap()).collect()
}

/// The request of a signed upload, as a client makes it.
fn request(upload: &SignedRequest, body: Vec<u8>) -> reqwest::RequestBuilder {
    let request = reqwest::Client::new().put(&upload.url).body(body);
    upload.headers.iter().fold(request, |request, (name, value)| request.header(*name, value))
}

async fn put(upload: &SignedRequest, body: Vec<u8>) -> u16 {
    request(upload, body).send().await.unwrap().status().as_u16()
}

/// The same upload with another header.
fn with(upload: &SignedRequest, name: &str, value: &str) -> SignedRequest {
    let mut other = upload.clone();
    other.headers.iter_mut().filter(|header| header.0 == name).for_each(|header| header.1 = value.to_owned());
    other
}

/// The blob of an upload that has succeeded, once the server knows of it.
async fn arrived(cairn: &Cairn, upload: &SignedRequest) -> Blob {
    eventually("the upload is known", async || cairn.uploaded(upload).await.is_some()).await;
    cairn.uploaded(upload).await.unwrap()
}

fn link(cairn: &Cairn, blob: &Blob) -> (String, i64) {
    cairn.blobs().link(blob.bucket, &blob.key, &blob.media_type).unwrap()
}

/// All bytes of a blob from one place on.
async fn read(cairn: &Cairn, blob: &Blob, from: u64, bytes: Option<u64>) -> Vec<u8> {
    let parts = cairn.blobs().read(blob, from, bytes).await.unwrap();
    parts.map_ok(|part| part.to_vec()).try_concat().await.unwrap()
}

/// Runs a test with the files in a folder, and with the files at S3 where that is there.
async fn on_both(place: &Place, more: &[(&str, &str)], contract: impl AsyncFn(&Cairn, bool)) {
    let cairn = Cairn::start(place, &[&[FOLDER], more].concat()).await;
    contract(&cairn, false).await;
    cairn.stop().await;
    let Some(s3) = S3Server::start().await else { return };
    let cairn = Cairn::start(place, &[&[("BLOBS_URL", s3.url.as_str())], more].concat()).await;
    contract(&cairn, true).await;
    cairn.stop().await;
}

#[cairn_test]
async fn what_was_uploaded_is_read_whole_and_in_parts_and_by_its_link(place: &Place) {
    on_both(place, &[], async |cairn: &Cairn, _| {
        let bytes = body(700_000);
        let upload = cairn.expect_upload(None, &bytes).await.unwrap();
        assert!(cairn.uploaded(&upload).await.is_none(), "it is expected only");
        assert_eq!(put(&upload, bytes.clone()).await, 200);
        let blob = arrived(cairn, &upload).await;
        assert_eq!(cairn.blobs().head(&blob).await.unwrap(), Some(700_000));
        assert!(read(cairn, &blob, 0, None).await == bytes);
        assert!(read(cairn, &blob, 300_000, Some(7)).await == bytes[300_000..300_007]);
        let (address, _) = link(cairn, &blob);
        assert_eq!(link(cairn, &blob).0, address, "the link stays the same");
        let got = reqwest::get(&address).await.unwrap();
        assert_eq!(got.headers()["content-type"], "image/png");
        assert!(got.bytes().await.unwrap() == bytes);
        let part = reqwest::Client::new().get(&address).header("Range", "bytes=699990-").send().await.unwrap();
        assert_eq!(part.status(), 206);
        assert!(part.bytes().await.unwrap() == bytes[699_990..]);
        let copy = cairn.blobs().local_copy(&blob).await.unwrap();
        assert!(std::fs::read(copy.path()).unwrap() == bytes);
    })
    .await;
}

#[cairn_test]
async fn an_upload_that_is_not_what_was_signed_is_refused(place: &Place) {
    on_both(place, &[("CAIRN_UPLOAD_SECS", "3")], async |cairn: &Cairn, is_s3| {
        let bytes = body(1000);
        let (upload, other) =
            (cairn.expect_upload(None, &bytes).await.unwrap(), cairn.expect_upload(None, &bytes).await.unwrap());
        let swapped = |text: &str| {
            let last = text.chars().last().unwrap();
            format!("{}{}", &text[..text.len() - 1], if last == '0' { '1' } else { '0' })
        };
        let (path, query) = upload.url.split_once('?').unwrap();
        let forged = SignedRequest { url: swapped(&upload.url), ..upload.clone() };
        let (other_path, _) = other.url.split_once('?').unwrap();
        let other_key = SignedRequest { url: format!("{other_path}?{query}"), ..upload.clone() };
        let other_bucket =
            SignedRequest { url: format!("{}?{query}", path.replace("/media/", "/assets/")), ..upload.clone() };
        let longer = body(1001);
        for (what, upload, body) in [
            ("forged", &forged, &bytes),
            ("another key", &other_key, &bytes),
            ("another bucket", &other_bucket, &bytes),
            ("another type", &with(&upload, "Content-Type", "text/html"), &bytes),
            ("another length", &upload, &longer),
            ("another digest", &with(&upload, "x-amz-checksum-sha256", &format!("{}=", "A".repeat(43))), &bytes),
        ] {
            let status = put(upload, body.clone()).await;
            assert_eq!(status, 403, "{what}, S3: {is_s3}");
        }
        eventually("it has expired", async || clock::now_ms() > upload.expires_ms + 1000).await;
        assert_eq!(put(&upload, bytes.clone()).await, 403, "expired, S3: {is_s3}");
        for upload in [&upload, &other] {
            assert!(cairn.uploaded(upload).await.is_none());
        }
    })
    .await;
}

#[cairn_test]
async fn a_body_with_another_digest_is_refused(place: &Place) {
    on_both(place, &[], async |cairn: &Cairn, is_s3| {
        let (bytes, mut wrong) = (body(5000), body(5000));
        wrong[4000] ^= 1;
        let upload = cairn.expect_upload(None, &bytes).await.unwrap();
        assert_eq!(put(&upload, wrong).await, 400);
        // s3s-fs keeps the name of what it has refused.
        if !is_s3 {
            assert_eq!(put(&upload, bytes).await, 200, "the right one is taken after it");
        }
    })
    .await;
}

#[cairn_test]
async fn nothing_replaces_what_was_uploaded(place: &Place) {
    on_both(place, &[], async |cairn: &Cairn, _| {
        let bytes = body(5000);
        let upload = cairn.expect_upload(None, &bytes).await.unwrap();
        assert_eq!(put(&upload, bytes.clone()).await, 200);
        assert_eq!(put(&upload, bytes.clone()).await, 412);
        let blob = arrived(cairn, &upload).await;
        assert!(read(cairn, &blob, 0, None).await == bytes);
    })
    .await;
}

/// A connection on which an upload has begun.
async fn begun(upload: &SignedRequest, length: usize, first: &[u8]) -> TcpStream {
    let url = reqwest::Url::parse(&upload.url).unwrap();
    let host = format!("{}:{}", url.host_str().unwrap(), url.port().unwrap());
    let mut stream = TcpStream::connect(&host).await.unwrap();
    let (path, query) = (url.path(), url.query().unwrap());
    let mut lines =
        vec![format!("PUT {path}?{query} HTTP/1.1"), format!("host: {host}"), format!("content-length: {length}")];
    lines.extend(upload.headers.iter().map(|(name, value)| format!("{name}: {value}")));
    stream.write_all(format!("{}\r\n\r\n", lines.join("\r\n")).as_bytes()).await.unwrap();
    stream.write_all(first).await.unwrap();
    stream
}

/// Sends a part of an upload, and closes the connection.
async fn cut(upload: &SignedRequest, bytes: &[u8], after: usize) {
    let mut stream = begun(upload, bytes.len(), &bytes[..after]).await;
    stream.shutdown().await.unwrap();
    let mut answer = Vec::new();
    let _broken = stream.read_to_end(&mut answer).await;
    let answer = String::from_utf8_lossy(&answer).into_owned();
    assert!(!answer.starts_with("HTTP/1.1 2"), "{answer}");
}

#[cairn_test]
async fn an_upload_that_was_cut_is_made_again(place: &Place) {
    on_both(place, &[], async |cairn: &Cairn, _| {
        let bytes = body(900_000);
        let upload = cairn.expect_upload(None, &bytes).await.unwrap();
        for after in [0, 1, 400_000, 899_999] {
            cut(&upload, &bytes, after).await;
            assert!(cairn.uploaded(&upload).await.is_none());
        }
        assert_eq!(put(&upload, bytes.clone()).await, 200);
        let blob = arrived(cairn, &upload).await;
        assert!(read(cairn, &blob, 0, None).await == bytes);
    })
    .await;
    let incoming = place.folder.join("blobs/incoming");
    assert_eq!(std::fs::read_dir(incoming).unwrap().count(), 0, "nothing is left of what was cut");
}

#[cairn_test]
async fn one_of_two_uploads_at_the_same_time_succeeds(place: &Place) {
    let cairn = Cairn::start(place, &[FOLDER]).await;
    let bytes = body(300_000);
    let upload = cairn.expect_upload(None, &bytes).await.unwrap();
    let all = futures_util::stream::iter(0..8).map(|_| put(&upload, bytes.clone())).buffer_unordered(8);
    let mut statuses: Vec<u16> = all.collect().await;
    statuses.sort_unstable();
    assert_eq!(statuses, [200, 412, 412, 412, 412, 412, 412, 412]);
    cairn.stop().await;
}

#[cairn_test]
async fn an_upload_that_is_too_slow_is_given_up(place: &Place) {
    let cairn = Cairn::start(place, &[FOLDER]).await;
    let bytes = body(1_000_000);
    let upload = cairn.expect_upload(None, &bytes).await.unwrap();
    let mut stream = begun(&upload, bytes.len(), &bytes[..100]).await;
    let mut answer = Vec::new();
    stream.read_to_end(&mut answer).await.unwrap();
    let answer = String::from_utf8(answer).unwrap();
    assert!(answer.starts_with("HTTP/1.1 408 ") && answer.contains("\"body_too_slow\""), "{answer}");
    cairn.stop().await;
}

#[cairn_test]
async fn downloads_are_described_and_run_nothing(place: &Place) {
    let cairn = Cairn::start(place, &[FOLDER]).await;
    let bytes = body(100);
    let upload = cairn.expect_upload(None, &bytes).await.unwrap();
    let sent = cairn.http.request(Method::PUT, &upload.url).body(bytes.clone());
    let sent = upload.headers.iter().fold(sent, |sent, (name, value)| sent.header(name, value));
    assert_eq!(sent.again().send().await.unwrap().status(), 200);
    assert_eq!(sent.send().await.unwrap().status(), 412);
    let (address, _) = link(&cairn, &arrived(&cairn, &upload).await);
    let whole = cairn.http.get(&address).send().await.unwrap();
    for (name, value) in [
        ("x-content-type-options", "nosniff"),
        ("content-security-policy", "default-src 'none'; sandbox"),
        ("referrer-policy", "no-referrer"),
        ("content-length", "100"),
        ("accept-ranges", "bytes"),
        ("cache-control", "private, max-age=3600, immutable"),
    ] {
        assert_eq!(whole.headers()[name], value, "{name}");
    }
    let tag = whole.headers()["etag"].to_str().unwrap().to_owned();
    let known = cairn.http.get(&address).header("If-None-Match", &tag).send().await.unwrap();
    assert_eq!((known.status().as_u16(), known.bytes().await.unwrap().len()), (304, 0));
    for (range, tag, status, content_range, expected) in [
        ("bytes=10-19", tag.as_str(), 206, "bytes 10-19/100", &bytes[10..20]),
        ("bytes=-5", tag.as_str(), 206, "bytes 95-99/100", &bytes[95..]),
        ("bytes=100-", tag.as_str(), 416, "bytes */100", &[]),
        ("bytes=10-19", "\"another\"", 200, "", &bytes[..]),
    ] {
        let part = cairn.http.get(&address).header("Range", range).header("If-Range", tag).send().await.unwrap();
        let told = part.headers().get("content-range").map_or("", |value| value.to_str().unwrap()).to_owned();
        assert_eq!((part.status().as_u16(), told.as_str()), (status, content_range), "{range}");
        assert!(part.bytes().await.unwrap() == expected, "{range}");
    }
    let head = cairn.http.head(&address).send().await.unwrap();
    assert_eq!((head.status().as_u16(), head.bytes().await.unwrap().len()), (200, 0));
    let other = address.replace("/media/", "/assets/");
    assert_eq!(cairn.http.get(&other).send().await.unwrap().status(), 403);
    let bare = address.split('?').next().unwrap();
    assert_eq!(cairn.http.get(bare).send().await.unwrap().status(), 403, "no signature");
    cairn.stop().await;
}

#[cairn_test]
async fn what_is_given_up_is_removed_and_its_address_is_dead(place: &Place) {
    on_both(place, &[], async |cairn: &Cairn, _| {
        let bytes = body(1000);
        let (upload, expected) =
            (cairn.expect_upload(None, &bytes).await.unwrap(), cairn.expect_upload(None, &bytes).await.unwrap());
        assert_eq!(put(&upload, bytes.clone()).await, 200);
        let blob = arrived(cairn, &upload).await;
        cairn.release_blob(&blob).await;
        cairn.blobs().sweep().await.unwrap();
        assert!(cairn.uploaded(&upload).await.is_none());
        assert_eq!(cairn.blobs().head(&blob).await.unwrap(), None);
        let (address, _) = link(cairn, &blob);
        assert_eq!(reqwest::get(&address).await.unwrap().status(), 404);
        assert_eq!(put(&expected, bytes).await, 200, "the other stays");
        arrived(cairn, &expected).await;
    })
    .await;
}

#[cairn_test]
async fn files_of_nobody_are_removed_after_a_day(place: &Place) {
    let cairn = Cairn::start(place, &[FOLDER]).await;
    let bytes = body(1000);
    let upload = cairn.expect_upload(None, &bytes).await.unwrap();
    assert_eq!(put(&upload, bytes).await, 200);
    let blob = arrived(&cairn, &upload).await;
    let at = |hours: i64| {
        let ms = u64::try_from(clock::now_ms() - hours * 3_600_000).unwrap();
        let key = uuid::Builder::from_unix_timestamp_millis(ms, &[7; 10]).into_uuid().simple().to_string();
        let folder = place.folder.join("blobs/media").join(&key[30..]);
        std::fs::create_dir_all(&folder).unwrap();
        std::fs::write(folder.join(&key), b"orphan").unwrap();
        let incoming = place.folder.join("blobs/incoming").join(format!("{key}.0011"));
        std::fs::write(&incoming, b"left").unwrap();
        [folder.join(&key), incoming]
    };
    let (young, old) = (at(23), at(25));
    cairn.blobs().sweep_orphans().await.unwrap();
    assert_eq!(young.map(|path| path.exists()), [true, true]);
    assert_eq!(old.map(|path| path.exists()), [false, false]);
    assert!(cairn.blobs().head(&blob).await.unwrap().is_some(), "what has a row stays");
    cairn.stop().await;
}

#[cairn_test]
async fn quotas_count_what_is_expected_and_what_is_there(place: &Place) {
    let (mailbox, quota) = (Mailbox::in_data_of(place), ("CAIRN_USER_BLOBS_BYTES", "2500"));
    let cairn = Cairn::start(place, &[FOLDER, quota, ("CAIRN_BLOBS_BYTES", "4000")]).await;
    let (_, ann) = Person::signed_in(&cairn, "ann@example.org", &mailbox).await;
    let (_, bob) = Person::signed_in(&cairn, "bob@example.org", &mailbox).await;
    let bytes = body(1000);
    let first = cairn.expect_upload(Some(&ann), &bytes).await.unwrap();
    assert_eq!(put(&first, bytes.clone()).await, 200);
    cairn.expect_upload(Some(&ann), &bytes).await.unwrap();
    let full = cairn.expect_upload(Some(&ann), &bytes).await;
    assert!(matches!(full, Err(BlobError::OwnerFull(2500))), "{full:?}");
    cairn.expect_upload(Some(&bob), &bytes).await.unwrap();
    cairn.expect_upload(Some(&bob), &bytes).await.unwrap();
    let full = cairn.expect_upload(None, &body(1)).await;
    assert!(matches!(full, Err(BlobError::Full)), "{full:?}");
    let stored = arrived(&cairn, &first).await;
    cairn.release_blob(&stored).await;
    cairn.blobs().sweep().await.unwrap();
    cairn.expect_upload(Some(&ann), &bytes).await.unwrap();
    cairn.stop().await;
}

#[cairn_test]
async fn one_asks_for_a_hundred_uploads_at_once_and_no_more(place: &Place) {
    let mailbox = Mailbox::in_data_of(place);
    let cairn = Cairn::start(place, &[FOLDER]).await;
    let (_, ann) = Person::signed_in(&cairn, "ann@example.org", &mailbox).await;
    for _ in 0..100 {
        cairn.expect_upload(Some(&ann), b"x").await.unwrap();
    }
    let full = cairn.expect_upload(Some(&ann), b"x").await;
    assert!(matches!(full, Err(BlobError::TooManyExpected)), "{full:?}");
    cairn.stop().await;
}

#[cairn_test]
async fn the_end_of_an_account_removes_its_files(place: &Place) {
    let mailbox = Mailbox::in_data_of(place);
    let cairn = Cairn::start(place, &[FOLDER]).await;
    let (_, ann) = Person::signed_in(&cairn, "ann@example.org", &mailbox).await;
    let bytes = body(1000);
    let (hers, theirs) =
        (cairn.expect_upload(Some(&ann), &bytes).await.unwrap(), cairn.expect_upload(None, &bytes).await.unwrap());
    for upload in [&hers, &theirs] {
        assert_eq!(put(upload, bytes.clone()).await, 200);
    }
    let (hers, theirs) = (arrived(&cairn, &hers).await, arrived(&cairn, &theirs).await);
    place.execute_control(&format!("DELETE FROM \"user\" WHERE id = '{ann}'")).await;
    cairn.blobs().sweep().await.unwrap();
    assert_eq!(cairn.blobs().head(&hers).await.unwrap(), None);
    assert!(cairn.blobs().head(&theirs).await.unwrap().is_some());
    cairn.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn several_instances_need_files_that_all_of_them_reach() {
    run_in(Backend::Server, async |place: &Place| {
        let cairn = Cairn::start(place, &[]).await;
        let refused = cairn.expect_upload(None, b"x").await;
        assert!(matches!(refused, Err(BlobError::NotShared)), "{refused:?}");
        let link = format!("{}/blobs/media/{}?expires=1&signature={}", cairn.base, "0".repeat(32), "0".repeat(32));
        let answer = cairn.http.get(link).send().await.unwrap();
        let told = (answer.status().as_u16(), answer.json::<serde_json::Value>().await.unwrap()["code"].clone());
        assert_eq!(told, (503, "blobs_not_shared".into()));
        cairn.stop().await;
    })
    .await;
}

#[cairn_test]
async fn the_figures_say_how_much_there_is(place: &Place) {
    let free = std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().to_string();
    let bytes = body(1000);
    let cairn = Cairn::start(place, &[FOLDER]).await;
    let upload = cairn.expect_upload(None, &bytes).await.unwrap();
    assert_eq!(put(&upload, bytes).await, 200);
    cairn.stop().await;
    // They are read at the start, and then once a minute.
    let cairn = Cairn::start(place, &[FOLDER, ("CAIRN_METRICS_LISTEN", &free)]).await;
    eventually("it is counted", async || {
        cairn.figure(&free, "cairn_blob_bytes{bucket=\"media\"}").await == 1000
            && cairn.figure(&free, "cairn_blobs{bucket=\"media\"}").await == 1
    })
    .await;
    cairn.stop().await;
}
