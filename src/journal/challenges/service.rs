//! The use cases of challenges. [`moving`] has the moves, [`clock`] what time does, [`telling`] the jobs that tell people.

mod clock;
mod moving;
mod telling;

use std::{collections::BTreeMap, sync::Arc, time::Duration};

use super::{
    calendar,
    config::Settings,
    model::{
        Challenge, ChallengeError, ChallengeId, ChallengeWithCards, Details, GuestWithCard, LATEST, List, ListRequest,
        MoveWithCard, NewChallenge, SessionType, can_play, joined, moments,
    },
    store::{PersonalRows, Store},
};
use crate::{
    catalogue::titles::{TitleCard, TitleError, TitleId, Titles},
    identity::{
        access::UserId,
        people::{Band, People, PersonCard},
    },
    platform::{
        clock as time,
        db::Control,
        error::{Fault, StoreError},
        jobs::Jobs,
        page::Page,
        sealing::Sealer,
        secret::Secret,
    },
};

/// What addresses are sealed for.
const SEALED_FOR: &str = "address of a gathering";

/// A day, in ms.
const DAY_MS: i64 = 24 * 60 * 60 * 1_000;

/// Challenges of all users. Cheap to clone.
#[derive(Clone, Debug)]
pub struct Challenges(Arc<Inner>);

#[derive(Debug)]
struct Inner {
    store: Store,
    titles: Titles,
    people: People,
    jobs: Jobs,
    sealer: Sealer,
    settings: Settings,
}

fn not_there(error: TitleError) -> ChallengeError {
    match error {
        TitleError::NotFound => ChallengeError::GameNotFound,
        other => other.into(),
    }
}

fn wrong(pointer: &str, detail: impl Into<String>) -> ChallengeError {
    ChallengeError::Invalid(vec![Fault::new(pointer, detail)])
}

/// Refuses a beginning that is past, or too far away.
fn check_time(starts_at_ms: i64, now_ms: i64) -> Result<(), ChallengeError> {
    let latest_ms = now_ms.saturating_add(time::ms(LATEST));
    if (now_ms..=latest_ms).contains(&starts_at_ms) {
        return Ok(());
    }
    let days = LATEST.as_secs() / (24 * 60 * 60);
    Err(wrong("/starts_at", format!("must be to come, within {days} days")))
}

/// Refuses a gathering without a place or without a device, and a place of what is online.
fn check_place(session_type: SessionType, details: &Details, title: &TitleCard) -> Result<(), ChallengeError> {
    match (session_type, &details.venue) {
        (SessionType::Online, None) => return Ok(()),
        (SessionType::Online, Some(_)) => return Err(wrong("/area", "is for what is offline")),
        (SessionType::Offline, None) => return Err(wrong("/area", "is missing: a gathering has one")),
        (SessionType::Offline, Some(_)) => {}
    }
    let devices = [joined(&details.brings), joined(&details.needs)].join(" ");
    if can_play(devices.split_whitespace(), &title.platforms) {
        return Ok(());
    }
    let detail = match title.platforms.join(", ") {
        platforms if platforms.is_empty() => "has no device, nor has needs: one at least must be there".to_owned(),
        platforms => format!("has no device that can play this game, nor has needs: it is for {platforms}"),
    };
    Err(wrong("/brings", detail))
}

impl Challenges {
    /// The feature on the control tables.
    #[must_use]
    pub fn new(
        control: Control,
        (titles, people): (Titles, People),
        (jobs, sealer): (Jobs, Sealer),
        settings: Settings,
    ) -> Self {
        Self(Arc::new(Inner { store: Store::new(control), titles, people, jobs, sealer, settings }))
    }

    /// Seals the address of a gathering.
    fn sealed(&self, details: &Details) -> Result<Option<String>, ChallengeError> {
        let address = details.venue.as_ref().and_then(|venue| venue.address.as_ref());
        Ok(address.map(|address| self.0.sealer.seal(SEALED_FOR, address.expose())).transpose()?)
    }

    /// An address; none where it can't be opened, which the log says.
    fn opened(&self, sealed: Option<&str>) -> Option<Secret> {
        let opened = self.0.sealer.open(SEALED_FOR, sealed?);
        opened
            .inspect_err(|error| tracing::warn!(%error, "the address of a gathering can't be opened"))
            .ok()
            .map(Secret::new)
    }

