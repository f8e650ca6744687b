//! Responses about members.

use poem_openapi::{ApiResponse, Object, types::Example};

use super::{TIME, USER};
use crate::{http::no_store::NoStore, identity::studios::model::Member, platform::clock};

/// A member of a studio.
#[derive(Debug, Object)]
#[oai(example, rename = "Member")]
pub struct MemberResponse {
    /// The user's id.
    user_id: String,
    /// The account's address.
    email: String,
    /// `owner`, `developer`, `moderator` or `viewer`.
    role: String,
    /// Since when (RFC 3339).
    since: String,
}

impl From<Member> for MemberResponse {
    fn from(member: Member) -> Self {
        Self {
            user_id: member.user.to_string(),
            email: member.email,
            role: member.role.name().to_owned(),
            since: clock::format(member.since_ms),
        }
    }
}

impl Example for MemberResponse {
    fn example() -> Self {
        let (user_id, email) = (USER.to_owned(), "ann@example.org".to_owned());
        Self { user_id, email, role: "owner".to_owned(), since: TIME.to_owned() }
    }
}

/// The members of a studio: with its open invitations 200 at most.
#[derive(Debug, Object)]
#[oai(example)]
pub struct MembersResponse {
    /// The oldest members first.
    items: Vec<MemberResponse>,
}

impl FromIterator<Member> for MembersResponse {
    fn from_iter<I: IntoIterator<Item = Member>>(members: I) -> Self {
        Self { items: members.into_iter().map(MemberResponse::from).collect() }
    }
}

impl Example for MembersResponse {
    fn example() -> Self {
        Self { items: vec![MemberResponse::example()] }
    }
}

#[derive(ApiResponse)]
pub enum MembersListed {
    /// The members.
    #[oai(status = 200)]
    Ok(NoStore<MembersResponse>),
}

#[derive(ApiResponse)]
pub enum RoleChanged {
    /// The member.
    #[oai(status = 200)]
    Ok(NoStore<MemberResponse>),
}

#[derive(ApiResponse)]
pub enum MemberRemoved {
    /// Done.
    #[oai(status = 204)]
    NoContent,
}
