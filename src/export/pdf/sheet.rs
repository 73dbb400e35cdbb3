//! Paper: pages on which text, lines and boxes are placed, in points from the top left corner.
//!
//! Everything is placed first and drawn afterwards, when the number of pages is known.

use krilla::Document;
use krilla::color::rgb;
use krilla::geom::{PathBuilder, Point};
use krilla::page::PageSettings;
use krilla::paint::{Fill, Stroke};
use krilla::surface::Surface;
use krilla::text::TextDirection;

use super::font::Face;

pub(super) const WIDTH: f32 = 595.28;
const HEIGHT: f32 = 841.89;
pub(super) const LEFT: f32 = 48.0;
pub(super) const RIGHT: f32 = WIDTH - 40.0;
const TOP: f32 = 40.0;
const BOTTOM: f32 = HEIGHT - 54.0;
/// Where the page's foot stands, below everything else.
pub(super) const FOOT: f32 = HEIGHT - 32.0;

#[derive(Clone, Copy, PartialEq)]
pub(super) enum Align {
    Left,
    Right,
    Center,
}

/// How a text looks.
#[derive(Clone, Copy)]
pub(super) struct Style {
    pub(super) size: f32,
    pub(super) bold: bool,
    pub(super) grey: bool,
    pub(super) align: Align,
}

impl Style {
    pub(super) const fn new(size: f32) -> Self {
        Self {
            size,
            bold: false,
            grey: false,
            align: Align::Left,
        }
    }

    pub(super) const fn bold(self) -> Self {
        Self { bold: true, ..self }
    }

    pub(super) const fn grey(self) -> Self {
        Self { grey: true, ..self }
    }

    pub(super) const fn align(self, align: Align) -> Self {
        Self { align, ..self }
    }

    /// From one baseline to the next.
    pub(super) fn leading(self) -> f32 {
        self.size * 1.28
    }
}

enum Mark {
    /// The point is where the baseline begins.
    Text {
        x: f32,
        y: f32,
        text: String,
        style: Style,
    },
    Rule {
        from: (f32, f32),
        to: (f32, f32),
        weight: f32,
    },
}

/// The pages so far and the height at which the next thing is placed.
pub(super) struct Sheet {
    regular: Face,
    bold: Face,
    pages: Vec<Vec<Mark>>,
    current: usize,
    pub(super) y: f32,
}

impl Sheet {
    pub(super) fn new() -> Option<Self> {
        let (regular, bold) = (Face::regular()?, Face::bold()?);
        Some(Self {
            regular,
            bold,
            pages: vec![Vec::new()],
            current: 0,
            y: TOP,
        })
    }

    pub(super) fn pages(&self) -> usize {
        self.pages.len()
    }

    /// Goes to a page that exists, to add to it.
    pub(super) fn turn_to(&mut self, page: usize) {
        self.current = page.min(self.pages.len() - 1);
    }

    pub(super) fn new_page(&mut self) {
        self.pages.push(Vec::new());
        self.current = self.pages.len() - 1;
        self.y = TOP;
    }

    pub(super) fn fits(&self, height: f32) -> bool {
        self.y + height <= BOTTOM
    }

    /// Starts a new page where so much does not fit on this one.
    pub(super) fn keep(&mut self, height: f32) {
        if !self.fits(height) {
            self.new_page();
        }
    }

    fn face(&self, style: Style) -> &Face {
        if style.bold {
            &self.bold
        } else {
            &self.regular
        }
    }

    pub(super) fn width(&self, text: &str, style: Style) -> f32 {
        self.face(style).width(text, style.size)
    }

    /// One line of text; `x` is its left or right end or its middle, `y` its top.
    pub(super) fn text(&mut self, x: f32, y: f32, text: &str, style: Style) {
        let width = self.width(text, style);
        let x = match style.align {
            Align::Left => x,
            Align::Right => x - width,
            Align::Center => x - width / 2.0,
        };
        let mark = Mark::Text {
            x,
            y: y + style.size,
            text: text.to_owned(),
            style,
        };
        self.pages[self.current].push(mark);
    }

