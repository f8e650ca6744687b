//! Studios as their members see them: `/v1/studios`, and `/v1/invitations`.

use poem_openapi::{
    ApiResponse, OpenApi,
    param::{Path, Query},
};

use super::{Changing, Deleting, Inviting, Listing, Paging, Reading};
use crate::{
    http::{body::JsonBody, client::Client, docs::Tag, no_store::NoStore, problem::Failure},
    identity::{
        access::{model::Role, request::session::Session, user_id::UserId},
        accounts::MembershipResponse,
        studios::{
            bodies::{AcceptRequest, InvitationRequest, RoleRequest, StudioRequest},
            model::{Standing, StudioError},
            service::Studios,
            shown::{
                AuditEntryResponse, AuditPage, InvitationList, InvitationResponse, MemberList, MemberResponse,
                StudioList,
            },
        },
    },
    platform::{error::Fault, page::Page},
};

/// Entries of a page of the audit, where nobody says how many.
const DEEDS: usize = 50;

/// Entries of a page of the audit, at most.
const MOST_DEEDS: usize = 200;

/// The routes of studios and their members. Cheap to clone.
#[derive(Clone, Debug)]
pub struct MembersApi {
    /// The feature.
    pub studios: Studios,
}

#[derive(ApiResponse)]
enum Founded {
    /// The studio is there, with tables of its own.
    #[oai(status = 201)]
    Studio(NoStore<MembershipResponse>),
}

#[derive(ApiResponse)]
enum Seen {
    /// The studios.
    #[oai(status = 200)]
    All(NoStore<StudioList>),
}

#[derive(ApiResponse)]
enum Belonging {
    /// The members.
    #[oai(status = 200)]
    All(NoStore<MemberList>),
}

#[derive(ApiResponse)]
enum Became {
    /// The member.
    #[oai(status = 200)]
    Member(NoStore<MemberResponse>),
}

#[derive(ApiResponse)]
enum Invited {
    /// A letter is on its way. The answer is the same whether the address has an account or not.
    #[oai(status = 201)]
    Invitation(NoStore<InvitationResponse>),
}

#[derive(ApiResponse)]
enum Open {
    /// The invitations.
    #[oai(status = 200)]
    All(NoStore<InvitationList>),
}

#[derive(ApiResponse)]
enum Joined {
    /// What one is to the studio now.
    #[oai(status = 200)]
    Studio(NoStore<MembershipResponse>),
}

#[derive(ApiResponse)]
enum Done {
    /// Done.
    #[oai(status = 204)]
    Done,
}

#[derive(ApiResponse)]
enum Audited {
    /// The page.
    #[oai(status = 200)]
    Page(NoStore<AuditPage>),
}

impl MembersApi {
    async fn owner(&self, session: &Session, studio: &str) -> Result<Standing, StudioError> {
        self.studios.standing(&session.0.user, studio).await?.with(Role::Owner)
    }
}

/// Where a page of the audit begins, and how many entries it has at most.
fn page(after: Option<&str>, limit: Option<&str>) -> Result<(Option<i64>, usize), StudioError> {
    let mut faults = Vec::new();
    let after = match after {
        None | Some("") => None,
        Some(text) => text.parse().map_err(|_| faults.push(Fault::new("?after", "must be a page's next"))).ok(),
    };
    let limit = match limit {
        None | Some("") => DEEDS,
        Some(text) => text.parse().ok().filter(|limit| (1..=MOST_DEEDS).contains(limit)).unwrap_or_else(|| {
            faults.push(Fault::new("?limit", format!("must be a number from 1 to {MOST_DEEDS}")));
            DEEDS
        }),
    };
    if faults.is_empty() { Ok((after, limit)) } else { Err(StudioError::Invalid(faults)) }
}

#[OpenApi(prefix_path = "/v1", tag = "Tag::Studios")]
impl MembersApi {
    /// Found a studio
    ///
    /// Whoever founds it owns it. How many one may found, and who may, is the server's choice.
    #[oai(path = "/studios", method = "post", operation_id = "foundStudio")]
    async fn found(&self, session: Session, body: JsonBody<StudioRequest>) -> Result<Founded, Failure<Changing>> {
        let (slug, title) = StudioRequest::read(&body.bytes)?;
        let founded = self.studios.found_by(&session.0.user, &slug, &title).await?;
        Ok(Founded::Studio(NoStore(founded.into())))
    }

    /// The studios that one belongs to
    ///
    /// An administrator sees all of them, without a role in those that are others'.
    #[oai(path = "/studios", method = "get", operation_id = "listStudios")]
    async fn studios(&self, session: Session) -> Result<Seen, Failure<Listing>> {
        let visible = self.studios.visible(&session.0.user).await?;
        Ok(Seen::All(NoStore(StudioList { items: visible.into_iter().map(MembershipResponse::from).collect() })))
    }

    /// The members of a studio
    ///
    /// For every member.
    #[oai(path = "/studios/:studio/members", method = "get", operation_id = "listMembers")]
    async fn members(
        &self,
        session: Session,
        /// The studio's name in addresses.
        studio: Path<String>,
    ) -> Result<Belonging, Failure<Reading>> {
        let standing = self.studios.standing(&session.0.user, &studio.0).await?;
        let members = self.studios.members(standing.studio).await?;
        Ok(Belonging::All(NoStore(MemberList { items: members.into_iter().map(MemberResponse::from).collect() })))
    }

