pub struct T {
    pub name: String,
}
pub fn get(_: &mut crate::db::Conn, _: crate::domain::ids::TenantId) -> crate::error::Result<T> {
    panic!()
}
