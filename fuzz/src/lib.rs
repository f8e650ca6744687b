//! What is done with bytes from outside: each function is a fuzz target, and the test suite calls it with the inputs of the suite
//! and changes of them. None may panic, whatever the bytes are; what else must hold stands in the function.

use std::{io::BufRead as _, net::IpAddr};

use cairn::{
    catalogue::{discovery, prices, titles},
    config::Config,
    http::{blobs, cacheable::accepts_gzip, client::TrustedProxies, header_lines::HeaderLines, params::UriReader},
    identity::{
        access::request::steps as access,
        accounts::{self, Password},
        app_passwords, notices, oidc, people,
        players::{
            self,
            steps::{DisplayName, LinkCode},
        },
        studios::{self, Slug, Title},
    },
    journal::{challenges, library, media, moderation as journal_moderation, saves, thoughts},
    platform::{
        clock,
        codec::{
            deflate::{Compressor, gunzip, inflate, unzlib},
            fields::BodyReader,
            file, hex, json,
        },
        mail::EmailAddress,
        named::Named,
        signer::Signer,
    },
    traces::{
        authoring, decks, feed,
        gate::TextAllowed,
        maps, moderation,
        recordings::{
            self,
            steps::{Limits, pack, unpack},
        },
        search, settings,
        trace::{GroupKey, frame_codec},
        transfer::{self, Line},
        v0, voting,
    },
    worlds::{ScopeKey, steps::Announcement},
};

