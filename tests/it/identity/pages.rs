//! The pages of identity over HTTP, as people use them.

use super::world::*;
use crate::on_both;
use crate::support::server::{Server, Visitor};
use crate::support::{House, NOW};
use innkeeper::db::identity::users as rows;
use innkeeper::domain::identity::access::Role;
use reqwest::blocking::Response;
use std::time::Duration;

fn serve(house: &House) -> Server {
    Server::start(&house.app(NOW))
}

fn place(answer: &Response) -> String {
    let header = answer.headers().get("location");
    header.map_or(String::new(), |v| v.to_str().unwrap().to_owned())
}

fn text(answer: Response) -> String {
    answer.text().unwrap()
}

fn status(answer: &Response) -> u16 {
    answer.status().as_u16()
}

/// The token of the newest mail, once the background work has sent it.
fn mailed_token(house: &House, mails: usize) -> String {
    for _ in 0..200 {
        if house.mails().len() >= mails {
            break;
        }
        std::thread::sleep(Duration::from_millis(50));
    }
    let mail = house.mails().pop().expect("a mail");
    super::users::token_in(&mail)
}

fn signs_in(server: &Server, email: &str, password: &str) -> Visitor {
    server.signed_in(email, password)
}

on_both! {
    fn a_new_house_says_what_comes_first(house: &House) {
        house.user("admin@example.ru", Role::Administrator, None);
        let server = serve(house);
        let admin = signs_in(&server, "admin@example.ru", PASSWORD);
        let steps = |page: &str| page.matches("class=\"first-step\"").count();
        let home = text(admin.get("/"));
        assert!(steps(&home) == 5 && home.contains("href=\"/operator\""), "{home}");
        assert_eq!(home.matches("btn btn-primary").count(), 1, "one next step");
        for path in ["/availability", "/availability/search", "/replan", "/racks/new"] {
            let answer = admin.get(path);
            assert_eq!(status(&answer), 200, "{path}");
            let page = text(answer);
            assert!(page.contains("href=\"/sites/new\"") && !page.contains("flash-danger"), "{path}: {page}");
        }
        house.site();
        let home = text(admin.get("/"));
        assert!(home.contains("2 of 5") && home.contains("/conflicts"), "{home}");
    }

    fn another_method_is_answered_with_those_that_are(house: &House) {
        house.user("admin@example.ru", Role::Administrator, None);
        let server = serve(house);
        let admin = signs_in(&server, "admin@example.ru", PASSWORD);
        let allow = |answer: Response| {
            let allow = answer.headers().get("allow").map(|v| v.to_str().unwrap().to_owned());
            (answer.status().as_u16(), allow.unwrap_or_default())
        };
        assert_eq!(allow(admin.get("/sign-out")), (405, "POST".to_owned()));
        assert_eq!(allow(admin.post("/trail", &[])), (405, "GET, HEAD".to_owned()));
        assert_eq!(allow(admin.head("/sign-out")), (405, "POST".to_owned()));
        let head = admin.head("/trail");
        assert_eq!((status(&head), head.headers()["content-type"].to_str().unwrap()), (200, "text/html; charset=utf-8"));
        assert_eq!(text(head), "");
        let long = admin.post("/tenants", &[("name", &"x".repeat(300_000))]);
        assert_eq!(status(&long), 413);
        let page = text(long);
        assert!(page.contains("The text is too long"), "{page}");
    }

    fn one_signs_in_goes_on_and_out(house: &House) {
        house.user("a@example.ru", Role::Administrator, None);
        let server = serve(house);
        let visitor = server.visitor();
        let away = visitor.get("/users?q=a");
        assert_eq!((status(&away), place(&away).as_str()), (303, "/sign-in?back=%2Fusers%3Fq%3Da"));
        let wrong = visitor.post("/sign-in", &[("email", "a@example.ru"), ("password", "wrong-secret-word")]);
        assert_eq!(status(&wrong), 422);
        let page = text(wrong);
        assert!(page.contains("a@example.ru") && !page.contains("wrong-secret-word"));
        let right = [("email", " A@example.ru"), ("password", PASSWORD), ("back", "/users?q=a")];
        let answer = visitor.post("/sign-in", &right);
        assert_eq!((status(&answer), place(&answer).as_str()), (303, "/users?q=a"));
        let cookie = answer.headers().get_all("set-cookie").iter().map(|c| c.to_str().unwrap().to_owned());
        let cookie: Vec<String> = cookie.filter(|c| c.starts_with("session=")).collect();
        assert!(cookie[0].contains("HttpOnly") && cookie[0].contains("SameSite=Lax"), "{cookie:?}");
        assert_eq!(status(&visitor.get("/users?q=a")), 200);
        assert_eq!(place(&visitor.get("/sign-in?back=/users")), "/users");
        let evil = [("email", "a@example.ru"), ("password", PASSWORD), ("back", "//evil.example")];
        assert_eq!(place(&visitor.post("/sign-in", &evil)), "/");
        assert_eq!(place(&visitor.post("/sign-out", &[])), "/sign-in?done=signed-out");
        assert_eq!(status(&visitor.get("/users")), 303);
    }

    fn a_program_signs_in_with_data(house: &House) {
        let id = house.user("a@example.ru", Role::Finance, None);
        let server = serve(house);
        let visitor = server.visitor();
        let refused = visitor.post_json("/sign-in", &[("email", "a@example.ru"), ("password", "no")]);
        assert_eq!(status(&refused), 401);
        let answer = visitor.post_json("/sign-in", &[("email", "a@example.ru"), ("password", PASSWORD)]);
        let data: serde_json::Value = serde_json::from_str(&text(answer)).unwrap();
        assert_eq!(data, serde_json::json!({"user": id.0, "role": "finance", "tenant": null}));
    }

    fn an_invited_user_comes_in_by_the_link(house: &House) {
        house.user("a@example.ru", Role::Administrator, None);
        let server = serve(house);
        let admin = signs_in(&server, "a@example.ru", PASSWORD);
        let form = [
            ("form_key", "0123456789abcdef0123456789abcdef"),
            ("email", "new@example.ru"),
            ("name", "Новый Сотрудник"),
            ("role", "staff"),
            ("tenant", ""),
            ("locale", "en"),
        ];
        let invited = admin.post("/users", &form);
        assert_eq!(status(&invited), 303);
        let again = admin.post("/users", &form);
        assert_eq!(place(&again), place(&invited), "a second click gets the first answer");
        let token = mailed_token(house, 1);
        assert_eq!(house.mails().len(), 1);
        assert!(!text(admin.get("/outbox/1")).contains(&token), "the outbox shows no link");
        let visitor = server.visitor();
        let link = format!("/invitations/{token}");
        assert!(text(visitor.get(&link)).contains("new@example.ru"));
        let differ = visitor.post(&link, &[("password", PASSWORD), ("again", "another good one")]);
        assert_eq!(status(&differ), 422);
        let set = visitor.post(&link, &[("password", PASSWORD), ("again", PASSWORD)]);
        assert_eq!(place(&set), "/sign-in?done=password-set");
        assert_eq!(status(&visitor.get(&link)), 410);
        signs_in(&server, "new@example.ru", PASSWORD);
    }

    fn a_forgotten_password_is_set_anew(house: &House) {
        house.user("a@example.ru", Role::Staff, None);
        let server = serve(house);
        let visitor = server.visitor();
        let known = visitor.post("/password-resets", &[("email", "a@example.ru")]);
        let unknown = visitor.post("/password-resets", &[("email", "b@example.ru")]);
        assert_eq!((status(&known), status(&unknown)), (200, 200));
        assert_eq!(text(known).replace("a@example.ru", "…"), text(unknown).replace("b@example.ru", "…"));
        let link = format!("/password-resets/{}", mailed_token(house, 1));
        let new = [("password", "another good one"), ("again", "another good one")];
        assert_eq!(status(&visitor.post(&link, &new)), 303);
        signs_in(&server, "a@example.ru", "another good one");
    }

    fn a_changed_password_closes_the_other_sessions(house: &House) {
        let id = house.user("a@example.ru", Role::Staff, None);
        let server = serve(house);
        let (here, there) = (signs_in(&server, "a@example.ru", PASSWORD), signs_in(&server, "a@example.ru", PASSWORD));
        let new = [("current", PASSWORD), ("new", "another good one"), ("again", "another good one")];
        assert_eq!(place(&here.post("/profile/password", &new)), "/profile?done=password-changed");
        assert_eq!(status(&here.get("/profile")), 200);
        assert_eq!(status(&there.get("/profile")), 303);
        let self_made = [("name", "Анна"), ("locale", "en"), ("theme", "dark")];
        assert_eq!(status(&here.post("/profile", &self_made)), 303);
        assert!(text(here.get("/profile")).contains("About you"));
        assert_eq!(status(&here.post("/preferences", &[("locale", "ru"), ("back", "/profile")])), 303);
        let row = rows::get(&mut house.db.get().unwrap(), id).unwrap();
        assert_eq!((row.name.as_str(), row.locale.as_str(), row.theme.code()), ("Анна", "ru", "dark"));
    }

    fn a_deactivated_user_is_out_at_once(house: &House) {
        house.user("a@example.ru", Role::Administrator, None);
        let id = house.user("s@example.ru", Role::Staff, None);
        let server = serve(house);
        let (admin, staff) = (signs_in(&server, "a@example.ru", PASSWORD), signs_in(&server, "s@example.ru", PASSWORD));
        let path = format!("/users/{id}/deactivation");
        assert!(text(admin.get(&path)).contains("s@example.ru"));
        assert_eq!(status(&admin.post(&path, &[])), 303);
        assert_eq!(status(&staff.get("/profile")), 303);
        assert_eq!(status(&admin.post(&format!("/users/{id}/reactivation"), &[])), 303);
        assert_eq!(status(&staff.get("/profile")), 303);
        assert_eq!(status(&admin.post("/users/1/deactivation", &[])), 422);
    }

    fn an_owner_meets_only_the_own_users(house: &House) {
        let (own, other) = (house.tenant("Own"), house.tenant("Other"));
        house.user("o@example.ru", Role::Owner, Some(own));
        let member = house.user("m@example.ru", Role::Member, Some(own));
        let stranger = house.user("x@example.ru", Role::Owner, Some(other));
        let server = serve(house);
        let owner = signs_in(&server, "o@example.ru", PASSWORD);
        let page = text(owner.get("/users"));
        assert!(page.contains("m@example.ru") && !page.contains("x@example.ru"));
        assert!(!text(owner.get("/users?q=x@example.ru")).contains(&format!("/users/{stranger}\"")));
        assert_eq!(status(&owner.get(&format!("/users/{member}"))), 200);
        assert_eq!(status(&owner.get(&format!("/users/{stranger}"))), 404);
        assert_eq!(status(&owner.post(&format!("/users/{stranger}/deactivation"), &[])), 404);
        // the form's tenant is not listened to
        let other = other.to_string();
        let form = [("email", "n@example.ru"), ("name", "N"), ("role", "member"), ("tenant", other.as_str()), ("locale", "ru")];
        assert_eq!(status(&owner.post("/users", &form)), 303);
        let made = rows::by_email(&mut house.db.get().unwrap(), "n@example.ru").unwrap().unwrap();
        assert_eq!(made.tenant_id, Some(own));
        let staff = [("email", "e@example.ru"), ("name", "E"), ("role", "administrator"), ("locale", "ru")];
        assert_eq!(status(&owner.post("/users", &staff)), 403);
        assert_eq!(status(&owner.get("/tenants")), 403);
    }

    fn tenants_are_found_listed_and_changed(house: &House) {
        house.user("a@example.ru", Role::Administrator, None);
        for number in 1..=60 {
            house.tenant(&format!("ООО «Ёлка {number:02}»"));
        }
        let server = serve(house);
        let admin = signs_in(&server, "a@example.ru", PASSWORD);
        let found = text(admin.get("/tenants?q=%D0%B5%D0%BB%D0%BA%D0%B0%2017"));
        assert!(found.contains("Ёлка 17") && !found.contains("Ёлка 18"));
        let first = text(admin.get("/tenants?sort=name&dir=desc"));
        assert!(first.contains("Ёлка 60") && first.contains("Ёлка 11") && !first.contains("Ёлка 10"));
        let next = first.split("href=\"").find(|part| part.contains("after=")).unwrap();
        let next = next.split('"').next().unwrap().replace("&#38;", "&").replace("&amp;", "&");
        let second = text(admin.get(&next));
        assert!(second.contains("Ёлка 10") && second.contains("Ёлка 01") && !second.contains("Ёлка 11"), "{next}");
        let csv = text(admin.get("/tenants.csv?q=17"));
        assert!(csv.contains("Ёлка 17") && !csv.contains("Ёлка 18"), "{csv}");
        assert_eq!(status(&admin.get("/tenants.xlsx")), 200);
        assert_eq!(status(&admin.get("/tenants.pdf")), 404);
        let wrong = [("kind", "company"), ("name", "X <b>"), ("email", "x@example.ru"), ("locale", "ru"), ("inn", "7707083894")];
        let answer = admin.post("/tenants", &wrong);
        assert_eq!(status(&answer), 422);
        let page = text(answer);
        assert!(page.contains("7707083894") && page.contains("10 digits") && !page.contains("<b>"));
    }

    fn the_operator_is_edited_and_the_trail_tells(house: &House) {
        house.user("a@example.ru", Role::Administrator, None);
        let server = serve(house);
        let admin = signs_in(&server, "a@example.ru", PASSWORD);
        assert_eq!(status(&admin.get("/operator")), 200);
        let mut form = vec![
            ("legal_name", "ООО «Бор»"), ("short_name", "Бор"), ("country", "RU"),
            ("time_zone", "Europe/Moscow"), ("inn", "7707083893"), ("address", "Сосновый Бор"),
            ("email", "hotel@example.ru"), ("locale", "ru"), ("vat_payer", "yes"),
            ("bank_bic", "044525225"), ("bank_account", "40702810000000000000"),
        ];
        assert_eq!(status(&admin.post("/operator", &form)), 422);
        form.truncate(9);
        assert_eq!(place(&admin.post("/operator", &form)), "/operator?done=operator-saved");
        let trail = text(admin.get("/trail?noun=operator"));
        assert!(trail.contains("legal_name") && trail.contains("ООО «Бор»"));
        assert!(!text(admin.get("/trail?noun=user")).contains("argon2"));
    }

    fn a_session_lasts_from_click_to_click(house: &House) {
        house.user("a@example.ru", Role::Staff, None);
        let server = serve(house);
        let mut visitor = signs_in(&server, "a@example.ru", PASSWORD);
        drop(server);
        let mut click = |hours: i64| {
            let server = Server::start(&house.app(NOW.plus_hours(hours)));
            visitor.moves_to(&server);
            status(&visitor.get("/profile"))
        };
        assert_eq!((click(11), click(22), click(33)), (200, 200, 200));
        assert_eq!(click(46), 303, "thirteen hours without a click");
    }
}
