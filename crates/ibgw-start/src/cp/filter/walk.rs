//! One request on its way through the filter's lists.

use crate::cp::filter::{EntryEffect, FilterAnswer, FilterEntry};
use std::net::Ipv4Addr;

/// One request on its way through both lists.
#[derive(Default)]
pub(crate) struct FilterWalk {
    /// Whether this request has compiled an expression. An entry without one tries it again, in vain.
    has_expression: bool,
    /// Whether the first entries try the expression of the request before. The second request of one client meets it.
    pub(crate) begins_with_old: bool,
    pub(crate) met_unknown: bool,
}

impl FilterWalk {
    /// Whether the request ends at this entry.
    pub(crate) fn meets(&mut self, entry: &FilterEntry, address: Ipv4Addr) -> bool {
        let ends = self.breaks(entry)
            || matches!(&entry.effect, EntryEffect::Means(addresses) if addresses.has(address));
        if !ends {
            self.passes(entry);
        }
        ends
    }

    pub(crate) fn breaks(&self, entry: &FilterEntry) -> bool {
        match entry.effect {
            EntryEffect::Breaks => true,
            // No expression was compiled before, and no request that reaches this entry compiles one.
            EntryEffect::Repeats => !self.has_expression,
            EntryEffect::Means(_) | EntryEffect::Unknown | EntryEffect::Keeps => false,
        }
    }

    pub(crate) fn passes(&mut self, entry: &FilterEntry) {
        match entry.effect {
            EntryEffect::Means(_) => self.has_expression = true,
            EntryEffect::Unknown => {
                self.has_expression = true;
                self.met_unknown = true;
            }
            EntryEffect::Keeps => self.begins_with_old |= !self.has_expression,
            EntryEffect::Repeats | EntryEffect::Breaks => {}
        }
    }

    pub(crate) fn found(&self, entry: &FilterEntry, answer: FilterAnswer) -> FilterAnswer {
        if self.met_unknown {
            FilterAnswer::Unknown
        } else if self.breaks(entry) {
            FilterAnswer::Broken
        } else {
            answer
        }
    }
}