/// A target: its name, and what it does with bytes.
pub type Target = (&'static str, fn(&[u8]));

/// Every target.
pub const TARGETS: [Target; 8] = [
    ("unpack_recording", unpack_recording),
    ("json_requests", json_requests),
    ("v0_body", v0_body),
    ("import_lines", import_lines),
    ("queries_and_headers", queries_and_headers),
    ("stored_bytes", stored_bytes),
    ("markdown", markdown),
    ("media_files", media_files),
];

/// The limits of recordings here: small, so that no time is lost with large ones.
const LIMITS: Limits = Limits { frames: 2000, events: 2000, bytes: 1 << 20 };

/// The readers of JSON bodies under `/v1` and `/api`.
pub fn body_readers() -> Vec<BodyReader> {
    let columns: &[BodyReader] = &[("RecordingColumns", |body| recordings::steps::read_columns(body).is_ok())];
    let all = [
        accounts::steps::BODY_READERS,
        people::steps::BODY_READERS,
        notices::steps::BODY_READERS,
        players::steps::BODY_READERS,
        studios::steps::BODY_READERS,
        titles::steps::BODY_READERS,
        authoring::steps::BODY_READERS,
        moderation::steps::BODY_READERS,
        search::steps::BODY_READERS,
        settings::steps::BODY_READERS,
        voting::steps::BODY_READERS,
        library::steps::BODY_READERS,
        thoughts::steps::BODY_READERS,
        media::steps::BODY_READERS,
        challenges::steps::BODY_READERS,
        journal_moderation::steps::BODY_READERS,
        saves::steps::BODY_READERS,
        app_passwords::steps::BODY_READERS,
        oidc::steps::BODY_READERS,
        columns,
    ];
    all.concat()
}

/// The sets of query parameters.
pub fn uri_readers() -> Vec<UriReader> {
    let mut all = access::URI_READERS.concat();
    for set in [
        titles::steps::URI_READERS,
        prices::steps::URI_READERS,
        discovery::steps::URI_READERS,
        decks::steps::URI_READERS,
        feed::steps::URI_READERS,
        maps::steps::URI_READERS,
        blobs::steps::URI_READERS,
        library::steps::URI_READERS,
        thoughts::steps::URI_READERS,
        challenges::steps::URI_READERS,
        journal_moderation::steps::URI_READERS,
        saves::steps::URI_READERS,
        people::steps::URI_READERS,
        oidc::steps::URI_READERS,
        notices::steps::URI_READERS,
        moderation::steps::URI_READERS,
        recordings::steps::URI_READERS,
        v0::steps::URI_READERS,
    ] {
        all.extend_from_slice(set);
    }
    all
}

/// A packed recording, as a whole file and as the content of one: else every change would end at the checksum. Either it is
/// refused, or it packs and unpacks to itself.
pub fn unpack_recording(bytes: &[u8]) {
    fn check(file: &[u8], compressor: &mut Compressor) {
        let Ok(recording) = unpack(file, &LIMITS) else { return };
        let columns = recording.columns();
        assert!(columns.t_ms.len() <= LIMITS.frames);
        assert!(columns.pos.iter().chain(&columns.rot).all(|number| number.is_finite()));
        let packed = pack(&recording, compressor);
        assert_eq!(unpack(&packed, &LIMITS).as_ref(), Ok(&recording));
    }
    let mut compressor = Compressor::default();
    check(bytes, &mut compressor);
    let length = u32::try_from(bytes.len()).unwrap_or(u32::MAX).to_le_bytes();
    check(&[b"\xcaREC\x01\0\0\0", &length[..], &compressor.zlib(bytes)].concat(), &mut compressor);
}

/// A body of JSON; the first byte says which reader reads it. A body in which nothing is wrong reads as the same value when it is
/// printed again.
pub fn json_requests(bytes: &[u8]) {
    let Some((selector, body)) = bytes.split_first() else { return };
    let readers = body_readers();
    let (_, accepts) = readers[usize::from(*selector) % readers.len()];
    let is_accepted = accepts(body);
    match json::read(body) {
        Ok((value, flaws)) if flaws.is_empty() => {
            assert_eq!(json::read(value.to_string().as_bytes()), Ok((value, flaws)));
        }
        Ok((_, flaws)) => assert!(flaws.iter().all(|flaw| flaw.pointer.is_empty() || flaw.pointer.starts_with('/'))),
        Err(_) => assert!(!is_accepted, "what is not JSON is no body"),
    }
}

/// A body of `POST /add-object`. The frames of what is accepted can be unpacked.
pub fn v0_body(bytes: &[u8]) {
    let read = v0::steps::read(&mut bytes.to_vec(), &mut Compressor::default(), TextAllowed::ALL);
    let Ok((_, traces)) = read else { return };
    for packed in traces.iter().filter_map(|trace| trace.recording.as_ref()) {
        assert!(frame_codec::unpack(packed.codec, &packed.bytes).is_ok());
    }
}

/// Lines of an import of a world or a studio, gzipped if the first byte is odd. A line of a world that is accepted is printed as a
/// line that reads as the same trace. And the same as a file that is imported into a library, and as answers of providers.
pub fn import_lines(bytes: &[u8]) {
    let Some((selector, content)) = bytes.split_first() else { return };
    let _rows = library::steps::read_file(content);
    let _read = (
        prices::steps::read_answers(content),
        prices::steps::read_rates(content),
        discovery::steps::read_games(content),
    );
    let mut source = file::lines(std::io::Cursor::new(content.to_vec()), selector % 2 == 1);
    let mut compressor = Compressor::default();
    let mut raw = Vec::new();
    while raw.len() < 1 << 20 {
        raw.clear();
        if !source.read_until(b'\n', &mut raw).is_ok_and(|length| length > 0) {
            return;
        }
        let _read = studios::steps::is_export_line(&String::from_utf8_lossy(&raw));
        let Ok(line) = Line::read(Line::content(&raw), &mut compressor) else { continue };
        let trace = line.into_trace();
        let mut printed = Vec::new();
        transfer::steps::print(&trace, &mut printed).expect("what was read can be printed");
        let again = Line::read(Line::content(&printed), &mut compressor).expect("what was printed can be read");
        let mut twice = Vec::new();
        transfer::steps::print(&again.into_trace(), &mut twice).expect("what was read can be printed");
        assert_eq!(String::from_utf8_lossy(&printed), String::from_utf8_lossy(&twice));
    }
}

/// A URI in the first line, and headers in the others; and each line as each text that stands in a path, a parameter or a field.
pub fn queries_and_headers(bytes: &[u8]) {
    let text = String::from_utf8_lossy(bytes);
    let mut lines = text.lines();
    if let Some(uri) = lines.next().and_then(|line| line.parse().ok()) {
        for (_, accepts) in uri_readers() {
            accepts(&uri);
        }
    }
    let mut headers = poem::http::HeaderMap::new();
    for line in lines {
        read_texts(line);
        let (name, value) = line.split_once(':').unwrap_or((line, ""));
        if let (Ok(name), Ok(value)) =
            (poem::http::HeaderName::try_from(name), poem::http::HeaderValue::try_from(value.trim()))
        {
            headers.append(name, value);
        }
    }
    let proxies =
        TrustedProxies(vec!["127.0.0.0/8".parse().expect("a network"), "fd00::/8".parse().expect("a network")]);
    let _read = (accepts_gzip(&HeaderLines::of(&headers)), proxies.client(IpAddr::from([127, 0, 0, 1]), &headers));
}

fn read_texts(text: &str) {
    if let Some(ms) = clock::parse(text) {
        assert_eq!(clock::parse(&clock::format(ms)), Some(ms));
    }
    if let Ok(scope) = ScopeKey::parse(text, "/scope") {
        assert_eq!(scope.as_str(), text);
    }
    let _read = (
        GroupKey::parse(text),
        GroupKey::of_digest(text),
        EmailAddress::parse(text),
        Slug::parse(text),
        Title::parse(text),
        Password::parse(text),
        DisplayName::parse(text),
        LinkCode::parse(text),
        players::steps::parse_player_id(text),
        players::steps::verify_token(text, 0, &Signer::new(&[1; 32])),
        search::steps::Cursor::parse(text),
        hex::to_bytes(text),
    );
}

/// Bytes from the database, from Redis or from the environment; the first byte says which. Whoever can write there may be another
/// version of this program, or none.
pub fn stored_bytes(bytes: &[u8]) {
    let Some((selector, rest)) = bytes.split_first() else { return };
    match selector % 8 {
        0 => {
            let _read = v0::steps::View::decode(rest.to_vec().into());
        }
        1 => {
            let _read = Announcement::<v0::steps::RecentTrace>::of_bytes(rest);
        }
        2 => {
            let codec = rest.first().map_or(0, |first| i16::from(*first));
            let _read = frame_codec::unpack(codec, rest.get(1..).unwrap_or_default());
        }
        3 => {
            let _read = (inflate(rest, 1000), unzlib(rest, 1000));
        }
        4 => {
            let _read = gunzip(rest, 1 << 20);
        }
        5 => {
            let _read = settings::RulesPatch::parse_stored(&String::from_utf8_lossy(rest));
        }
        _ => {
            let text = String::from_utf8_lossy(rest);
            let variables = text.lines().filter_map(|line| line.split_once('='));
            // Not the variables that name files.
            let variables = variables.filter(|(name, _)| *name != "CAIRN_CONFIG" && !name.ends_with("_FILE"));
            let _read = Config::read(None, variables.map(|(name, value)| (name.to_owned(), value.to_owned())));
        }
    }
}

/// A file that a user uploads as a picture or a clip. Either it is refused, or what is kept is no longer than it was, and is accepted
/// again.
pub fn media_files(bytes: &[u8]) {
    let folder = std::env::temp_dir().join(format!("cairn_fuzz_{}", std::process::id()));
    std::fs::create_dir_all(&folder).expect("there is room for files");
    let [source, kept, again] = ["source", "kept", "again"].map(|name| folder.join(name));
    std::fs::write(&source, bytes).expect("there is room for files");
    for media_type in media::steps::MediaType::MEMBERS {
        let Ok(found) = media::steps::check(&source, &kept, *media_type, u32::MAX) else { continue };
        assert!(found.width > 0 && found.height > 0);
        assert!(
            kept.metadata().is_ok_and(|kept| kept.len() <= source.metadata().map_or(0, |source| source.len()) + 64)
        );
        let twice = media::steps::check(&kept, &again, *media_type, u32::MAX);
        assert!(twice.is_ok(), "{media_type:?}: {twice:?}");
    }
}

/// A text that a user writes. Either it is refused, or its HTML is bounded, and nothing in it runs or is loaded.
pub fn markdown(bytes: &[u8]) {
    let Ok(text) = std::str::from_utf8(bytes) else { return };
    let Ok(rendered) = thoughts::steps::render(text) else { return };
    assert!(rendered.html.len() <= thoughts::steps::MAX_HTML_BYTES);
    for forbidden in ["<script", "<img", "<iframe", "<style", "<svg"] {
        assert!(!rendered.html.contains(forbidden), "{forbidden} in {:?}", rendered.html);
    }
}
