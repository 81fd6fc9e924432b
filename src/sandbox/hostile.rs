//! The unfriendly habits of a real panel, each one a switch.

use std::fmt;
use std::str::FromStr;

/// A hostile mode. Each is on record or inferred in billmanager-api; none makes a careful client
/// fail for good, so all of them together still converge.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Hostile {
    /// A repeated child that is alone comes as an object, not as an array of one.
    SingleObject,
    /// Flags that are off and selects that are not set come as `{}`.
    EmptyValues,
    /// Cells come translated, with the raw value in `orig`.
    TranslatedCells,
    /// The administrator has stored filters that hide rows of several lists.
    StoredFilter,
    /// A page never holds more than two rows, whatever `p_cnt` asks for.
    PageSizeTwo,
    /// The first save of a form that changes its fickle select answers ok and keeps the old key.
    SelectIgnored,
    /// Slow functions answer with an HTML page that points to where the answer will be.
    LongRequest,
    /// Every few requests one is refused with "Request in process, please wait".
    RequestInProcess,
    /// A session dies after a number of requests.
    SessionExpiry,
    /// A stored password reads back as stars. Posting the stars back stores the stars.
    MaskedPasswords,
    /// Flags that are off are absent from a form's values.
    OmittedBooleans,
}

impl Hostile {
    pub const ALL: [Self; 11] = [
        Self::SingleObject,
        Self::EmptyValues,
        Self::TranslatedCells,
        Self::StoredFilter,
        Self::PageSizeTwo,
        Self::SelectIgnored,
        Self::LongRequest,
        Self::RequestInProcess,
        Self::SessionExpiry,
        Self::MaskedPasswords,
        Self::OmittedBooleans,
    ];

    const fn name(self) -> &'static str {
        match self {
            Self::SingleObject => "single-object",
            Self::EmptyValues => "empty-values",
            Self::TranslatedCells => "translated-cells",
            Self::StoredFilter => "stored-filter",
            Self::PageSizeTwo => "page-size-two",
            Self::SelectIgnored => "select-ignored",
            Self::LongRequest => "long-request",
            Self::RequestInProcess => "request-in-process",
            Self::SessionExpiry => "session-expiry",
            Self::MaskedPasswords => "masked-passwords",
            Self::OmittedBooleans => "omitted-booleans",
        }
    }
}

impl fmt::Display for Hostile {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(self.name())
    }
}

/// A word that names no hostile mode or no seed.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("`{word}` is not one of {known}")]
pub struct UnknownWord {
    pub word: String,
    pub known: String,
}

impl FromStr for Hostile {
    type Err = UnknownWord;

    fn from_str(word: &str) -> Result<Self, UnknownWord> {
        find(&Self::ALL, word)
    }
}

/// Finds a value by its printed name.
pub(crate) fn find<T: Copy + fmt::Display>(all: &[T], word: &str) -> Result<T, UnknownWord> {
    let found = all.iter().copied().find(|value| value.to_string() == word);
    found.ok_or_else(|| UnknownWord {
        word: word.to_owned(),
        known: all.iter().map(T::to_string).collect::<Vec<_>>().join(", "),
    })
}