    /// Makes a challenge.
    ///
    /// # Errors
    /// [`ChallengeError`].
    pub async fn make(&self, host: &UserId, new: NewChallenge) -> Result<ChallengeWithCards, ChallengeError> {
        let NewChallenge { title, session_type, invited, mut details } = new;
        // What awaits approval nobody but its author sees.
        let title = self.0.titles.card(None, title).await.map_err(not_there)?;
        check_time(details.starts_at_ms, time::now_ms())?;
        check_place(session_type, &details, &title)?;
        if let Some(venue) = details.venue.as_mut().filter(|venue| venue.cell.is_none()) {
            let own = self.0.people.own_place(host).await?.ok_or(ChallengeError::PlaceNeeded)?;
            venue.cell = Some(own.shown);
        }
        let sealed = self.sealed(&details)?;
        let guests = self.known(host, &invited, "/invited").await?;
        let control = self.0.store.control();
        let transaction = control.begin().await?;
        self.count_invitations(&transaction, host, guests.len()).await?;
        let now_ms = time::now_ms();
        let is_reminded = moments(details.starts_at_ms).first().is_none_or(|at_ms| *at_ms <= now_ms);
        let what = (host, title.id, session_type);
        let at = (now_ms, is_reminded);
        let id = self.0.store.insert(&transaction, what, &details, sealed.as_deref(), at).await?;
        let locked = self.0.store.lock(&transaction, id, self.0.settings.offered_for).await?;
        let mut locked = locked.ok_or(ChallengeError::NotFound)?;
        locked.roster.note_made();
        locked.roster.invite(&guests, now_ms).map_err(|refused| ChallengeError::refused(refused, ""))?;
        let mut queued = self.write(&transaction, &locked, now_ms).await?;
        queued.extend(self.ask_for_moments(&transaction, id, details.starts_at_ms).await?);
        control.commit(transaction).await?;
        for job in queued {
            job.wake().await;
        }
        self.one(Some(host), id).await
    }

    /// The challenge with that id, if the viewer sees it.
    ///
    /// # Errors
    /// [`ChallengeError::NotFound`], or another.
    pub async fn one(&self, viewer: Option<&UserId>, id: ChallengeId) -> Result<ChallengeWithCards, ChallengeError> {
        let challenge = self.0.store.one(viewer, id).await?.ok_or(ChallengeError::NotFound)?;
        let page = Page { items: vec![challenge], more: false };
        let mut shown = self.shown(viewer, page).await?.items.pop().ok_or(ChallengeError::NotFound)?;
        if shown.challenge.shows_address_to(viewer) {
            shown.address = self.opened(shown.challenge.sealed_address.as_deref());
            self.add_guests(viewer, &mut shown).await?;
        }
        Ok(shown)
    }

    /// Adds the guests, for the host and those who come.
    async fn add_guests(&self, viewer: Option<&UserId>, shown: &mut ChallengeWithCards) -> Result<(), ChallengeError> {
        let Some(viewer) = viewer else { return Ok(()) };
        let guests = self.0.store.guests(viewer, shown.challenge.id, shown.is_own).await?;
        let people = self.cards(Some(viewer), guests.iter().map(|guest| guest.user.clone())).await?;
        let coming = guests.iter().filter(|guest| guest.state == super::model::GuestState::Accepted);
        let devices = coming.flat_map(|guest| guest.brings.split_whitespace());
        let devices = shown.challenge.brings.split_whitespace().chain(devices);
        let platforms = shown.title.as_ref().map_or(&[][..], |title| &title.platforms);
        shown.can_play = Some(can_play(devices, platforms));
        let guest = |guest: super::model::Guest| GuestWithCard { person: people.get(&guest.user).cloned(), guest };
        shown.guests = Some(guests.into_iter().map(guest).collect());
        Ok(())
    }

    /// A page of one of a user's lists.
    ///
    /// # Errors
    /// [`ChallengeError`].
    pub async fn list(&self, user: &UserId, list: &ListRequest) -> Result<Page<ChallengeWithCards>, ChallengeError> {
        let page = match list.list {
            List::Mine => self.0.store.hosted(user, list).await?,
            List::Invited => self.0.store.invited(user, list).await?,
            List::Found => return self.found(user, list).await,
        };
        self.shown(Some(user), page).await
    }

    /// Open gatherings within a band around the user's own place, by time.
    async fn found(&self, user: &UserId, list: &ListRequest) -> Result<Page<ChallengeWithCards>, ChallengeError> {
        let own = self.0.people.own_place(user).await?.ok_or(ChallengeError::PlaceNeeded)?.shown;
        let regions = own.regions_within(list.within);
        let all = self.0.store.in_regions(user, &regions, list, time::now_ms()).await?;
        let within = |challenge: &Challenge| challenge.cell.is_some_and(|cell| Band::between(own, cell) <= list.within);
        let near = all.into_iter().filter(within).take(list.limit.saturating_add(1)).collect();
        let mut page = self.shown(Some(user), Page::cut(near, list.limit)).await?;
        for shown in &mut page.items {
            shown.band = shown.challenge.cell.map(|cell| Band::between(own, cell));
        }
        Ok(page)
    }

