//! Data in and out over HTTP: every table, files of every bad kind, and NetBox from upload to racks.

use crate::identity::world::PASSWORD;
use crate::on_both;
use crate::support::server::{Server, Visitor};
use crate::support::{House, NOW};
use innkeeper::services::seed;

const RACKS: &str = "/sites/1/data/racks/import";

fn staff(house: &House) -> (Server, Visitor) {
    house.world();
    seed::ensure(&house.db).unwrap();
    let server = Server::start(&house.app(NOW));
    let staff = server.signed_in("staff@example.ru", PASSWORD);
    let russian = staff.post("/preferences", &[("locale", "ru"), ("back", "/")]);
    assert_eq!(russian.status().as_u16(), 303);
    (server, staff)
}

fn page(visitor: &Visitor, path: &str) -> String {
    let answer = visitor.get(path);
    let status = answer.status().as_u16();
    let text = answer.text().unwrap();
    assert_eq!(status, 200, "{path}: {text}");
    assert!(
        !text.contains(">site-") && !text.contains(">netbox-") && !text.contains(" style="),
        "{path}: {text}"
    );
    text
}

fn location(answer: &reqwest::blocking::Response) -> String {
    assert_eq!(answer.status().as_u16(), 303);
    answer.headers()["location"].to_str().unwrap().to_owned()
}

fn sample(names: &[&str]) -> Vec<(String, Vec<u8>)> {
    let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/data/netbox");
    let file = |name: &&str| {
        (
            (*name).to_owned(),
            std::fs::read(folder.join(name)).unwrap(),
        )
    };
    names.iter().map(file).collect()
}

/// The plan's name, as the trial carries it to the button.
fn seen(text: &str) -> String {
    let rest = text.split("name=\"seen\" value=\"").nth(1).expect("a plan");
    rest.split('"').next().unwrap().to_owned()
}

const MACHINES: &str = "/sites/1/data/machines/import";

/// Uploads a file of machines, and has its good rows written.
fn one_machine(staff: &Visitor) {
    let file = "serial;tenant;model;watts;cooling;supply;state\n\
                WM-1;ооо «северный хэш»;Свой S21;3500;воздух;одна фаза;принята\n";
    let trial = location(&staff.post_file(MACHINES, "machines.csv", file.as_bytes()));
    let text = page(staff, &trial);
    location(&staff.post(&trial, &[("rows", "whole"), ("seen", &seen(&text))]));
}

