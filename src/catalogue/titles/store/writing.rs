//! Adds, changes and deletes titles. Who adds one holds the row that numbers them: of two who add the same title at once, one sees
//! what the other has added.

use entity::control::catalogue::{
    title, title_external, title_genre, title_name, title_platform, title_sequence, title_slip,
};
use sea_orm::{
    ColumnTrait, DatabaseTransaction, FromQueryResult, Set,
    sea_query::{Expr, ExprTrait, Query},
};

use super::{Store, joined, title_of};
use crate::{
    catalogue::titles::model::{ExternalId, Facts, Name, Title, TitleError, TitleId, grams},
    identity::access::UserId,
    platform::{clock, error::StoreError},
};

/// A title that is about to be added.
#[derive(Clone, Debug)]
pub struct NewTitle {
    /// Its id.
    pub id: TitleId,
    /// What is known of it.
    pub facts: Facts,
    /// Its author, where it awaits approval.
    pub pending_of: Option<UserId>,
    /// Ids that others know it by.
    pub external: Vec<ExternalId>,
}

/// Numbers for new titles and names.
#[derive(Clone, Copy, Debug)]
pub struct Numbers {
    next_title: i64,
    next_name: i64,
}

impl Numbers {
    /// The next id of a title.
    pub fn title(&mut self) -> TitleId {
        self.next_title += 1;
        TitleId(self.next_title - 1)
    }

    fn name(&mut self) -> i64 {
        self.next_name += 1;
        self.next_name - 1
    }
}

#[derive(FromQueryResult)]
struct CountRow {
    count: i64,
}

fn count(number: usize) -> i64 {
    i64::try_from(number).unwrap_or(i64::MAX)
}

/// The rows of the names of a title.
fn name_rows(
    title: TitleId,
    facts: &Facts,
    numbers: &mut Numbers,
) -> (Vec<title_name::ActiveModel>, Vec<title_slip::ActiveModel>) {
    let (mut names, mut slips) = (Vec::new(), Vec::new());
    for name in std::iter::once(&facts.name).chain(&facts.other_names) {
        let id = numbers.name();
        names.push(title_name::ActiveModel {
            id: Set(id),
            title: Set(title.0),
            name: Set(name.as_str().to_owned()),
            name_key: Set(name.key().to_owned()),
            search_text: Set(grams::search_text(&grams::words(name.key()))),
        });
        let hashes = grams::slips(name.key(), &grams::SLIP_LETTERS).into_iter();
        slips.extend(hashes.map(|hash| title_slip::ActiveModel { hash: Set(hash), name: Set(id) }));
    }
    (names, slips)
}

fn platform_rows(title: TitleId, facts: &Facts) -> impl Iterator<Item = title_platform::ActiveModel> {
    facts.platforms.iter().map(move |platform| title_platform::ActiveModel {
        title: Set(title.0),
        platform: Set(platform.to_string()),
        name_key: Set(facts.name.key().to_owned()),
    })
}

fn genre_rows(title: TitleId, facts: &Facts) -> impl Iterator<Item = title_genre::ActiveModel> {
    facts.genres.iter().map(move |genre| title_genre::ActiveModel {
        title: Set(title.0),
        genre: Set(genre.to_string()),
        name_key: Set(facts.name.key().to_owned()),
    })
}

fn other_names(names: &[Name]) -> String {
    names.iter().map(Name::as_str).collect::<Vec<_>>().join("\n")
}