    /// The history of a challenge, the newest first, as far as the viewer may see it.
    ///
    /// # Errors
    /// [`ChallengeError::NotFound`], or another.
    pub async fn moves(&self, viewer: Option<&UserId>, id: ChallengeId) -> Result<Vec<MoveWithCard>, ChallengeError> {
        let challenge = self.0.store.one(viewer, id).await?.ok_or(ChallengeError::NotFound)?;
        let is_host = viewer.is_some() && challenge.host.as_ref() == viewer;
        let mut moves = self.0.store.moves(viewer, id, is_host).await?;
        let people = self.cards(viewer, moves.iter().filter_map(|made| made.guest.clone())).await?;
        for made in &mut moves {
            made.person = made.guest.as_ref().and_then(|guest| people.get(guest).cloned());
        }
        Ok(moves)
    }

    /// The challenge as a calendar file.
    ///
    /// # Errors
    /// [`ChallengeError::NotFound`], or another.
    pub async fn calendar(&self, user: &UserId, id: ChallengeId) -> Result<String, ChallengeError> {
        let shown = self.one(Some(user), id).await?;
        Ok(calendar::write(&shown, &self.link(id)))
    }

    /// Where a challenge is found.
    fn link(&self, id: ChallengeId) -> String {
        format!("{}/api/challenges/{}", self.0.settings.public_url, id.0)
    }

    /// All that is stored of a user, for an export: with the addresses of what they host.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn export_of(&self, user: &UserId) -> Result<PersonalRows, StoreError> {
        let mut rows = self.0.store.personal_rows(user).await?;
        for row in &mut rows.hosted {
            let address = self.opened(row.get("address").and_then(serde_json::Value::as_str));
            row.insert("address".to_owned(), address.map(|address| address.expose().to_owned()).into());
        }
        Ok(rows)
    }

    /// Challenges with what is shown of hosts and titles. Addresses and guests are added where one of them is read.
    async fn shown(
        &self,
        viewer: Option<&UserId>,
        page: Page<Challenge>,
    ) -> Result<Page<ChallengeWithCards>, ChallengeError> {
        let hosts = page.items.iter().filter_map(|challenge| challenge.host.clone());
        let titles: Vec<TitleId> = page.items.iter().map(|challenge| challenge.title).collect();
        let people = self.cards(viewer, hosts).await?;
        let titles = self.0.titles.cards(viewer, &titles).await?;
        let titles: BTreeMap<_, _> = titles.into_iter().map(|card| (card.asked, card)).collect();
        Ok(page.map(|challenge| ChallengeWithCards {
            host: challenge.host.as_ref().and_then(|host| people.get(host).cloned()),
            is_own: viewer.is_some() && challenge.host.as_ref() == viewer,
            title: titles.get(&challenge.title).cloned(),
            band: None,
            address: None,
            can_play: None,
            guests: None,
            challenge,
        }))
    }

    async fn cards(
        &self,
        viewer: Option<&UserId>,
        users: impl Iterator<Item = UserId>,
    ) -> Result<BTreeMap<UserId, PersonCard>, ChallengeError> {
        let mut users: Vec<UserId> = users.collect();
        users.sort_unstable();
        users.dedup();
        let cards = self.0.people.cards(viewer, &users).await?;
        Ok(cards.into_iter().map(|card| (card.user.clone(), card)).collect())
    }

    /// The users of these names, whom the host can see, and who can see the host.
    async fn known(&self, host: &UserId, names: &[String], pointer: &str) -> Result<Vec<UserId>, ChallengeError> {
        let mut users = Vec::with_capacity(names.len());
        for (at, name) in names.iter().enumerate() {
            let user = match self.0.people.find(Some(host), name).await {
                Err(crate::identity::people::PeopleError::NotFound) => {
                    return Err(wrong(&format!("{pointer}/{at}"), "is nobody whom you can see"));
                }
                found => found?,
            };
            if user == *host {
                return Err(ChallengeError::Oneself);
            }
            if self.0.people.cards(Some(&user), std::slice::from_ref(host)).await?.is_empty() {
                return Err(ChallengeError::ProfileHidden);
            }
            if !users.contains(&user) {
                users.push(user);
            }
        }
        Ok(users)
    }

    /// Counts invitations on this day, which others of the same host wait for.
    async fn count_invitations(
        &self,
        transaction: &crate::platform::db::DatabaseTransaction,
        host: &UserId,
        guests: usize,
    ) -> Result<(), ChallengeError> {
        let (now_ms, invitations) = (time::now_ms(), i64::try_from(guests).unwrap_or(i64::MAX));
        let day = now_ms.div_euclid(DAY_MS);
        let all = self.0.store.count_invitations(transaction, host, day, invitations).await?;
        if invitations == 0 || all <= super::model::MAX_INVITATIONS {
            return Ok(());
        }
        let left_ms = u64::try_from((day + 1) * DAY_MS - now_ms).unwrap_or_default();
        Err(ChallengeError::TooManyInvitations(Duration::from_millis(left_ms)))
    }
}
