//! `innkeeper import …`: the same imports as on the pages, with their reports on the screen.

use crate::app::App;
use crate::db::metering::imports;
use crate::db::site::sites;
use crate::domain::identity::access::Actor;
use crate::domain::ids::SiteId;
use crate::domain::message::Message;
use crate::domain::site::CoolingKind;
use crate::domain::site::sheet::{Noun, OnExisting, Plan, What};
use crate::domain::units::Watts;
use crate::error::Error;
use crate::import::netbox::{Export, Mapped, Options, Table, read};
use crate::import::sheet::read as read_sheet;
use crate::services::metering::imports::{Keep, Upload, receive, run};
use crate::services::site::data::netbox::{import, propose, why};
use crate::services::site::data::{self, Decided, How, Outcome, Rows, named};
use crate::text::{Locale, say};
use anyhow::{Context, Result};
use rust_decimal::Decimal;
use std::path::{Path, PathBuf};

/// Bad rows that are shown; all are counted.
const SHOWN: i64 = 1_000;

/// Exit code 0 where everything was taken, 1 where rows were bad or the file was refused.
pub fn readings(app: &App, file: &Path, good_rows: bool) -> Result<u8> {
    let limit_bytes = (app.config.import_max_mib as usize) << 20;
    let size = std::fs::metadata(file)
        .with_context(|| format!("cannot read {}", file.display()))?
        .len();
    anyhow::ensure!(
        size <= limit_bytes as u64,
        "{} has {} MiB, more than the {} MiB that are taken at once: split it by month or by meter",
        file.display(),
        size >> 20,
        app.config.import_max_mib
    );
    let content = std::fs::read(file).with_context(|| format!("cannot read {}", file.display()))?;
    let name = file
        .file_name()
        .map(|n| n.to_string_lossy().into_owned())
        .unwrap_or_default();
    let keep = if good_rows {
        Keep::GoodRows
    } else {
        Keep::AllOrNothing
    };
    let upload = Upload {
        file_name: &name,
        content: &content,
        keep,
        limit_bytes,
    };
    let id = match receive(&app.db, &Actor::HOUSE, app.now(), &upload) {
        Ok(id) => id,
        Err(Error::Invalid(fields)) => {
            for field in fields {
                eprintln!("{}", say(Locale::En, &field.message));
            }
            return Ok(1);
        }
        Err(error) => return Err(error.into()),
    };
    let done = run(&app.db, id, app.now())?;
    // What the readings touch is priced again before the command ends.
    crate::jobs::work_off(app)?;
    for bad in imports::errors(&mut *app.db.get()?, id, None, SHOWN)? {
        let reason: Message = serde_json::from_str(&bad.reason)?;
        let reason = say(Locale::En, &reason);
        println!(
            "line {}, {}: {:?}: {reason}",
            bad.line, bad.column_name, bad.value
        );
    }
    println!(
        "{}: {} new, {} unchanged, {} corrected, {} bad",
        done.state, done.rows_new, done.rows_same, done.rows_corrected, done.rows_bad
    );
    Ok(u8::from(done.rows_bad > 0 || done.state != imports::DONE))
}

/// `innkeeper import netbox FILE… --site CODE [--apply]`.
#[derive(clap::Args)]
pub struct Netbox {
    #[arg(required = true)]
    files: Vec<PathBuf>,
    /// The code of the site here that the tables are of
    #[arg(long)]
    site: String,
    /// Write what the report says; without it nothing is written
    #[arg(long)]
    apply: bool,
    /// Name or slug of the site in NetBox, where the files hold several
    #[arg(long, default_value = "")]
    netbox_site: String,
    /// What cools the halls: air, hydro or immersion
    #[arg(long, default_value = "air")]
    cooling: String,
    /// Slots of each rack; without it, its height in units
    #[arg(long)]
    slots: Option<i64>,
    /// Limit of each rack in kW; without it, what the weaker of its feeds gives
    #[arg(long)]
    limit_kw: Option<Decimal>,
    /// Hang racks without a feed on the panel of their location rather than leave them out
    #[arg(long)]
    unfed_on_panel: bool,
}

impl Netbox {
    fn options(&self) -> Result<Options> {
        let limit = self.limit_kw.map(|kw| {
            let watts = Watts::from_kilo(kw).filter(|w| (1..=100_000_000).contains(&w.0));
            watts.with_context(|| format!("--limit-kw {kw}: from 0.001 to 100000"))
        });
        if let Some(slots) = self.slots {
            anyhow::ensure!(
                (1..=10_000).contains(&slots),
                "--slots {slots}: from 1 to 10000"
            );
        }
        Ok(Options {
            site: self.netbox_site.clone(),
            cooling: CoolingKind::parse(&self.cooling).with_context(|| {
                format!("--cooling {}: write air, hydro or immersion", self.cooling)
            })?,
            slots: self.slots,
            limit: limit.transpose()?,
            unfed_on_panel: self.unfed_on_panel,
        })
    }
}