    /// Text wrapped to a width; gives the height that it took.
    pub(super) fn paragraph(
        &mut self,
        x: f32,
        y: f32,
        width: f32,
        text: &str,
        style: Style,
    ) -> f32 {
        let lines = self.wrap(text, width, style);
        for (index, line) in lines.iter().enumerate() {
            self.text(x, y + index as f32 * style.leading(), line, style);
        }
        lines.len() as f32 * style.leading()
    }

    pub(super) fn rule(&mut self, from: (f32, f32), to: (f32, f32), weight: f32) {
        self.pages[self.current].push(Mark::Rule { from, to, weight });
    }

    pub(super) fn frame(
        &mut self,
        (left, top): (f32, f32),
        (right, bottom): (f32, f32),
        weight: f32,
    ) {
        self.rule((left, top), (right, top), weight);
        self.rule((left, bottom), (right, bottom), weight);
        self.rule((left, top), (left, bottom), weight);
        self.rule((right, top), (right, bottom), weight);
    }

    /// Lines no wider than `width`, broken at blanks, and within a word only where it is too wide.
    pub(super) fn wrap(&self, text: &str, width: f32, style: Style) -> Vec<String> {
        let face = self.face(style);
        let fits = |line: &str| face.width(line, style.size) <= width;
        let mut lines = vec![String::new()];
        for word in text
            .split([' ', '\n', '\t'])
            .filter(|word| !word.is_empty())
        {
            let mut line = lines.pop().unwrap_or_default();
            let blank = if line.is_empty() { "" } else { " " };
            if fits(&format!("{line}{blank}{word}")) {
                line = line + blank + word;
                lines.push(line);
                continue;
            }
            if !line.is_empty() {
                lines.push(line);
            }
            lines.push(String::new());
            for character in word.chars() {
                let last = lines.len() - 1;
                if !lines[last].is_empty() && !fits(&format!("{}{character}", lines[last])) {
                    lines.push(String::new());
                }
                if let Some(line) = lines.last_mut() {
                    line.push(character);
                }
            }
        }
        lines
    }

    pub(super) fn draw(&self, document: &mut Document) {
        for marks in &self.pages {
            let settings = PageSettings::from_wh(WIDTH, HEIGHT).unwrap_or_default();
            let mut page = document.start_page_with(settings);
            let mut surface = page.surface();
            for mark in marks {
                self.draw_mark(&mut surface, mark);
            }
            surface.finish();
            page.finish();
        }
    }

    fn draw_mark(&self, surface: &mut Surface<'_>, mark: &Mark) {
        let ink = |level: u8| rgb::Color::new(level, level, level);
        match mark {
            Mark::Text { x, y, text, style } => {
                let level = if style.grey { 90 } else { 0 };
                surface.set_stroke(None);
                surface.set_fill(Some(Fill {
                    paint: ink(level).into(),
                    ..Default::default()
                }));
                let (face, at) = (self.face(*style), Point::from_xy(*x, *y));
                if style.align == Align::Left {
                    let direction = TextDirection::LeftToRight;
                    surface.draw_text(at, face.font.clone(), style.size, text, false, direction);
                } else {
                    let glyphs = face.shape(text);
                    surface.draw_glyphs(at, &glyphs, face.font.clone(), text, style.size, false);
                }
            }
            Mark::Rule { from, to, weight } => {
                let mut path = PathBuilder::new();
                path.move_to(from.0, from.1);
                path.line_to(to.0, to.1);
                surface.set_fill(None);
                surface.set_stroke(Some(Stroke {
                    paint: ink(0).into(),
                    width: *weight,
                    ..Default::default()
                }));
                if let Some(path) = path.finish() {
                    surface.draw_path(&path);
                }
            }
        }
    }
}
