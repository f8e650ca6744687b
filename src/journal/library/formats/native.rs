//! Our own form, as JSON and as CSV: what the export writes, and the import reads back.

use serde_json::{Map, Value, json};

use super::{
    cells::{self, Cells},
    clean_name, csv, dates,
};
use crate::{
    catalogue::titles::Platform,
    identity::people::Audience,
    journal::library::model::{
        Entry, GameNames, Grade, ImportedEntry, ImportedPlaythrough, ImportedRow, MAX_CHANGES, MAX_PLAYTHROUGHS,
        OwnParts, PartialDate, Playthrough, Score, State, Target, minutes::MAX_MINUTES,
    },
    platform::{clock, named::Named},
};

/// The `format` of the JSON.
pub const FORMAT: &str = "cairn-library-1";

/// The columns of the CSV, with the line break.
pub const CSV_COLUMNS: &str = "game_id,name,year,external,state,score,audience,minutes,loose_minutes,target,currency,added_at,playthroughs,history\r\n";

/// Whether a document says that it is ours.
pub fn is_ours(texts: &[(String, String)]) -> bool {
    texts.iter().any(|(name, text)| name == "format" && text == FORMAT)
}

/// What of a title stands in an export: it is found again by its ids elsewhere, or by name and year.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ExportedTitle {
    /// Its name.
    pub name: String,
    /// Its year.
    pub year: Option<i32>,
    /// Its ids in other catalogues.
    pub external: Vec<(String, String)>,
}

/// An entry as JSON.
pub fn to_json(entry: &Entry, title: &ExportedTitle) -> Value {
    let mut game = Map::new();
    game.insert("id".to_owned(), entry.title.0.to_string().into());
    game.insert("name".to_owned(), title.name.clone().into());
    if let Some(year) = title.year {
        game.insert("year".to_owned(), year.into());
    }
    if !title.external.is_empty() {
        game.insert("external".to_owned(), external_to_json(title));
    }
    let mut item = Map::new();
    item.insert("game".to_owned(), game.into());
    item.insert("state".to_owned(), entry.state.public_name().into());
    if let Some(Score(score)) = entry.score {
        item.insert("score".to_owned(), score.into());
    }
    item.insert("audience".to_owned(), entry.audience.public_name().into());
    item.insert("minutes".to_owned(), entry.minutes().into());
    item.insert("loose_minutes".to_owned(), entry.loose_minutes.into());
    if let Some(Target { minor, currency }) = &entry.target {
        item.insert("target".to_owned(), json!({"minor": minor, "currency": currency}));
    }
    item.insert("added_at".to_owned(), clock::format(entry.added_ms).into());
    item.insert("playthroughs".to_owned(), entry.playthroughs.iter().map(playthrough_to_json).collect());
    item.insert("history".to_owned(), history_to_json(entry));
    item.into()
}

fn external_to_json(title: &ExportedTitle) -> Value {
    title.external.iter().map(|(source, id)| json!({"source": source, "id": id})).collect()
}

fn history_to_json(entry: &Entry) -> Value {
    let change = |one: &crate::journal::library::model::StateChange| json!({"at": clock::format(one.at_ms), "state": one.state.public_name()});
    entry.history.iter().map(change).collect()
}

fn playthrough_to_json(run: &Playthrough) -> Value {
    let mut item = Map::new();
    let texts = [
        ("platform", run.platform.clone()),
        ("started", run.started.as_ref().map(ToString::to_string)),
        ("finished", run.finished.as_ref().map(ToString::to_string)),
        ("grade", run.grade.map(|grade| grade.public_name().to_owned())),
    ];
    for (name, text) in texts {
        item.extend(text.map(|text| (name.to_owned(), text.into())));
    }
    item.extend(run.minutes.map(|minutes| ("minutes".to_owned(), minutes.into())));
    item.into()
}

/// An entry as a row, with the line break.
pub fn to_csv(entry: &Entry, title: &ExportedTitle, out: &mut Vec<u8>) {
    let number = |number: Option<String>| number.unwrap_or_default();
    let target = entry.target.as_ref();
    let external = if title.external.is_empty() { String::new() } else { external_to_json(title).to_string() };
    let playthroughs: Value = entry.playthroughs.iter().map(playthrough_to_json).collect();
    let cells = [
        entry.title.0.to_string(),
        title.name.clone(),
        number(title.year.map(|year| year.to_string())),
        external,
        entry.state.public_name().to_owned(),
        number(entry.score.map(|Score(score)| score.to_string())),
        entry.audience.public_name().to_owned(),
        entry.minutes().to_string(),
        entry.loose_minutes.to_string(),
        number(target.map(|target| target.minor.to_string())),
        target.map(|target| target.currency.clone()).unwrap_or_default(),
        clock::format(entry.added_ms),
        playthroughs.to_string(),
        history_to_json(entry).to_string(),
    ];
    for (place, cell) in cells.iter().enumerate() {
        if place > 0 {
            out.push(b',');
        }
        csv::write_field(cell, out);
    }
    out.extend_from_slice(b"\r\n");
}

/// Reads an item of the JSON.
pub fn read_item(item: &Value) -> Result<ImportedRow, String> {
    let game = &item["game"];
    let (text, target) = (|name: &str| item[name].as_str(), |place: &str| item.pointer(place));
    read(&Raw {
        id: game["id"].as_str(),
        name: game["name"].as_str().unwrap_or_default(),
        year: game["year"].as_i64(),
        external: game.get("external"),
        state: text("state"),
        score: item["score"].as_i64(),
        audience: text("audience"),
        loose: item["loose_minutes"].as_i64(),
        target: target("/target/minor").and_then(Value::as_i64).zip(target("/target/currency").and_then(Value::as_str)),
        added: text("added_at"),
        playthroughs: item.get("playthroughs"),
        history: item.get("history"),
    })
}

