//! 80020: the half-hours of one calendar day as Russian grid companies and markets exchange them.
//!
//! The form that `import::readings` reads: local `HHMM`, kWh, channel 01, Windows-1251. A value that
//! is an estimate is not commercial: `status="1"`.

use crate::domain::units::WattHours;
use chrono::{NaiveDate, NaiveDateTime, NaiveTime};
use encoding_rs::WINDOWS_1251;
use quick_xml::Writer;
use quick_xml::events::{BytesDecl, BytesText, Event};
use std::io;

/// Who sends it, as the message names a side.
pub struct Side<'a> {
    pub inn: &'a str,
    pub name: &'a str,
}

/// Energy of a local time, until the next midnight at most.
pub struct HalfHour {
    pub from: NaiveTime,
    pub to: NaiveTime,
    pub wh: WattHours,
    pub estimated: bool,
}

pub struct Message80020<'a> {
    pub day: NaiveDate,
    pub made: NaiveDateTime,
    pub sender: Side<'a>,
    pub area: Side<'a>,
    /// The measuring point: its code and name.
    pub point: (&'a str, &'a str),
    pub half_hours: &'a [HalfHour],
}

type Xml = Writer<Vec<u8>>;

/// The file's bytes.
///
/// # Errors
/// None that memory does not make.
pub fn message80020(message: &Message80020) -> io::Result<Vec<u8>> {
    let mut xml = Writer::new_with_indent(vec![], b' ', 1);
    xml.write_event(Event::Decl(BytesDecl::new(
        "1.0",
        Some("windows-1251"),
        None,
    )))?;
    let day = message.day.format("%Y%m%d").to_string();
    xml.create_element("message")
        .with_attributes([("class", "80020"), ("version", "2"), ("number", &day)])
        .write_inner_content(|xml| {
            xml.create_element("datetime").write_inner_content(|xml| {
                let made = message.made.format("%Y%m%d%H%M%S").to_string();
                text(xml, "timestamp", &made)?;
                text(xml, "daylightsavingtime", "0")?;
                text(xml, "day", &day)
            })?;
            side(xml, "sender", &message.sender, |_| Ok(()))?;
            side(xml, "area", &message.area, |xml| point(xml, message))
        })?;
    let utf8 = String::from_utf8_lossy(xml.get_ref());
    Ok(WINDOWS_1251.encode(&utf8).0.into_owned())
}

fn text(xml: &mut Xml, name: &str, value: &str) -> io::Result<()> {
    xml.create_element(name)
        .write_text_content(BytesText::new(value))?;
    Ok(())
}

fn side(
    xml: &mut Xml,
    name: &str,
    side: &Side,
    more: impl FnOnce(&mut Xml) -> io::Result<()>,
) -> io::Result<()> {
    xml.create_element(name).write_inner_content(|xml| {
        text(xml, "inn", side.inn)?;
        text(xml, "name", side.name)?;
        more(xml)
    })?;
    Ok(())
}

fn point(xml: &mut Xml, message: &Message80020) -> io::Result<()> {
    let (code, name) = message.point;
    xml.create_element("measuringpoint")
        .with_attributes([("code", code), ("name", name)])
        .write_inner_content(|xml| {
            xml.create_element("measuringchannel")
                .with_attributes([("code", "01"), ("desc", "Активный прием")])
                .write_inner_content(|xml| {
                    message.half_hours.iter().try_for_each(|it| period(xml, it))
                })?;
            Ok(())
        })?;
    Ok(())
}

fn period(xml: &mut Xml, half_hour: &HalfHour) -> io::Result<()> {
    let clock = |at: NaiveTime| at.format("%H%M").to_string();
    let (from, to) = (clock(half_hour.from), clock(half_hour.to));
    xml.create_element("period")
        .with_attributes([("start", from.as_str()), ("end", to.as_str())])
        .write_inner_content(|xml| {
            let status = if half_hour.estimated { "1" } else { "0" };
            let value = half_hour.wh.kilo().normalize().to_string();
            xml.create_element("value")
                .with_attribute(("status", status))
                .write_text_content(BytesText::new(&value))?;
            Ok(())
        })?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::calendar::{Instant, Zone};
    use crate::import::readings::{MeterInfo, read};

    #[test]
    fn what_is_written_is_read_again() {
        let time = |minutes: u32| NaiveTime::from_hms_opt(minutes / 60 % 24, minutes % 60, 0);
        let half_hours: Vec<HalfHour> = (0..48)
            .map(|at| HalfHour {
                from: time(at * 30).unwrap(),
                to: time((at + 1) * 30).unwrap(),
                wh: WattHours(i64::from(at) * 1_001),
                estimated: at == 7,
            })
            .collect();
        let day = NaiveDate::from_ymd_opt(2026, 11, 1).unwrap();
        let message = Message80020 {
            day,
            made: day.and_hms_opt(23, 59, 0).unwrap(),
            sender: Side {
                inn: "7800000000",
                name: "ООО «Сосновый бор» & Ко",
            },
            area: Side {
                inn: "7800000000",
                name: "Арендатор",
            },
            point: ("L-1", "Аренда L-1"),
            half_hours: &half_hours,
        };
        let bytes = message80020(&message).unwrap();
        let zone = Zone::parse("Europe/Moscow").unwrap();
        let meter = |code: &str| {
            (code == "L-1").then_some(MeterInfo {
                key: 1,
                zone,
                register: false,
            })
        };
        let now = Instant(2_000_000_000);
        let read = read(&bytes, now, 1 << 20, None, meter).unwrap();
        let read: Vec<(Instant, i64)> = read
            .rows
            .into_iter()
            .map(|row| row.map(|it| (it.start, it.wh.0)).unwrap())
            .collect();
        let midnight = zone.start_of(day);
        let expected: Vec<(Instant, i64)> = (0..48)
            .filter(|at| *at != 7)
            .map(|at| (midnight.plus_seconds(at * 1_800), at * 1_001))
            .collect();
        assert_eq!(read, expected, "an estimate is no commercial value");
    }
}
