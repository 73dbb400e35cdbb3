use super::world::*;
use crate::on_both;
use crate::support::{House, NOW};
use innkeeper::db::identity::users as rows;
use innkeeper::db::trail;
use innkeeper::domain::identity::access::{Actor, Role};
use innkeeper::domain::identity::{Theme, TokenKind};
use innkeeper::jobs::work_off;
use innkeeper::services::identity::links::{holder, request_reset, set_password};
use innkeeper::services::identity::sign_in::sign_in;
use innkeeper::services::identity::users::*;

const BASE: &str = "https://hotel.example/";

/// The token of the last mail that was sent.
fn token(house: &House) -> String {
    work_off(&house.app(NOW)).unwrap();
    token_in(&house.mails().pop().expect("a mail"))
}

/// The token of the link in a mail's file.
pub fn token_in(mail: &str) -> String {
    let mail = mail.replace("=\r\n", "").replace("=3D", "=");
    let hex = |part: &str| part.len() >= 64 && part[..64].bytes().all(|b| b.is_ascii_hexdigit());
    let found = mail.split('/').find(|part| part.is_ascii() && hex(part));
    found.unwrap_or_else(|| panic!("no link in {mail}"))[..64].to_owned()
}

on_both! {
    fn an_invitation_sets_the_first_password_once(house: &House) {
        let id = invite(&house.db, &Actor::HOUSE, NOW, BASE, &new_user(" Anna@Example.RU", Role::Staff, None)).unwrap();
        let link = token(house);
        assert!(house.mails()[0].contains("Subject: Your invitation to Innkeeper"));
        let early = sign_in(&house.db, NOW, "anna@example.ru", "", "10.0.0.1").unwrap_err();
        assert_eq!(said(early), ["identity-sign-in-wrong"]);
        let weak = set_password(&house.db, NOW, TokenKind::Invitation, &link, "short").unwrap_err();
        assert_eq!(said(weak), ["password: identity-password-short"]);
        let other_door = set_password(&house.db, NOW, TokenKind::Reset, &link, PASSWORD).unwrap_err();
        assert_eq!(said(other_door), ["identity-link-dead"]);
        set_password(&house.db, NOW, TokenKind::Invitation, &link, PASSWORD).unwrap();
        assert_eq!(sign_in(&house.db, NOW, "ANNA@example.ru ", PASSWORD, "10.0.0.1").unwrap().id, id);
        let again = set_password(&house.db, NOW, TokenKind::Invitation, &link, PASSWORD).unwrap_err();
        assert_eq!(said(again), ["identity-link-dead"]);
    }

    fn a_link_dies_of_age_and_of_a_newer_one(house: &House) {
        let id = invite(&house.db, &Actor::HOUSE, NOW, BASE, &new_user("a@example.ru", Role::Staff, None)).unwrap();
        let first = token(house);
        invite_again(&house.db, &Actor::HOUSE, NOW, BASE, id).unwrap();
        let second = token(house);
        assert!(holder(&house.db, NOW, TokenKind::Invitation, &first).is_err());
        let last_second = NOW.plus_hours(7 * 24).plus_seconds(-1);
        assert!(holder(&house.db, last_second, TokenKind::Invitation, &second).is_ok());
        assert!(holder(&house.db, NOW.plus_hours(7 * 24), TokenKind::Invitation, &second).is_err());
    }

    fn a_reset_is_answered_alike_and_ends_all_sessions(house: &House) {
        let id = house.user("a@example.ru", Role::Staff, None);
        request_reset(&house.db, NOW, BASE, "nobody@example.ru", "10.0.0.1").unwrap();
        request_reset(&house.db, NOW, BASE, "A@example.ru", "10.0.0.1").unwrap();
        let link = token(house);
        assert_eq!(house.mails().len(), 1);
        assert!(holder(&house.db, NOW.plus_hours(1), TokenKind::Reset, &link).is_err());
        let user = set_password(&house.db, NOW, TokenKind::Reset, &link, "another good one").unwrap();
        assert_eq!((user.id, user.session_epoch), (id, 1));
        assert!(sign_in(&house.db, NOW, "a@example.ru", PASSWORD, "10.0.0.1").is_err());
        assert!(sign_in(&house.db, NOW, "a@example.ru", "another good one", "10.0.0.1").is_ok());
    }

    fn the_trail_and_the_outbox_keep_no_secret(house: &House) {
        let id = house.user("a@example.ru", Role::Staff, None);
        request_reset(&house.db, NOW, BASE, "a@example.ru", "10.0.0.1").unwrap();
        let link = token(house);
        let conn = &mut *house.db.get().unwrap();
        let hash = rows::get(conn, id).unwrap().password_hash.unwrap();
        for (row, _) in trail::of(conn, "user", id.0, 100).unwrap() {
            for state in [row.before_state, row.after_state] {
                assert!(!state.contains(&link) && !state.contains(&hash) && !state.contains("argon2"));
            }
        }
        let kept = innkeeper::db::identity::mails::get(conn, innkeeper::domain::ids::MailId(1)).unwrap();
        assert!(!kept.body.contains(&link) && kept.body.contains("/password-resets/…"), "{}", kept.body);
    }

    fn an_owner_manages_the_users_of_the_own_tenant_only(house: &House) {
        let (own, other) = (house.tenant("Own"), house.tenant("Other"));
        let owner = house.actor("o@example.ru", Role::Owner, Some(own));
        let stranger = house.user("x@example.ru", Role::Owner, Some(other));
        let staff = house.user("s@example.ru", Role::Staff, None);
        let member = invite(&house.db, &owner, NOW, BASE, &new_user("m@example.ru", Role::Member, Some(own))).unwrap();
        for (role, tenant) in [(Role::Member, Some(other)), (Role::Staff, None), (Role::Administrator, None)] {
            let error = invite(&house.db, &owner, NOW, BASE, &new_user("y@example.ru", role, tenant)).unwrap_err();
            assert_eq!(said(error), ["forbidden"]);
        }
        for id in [stranger, staff] {
            assert_eq!(said(deactivate(&house.db, &owner, NOW, id).unwrap_err()), ["not found"]);
            assert_eq!(said(set_role(&house.db, &owner, NOW, id, Role::Member).unwrap_err()), ["not found"]);
            assert_eq!(said(get(&house.db, &owner, id).unwrap_err()), ["not found"]);
        }
        let crossing = set_role(&house.db, &owner, NOW, member, Role::Administrator).unwrap_err();
        assert_eq!(said(crossing), ["role: identity-role-other-side"]);
        assert_eq!(list(&house.db, &owner).unwrap().len(), 2);
        let plain = Actor { user: Some(member), role: Role::Member, tenant: Some(own) };
        assert_eq!(said(list(&house.db, &plain).unwrap_err()), ["forbidden"]);
        assert_eq!(said(deactivate(&house.db, &plain, NOW, member).unwrap_err()), ["forbidden"]);
    }

    fn the_last_administrator_and_owner_stay(house: &House) {
        let tenant = house.tenant("Own");
        let first = house.user("a@example.ru", Role::Administrator, None);
        let owner = house.user("o@example.ru", Role::Owner, Some(tenant));
        let house_rules = Actor::HOUSE;
        let stays = |id, key: &str| {
            assert_eq!(said(deactivate(&house.db, &house_rules, NOW, id).unwrap_err()), [key]);
        };
        stays(first, "identity-last-administrator");
        stays(owner, "identity-last-owner");
        assert_eq!(said(set_role(&house.db, &house_rules, NOW, owner, Role::Member).unwrap_err()), ["identity-last-owner"]);
        // an invited one cannot sign in yet and does not count
        invite(&house.db, &house_rules, NOW, BASE, &new_user("b@example.ru", Role::Administrator, None)).unwrap();
        stays(first, "identity-last-administrator");
        let second = house.actor("c@example.ru", Role::Administrator, None);
        assert_eq!(said(deactivate(&house.db, &second, NOW, second.user.unwrap()).unwrap_err()), ["identity-not-yourself"]);
        deactivate(&house.db, &second, NOW, first).unwrap();
        assert!(sign_in(&house.db, NOW, "a@example.ru", PASSWORD, "10.0.0.1").is_err());
        reactivate(&house.db, &second, NOW, first).unwrap();
        let back = sign_in(&house.db, NOW, "a@example.ru", PASSWORD, "10.0.0.1").unwrap();
        assert_eq!(back.session_epoch, 1, "sessions from before stay closed");
    }

    fn what_a_new_user_needs_is_said_field_by_field(house: &House) {
        let tenant = house.tenant("Own");
        house.user("taken@example.ru", Role::Staff, None);
        let refuse = |new: NewUser| said(invite(&house.db, &Actor::HOUSE, NOW, BASE, &new).unwrap_err());
        assert_eq!(refuse(new_user("TAKEN@example.ru", Role::Staff, None)), ["email: identity-email-taken"]);
        assert_eq!(refuse(new_user("a@example.ru", Role::Owner, None)), ["tenant: identity-role-needs-tenant"]);
        assert_eq!(refuse(new_user("a@example.ru", Role::Staff, Some(tenant))), ["tenant: identity-role-no-tenant"]);
        let empty = NewUser { name: " ".into(), email: "a".into(), locale: "de".into(), ..new_user("", Role::Staff, None) };
        assert_eq!(refuse(empty), ["name: identity-required", "email: identity-email-form", "locale: identity-choose"]);
    }

    fn one_changes_the_own_profile_and_password(house: &House) {
        let who = house.actor("a@example.ru", Role::Staff, None);
        let profile = Profile { name: " Анна ".into(), locale: "ru".into(), theme: Theme::Dark };
        change_profile(&house.db, &who, NOW, &profile).unwrap();
        let row = rows::get(&mut house.db.get().unwrap(), who.user.unwrap()).unwrap();
        assert_eq!((row.name.as_str(), row.theme), ("Анна", Theme::Dark));
        let change = |current, new| change_password(&house.db, &who, NOW, "10.0.0.1", current, new);
        assert_eq!(said(change("wrong", "another good one").unwrap_err()), ["current: identity-password-wrong"]);
        assert_eq!(said(change(PASSWORD, "a@example.ru").unwrap_err()), ["new: identity-password-is-email"]);
        assert_eq!(change(PASSWORD, "another good one").unwrap(), 1);
        assert!(sign_in(&house.db, NOW, "a@example.ru", "another good one", "10.0.0.1").is_ok());
    }
}