on_both! {
    fn every_table_goes_out_and_has_its_form(house: &House) {
        let (_server, staff) = staff(house);
        one_machine(&staff);
        let index = page(&staff, "/sites/1/data");
        for noun in ["halls", "rows", "power", "zones", "racks", "machines"] {
            assert!(index.contains(&format!("/sites/1/data/{noun}/import")), "{noun}");
            page(&staff, &format!("/sites/1/data/{noun}/import"));
            for format in ["csv", "xlsx"] {
                let out = staff.get(&format!("/sites/1/data/{noun}.{format}"));
                assert_eq!(out.status().as_u16(), 200, "{noun}.{format}");
                let bytes = out.bytes().unwrap();
                let path = format!("/sites/1/data/{noun}/import");
                let trial = location(&staff.post_file(&path, &format!("{noun}.{format}"), &bytes));
                let text = page(&staff, &trial);
                assert!(!text.contains("name=\"rows\""), "{noun}.{format} says nothing new: {text}");
                let path = format!("/sites/1/data/{noun}/template.{format}");
                assert_eq!(staff.get(&path).status().as_u16(), 200);
            }
        }
        for path in ["/sites/1/data/racks.pdf", "/sites/1/data/cats.csv", "/sites/1/data/cats/import", "/sites/2/data"] {
            assert_eq!(staff.get(path).status().as_u16(), 404, "{path}");
        }
    }

    fn files_that_cannot_be_taken_say_why(house: &House) {
        let (_server, staff) = staff(house);
        let utf16: Vec<u8> = "rack;limit_kw\n".encode_utf16().flat_map(u16::to_le_bytes).collect();
        let files: [(&str, &[u8], &str); 8] = [
            ("racks.csv", b"", "пуст"),
            ("racks.csv", b"%PDF-1.7\n", "PDF"),
            ("racks.xlsx", b"PK\x03\x04 half of a workbook", "Книгу"),
            ("racks.csv", &utf16, "UTF-16"),
            ("racks.csv", "зал;ряд\nЗ;А\n".as_bytes(), "стойка"),
            ("racks.csv", "стойка;стойка\nA;B\n".as_bytes(), "дважды"),
            ("racks.csv", "стойка;места\n".as_bytes(), "строк нет"),
            ("racks.csv", b"\x89PNG\r\n", "изображение"),
        ];
        for (name, bytes, why) in files {
            let answer = staff.post_file(RACKS, name, bytes);
            assert_eq!(answer.status().as_u16(), 422, "{why}");
            let text = answer.text().unwrap();
            assert!(text.contains("id=\"e-file\"") && text.contains(why), "{why}: {text}");
        }
    }

    fn racks_come_from_a_file_in_two_steps(house: &House) {
        let (_server, staff) = staff(house);
        let trial = location(&staff.post_file(RACKS, "racks.csv",
            "hall;row;rack;kind;slots;limit_kw;phase;feed_a;feed_b;zone\n\
             Зал 9;А;A-01;рама;8;28,5;три;feed-1;;z\nЗал 9;А;A-02;рама;x;28,5;три;feed-1;;z\n\
             Зал 9;А;A-03;рама;8;28,5;три;Ф-нет;;z\nЗал 9;А;A-01;рама;8;28,5;три;feed-1;;z\n\
             1;1;R01;рама;8;28,5;три;feed-1;;z\n".as_bytes()));
        let text = page(&staff, &trial);
        assert!(text.contains("value=\"good\"") && !page(&staff, "/racks").contains("A-01"), "{text}");
        for said in ["«x»", "«Ф-нет»", "10 → 8", "100 → 28,5"] {
            assert!(text.contains(said), "{said}: {text}");
        }
        let only = page(&staff, &format!("{trial}?noun=racks&show=bad"));
        assert!(only.contains("«x»") && !only.contains("10 → 8"), "{only}");
        let stopped = staff.post(&trial, &[("rows", "whole"), ("seen", &seen(&text))]);
        assert_eq!(stopped.status().as_u16(), 422);
        let done = location(&staff.post(&trial, &[("rows", "good"), ("seen", &seen(&text))]));
        let text = page(&staff, &done);
        assert!(!text.contains("value=\"good\"") && text.contains("Ф-нет"), "{text}");
        assert!(page(&staff, "/racks").contains("A-01"));
    }

    fn machines_come_from_a_file_and_a_tenant_may_not(house: &House) {
        let (server, staff) = staff(house);
        one_machine(&staff);
        assert!(page(&staff, "/machines").contains("WM-1"));
        let file = "serial;tenant;model;watts;cooling;supply;booking;state;rack;slot\n\
                    wm-1;ООО «Северный хэш»;Свой S21;3600;воздух;одна фаза;;ожидается;;\n\
                    WM-2;ООО «Никто»;Свой S21;3600;воздух;одна фаза;;принята;;\n\
                    WM-3;ООО «Северный хэш»;Свой S21;3600;воздух;одна фаза;;в стойке;R01;1\n";
        let trial = location(&staff.post_file(MACHINES, "machines.csv", file.as_bytes()));
        let text = page(&staff, &trial);
        for said in ["отсюда недоступно", "«ООО «Никто»»", "сначала выберите бронь"] {
            assert!(text.contains(said), "{said}: {text}");
        }
        let mend = "serial;state;note\nWM-1;в ремонте;вентилятор\n";
        let trial = location(&staff.post_file(MACHINES, "machines.csv", mend.as_bytes()));
        let text = page(&staff, &trial);
        assert!(text.contains("принята → в ремонте"), "{text}");
        location(&staff.post(&trial, &[("rows", "whole"), ("seen", &seen(&text))]));
        let machine = page(&staff, "/machines/1");
        assert!(machine.contains("вентилятор") && machine.contains("в ремонте"), "{machine}");
        let owner = server.signed_in("owner@example.ru", PASSWORD);
        assert_eq!(owner.get("/sites/1/data/machines.csv").status().as_u16(), 403);
        assert_eq!(owner.get(MACHINES).status().as_u16(), 403);
        assert_eq!(owner.post_file(MACHINES, "machines.csv", mend.as_bytes()).status().as_u16(), 403);
    }

    fn netbox_comes_in_from_several_files(house: &House) {
        let (server, staff) = staff(house);
        const NETBOX: &str = "/sites/1/data/netbox";
        let options = [("cooling", "hydro"), ("slots", ""), ("limit_kw", "")];
        let mixed = ["sites.json", "locations.csv", "racks.json", "power-panels.csv", "power-feeds.json",
                     "tenants.csv", "devices.csv", "power-ports.json", "rack-reservations.json"];
        let trial = location(&staff.post_files(NETBOX, &sample(&mixed), &options));
        let text = page(&staff, &trial);
        for said in ["А-05 (K1A05)", "Ф-К9", "WM-9001", "206,939"] {
            assert!(text.contains(said), "{said}: {text}");
        }
        let done = location(&staff.post(&trial, &[("rows", "whole"), ("seen", &seen(&text))]));
        let text = page(&staff, &done);
        assert!(text.contains("Ф-К9"), "what is left out stays readable: {text}");
        assert!(page(&staff, "/racks").contains("К1-4"));
        let again = location(&staff.post_files(NETBOX, &sample(&mixed), &options));
        let text = page(&staff, &again);
        assert!(!text.contains("name=\"rows\""), "nothing is left to write: {text}");
        drop(server);
    }

    fn files_that_are_not_netboxs_say_why(house: &House) {
        let (_server, staff) = staff(house);
        let file = |name: &str, text: &str| vec![(name.to_owned(), text.as_bytes().to_vec())];
        for (files, why) in [
            (vec![], "e-file"),
            (file("racks.csv", ""), "racks.csv"),
            (file("colours.csv", "Name,Slug\nRed,red\n"), "colours.csv"),
            (file("racks.json", "{\"detail\": \"Invalid token\"}"), "JSON"),
            (file("racks.csv", "Name,Site,Facility ID\nA,S,\nB,T,\n"), "S, T"),
        ] {
            let answer = staff.post_files("/sites/1/data/netbox", &files, &[("cooling", "air"), ("slots", "7")]);
            assert_eq!(answer.status().as_u16(), 422, "{why}");
            let text = answer.text().unwrap();
            assert!(text.contains(why) && text.contains("value=\"7\""), "{why}: {text}");
        }
        let answer = staff.post_files("/sites/1/data/netbox", &sample(&["racks.csv"]), &[("cooling", "air"), ("slots", "x")]);
        assert!(answer.text().unwrap().contains("id=\"e-slots\""));
    }
}
