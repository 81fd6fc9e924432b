//! Texts in the two languages of the panel.

use std::borrow::Cow;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Lang {
    En,
    Ru,
}

impl Lang {
    /// Anything but `ru` is English.
    pub(crate) fn parse(text: &str) -> Self {
        if text == "ru" { Self::Ru } else { Self::En }
    }

    pub(crate) const fn code(self) -> &'static str {
        match self {
            Self::En => "en",
            Self::Ru => "ru",
        }
    }
}

/// A text in both languages.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Label {
    en: Cow<'static, str>,
    ru: Cow<'static, str>,
}

impl Label {
    pub(crate) const fn new(en: &'static str, ru: &'static str) -> Self {
        Self { en: Cow::Borrowed(en), ru: Cow::Borrowed(ru) }
    }

    pub(crate) fn owned(en: impl Into<String>, ru: impl Into<String>) -> Self {
        Self { en: Cow::Owned(en.into()), ru: Cow::Owned(ru.into()) }
    }

    /// A text that is the same in both languages.
    pub(crate) fn same(text: impl Into<String>) -> Self {
        let text = text.into();
        Self::owned(text.clone(), text)
    }

    /// Appends the same tail to both.
    pub(crate) fn tail(&self, tail: &str) -> Self {
        Self::owned(format!("{}{tail}", self.en), format!("{}{tail}", self.ru))
    }

    pub(crate) fn get(&self, lang: Lang) -> &str {
        match lang {
            Lang::En => &self.en,
            Lang::Ru => &self.ru,
        }
    }

    /// Whether the text depends on the language.
    pub(crate) fn translated(&self) -> bool {
        self.en != self.ru
    }
}

/// A label from both texts.
pub(crate) const fn label(en: &'static str, ru: &'static str) -> Label {
    Label::new(en, ru)
}
