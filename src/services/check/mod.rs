//! Verifies on a live database what must always hold.
