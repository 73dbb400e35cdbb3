use super::world::*;
use crate::on_both;
use crate::support::{House, NOW};
use innkeeper::db::Chain;
use innkeeper::db::identity::mails::{self, Mail};
use innkeeper::domain::calendar::Instant;
use innkeeper::domain::identity::MailState;
use innkeeper::domain::identity::access::{Actor, Role};
use innkeeper::domain::ids::{InvoiceId, MailId};
use innkeeper::mail::{Attachment, PostOffice};
use innkeeper::services::outbox::*;

const ARGS: [(&str, &str); 3] = [
    ("name", "Анна"),
    ("email", "a@example.ru"),
    ("link", "http://x/"),
];

fn post(house: &House, invoice: Option<InvoiceId>) -> MailId {
    let draft = Draft {
        kind: "reset",
        to: "a@example.ru",
        locale: "ru",
        args: &ARGS,
        invoice,
        tenant: None,
    };
    house
        .db
        .write(Chain::Operator, |tx| enqueue(tx, &draft, NOW))
        .unwrap()
}

fn working(house: &House) -> PostOffice {
    PostOffice::open("", &house.dir().join("mail"), "Отель <hotel@example.ru>").unwrap()
}

/// Its folder is a file: nothing can be handed in.
fn closed(house: &House) -> PostOffice {
    let path = house.dir().join("no-folder");
    std::fs::write(&path, "").unwrap();
    PostOffice::open("", &path, "Отель <hotel@example.ru>").unwrap()
}

fn documents(invoice: InvoiceId) -> innkeeper::error::Result<Vec<Attachment>> {
    Ok(vec![Attachment {
        name: format!("invoice-{invoice}.pdf"),
        media_type: "application/pdf".to_owned(),
        bytes: b"%PDF".to_vec(),
    }])
}

fn deliver(house: &House, office: &PostOffice, now: Instant) -> (usize, usize, usize) {
    let report = deliver_due(&house.db, office, &documents, now).unwrap();
    (report.sent, report.put_off, report.failed)
}

fn row(house: &House, id: MailId) -> Mail {
    mails::get(&mut house.db.get().unwrap(), id).unwrap()
}

on_both! {
    fn a_mail_is_sent_once(house: &House) {
        let id = post(house, Some(InvoiceId(5)));
        assert_eq!(deliver(house, &working(house), NOW), (1, 0, 0));
        assert_eq!(deliver(house, &working(house), NOW.plus_hours(24)), (0, 0, 0));
        let mail = row(house, id);
        assert_eq!((mail.state, mail.sent_at, mail.attempts), (MailState::Sent, Some(NOW), 1));
        assert!(house.mails()[0].contains("invoice-5.pdf"));
        assert_eq!(said(retry(&house.db, &Actor::HOUSE, NOW, id).unwrap_err()), ["identity-mail-sent-already"]);
    }

    fn a_failed_mail_is_tried_again_and_given_up_at_last(house: &House) {
        let id = post(house, None);
        let office = closed(house);
        let mut now = NOW;
        for wait in [60, 300, 1_800, 7_200, 43_200] {
            assert_eq!(deliver(house, &office, now), (0, 1, 0));
            assert_eq!(deliver(house, &office, now.plus_seconds(wait - 1)), (0, 0, 0));
            now = now.plus_seconds(wait);
        }
        assert_eq!(deliver(house, &office, now), (0, 0, 1));
        let mail = row(house, id);
        assert_eq!(mail.state, MailState::Failed);
        assert!(!mail.last_error.is_empty());
        let staff = house.actor("s@example.ru", Role::Staff, None);
        assert_eq!(said(retry(&house.db, &staff, now, id).unwrap_err()), ["forbidden"]);
        retry(&house.db, &Actor::HOUSE, now, id).unwrap();
        assert_eq!(deliver(house, &working(house), now), (1, 0, 0));
    }

    fn a_process_that_died_while_sending_loses_nothing(house: &House) {
        let id = post(house, None);
        let mail = row(house, id);
        let taken = mails::claim(&mut house.db.get().unwrap(), &mail, NOW.plus_seconds(300)).unwrap();
        assert!(taken);
        assert!(!mails::claim(&mut house.db.get().unwrap(), &mail, NOW.plus_seconds(300)).unwrap());
        assert_eq!(deliver(house, &working(house), NOW.plus_seconds(299)), (0, 0, 0));
        assert_eq!(deliver(house, &working(house), NOW.plus_seconds(300)), (1, 0, 0));
    }

    fn processes_side_by_side_send_each_mail_once(house: &House) {
        for _ in 0..20 {
            post(house, None);
        }
        let sent: usize = std::thread::scope(|scope| {
            let rounds: Vec<_> = (0..4)
                .map(|_| scope.spawn(|| deliver(house, &working(house), NOW).0))
                .collect();
            rounds.into_iter().map(|round| round.join().unwrap()).sum()
        });
        assert_eq!(sent, 20);
        assert_eq!(house.mails().len(), 20);
    }
}
