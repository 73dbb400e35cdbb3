//! A list's state lives in its address: search, filters, order and place.
//!
//! Paging is by key: a page starts after the last row of the one before, so the thousandth page is as
//! quick as the first. Every link keeps what it does not change.

use std::collections::BTreeMap;

use actix_web::web::Query;

pub use crate::domain::cursor::{Cursor, encode, with_query};

/// Rows of a page.
pub const PAGE_SIZE: i64 = 50;
const QUERY_MAX: usize = 200;

/// What a list offers: its orders (the first is the usual one) and its filters, by parameter name.
#[derive(Clone, Copy, Debug)]
pub struct ListSpec {
    pub sorts: &'static [&'static str],
    /// Whether the usual order starts from the largest.
    pub descending: bool,
    pub filters: &'static [&'static str],
}

/// What the reader asked a list for.
#[derive(Clone, Debug)]
pub struct ListParams {
    pub path: String,
    /// The search words, trimmed; empty for none.
    pub q: String,
    /// One of the spec's orders.
    pub sort: &'static str,
    pub descending: bool,
    pub after: Option<Cursor>,
    filters: BTreeMap<&'static str, String>,
    spec: ListSpec,
}

impl ListParams {
    /// Unknown parameters and orders are left out: a stale link still opens the list.
    pub fn parse(path: &str, query: &str, spec: ListSpec) -> Self {
        let pairs = Query::<Vec<(String, String)>>::from_query(query)
            .map(Query::into_inner)
            .unwrap_or_default();
        let get = |name: &str| {
            pairs
                .iter()
                .rev()
                .find(|(key, _)| key == name)
                .map(|(_, value)| value.trim())
                .filter(|v| !v.is_empty())
        };
        let usual = spec.sorts.first().copied().unwrap_or_default();
        let sort = get("sort")
            .and_then(|wish| spec.sorts.iter().copied().find(|sort| *sort == wish))
            .unwrap_or(usual);
        let descending = match get("dir") {
            Some("desc") => true,
            Some("asc") => false,
            _ => sort == usual && spec.descending,
        };
        let filters = spec
            .filters
            .iter()
            .filter_map(|name| Some((*name, get(name)?.to_owned())))
            .collect();
        Self {
            path: path.to_owned(),
            q: get("q")
                .unwrap_or_default()
                .chars()
                .take(QUERY_MAX)
                .collect(),
            sort,
            descending,
            after: get("after").and_then(Cursor::decode),
            filters,
            spec,
        }
    }

    /// The chosen value of a filter; empty for all.
    pub fn filter(&self, name: &str) -> &str {
        self.filters
            .get(name)
            .map(String::as_str)
            .unwrap_or_default()
    }

    /// Whether anything narrows the list: an empty result then says so.
    pub fn narrowed(&self) -> bool {
        !self.q.is_empty() || !self.filters.is_empty()
    }

    pub fn direction(&self) -> &'static str {
        if self.descending { "desc" } else { "asc" }
    }

    /// For the head of a column: `ascending`, `descending` or `none`.
    pub fn aria_sort(&self, column: &str) -> &'static str {
        match (self.sort == column, self.descending) {
            (false, _) => "none",
            (true, false) => "ascending",
            (true, true) => "descending",
        }
    }

    /// The same list ordered by a column; by the same column, the other way round.
    pub fn sort_link(&self, column: &str) -> String {
        let descending = self.sort == column && !self.descending;
        self.link(&self.path, column, descending, None)
    }

    pub fn next_link(&self, last: &Cursor) -> String {
        self.link(&self.path, self.sort, self.descending, Some(last))
    }

    pub fn first_link(&self) -> String {
        self.link(&self.path, self.sort, self.descending, None)
    }

    /// Everything of exactly what is filtered, from another address: `list.export_link("/racks.csv")`.
    pub fn export_link(&self, path: &str) -> String {
        self.link(path, self.sort, self.descending, None)
    }

    /// The list with one filter changed; an empty value takes it away.
    pub fn filter_link(&self, name: &str, value: &str) -> String {
        let mut other = self.clone();
        if let Some(name) = self
            .spec
            .filters
            .iter()
            .copied()
            .find(|known| *known == name)
        {
            other.filters.remove(name);
            if !value.is_empty() {
                other.filters.insert(name, value.to_owned());
            }
        }
        other.first_link()
    }

    fn link(&self, path: &str, sort: &str, descending: bool, after: Option<&Cursor>) -> String {
        let usual = self.spec.sorts.first().copied().unwrap_or_default();
        let mut pairs: Vec<(&str, String)> = Vec::new();
        if !self.q.is_empty() {
            pairs.push(("q", self.q.clone()));
        }
        pairs.extend(
            self.filters
                .iter()
                .map(|(name, value)| (*name, value.clone())),
        );
        if sort != usual || descending != self.spec.descending {
            pairs.push(("sort", sort.to_owned()));
            pairs.push(("dir", if descending { "desc" } else { "asc" }.to_owned()));
        }
        pairs.extend(after.map(|cursor| ("after", cursor.encode())));
        with_query(path, &pairs)
    }
}