/// Reads a row of the CSV.
pub fn read_cells(cells: &Cells<'_>) -> Result<ImportedRow, String> {
    let number = |column: &str| {
        cells.given(column).map(|text| text.parse::<i64>().map_err(|_| format!("has {text:?} in {column}"))).transpose()
    };
    let json = |column: &str| cells::json(cells.text(column), column);
    let (external, playthroughs, history) = (json("external")?, json("playthroughs")?, json("history")?);
    read(&Raw {
        id: cells.given("gameid"),
        name: cells.text("name"),
        year: number("year")?,
        external: external.as_ref(),
        state: cells.given("state"),
        score: number("score")?,
        audience: cells.given("audience"),
        loose: number("looseminutes")?,
        target: number("target")?.zip(cells.given("currency")),
        added: cells.given("addedat"),
        playthroughs: playthroughs.as_ref(),
        history: history.as_ref(),
    })
}

/// What both forms say, before it is checked.
struct Raw<'a> {
    id: Option<&'a str>,
    name: &'a str,
    year: Option<i64>,
    external: Option<&'a Value>,
    state: Option<&'a str>,
    score: Option<i64>,
    audience: Option<&'a str>,
    loose: Option<i64>,
    target: Option<(i64, &'a str)>,
    added: Option<&'a str>,
    playthroughs: Option<&'a Value>,
    history: Option<&'a Value>,
}

/// The member of a set, or what is wrong.
fn member<T: Named>(text: &str, what: &str) -> Result<T, String> {
    T::of_public_name(text).ok_or_else(|| format!("has the {what} {text:?}, which is not known here"))
}

fn minutes(number: i64) -> Result<i32, String> {
    let minutes = i32::try_from(number).ok().filter(|minutes| (0..=MAX_MINUTES).contains(minutes));
    minutes.ok_or_else(|| format!("has {number} minutes, which is out of range"))
}

fn read(raw: &Raw<'_>) -> Result<ImportedRow, String> {
    let name = clean_name(raw.name);
    if name.is_empty() {
        return Err("has no name".to_owned());
    }
    let items = |list: Option<&Value>, most: usize, what: &str| -> Result<Vec<Value>, String> {
        let list = list.and_then(Value::as_array).cloned().unwrap_or_default();
        if list.len() > most { Err(format!("has more than {most} {what}")) } else { Ok(list) }
    };
    let pair = |one: &Value| Some((one["source"].as_str()?.to_owned(), one["id"].as_str()?.to_owned()));
    let game = GameNames {
        name,
        year: raw.year.and_then(|year| i32::try_from(year).ok()),
        platform: None,
        external: items(raw.external, 20, "ids")?.iter().filter_map(pair).collect(),
        id: raw.id.and_then(|id| id.parse().ok()),
    };
    let state: State = member(raw.state.ok_or("has no state")?, "state")?;
    let score = raw.score.map(|score| Score::of(score).ok_or_else(|| format!("has the score {score}; 0 to 100")));
    let playthroughs = items(raw.playthroughs, MAX_PLAYTHROUGHS, "playthroughs")?;
    let playthroughs: Vec<ImportedPlaythrough> =
        playthroughs.iter().enumerate().map(|(place, run)| playthrough(place, run)).collect::<Result<_, _>>()?;
    let played = playthroughs.iter().filter_map(|run| run.minutes).fold(0, i32::saturating_add);
    let loose = raw.loose.map(minutes).transpose()?.unwrap_or_default();
    let change = |one: &Value| {
        let at = one["at"].as_str().and_then(clock::parse).ok_or("has a change of state without a time")?;
        Ok::<_, String>((at, member(one["state"].as_str().unwrap_or_default(), "state")?))
    };
    let history: Vec<(i64, State)> =
        items(raw.history, MAX_CHANGES, "changes of state")?.iter().map(change).collect::<Result<_, _>>()?;
    let audience: Option<Audience> = raw.audience.map(|text| member(text, "audience")).transpose()?;
    let target = raw.target.map(|(minor, currency)| {
        let is_currency = currency.len() == 3 && currency.bytes().all(|byte| byte.is_ascii_uppercase());
        let target = Target { minor, currency: currency.to_owned() };
        if is_currency && minor >= 0 { Ok(target) } else { Err("has a price target that is none".to_owned()) }
    });
    let own = OwnParts { audience: audience.map(Audience::number), target: target.transpose()?, history };
    let entry = ImportedEntry {
        state: Some(state),
        score: score.transpose()?,
        total: Some(played.saturating_add(loose)),
        platform: None,
        added_ms: raw.added.and_then(dates::moment),
        active_ms: None,
        playthroughs,
        own: Some(own),
    };
    Ok(ImportedRow { game, entry, ..ImportedRow::default() })
}

fn playthrough(place: usize, run: &Value) -> Result<ImportedPlaythrough, String> {
    let date = |name: &str| {
        let text = run[name].as_str();
        text.map(|text| PartialDate::parse(text).map_err(|why| format!("has a playthrough whose {name} {why}")))
            .transpose()
    };
    let platform = run["platform"].as_str().map(|text| {
        Platform::parse(text).map(|word| word.as_str().to_owned()).map_err(|why| format!("has a platform that {why}"))
    });
    let grade: Option<Grade> = run["grade"].as_str().map(|text| member(text, "grade")).transpose()?;
    Ok(ImportedPlaythrough {
        key: place.to_string(),
        platform: platform.transpose()?,
        started: date("started")?,
        finished: date("finished")?,
        minutes: run["minutes"].as_i64().map(minutes).transpose()?,
        grade,
    })
}