impl Store {
    /// Begins a transaction that adds or changes at most so many titles and names: no other one of these runs at the same time.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn begin(&self, titles: usize, names: usize) -> Result<(DatabaseTransaction, Numbers), StoreError> {
        let transaction = self.control.begin().await?;
        let (titles, names) = (count(titles), count(names));
        let raise = Query::update()
            .table(self.control.table(title_sequence::Entity))
            .value(title_sequence::Column::LastTitle, Expr::col(title_sequence::Column::LastTitle).add(titles))
            .value(title_sequence::Column::LastName, Expr::col(title_sequence::Column::LastName).add(names))
            .and_where(title_sequence::Column::Id.eq(1))
            .returning(Query::returning().columns([
                title_sequence::Column::Id,
                title_sequence::Column::LastTitle,
                title_sequence::Column::LastName,
            ]))
            .to_owned();
        let rows: Vec<title_sequence::Model> = self.control.returned(&transaction, &raise).await?;
        let missing = || StoreError::Statement(sea_orm::DbErr::RecordNotFound("title_sequence".to_owned()));
        let row = rows.into_iter().next().ok_or_else(missing)?;
        let numbers = Numbers { next_title: row.last_title - titles + 1, next_name: row.last_name - names + 1 };
        Ok((transaction, numbers))
    }

    /// Commits.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn commit(&self, transaction: DatabaseTransaction) -> Result<(), StoreError> {
        self.control.commit(transaction).await
    }

    /// How many titles of a user await approval.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn pending_of(&self, transaction: &DatabaseTransaction, user: &UserId) -> Result<u64, StoreError> {
        let select = Query::select()
            .expr_as(Expr::cust("count(*)"), "count")
            .from(self.control.table(title::Entity))
            .and_where(title::Column::PendingOf.eq(user.as_str()))
            .to_owned();
        let rows: Vec<CountRow> = self.control.returned(transaction, &select).await?;
        Ok(rows.first().map_or(0, |row| row.count.unsigned_abs()))
    }

    /// Adds titles.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn insert(
        &self,
        transaction: &DatabaseTransaction,
        titles: &[NewTitle],
        numbers: &mut Numbers,
    ) -> Result<(), StoreError> {
        let now_ms = clock::now_ms();
        let row = |NewTitle { id, facts, pending_of, .. }: &NewTitle| title::ActiveModel {
            id: Set(id.0),
            name: Set(facts.name.as_str().to_owned()),
            name_key: Set(facts.name.key().to_owned()),
            other_names: Set(other_names(&facts.other_names)),
            year: Set(facts.year()),
            released: Set(facts.released.as_ref().map(ToString::to_string).unwrap_or_default()),
            publisher: Set(facts.publisher.as_str().to_owned()),
            developer: Set(facts.developer.as_str().to_owned()),
            platforms: Set(joined(&facts.platforms, ",")),
            genres: Set(joined(&facts.genres, ",")),
            pending_of: Set(pending_of.as_ref().map(|user| user.as_str().to_owned())),
            merged_into: Set(None),
            revision: Set(1),
            created_at_ms: Set(now_ms),
            changed_at_ms: Set(now_ms),
        };
        self.control.insert(transaction, titles.iter().map(row).collect()).await?;
        let (mut names, mut slips) = (Vec::new(), Vec::new());
        for title in titles {
            let (more_names, more_slips) = name_rows(title.id, &title.facts, numbers);
            names.extend(more_names);
            slips.extend(more_slips);
        }
        self.control.insert(transaction, names).await?;
        self.control.insert(transaction, slips).await?;
        let platforms = titles.iter().flat_map(|title| platform_rows(title.id, &title.facts)).collect();
        self.control.insert::<title_platform::ActiveModel>(transaction, platforms).await?;
        let genres = titles.iter().flat_map(|title| genre_rows(title.id, &title.facts)).collect();
        self.control.insert::<title_genre::ActiveModel>(transaction, genres).await?;
        let external = titles.iter().flat_map(|title| title.external.iter().map(|id| (title.id, id.clone())));
        self.insert_external(transaction, external.collect()).await
    }

    /// Adds ids that others know titles by.
    ///
    /// # Errors
    /// [`StoreError`]: an id is another title's.
    pub async fn insert_external(
        &self,
        transaction: &DatabaseTransaction,
        ids: Vec<(TitleId, ExternalId)>,
    ) -> Result<(), StoreError> {
        let row = |(title, id): (TitleId, ExternalId)| title_external::ActiveModel {
            source: Set(id.source().to_owned()),
            external: Set(id.external().to_owned()),
            title: Set(title.0),
        };
        self.control.insert(transaction, ids.into_iter().map(row).collect()).await
    }

    /// Replaces the ids that others know a title by.
    ///
    /// # Errors
    /// [`StoreError`]: an id is another title's.
    pub async fn replace_external(
        &self,
        transaction: &DatabaseTransaction,
        title: TitleId,
        ids: Vec<ExternalId>,
    ) -> Result<(), StoreError> {
        self.control.delete(transaction, title_external::Entity, title_external::Column::Title.eq(title.0)).await?;
        self.insert_external(transaction, ids.into_iter().map(|id| (title, id)).collect()).await
    }

    /// A title as it is now, locked until the transaction ends.
    ///
    /// # Errors
    /// [`TitleError::NotFound`], also where it was merged into another, or [`StoreError`].
    pub async fn lock(&self, transaction: &DatabaseTransaction, id: TitleId) -> Result<Title, TitleError> {
        let select = self
            .control
            .select::<title::Entity>()
            .and_where(title::Column::Id.eq(id.0))
            .and_where(title::Column::MergedInto.is_null())
            .lock(sea_orm::sea_query::LockType::Update)
            .to_owned();
        let rows: Vec<title::Model> = self.control.returned(transaction, &select).await?;
        let mut title = title_of(rows.first().ok_or(TitleError::NotFound)?)?;
        let select = self
            .control
            .select::<title_external::Entity>()
            .and_where(title_external::Column::Title.eq(id.0))
            .to_owned();
        let rows: Vec<title_external::Model> = self.control.returned(transaction, &select).await?;
        title.external = rows.iter().filter_map(|row| ExternalId::parse(&row.source, &row.external).ok()).collect();
        title.external.sort_unstable();
        Ok(title)
    }

    /// Replaces what is known of a title, and who sees it. Its names, platforms and genres are written anew where they differ.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn replace(
        &self,
        transaction: &DatabaseTransaction,
        was: &Title,
        facts: &Facts,
        pending_of: Option<&UserId>,
        numbers: &mut Numbers,
    ) -> Result<(), StoreError> {
        let id = was.id;
        let update = Query::update()
            .table(self.control.table(title::Entity))
            .value(title::Column::Name, facts.name.as_str())
            .value(title::Column::NameKey, facts.name.key())
            .value(title::Column::OtherNames, other_names(&facts.other_names))
            .value(title::Column::Year, facts.year())
            .value(title::Column::Released, facts.released.as_ref().map(ToString::to_string).unwrap_or_default())
            .value(title::Column::Publisher, facts.publisher.as_str())
            .value(title::Column::Developer, facts.developer.as_str())
            .value(title::Column::Platforms, joined(&facts.platforms, ","))
            .value(title::Column::Genres, joined(&facts.genres, ","))
            .value(title::Column::PendingOf, pending_of.map(|user| user.as_str().to_owned()))
            .value(title::Column::Revision, was.revision + 1)
            .value(title::Column::ChangedAtMs, clock::now_ms())
            .and_where(title::Column::Id.eq(id.0))
            .to_owned();
        self.control.execute(transaction, &update).await?;
        let is_renamed = facts.name != was.facts.name;
        if is_renamed || facts.other_names != was.facts.other_names {
            self.control.delete(transaction, title_name::Entity, title_name::Column::Title.eq(id.0)).await?;
            let (names, slips) = name_rows(id, facts, numbers);
            self.control.insert(transaction, names).await?;
            self.control.insert(transaction, slips).await?;
        }
        if is_renamed || facts.platforms != was.facts.platforms {
            self.control.delete(transaction, title_platform::Entity, title_platform::Column::Title.eq(id.0)).await?;
            self.control.insert(transaction, platform_rows(id, facts).collect()).await?;
        }
        if is_renamed || facts.genres != was.facts.genres {
            self.control.delete(transaction, title_genre::Entity, title_genre::Column::Title.eq(id.0)).await?;
            self.control.insert(transaction, genre_rows(id, facts).collect()).await?;
        }
        Ok(())
    }

    /// Deletes a title, with its names and all that is known of it.
    ///
    /// # Errors
    /// [`TitleError::InUse`], or [`StoreError`].
    pub async fn delete(&self, transaction: &DatabaseTransaction, id: TitleId) -> Result<(), TitleError> {
        match self.control.delete(transaction, title::Entity, title::Column::Id.eq(id.0)).await {
            Ok(_) => Ok(()),
            // The constraint of a table that refers to it.
            Err(StoreError::InvalidRow(_)) => Err(TitleError::InUse),
            Err(error) => Err(error.into()),
        }
    }
}