/// A page of rows: the first fifty, and a link to the next if there are more.
///
/// The query asks for one row more than a page (`PAGE_SIZE + 1`).
pub fn page_of<T>(
    mut rows: Vec<T>,
    list: &ListParams,
    cursor: impl FnOnce(&T) -> Cursor,
) -> (Vec<T>, Option<String>) {
    let size = PAGE_SIZE as usize;
    if rows.len() <= size {
        return (rows, None);
    }
    rows.truncate(size);
    let next = rows.last().map(|row| list.next_link(&cursor(row)));
    (rows, next)
}

#[cfg(test)]
mod tests {
    use super::*;

    const SPEC: ListSpec = ListSpec {
        sorts: &["name", "power"],
        descending: false,
        filters: &["hall", "state"],
    };

    fn list(query: &str) -> ListParams {
        ListParams::parse("/racks", query, SPEC)
    }

    #[test]
    fn a_plain_address_is_the_usual_list() {
        let list = list("");
        assert_eq!(
            (list.sort, list.descending, list.narrowed()),
            ("name", false, false)
        );
        assert_eq!(list.first_link(), "/racks");
        assert_eq!(list.sort_link("name"), "/racks?sort=name&dir=desc");
        assert_eq!(list.sort_link("power"), "/racks?sort=power&dir=asc");
    }

    #[test]
    fn links_keep_what_they_do_not_change() {
        let list = list("q=%D0%90-0+1%262&state=free&sort=power&dir=desc&after=7.3132&utm=x");
        assert_eq!(
            (list.q.as_str(), list.filter("state"), list.filter("hall")),
            ("А-0 1&2", "free", "")
        );
        assert_eq!(list.after, Some(Cursor::new(12, 7)));
        assert_eq!(
            list.sort_link("power"),
            "/racks?q=%D0%90-0%201%262&state=free&sort=power&dir=asc"
        );
        assert_eq!(
            list.filter_link("state", ""),
            "/racks?q=%D0%90-0%201%262&sort=power&dir=desc"
        );
        assert!(
            list.next_link(&Cursor::new("Б", 9))
                .ends_with("&after=9.d091")
        );
        assert!(list.export_link("/racks.csv").starts_with("/racks.csv?q="));
        assert_eq!(
            (list.aria_sort("power"), list.aria_sort("name")),
            ("descending", "none")
        );
    }

    #[test]
    fn nonsense_opens_the_list_from_its_top() {
        let list = list("sort=password&dir=up&after=..&after=1.zz");
        assert_eq!(
            (list.sort, list.after, list.descending),
            ("name", None, false)
        );
    }

    #[test]
    fn a_page_has_fifty_rows_and_a_way_on() {
        let cursor = |row: &i64| Cursor::new(row, *row);
        let (rows, next) = page_of((1..=51).collect(), &list(""), cursor);
        assert_eq!(
            (rows.len(), next),
            (50, Some("/racks?after=50.3530".to_owned()))
        );
        let (rows, next) = page_of((1..=50).collect(), &list(""), cursor);
        assert_eq!((rows.len(), next), (50, None));
    }
}