    /// Change what a member is
    ///
    /// For owners. The last owner stays one (409).
    #[oai(path = "/studios/:studio/members/:user_id", method = "patch", operation_id = "changeRole")]
    async fn change_role(
        &self,
        session: Session,
        /// The studio's name in addresses.
        studio: Path<String>,
        /// The member.
        user_id: Path<String>,
        body: JsonBody<RoleRequest>,
    ) -> Result<Became, Failure<Changing>> {
        let standing = self.owner(&session, &studio.0).await?;
        let role = RoleRequest::read(&body.bytes)?;
        let member = self.studios.change_role(&standing, &UserId::stored(&user_id.0), role).await?;
        Ok(Became::Member(NoStore(member.into())))
    }

    /// Remove a member, or leave
    ///
    /// For owners; every member may leave. The last owner can't (409).
    #[oai(path = "/studios/:studio/members/:user_id", method = "delete", operation_id = "removeMember")]
    async fn remove(
        &self,
        session: Session,
        /// The studio's name in addresses.
        studio: Path<String>,
        /// The member.
        user_id: Path<String>,
    ) -> Result<Done, Failure<Deleting>> {
        let (user, standing) = (UserId::stored(&user_id.0), self.studios.standing(&session.0.user, &studio.0).await?);
        let standing = if standing.user == user { standing } else { standing.with(Role::Owner)? };
        self.studios.remove_member(&standing, &user).await?;
        Ok(Done::Done)
    }

    /// Invite somebody
    ///
    /// A letter with a code goes to the address. An older invitation to it is good no longer. For owners.
    #[oai(path = "/studios/:studio/invitations", method = "post", operation_id = "invite")]
    async fn invite(
        &self,
        session: Session,
        client: Client,
        /// The studio's name in addresses.
        studio: Path<String>,
        body: JsonBody<InvitationRequest>,
    ) -> Result<Invited, Failure<Inviting>> {
        let standing = self.owner(&session, &studio.0).await?;
        let order = InvitationRequest::read(&body.bytes)?;
        let invitation = self.studios.invite(&standing, &order, client.address).await?;
        Ok(Invited::Invitation(NoStore(invitation.into())))
    }

    /// The open invitations
    ///
    /// For owners.
    #[oai(path = "/studios/:studio/invitations", method = "get", operation_id = "listInvitations")]
    async fn invitations(
        &self,
        session: Session,
        /// The studio's name in addresses.
        studio: Path<String>,
    ) -> Result<Open, Failure<Reading>> {
        let standing = self.owner(&session, &studio.0).await?;
        let open = self.studios.invitations(standing.studio).await?;
        Ok(Open::All(NoStore(InvitationList { items: open.into_iter().map(InvitationResponse::from).collect() })))
    }

    /// Withdraw an invitation
    ///
    /// For owners.
    #[oai(path = "/studios/:studio/invitations/:invitation_id", method = "delete", operation_id = "withdrawInvitation")]
    async fn withdraw(
        &self,
        session: Session,
        /// The studio's name in addresses.
        studio: Path<String>,
        /// The invitation.
        invitation_id: Path<String>,
    ) -> Result<Done, Failure<Reading>> {
        let standing = self.owner(&session, &studio.0).await?;
        self.studios.withdraw(&standing, &invitation_id.0).await?;
        Ok(Done::Done)
    }

    /// Accept an invitation
    ///
    /// With the code from the letter, in a session of whatever account is to join.
    #[oai(path = "/invitations/accept", method = "post", operation_id = "acceptInvitation")]
    async fn accept(
        &self,
        session: Session,
        client: Client,
        body: JsonBody<AcceptRequest>,
    ) -> Result<Joined, Failure<Inviting>> {
        let code = AcceptRequest::read(&body.bytes)?;
        let joined = self.studios.accept(&session.0.user, &code, client.address).await?;
        Ok(Joined::Studio(NoStore(joined.into())))
    }

    /// What was done at a studio, and by whom
    ///
    /// The newest first. For developers.
    #[oai(path = "/studios/:studio/audit", method = "get", operation_id = "listDeeds")]
    async fn audit(
        &self,
        session: Session,
        /// The studio's name in addresses.
        studio: Path<String>,
        /// The `next` of the page before. Absent: from the newest.
        after: Query<Option<String>>,
        /// Entries of a page: 1 to 200. Absent: 50.
        limit: Query<Option<String>>,
    ) -> Result<Audited, Failure<Paging>> {
        let standing = self.studios.standing(&session.0.user, &studio.0).await?.with(Role::Developer)?;
        let (before, limit) = page(after.0.as_deref(), limit.0.as_deref())?;
        let Page { items: audit_entries, more } = self.studios.audit_before(standing.studio, before, limit).await?;
        let next = audit_entries.last().map(|deed| deed.id).or(before).map_or_else(String::new, |id| id.to_string());
        Ok(Audited::Page(NoStore(AuditPage {
            items: audit_entries.into_iter().map(AuditEntryResponse::from).collect(),
            next,
            more,
        })))
    }
}
