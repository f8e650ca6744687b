//! Changing a trace and taking it back: its author's alone.

use entity::tenant::traces::trace;
use sea_orm::{ColumnTrait, sea_query::Query};

use crate::{
    platform::error::{Fault, StoreError},
    traces::{
        authoring::model::{Change, Changed, said_anew},
        rules::TraceKind,
        trace::{Detail, TraceResponse},
        voting,
    },
    worlds::{ChangeReason, Command, ScopeKey, TraceLocation, WorldTx},
};

async fn one(world: &WorldTx<'_>, id: i64) -> Result<Option<trace::Model>, StoreError> {
    let select = world
        .tables()
        .select::<trace::Entity>()
        .and_where(trace::Column::World.eq(world.world()))
        .and_where(trace::Column::Id.eq(id))
        .to_owned();
    Ok(world.tables().returned(world.transaction(), &select).await?.into_iter().next())
}

/// Whether a player may do something with a trace as its author.
enum Authored {
    Yes(Box<trace::Model>),
    NotThere,
    NotYours,
}

async fn authored(world: &WorldTx<'_>, id: i64, author: &str) -> Result<Authored, StoreError> {
    Ok(match one(world, id).await? {
        None => Authored::NotThere,
        Some(row) if row.minted && row.author == author => Authored::Yes(Box::new(row)),
        // A group's trace is there only for the group.
        Some(row) if row.hidden || row.group_key.is_some() => Authored::NotThere,
        Some(_) => Authored::NotYours,
    })
}

/// A player changes a trace.
#[derive(Debug)]
pub struct ChangeTrace {
    /// Who.
    pub author: String,
    /// Which.
    pub id: i64,
    /// What.
    pub change: Change,
}

impl Command for ChangeTrace {
    type Output = Changed;

    fn size_bytes(&self) -> usize {
        8 * 1024
    }

    async fn run(&self, world: &mut WorldTx<'_>) -> Result<Changed, StoreError> {
        let mut row = match authored(world, self.id, &self.author).await? {
            Authored::Yes(row) => *row,
            Authored::NotThere => return Ok(Changed::NotThere),
            Authored::NotYours => return Ok(Changed::NotYours),
        };
        if row.revision != self.change.revision {
            return Ok(Changed::Old(Box::new(TraceResponse::of(row))));
        }
        let Some(kind) = TraceKind::of_code(row.kind) else { return Ok(Changed::NotThere) };
        let mut detail = Detail::of(&row);
        let Change { text, sentence, data, position, rotation, sort, .. } = &self.change;
        let fields = sentence.fields().into_iter().map(|(name, number)| (name, number.is_some()));
        let words = std::iter::once(("text", text.is_some())).chain(fields);
        if kind != TraceKind::Message
            && let Some((name, _)) = words.into_iter().find(|(_, is_there)| *is_there)
        {
            let detail = format!("is there; a {} has none", kind.name());
            return Ok(Changed::Unfit(Fault::new(format!("/{name}"), detail)));
        }
        let said = detail.words();
        detail.text = text.clone().unwrap_or(detail.text);
        detail.sentence = said_anew(*sentence, detail.sentence);
        let other_words = detail.words() != said;
        detail.data = data.clone().or(detail.data);
        detail.sort = sort.clone().or(detail.sort);
        if let Some([x, y, z]) = *position {
            (row.x, row.y, row.z) = (Some(x), Some(y), Some(z));
        }
        if let Some([qx, qy, qz, qw]) = *rotation {
            (row.qx, row.qy, row.qz, row.qw) = (Some(qx), Some(qy), Some(qz), Some(qw));
        }
        if other_words {
            // The votes were for what it said.
            voting::set_back(world, self.id).await?;
            (row.good, row.poor, row.good_weight, row.poor_weight, row.score) = (0, 0, 0, 0, 0.0);
        }
        row.revision += 1;
        let position = (|| Some([row.x?, row.y?, row.z?]))();
        let rotation = (|| Some([row.qx?, row.qy?, row.qz?, row.qw?]))();
        row.body = detail.v0_body(kind, position, rotation);
        row.detail = Some(detail.to_text());
        let update = Query::update()
            .table(world.tables().table(trace::Entity))
            .values([
                (trace::Column::Body, row.body.clone().into()),
                (trace::Column::Detail, row.detail.clone().into()),
                (trace::Column::X, row.x.into()),
                (trace::Column::Y, row.y.into()),
                (trace::Column::Z, row.z.into()),
                (trace::Column::Qx, row.qx.into()),
                (trace::Column::Qy, row.qy.into()),
                (trace::Column::Qz, row.qz.into()),
                (trace::Column::Qw, row.qw.into()),
                (trace::Column::Good, row.good.into()),
                (trace::Column::Poor, row.poor.into()),
                (trace::Column::GoodWeight, row.good_weight.into()),
                (trace::Column::PoorWeight, row.poor_weight.into()),
                (trace::Column::Score, row.score.into()),
                (trace::Column::Revision, row.revision.into()),
            ])
            .and_where(trace::Column::World.eq(world.world()))
            .and_where(trace::Column::Id.eq(self.id))
            .to_owned();
        world.tables().execute(world.transaction(), &update).await?;
        world.log_change(&TraceLocation { id: row.id, scope: ScopeKey::stored(&row.scope) }, ChangeReason::Changed);
        Ok(Changed::Done(Box::new(TraceResponse::of(row))))
    }
}

/// A player takes a trace back.
#[derive(Debug)]
pub struct Withdraw {
    /// Who.
    pub author: String,
    /// Which.
    pub id: i64,
}

/// What became of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Withdrawn {
    /// It is gone.
    Done,
    /// There is no such trace.
    NotThere,
    /// It is another player's.
    NotYours,
}

impl Command for Withdraw {
    type Output = Withdrawn;

    async fn run(&self, world: &mut WorldTx<'_>) -> Result<Withdrawn, StoreError> {
        let row = match authored(world, self.id, &self.author).await? {
            Authored::Yes(row) => row,
            Authored::NotThere => return Ok(Withdrawn::NotThere),
            Authored::NotYours => return Ok(Withdrawn::NotYours),
        };
        world
            .remove(&[TraceLocation { id: row.id, scope: ScopeKey::stored(&row.scope) }], ChangeReason::Withdrawn)
            .await?;
        Ok(Withdrawn::Done)
    }
}
