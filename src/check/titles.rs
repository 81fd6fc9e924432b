//! The titles of the checks' pages; the pages themselves are English.

use super::Check;
use crate::language::{later, told};

const TITLES: &[&str] = &[
    later!("The licence server does not offer the code"),
    later!("The licence is no longer sold"),
    later!("The code belongs to another licence server"),
    later!("The licence is not ordered by IP address"),
    later!("The code looks mistyped"),
    later!("A long period has no mapping to itself"),
    later!("The mapping leads to a period that is not offered"),
    later!("The mapping looks reversed"),
    later!("The mapping buys less than it could"),
    later!("A sold period is covered by nothing"),
    later!("A mapping applies to nothing"),
    later!("Mappings look chained"),
    later!("The price is under the cost"),
    later!("A longer period is dearer"),
    later!("A licence is bought for longer than it is sold"),
    later!("A long licence is used too little"),
    later!("Nobody can order without a panel"),
    later!("A client may give a long licence back early"),
    later!("Every server buys a licence"),
    later!("A paid panel is the default"),
    later!("A price is missing"),
    later!("A price of zero"),
    later!("\"No panel\" is priced or misspelt"),
    later!("A thin margin across currencies"),
    later!("A price moves far"),
    later!("Costs are out of date"),
    later!("One licence account in several hands"),
    later!("A server processor without a licence server"),
    later!("Processors of one product type buy differently"),
    later!("A trial with a paid panel"),
    later!("A change that services may not survive"),
    later!("Several providers share an enumeration"),
    later!("Nobody says how many nodes"),
    later!("A panel is cheaper with a server than alone"),
];

impl Check {
    /// `L08: The mapping looks reversed`, in the language of the process.
    pub(crate) fn title(&self) -> String {
        let line = self.page.lines().next().unwrap_or_default();
        let title = line.split_once(": ").map_or(line, |(_, title)| title);
        let known = TITLES.iter().find(|known| **known == title);
        format!("{}: {}", self.code(), known.map_or(title, |known| told(known)))
    }
}

#[cfg(test)]
mod tests {
    use super::TITLES;
    use crate::{
        check::ALL,
        language::{Language, speaking},
    };

    #[test]
    fn every_check_has_a_title_in_both_languages() {
        assert_eq!(TITLES.len(), ALL.len());
        for check in ALL {
            let english = check.title();
            assert!(check.page.starts_with(&format!("# {english}\n")), "{english}");
            let russian = speaking(Language::Russian, || check.title());
            assert!(russian.starts_with(check.code()) && russian != english, "{russian}");
        }
    }
}
