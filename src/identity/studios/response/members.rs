//! Responses about members.

use poem_openapi::{ApiResponse, Object, types::Example};

use crate::{
    http::{
        no_store::NoStore,
        schema::{OneOf, Timestamp},
    },
    identity::{
        access::Role,
        examples::{self, TIME_MS},
        studios::model::Member,
    },
};

/// A member of a studio.
#[derive(Debug, Object)]
#[oai(example, rename = "Member")]
pub struct MemberResponse {
    /// The user's id.
    user_id: String,
    /// The account's address.
    #[oai(validator(max_length = 254))]
    email: String,
    /// The role in the studio.
    role: OneOf<Role>,
    /// Since when the user is a member.
    since: Timestamp,
}

impl From<Member> for MemberResponse {
    fn from(member: Member) -> Self {
        Self {
            user_id: member.user.to_string(),
            email: member.email,
            role: OneOf(member.role),
            since: Timestamp(member.since_ms),
        }
    }
}

impl Example for MemberResponse {
    fn example() -> Self {
        let email = "ann@example.org".to_owned();
        Self { user_id: examples::user(), email, role: OneOf(Role::Owner), since: Timestamp(TIME_MS) }
    }
}

/// The members of a studio: with its open invitations 200 at most.
#[derive(Debug, Object)]
#[oai(example, rename = "MemberList")]
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
