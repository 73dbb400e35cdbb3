//! Any bytes are answered, and what is written is read back.

use std::collections::BTreeMap;
use std::io::{self, Read};

use proptest::prelude::*;

use super::*;

/// A source that gives a few bytes at a time, as a network does.
struct Drip<'a>(&'a [u8], usize);

impl Read for Drip<'_> {
    fn read(&mut self, to: &mut [u8]) -> io::Result<usize> {
        let most = to.len().min(self.1);
        self.0.read(&mut to[..most])
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 256, failure_persistence: None, ..Default::default() })]

    #[test]
    fn any_bytes_are_answered(bytes in proptest::collection::vec(any::<u8>(), 0..400), with_header: bool) {
        let header: &[u8] = if with_header { b"meter,start,end,value,unit\n" } else { b"" };
        let file = [header, &bytes].concat();
        if let Ok(outcome) = read(&file) {
            prop_assert!(outcome.len() <= file.len());
        }
    }

    #[test]
    fn any_text_is_answered_the_same_in_any_portions(
        lines in proptest::collection::vec("[MBUX0-9:.,;\" \\-TZа-яkWh\r]{0,60}", 0..40), step in 1_usize..50,
    ) {
        let file = format!("meter,start,end,value,unit\n{}", lines.join("\n"));
        let whole = read(&file).map_err(|e| e.to_string());
        let parts = Readings::open(Drip(file.as_bytes(), step), NOW, meter).map_err(|e| e.to_string());
        let parts = parts.map(|rows| rows.map(|row| row.map_err(|error| match error {
            RowError::Bad(bad) => bad,
            RowError::Read(error) => panic!("{error}"),
        })).collect::<Vec<_>>());
        prop_assert_eq!(whole, parts);
    }

    #[test]
    fn what_is_written_is_read_back(
        values in proptest::collection::vec((0_i64..100_000_000, 0_u32..100), 1..60), zone in 0_usize..3,
    ) {
        let letter = ["M", "B", "U"][zone];
        let zone = meter(&format!("{letter}1")).unwrap().zone;
        let start = Instant(1_792_886_400);
        let mut expected = BTreeMap::new();
        let mut file = String::from("счётчик;начало;конец;значение;единица\r\n");
        for (step, (wh, id)) in values.iter().enumerate() {
            let from = start.plus_seconds(step as i64 * 1_800);
            let label = |at| zone.local(at).format("%d.%m.%Y %H:%M");
            let value = WattHours(*wh).kilo().to_string().replace('.', ",");
            let to = from.plus_seconds(1_800);
            file += &format!("{letter}1;{};{};{value};кВт·ч\r\n", label(from), label(to));
            expected.insert(from, (*wh, *id));
        }
        let outcome = read(&file).unwrap();
        let found: BTreeMap<_, _> = outcome.iter().map(|row| row.as_ref().unwrap()).map(|r| (r.start, r.wh.0)).collect();
        prop_assert_eq!(found, expected.into_iter().map(|(at, (wh, _))| (at, wh)).collect::<BTreeMap<_, _>>());
    }
}
