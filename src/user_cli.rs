//! `innkeeper user create`: the first administrator, before anybody can sign in.

use crate::app::App;
use crate::domain::identity::access::{Actor, Role};
use crate::error::Error;
use crate::services::identity::users::{self, NewUser};
use crate::text::{Locale, say};
use anyhow::{Context, Result};
use std::io::BufRead;

/// Reads the password from standard input, so that it is in no history and no process list.
pub fn create(app: &App, email: &str, role: &str, name: Option<&str>) -> Result<u8> {
    let role = Role::parse(role)
        .filter(|role| !role.is_tenant())
        .with_context(|| {
            format!(
                "--role {role}: write administrator, staff or finance (tenants invite their own)"
            )
        })?;
    let mut password = String::new();
    std::io::stdin().lock().read_line(&mut password)?;
    let new = NewUser {
        email: email.to_owned(),
        name: name.unwrap_or(email).to_owned(),
        role,
        tenant: None,
        locale: "ru".to_owned(),
    };
    let password = password.trim_end_matches(['\r', '\n']);
    match users::create(&app.db, &Actor::HOUSE, app.now(), &new, password) {
        Ok(id) => {
            println!("created user {id}: {email}");
            Ok(0)
        }
        Err(Error::Invalid(fields)) => {
            for field in fields {
                eprintln!("{}: {}", field.field, say(Locale::En, &field.message));
            }
            Ok(1)
        }
        Err(error) => Err(error.into()),
    }
}
