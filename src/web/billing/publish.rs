//! A draft of a plan is put into force, or thrown away; each says first what it does.

use super::{plan_terms, words};
use crate::db::Conn;
use crate::db::billing::plans::{self, Plan, Version};
use crate::domain::ids::*;
use crate::error::{Error, Result};
use crate::services::billing::plans as prices;
use crate::web::door::Visit;
use crate::web::form::{Form, new_form_key};
use crate::web::page::{html, see_other};
use crate::web::parts::{Confirm, ConfirmPage, Fact};
use crate::web::visit::Answer;
use actix_web::web;
use std::collections::HashMap;

struct Loaded {
    plan: Plan,
    draft: Version,
    leases: usize,
}

fn load(conn: &mut Conn, plan: PlanId, draft: PlanVersionId) -> Result<Loaded> {
    let loaded = Loaded {
        plan: plans::get(conn, plan)?,
        draft: plans::version(conn, draft)?,
        leases: plans::leases_on(conn, plan)?.len(),
    };
    if loaded.draft.plan_id != plan {
        return Err(Error::NotFound);
    }
    if loaded.draft.published_at.is_some() {
        return Err(Error::rule("plan-version-published"));
    }
    Ok(loaded)
}

fn ids(path: &(i64, i64)) -> (PlanId, PlanVersionId) {
    (PlanId(path.0), PlanVersionId(path.1))
}

pub async fn confirm(visit: Visit, path: web::Path<(i64, i64)>) -> Answer {
    let (plan, draft) = ids(&path);
    let loaded = visit.read(move |conn| load(conn, plan, draft)).await?;
    let page = visit.page("bill-publish-title");
    let sign = words::currency(&loaded.plan.currency).sign();
    let date = page.date_long(loaded.draft.effective_from);
    let leases = page.count(loaded.leases);
    let mut facts = vec![Fact::new(page.t("bill-plan-leases"), leases)];
    facts.extend(plan_terms::facts(&page, &loaded.draft.terms()?, sign));
    let confirm = Confirm {
        lead: page.t2("bill-publish-lead", "name", &loaded.plan.name, "date", date),
        facts,
        warning: Some(page.t("bill-publish-warning")),
        action: format!("/plans/{plan}/versions/{draft}/publication"),
        fields: vec![],
        submit: page.t("bill-plan-publish"),
        cancel: format!("/plans/{plan}"),
        danger: false,
    };
    html(&ConfirmPage {
        page,
        confirm,
        form_key: new_form_key(),
    })
}

pub async fn publish(
    visit: Visit,
    path: web::Path<(i64, i64)>,
    fields: web::Form<HashMap<String, String>>,
) -> Answer {
    let form = Form::from_values(fields.into_inner());
    let (plan, draft) = ids(&path);
    let (actor, now) = (visit.who.actor, visit.now);
    let path = words::once(&visit, &form.form_key, move |app| {
        prices::publish(&app.db, &actor, now, plan, draft)?;
        Ok(format!("/plans/{plan}?done=bill-plan-published"))
    });
    Ok(see_other(&path.await?))
}

pub async fn confirm_removal(visit: Visit, path: web::Path<(i64, i64)>) -> Answer {
    let (plan, draft) = ids(&path);
    let loaded = visit.read(move |conn| load(conn, plan, draft)).await?;
    let page = visit.page("bill-draft-remove-title");
    let sign = words::currency(&loaded.plan.currency).sign();
    let date = page.date_long(loaded.draft.effective_from);
    let confirm = Confirm {
        lead: page.t2(
            "bill-draft-remove-lead",
            "name",
            &loaded.plan.name,
            "date",
            date,
        ),
        facts: plan_terms::facts(&page, &loaded.draft.terms()?, sign),
        warning: None,
        action: format!("/plans/{plan}/versions/{draft}/removal"),
        fields: vec![],
        submit: page.t("action-delete"),
        cancel: format!("/plans/{plan}"),
        danger: true,
    };
    html(&ConfirmPage {
        page,
        confirm,
        form_key: new_form_key(),
    })
}

pub async fn remove(
    visit: Visit,
    path: web::Path<(i64, i64)>,
    fields: web::Form<HashMap<String, String>>,
) -> Answer {
    let form = Form::from_values(fields.into_inner());
    let (plan, draft) = ids(&path);
    let (actor, now) = (visit.who.actor, visit.now);
    let path = words::once(&visit, &form.form_key, move |app| {
        prices::delete_draft(&app.db, &actor, now, plan, draft)?;
        Ok(format!("/plans/{plan}"))
    });
    Ok(see_other(&path.await?))
}
