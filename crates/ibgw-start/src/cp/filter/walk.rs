//! One request on its way through the filter's lists.

use crate::cp::filter::{Effect, Entry, FilterAnswer};
use std::net::Ipv4Addr;

/// One request on its way through both lists.
#[derive(Default)]
pub struct FilterWalk {
    /// An expression of this request stands; what compiles none tries it once more, in vain.
    has_expression: bool,
    /// The first entries try the expression of the request before; a second request of one client meets that.
    pub begins_with_old: bool,
    pub met_unknown: bool,
}

impl FilterWalk {
    /// Whether the request ends at this entry.
    pub fn meets(&mut self, entry: &Entry, address: Ipv4Addr) -> bool {
        let ends = self.breaks(entry)
            || matches!(&entry.effect, Effect::Means(addresses) if addresses.has(address));
        if !ends {
            self.passes(entry);
        }
        ends
    }

    pub fn breaks(&self, entry: &Entry) -> bool {
        match entry.effect {
            Effect::Breaks => true,
            // Nothing was compiled before, and by those who come here nothing ever is.
            Effect::Repeats => !self.has_expression,
            _ => false,
        }
    }

    pub fn passes(&mut self, entry: &Entry) {
        match entry.effect {
            Effect::Means(_) => self.has_expression = true,
            Effect::Unknown => {
                self.has_expression = true;
                self.met_unknown = true;
            }
            Effect::Keeps => self.begins_with_old |= !self.has_expression,
            Effect::Repeats | Effect::Breaks => {}
        }
    }

    pub fn found(&self, entry: &Entry, answer: FilterAnswer) -> FilterAnswer {
        if self.met_unknown {
            FilterAnswer::Unknown
        } else if self.breaks(entry) {
            FilterAnswer::Broken
        } else {
            answer
        }
    }
}
