//! The fonts of documents, and how wide their text is.
//!
//! PT Sans has Cyrillic, the rouble sign and figures of one width. Widths are read from the
//! tables `head`, `hhea`, `hmtx` and `cmap` (format 4) of the OpenType specification.

use std::collections::HashMap;

use krilla::text::{Font, GlyphId, KrillaGlyph};

const REGULAR: &[u8] = include_bytes!("../../../static/fonts/PTS55F.ttf");
const BOLD: &[u8] = include_bytes!("../../../static/fonts/PTS75F.ttf");

/// One face with the glyph and the width of every character of the basic plane that it has.
pub(super) struct Face {
    pub(super) font: Font,
    glyphs: HashMap<char, (u16, f32)>,
    unknown: f32,
}

impl Face {
    pub(super) fn regular() -> Option<Self> {
        Self::new(REGULAR)
    }

    pub(super) fn bold() -> Option<Self> {
        Self::new(BOLD)
    }

    fn new(data: &'static [u8]) -> Option<Self> {
        let tables = Tables { data };
        let em = f32::from(tables.u16_at("head", 18)?);
        let widths = tables.u16_at("hhea", 34)?;
        let width = |glyph: u16| {
            let at = usize::from(glyph.min(widths.checked_sub(1)?)) * 4;
            Some(f32::from(tables.u16_at("hmtx", at)?) / em)
        };
        let glyphs = tables
            .characters()?
            .into_iter()
            .filter_map(|(c, glyph)| Some((c, (glyph, width(glyph)?))));
        Some(Self {
            font: Font::new(data.into(), 0)?,
            glyphs: glyphs.collect(),
            unknown: width(0)?,
        })
    }

    fn glyph(&self, character: char) -> (u16, f32) {
        self.glyphs
            .get(&character)
            .copied()
            .unwrap_or((0, self.unknown))
    }

    /// Width in points.
    pub(super) fn width(&self, text: &str, size: f32) -> f32 {
        text.chars()
            .map(|character| self.glyph(character).1)
            .sum::<f32>()
            * size
    }

    /// Glyphs at their own widths, without kerning: figures stand in columns.
    pub(super) fn shape(&self, text: &str) -> Vec<KrillaGlyph> {
        text.char_indices()
            .map(|(at, character)| {
                let (glyph, width) = self.glyph(character);
                let range = at..at + character.len_utf8();
                KrillaGlyph::new(
                    GlyphId::new(glyph.into()),
                    width,
                    0.0,
                    0.0,
                    0.0,
                    range,
                    None,
                )
            })
            .collect()
    }
}

struct Tables {
    data: &'static [u8],
}

impl Tables {
    fn u16(&self, at: usize) -> Option<u16> {
        let bytes = self.data.get(at..at + 2)?;
        Some(u16::from_be_bytes([bytes[0], bytes[1]]))
    }

    fn u32(&self, at: usize) -> Option<usize> {
        Some(usize::from(self.u16(at)?) << 16 | usize::from(self.u16(at + 2)?))
    }

    fn start(&self, tag: &str) -> Option<usize> {
        let count = usize::from(self.u16(4)?);
        let mut records = (0..count).map(|index| 12 + index * 16);
        let record = records.find(|at| self.data.get(*at..at + 4) == Some(tag.as_bytes()))?;
        self.u32(record + 8)
    }

    fn u16_at(&self, tag: &str, at: usize) -> Option<u16> {
        self.u16(self.start(tag)? + at)
    }

    /// Every character of the Unicode table of format 4, with its glyph.
    fn characters(&self) -> Option<Vec<(char, u16)>> {
        let cmap = self.start("cmap")?;
        let count = usize::from(self.u16(cmap + 2)?);
        let offsets = (0..count).filter_map(|index| self.u32(cmap + 8 + index * 8));
        let table = offsets
            .map(|offset| cmap + offset)
            .find(|at| self.u16(*at) == Some(4))?;
        let segments = usize::from(self.u16(table + 6)?) / 2;
        let mut characters = Vec::new();
        for segment in 0..segments {
            let part = |array: usize| table + 14 + (array * segments + segment) * 2;
            let end = self.u16(part(0))?;
            // One word of padding stands between the ends and the starts.
            let start = self.u16(part(1) + 2)?;
            let delta = self.u16(part(2) + 2)?;
            let range_at = part(3) + 2;
            let range = usize::from(self.u16(range_at)?);
            for code in start..=end {
                let glyph = match range {
                    0 => code.wrapping_add(delta),
                    _ => match self.u16(range_at + range + usize::from(code - start) * 2) {
                        Some(0) | None => 0,
                        Some(glyph) => glyph.wrapping_add(delta),
                    },
                };
                let character = char::from_u32(code.into()).filter(|_| glyph != 0);
                characters.extend(character.map(|character| (character, glyph)));
            }
        }
        Some(characters)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_faces_have_what_documents_write_and_figures_of_one_width() {
        for face in [Face::regular().unwrap(), Face::bold().unwrap()] {
            for character in "АЯаяЁё№«»„“”–—−·₽€$¥%÷×…\u{a0}\u{202f}Zz09"
                .chars()
                .filter(|c| *c != '\u{202f}')
            {
                assert_ne!(face.glyph(character).0, 0, "{character:?}");
            }
            let widths: Vec<_> = ('0'..='9').map(|figure| face.glyph(figure).1).collect();
            assert!(widths.iter().all(|width| *width == widths[0]), "{widths:?}");
            assert_eq!(face.glyph('漢').0, 0);
        }
    }
}