/// Exit code 0 where all is good, 1 where rows are bad or the files are refused.
pub fn netbox(app: &App, args: &Netbox) -> Result<u8> {
    let options = args.options()?;
    let mut files = vec![];
    for path in &args.files {
        let bytes =
            std::fs::read(path).with_context(|| format!("cannot read {}", path.display()))?;
        let name = path.file_name().map(|n| n.to_string_lossy().into_owned());
        files.push((name.unwrap_or_default(), bytes));
    }
    let export = match read(&files) {
        Ok(export) => export,
        Err(refused) => {
            eprintln!("{refused}");
            return Ok(1);
        }
    };
    let site = site(app, &args.site)?;
    let (who, now) = (&Actor::HOUSE, app.now());
    let proposal = match propose(&mut *app.db.get()?, (who, now), site, &export, &options) {
        Ok(proposal) => proposal,
        Err(Error::Rule(message)) => {
            eprintln!("{}", say(Locale::En, &message));
            return Ok(1);
        }
        Err(error) => return Err(error.into()),
    };
    report(&export, &proposal.mapped, &proposal.plan);
    println!("tenants: {} new", proposal.tenants.len());
    if !args.apply {
        println!("nothing is written: --apply writes it");
        return Ok(u8::from(proposal.plan.has_bad()));
    }
    let decided = Decided {
        seen: Some(proposal.digest),
        ..Decided::to(Rows::Whole)
    };
    let what = (&export, &options);
    end(import(&app.db, who, now, site, what, &decided).map(|(outcome, _)| outcome))
}

fn site(app: &App, code: &str) -> Result<SiteId> {
    let all = sites::all(&mut *app.db.get()?)?;
    let found = all.into_iter().find(|site| site.code == code);
    let found = found.with_context(|| format!("there is no site with the code {code}"))?;
    Ok(found.id)
}

/// How an import ended: 0 where it is written, 1 where it is not.
fn end(result: crate::error::Result<Outcome>) -> Result<u8> {
    let (said, code) = match result {
        Ok(outcome) if outcome.written => ("written".to_owned(), 0),
        Ok(_) => ("nothing is written: rows are bad".to_owned(), 1),
        Err(Error::Breaks(breaks)) => {
            let count = breaks.broken.len();
            let said = format!(
                "nothing is written: it would break {count} live bookings; \
                 import it on the page to see and agree to that"
            );
            (said, 1)
        }
        Err(error) => return Err(error.into()),
    };
    println!("{said}");
    Ok(code)
}

/// `innkeeper import table NOUN FILE --site CODE [--apply]`.
#[derive(clap::Args)]
pub struct SiteTable {
    /// halls, rows, power, zones, racks or machines
    noun: String,
    file: PathBuf,
    /// The code of the site
    #[arg(long)]
    site: String,
    /// What becomes of rows that the site has already: update, skip or fail
    #[arg(long, default_value = "update")]
    on: String,
    /// Write the good rows although others are bad
    #[arg(long)]
    good_rows: bool,
    /// Write what the report says; without it nothing is written
    #[arg(long)]
    apply: bool,
}

/// Exit code 0 where all is good, 1 where rows are bad or the file is refused.
pub fn table(app: &App, args: &SiteTable) -> Result<u8> {
    let noun = Noun::parse(&args.noun).with_context(|| {
        format!(
            "{}: write halls, rows, power, zones, racks or machines",
            args.noun
        )
    })?;
    let on = OnExisting::parse(&args.on)
        .with_context(|| format!("--on {}: write update, skip or fail", args.on))?;
    let path = &args.file;
    let bytes = std::fs::read(path).with_context(|| format!("cannot read {}", path.display()))?;
    let sheet = match read_sheet(noun, &bytes) {
        Ok(sheet) => sheet,
        Err(error) => {
            eprintln!("{}", error.sentence(Locale::En));
            return Ok(1);
        }
    };
    let (site, sheets, now) = (site(app, &args.site)?, [sheet], app.now());
    let plan = data::trial(&mut *app.db.get()?, site, &sheets, on, now)?;
    rows(&plan);
    if !args.apply {
        println!("nothing is written: --apply writes it");
        return Ok(u8::from(plan.has_bad()));
    }
    let kept = if args.good_rows {
        Rows::Good
    } else {
        Rows::Whole
    };
    let how = How {
        on,
        decided: Decided {
            seen: Some(data::digest(&plan)),
            ..Decided::to(kept)
        },
    };
    let outcome = data::import(&app.db, &Actor::HOUSE, now, site, &sheets, &how);
    let code = end(outcome)?;
    Ok(code.max(u8::from(plan.has_bad())))
}

fn report(export: &Export, mapped: &Mapped, plan: &Plan) {
    let read: Vec<String> = Table::ALL
        .iter()
        .filter(|table| export.count(**table) > 0)
        .map(|table| format!("{table} {}", export.count(*table)))
        .collect();
    println!("read: {}", read.join(", "));
    rows(plan);
    for feed in &mapped.feeds {
        println!("feed {}: {} VA available", feed.name, feed.power.0);
    }
    for left in &mapped.left {
        println!(
            "left out: {} {}: {}",
            left.table,
            left.name,
            say(Locale::En, &why(left))
        );
    }
    for (note, count, text) in &mapped.notes {
        let key = format!("netbox-note-{note}");
        let message = Message::new(&key)
            .with("count", *count)
            .with("text", text.as_str());
        println!("note: {}", say(Locale::En, &message));
    }
}

/// What a plan does, row by row.
fn rows(plan: &Plan) {
    for part in &plan.nouns {
        let same = part.count(|what| matches!(what, What::Same | What::Skipped));
        println!(
            "{}: {} new, {} changed, {same} unchanged, {} bad",
            part.noun,
            part.created(),
            part.changed(),
            part.bad.len()
        );
        for step in &part.steps {
            if let What::Changed { changes, .. } = &step.what {
                for change in changes {
                    let (from, to) = (change.from.plain(), change.to.plain());
                    let name = named(part.noun, &step.cells);
                    println!("  {name}: {} {from} -> {to}", change.column);
                }
            }
        }
        for bad in &part.bad {
            println!("  {}", bad.sentence(Locale::En));
        }
    }
}
