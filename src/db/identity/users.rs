use crate::domain::ids::*;
pub struct User {
    pub id: UserId,
    pub name: String,
    pub email: String,
    pub role: crate::domain::identity::access::Role,
    pub tenant_id: Option<TenantId>,
    pub active: bool,
    pub session_epoch: i64,
}
pub fn find(_: &mut crate::db::Conn, _: UserId) -> crate::error::Result<Option<User>> {
    panic!()
}
