//! What a program may be trusted with: the scopes of its token, never more than its role's rights.

use crate::codes;
use std::collections::BTreeSet;
use std::fmt;

codes!(
    /// Whose a token is: a user's own, or a machine's with a role of its own.
    ApiTokenKind { Personal = "personal", Machine = "machine" }
);

codes!(
    /// One noun of the API, to read or to write.
    Scope {
        SiteRead = "site:read",
        CapacityRead = "capacity:read",
        ReservationsRead = "reservations:read",
        ReservationsWrite = "reservations:write",
        RequestsRead = "requests:read",
        RequestsWrite = "requests:write",
        LeasesRead = "leases:read",
        LeasesWrite = "leases:write",
        MachinesRead = "machines:read",
        MachinesWrite = "machines:write",
        ReadingsWrite = "readings:write",
    }
);

impl Scope {
    /// The end of its text's key: `:` may not stand in one.
    pub fn key(self) -> String {
        self.code().replace(':', "-")
    }
}

/// A list of scopes, stored and shown as words with spaces between.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Scopes(BTreeSet<Scope>);

impl Scopes {
    pub fn parse(words: &str) -> Self {
        words.split(' ').filter_map(Scope::parse).collect()
    }

    pub fn contains(&self, scope: Scope) -> bool {
        self.0.contains(&scope)
    }

    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    pub fn iter(&self) -> impl Iterator<Item = Scope> + '_ {
        self.0.iter().copied()
    }
}

impl FromIterator<Scope> for Scopes {
    fn from_iter<I: IntoIterator<Item = Scope>>(scopes: I) -> Self {
        Self(scopes.into_iter().collect())
    }
}

impl fmt::Display for Scopes {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let words: Vec<&str> = self.0.iter().map(|scope| scope.code()).collect();
        f.write_str(&words.join(" "))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_list_reads_as_it_was_written_and_forgets_what_no_longer_exists() {
        let all: Scopes = Scope::ALL.iter().copied().collect();
        assert_eq!(Scopes::parse(&all.to_string()), all);
        let some = Scopes::parse("leases:read gone:write leases:read");
        assert_eq!(some.to_string(), "leases:read");
        assert!(some.contains(Scope::LeasesRead) && !some.contains(Scope::LeasesWrite));
        assert!(Scopes::parse("").is_empty());
    }
}
