//! The password while a login needs it.

use zeroize::Zeroizing;

/// A password: without `Debug` and `Display`, and wiped when it is dropped.
pub(crate) struct Password(Zeroizing<String>);

impl Password {
    /// Takes a copy, which is wiped with it.
    pub(crate) fn new(text: &str) -> Self {
        Self(Zeroizing::new(text.to_owned()))
    }

    /// The text, for the proof of it, the form, and what must not show it.
    pub(crate) fn expose(&self) -> &str {
        &self.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::fmt::Debug;
    use std::marker::PhantomData;

    /// Says of a type whether it has `Debug`: its own constant comes before that of the trait.
    struct Shown<T>(PhantomData<T>);

    trait Otherwise {
        const HAS_DEBUG: bool = false;
    }

    impl<T> Otherwise for Shown<T> {}

    impl<T: Debug> Shown<T> {
        const HAS_DEBUG: bool = true;
    }

    #[test]
    fn a_password_cannot_be_shown_by_mistake() {
        let has_debug = [Shown::<String>::HAS_DEBUG, Shown::<Password>::HAS_DEBUG];
        assert_eq!(has_debug, [true, false]);
    }
}
