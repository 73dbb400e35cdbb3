//! Prices, months, invoices and money: pages for finance, and a tenant's own invoices.

mod advance;
mod charges;
mod corrections;
mod explain;
mod files;
mod invoice;
mod invoices;
mod issue;
mod ledger;
mod payment_form;
mod payments;
mod plan_form;
mod plan_terms;
mod plans;
mod publish;
mod run;
mod runs;
mod vat;
pub mod words;

use crate::routes;

routes! {
    get "/invoices" ViewInvoices => invoices::list;
    get "/invoices.{format}" ViewInvoices => invoices::export;
    get "/invoices/{id}.{format}" ViewInvoices => files::invoice;
    get "/invoices/{id}" ViewInvoices => invoice::show;
    get "/invoices/{id}/advance" TakePayments => advance::confirm;
    post "/invoices/{id}/advance" TakePayments => advance::apply;
    get "/runs" ViewRuns => runs::list;
    post "/runs" RunMonth => runs::open;
    get "/runs/{id}" ViewRuns => run::show;
    post "/runs/{id}/computation" RunMonth => run::recompute;
    get "/runs/{id}/issue" RunMonth => issue::confirm;
    post "/runs/{id}/issue" RunMonth => issue::order;
    get "/runs/{id}/progress" ViewRuns => issue::progress;
    get "/payments" TakePayments => payments::list;
    get "/payments.{format}" TakePayments => payments::export;
    get "/payments/new" TakePayments => payment_form::new;
    post "/payments" TakePayments => payment_form::record;
    get "/payments/{id}" TakePayments => payments::show;
    get "/plans" ViewPlans => plans::list;
    get "/plans/new" EditPlans => plans::new;
    post "/plans" EditPlans => plans::create;
    get "/plans/{id}" ViewPlans => plans::show;
    get "/plans/{id}/versions/new" EditPlans => plan_form::new;
    post "/plans/{id}/versions" EditPlans => plan_form::create;
    get "/plans/{id}/versions/{version}" EditPlans => plan_form::edit;
    post "/plans/{id}/versions/{version}" EditPlans => plan_form::save;
    get "/plans/{id}/versions/{version}/publication" EditPlans => publish::confirm;
    post "/plans/{id}/versions/{version}/publication" EditPlans => publish::publish;
    get "/plans/{id}/versions/{version}/removal" EditPlans => publish::confirm_removal;
    post "/plans/{id}/versions/{version}/removal" EditPlans => publish::remove;
    get "/vat" ViewPlans => vat::list;
    post "/vat" EditVat => vat::add;
    get "/vat/{id}/removal" EditVat => vat::confirm;
    post "/vat/{id}/removal" EditVat => vat::remove;
    get "/charges" ViewRuns => charges::list;
    get "/charges/new" EnterCharges => charges::new;
    post "/charges" EnterCharges => charges::enter;
    get "/charges/{id}/removal" EnterCharges => charges::confirm;
    post "/charges/{id}/removal" EnterCharges => charges::remove;
    get "/corrections" ViewRuns => corrections::list;
    get "/ledger" ViewLedger => ledger::list;
    get "/ledger.{format}" ViewLedger => ledger::export;
}
