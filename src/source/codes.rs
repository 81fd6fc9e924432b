//! Every code an error of the configuration can carry, in one place.

use crate::language::{later, told};

/// Declares the codes with their one-line meanings.
macro_rules! codes {
    ($($name:ident = $code:literal, $meaning:expr;)+) => {
        $(#[doc = $meaning] pub(crate) const $name: &str = $code;)+

        /// All codes with their meanings.
        pub(crate) const CODES: &[(&str, &str)] = &[$(($code, $meaning)),+];
    };
}

codes! {
    UNREADABLE = "config::unreadable", later!("A file or directory cannot be read.");
    NO_FILES = "config::no_files", later!("A directory holds no `*.yaml` or `*.yml` file.");
    EMPTY = "config::empty", later!("A file holds no configuration.");
    NOT_UTF8 = "config::not_utf8", later!("A file is not UTF-8 text.");
    TOO_LARGE = "config::too_large", later!("A file is larger than any real configuration.");

    SYNTAX = "yaml::syntax", later!("The text is not YAML.");
    INDENTATION = "yaml::indentation", later!("Lines are not indented alike.");
    TAB = "yaml::tab", later!("A tab stands where YAML wants spaces.");
    DUPLICATE_KEY = "yaml::duplicate_key", later!("A mapping has the same key twice.");
    KEY_NOT_TEXT = "yaml::key_not_text", later!("A key is a list, a mapping or an alias.");
    MERGE_KEY = "yaml::merge_key", later!("The merge key `<<` of YAML 1.1 is used.");
    TAG = "yaml::tag", later!("A value has a tag (`!name`).");
    SECOND_DOCUMENT = "yaml::second_document", later!("A file holds more than one YAML document.");
    ALIAS = "yaml::alias", later!("An alias has no anchor, or stands inside its own anchor.");
    TOO_DEEP = "yaml::too_deep", later!("Values are nested too deeply.");
    TOO_MANY = "yaml::too_many", later!("A document holds too many values, aliases counted in full.");

    VERSION = "config::version", later!("The version of the format is not 1.");
    UNKNOWN_FIELD = "config::unknown_field", later!("A field is not part of the format.");
    MISSING_FIELD = "config::missing_field", later!("A required field is missing.");
    NO_VALUE = "config::no_value", later!("A key has no value.");
    WRONG_TYPE = "config::wrong_type", later!("A value has the wrong type.");
    UNQUOTED = "config::unquoted", later!("A number or flag stands where text belongs.");
    UNQUOTED_MONEY = "config::unquoted_money", later!("An amount of money is not in quotes, so YAML reads a number.");
    BAD_MONEY = "config::bad_money", later!("Text is not an amount of money.");
    BAD_PERIOD = "config::bad_period", later!("Text is not a billing period.");
    BAD_CURRENCY = "config::bad_currency", later!("Text is not a currency code.");
    BAD_DATE = "config::bad_date", later!("Text is not a date.");
    BAD_RATE = "config::bad_rate", later!("Text is not a currency rate.");
    BAD_HOST = "config::bad_host", later!("Text is not the name of a host.");
    BAD_CHECK = "config::bad_check", later!("Text is not the code of a check.");
    BAD_LANGUAGE = "config::bad_language", later!("A key is not a language code.");
    BAD_NAME = "config::bad_name", later!("Text is not a usable name or key.");
    BAD_URL = "config::bad_url", later!("Text is not the address of a panel.");
    BAD_CHOICE = "config::bad_choice", later!("A value is not one of the allowed ones.");
    BAD_PRUNE = "config::bad_prune", later!("An entry of `prune` is not a kind that can be deleted.");
    BAD_OBJECT = "config::bad_object", later!("An entry of `protect`, `freeze` or `ignore` is not an object written as `KIND/KEY`.");
    BAD_PERCENT = "config::bad_percent", later!("Text is not a percentage.");
    BAD_SECRET = "config::bad_secret", later!("The place of a secret is not described as `{env: ...}`, `{file: ...}` or `{command: [...]}`.");
    LITERAL_SECRET = "config::literal_secret", later!("A secret is written into the configuration.");
    NOTHING_LISTED = "config::nothing_listed", later!("A mapping or list that must not be empty is empty.");
    LISTED_TWICE = "config::listed_twice", later!("A list holds the same entry twice.");
    OUT_OF_RANGE = "config::out_of_range", later!("A number is too small or too large.");
    INVALID = "config::invalid", later!("A value is invalid in a way that has no code of its own.");

    DEFINED_TWICE = "config::defined_twice", later!("Two files define the same key.");
    UNKNOWN_ITEM = "config::unknown_item", later!("An enumeration of the configuration has no such item.");
    DEFAULT_OFF = "config::default_off", later!("The default item of a resource is switched off.");
    LICENCE_CYCLE = "config::licence_cycle", later!("A processor orders licences from itself, directly or in a circle.");
    LICENCE_CHAIN = "config::licence_chain", later!("A licence server has a licence server of its own.");
    MAPPED_TWICE = "config::mapped_twice", later!("A period is mapped twice for the same tariff plan.");
    ID_OF_SEVERAL = "config::id_of_several", later!("One live id is given to a mapping of several periods.");
    SAME_ID = "config::same_id", later!("Two objects of a kind have the same live id.");
    RENAMED_FROM_PRESENT = "config::renamed_from_present", later!("`renamed_from` names an object that is still described.");
    SAME_NAME = "config::same_name", later!("Two processors of one module have the same name in the panel.");
    NO_PRODUCT = "config::no_product", later!("A licence code that the shipped table does not have is given no product.");
    SAME_CURRENCY = "config::same_currency", later!("A rate leads from a currency to itself.");
    NOT_ALONE = "config::not_alone", later!("Prices stand beside `cost_plus`, which makes all prices of the item.");
    COST_PLUS = "config::cost_plus", later!("A rule that makes prices of costs cannot be used as it is written.");
    NO_COST = "config::no_cost", later!("A price is to be made of a cost that is not given.");
    WHICH_COSTS = "config::which_costs", later!("Several costs are given, and which of them counts is not said.");
    NO_RATE = "config::no_rate", later!("A price is to be made of a cost in another currency, and there is no rate.");
    STALE_RATES = "config::stale_rates", later!("Currency rates that a price needs are too old, or of a day to come.");
    UNKNOWN_PARENT = "config::unknown_parent", later!("`prune` names a parent that is not described.");
}

/// What a code stands for.
pub(crate) fn meaning(code: &str) -> Option<&'static str> {
    CODES.iter().find(|(known, _)| *known == code).map(|(_, meaning)| told(meaning))
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::CODES;

    #[test]
    fn codes_are_unique_and_explained() {
        let unique: BTreeSet<_> = CODES.iter().map(|(code, _)| code).collect();
        assert_eq!(unique.len(), CODES.len());
        assert!(CODES.iter().all(|(_, meaning)| meaning.ends_with('.')));
    }
}
