//! Which language is spoken.

use std::sync::atomic::{AtomicU8, Ordering};

use clap::ValueEnum;

/// A language that people are spoken to in.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
pub(crate) enum Language {
    #[default]
    #[value(name = "en")]
    English,
    #[value(name = "ru")]
    Russian,
}

static SPOKEN: AtomicU8 = AtomicU8::new(Language::English as u8);

impl Language {
    /// The language of the environment: the first of these that is set says it, as POSIX has it (Base
    /// Definitions, section 8.2). What is neither language is English.
    pub(crate) fn of_environment(variable: impl Fn(&str) -> Option<String>) -> Self {
        let set = |name: &&str| variable(name).filter(|value| !value.is_empty());
        let locale = ["LC_ALL", "LC_MESSAGES", "LANG"].iter().find_map(set).unwrap_or_default();
        let language = locale.split(['_', '.', '@', '-']).next().unwrap_or_default();
        if language.eq_ignore_ascii_case("ru") { Self::Russian } else { Self::English }
    }

    /// Its name in documents (BCP 47).
    pub(crate) fn tag(self) -> &'static str {
        match self {
            Self::English => "en",
            Self::Russian => "ru",
        }
    }

    /// The language that is spoken now.
    pub(crate) fn spoken() -> Self {
        #[cfg(test)]
        if let Some(language) = OVERRIDE.with(std::cell::Cell::get) {
            return language;
        }
        if SPOKEN.load(Ordering::Relaxed) == Self::Russian as u8 { Self::Russian } else { Self::English }
    }
}

/// Says which language to speak from here on.
pub(crate) fn speak(language: Language) {
    SPOKEN.store(language as u8, Ordering::Relaxed);
}

#[cfg(test)]
thread_local! {
    static OVERRIDE: std::cell::Cell<Option<Language>> = const { std::cell::Cell::new(None) };
}

/// Runs something in a language, on this thread only: tests run beside each other.
#[cfg(test)]
pub(crate) fn speaking<T>(language: Language, run: impl FnOnce() -> T) -> T {
    let before = OVERRIDE.replace(Some(language));
    let result = run();
    OVERRIDE.set(before);
    result
}
