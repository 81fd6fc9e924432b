//! Addresses of panels: http or https, and nothing in them that could carry a secret.

use serde::{Deserialize, Deserializer, de};

use crate::language::t;

/// No login (`user:password@`), no query and no fragment: addresses are printed in plans and logs.
pub(crate) const URL_PATTERN: &str = concat!(
    "^https?://[^/?#@\\\\",
    crate::model::forbidden!(),
    crate::model::blank!(),
    "]+(/[^?#",
    crate::model::forbidden!(),
    crate::model::blank!(),
    "]*)?$"
);

/// Reads an address that matches [`URL_PATTERN`].
pub(crate) fn url<'de, D: Deserializer<'de>>(deserializer: D) -> Result<String, D::Error> {
    let text = String::deserialize(deserializer)?;
    if is_url(&text) { Ok(text) } else { Err(de::Error::custom(t!("not the address of a panel"))) }
}

/// As [`url`], for a field that may be left out.
pub(crate) fn url_if_given<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<String>, D::Error> {
    struct Url(String);

    impl<'de> Deserialize<'de> for Url {
        fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
            url(deserializer).map(Self)
        }
    }

    Ok(Option::<Url>::deserialize(deserializer)?.map(|url| url.0))
}

fn is_url(text: &str) -> bool {
    let Some(rest) = text.strip_prefix("https://").or_else(|| text.strip_prefix("http://")) else {
        return false;
    };
    let blank = |ch: char| ch.is_whitespace() || ch.is_control() || ch == '\u{feff}';
    let host_end = rest.find('/').unwrap_or(rest.len());
    let host = &rest[..host_end];
    let forbidden = rest.contains(blank) || rest.contains(['?', '#']) || host.contains(['@', '\\']);
    !host.is_empty() && !forbidden
}

/// Whether two addresses are one: scheme and host in any case, the default port, and a slash at the end
/// make no difference.
pub(crate) fn same_address(one: &str, two: &str) -> bool {
    canonical(one) == canonical(two)
}

fn canonical(address: &str) -> String {
    let (scheme, rest) = address.trim().split_once("://").unwrap_or(("", address));
    let scheme = scheme.to_lowercase();
    let (host, path) = rest.split_at(rest.find('/').unwrap_or(rest.len()));
    let port = match scheme.as_str() {
        "https" => ":443",
        "http" => ":80",
        _ => "",
    };
    let host = host.to_lowercase();
    let host = host.strip_suffix(port).unwrap_or(&host).trim_end_matches('.');
    format!("{scheme}://{host}{}", path.trim_end_matches('/'))
}

#[cfg(test)]
mod tests {
    use super::{is_url, same_address};

    #[test]
    fn one_panel_has_many_spellings() {
        let panel = "https://bill.example.com/billmgr";
        for same in [
            "HTTPS://Bill.Example.com/billmgr/",
            "https://bill.example.com:443/billmgr",
            "https://bill.example.com./billmgr",
        ] {
            assert!(same_address(panel, same), "{same}");
        }
        for other in [
            "http://bill.example.com/billmgr",
            "https://bill.example.com:1500/billmgr",
            "https://bill.example.com/BILLMGR",
            "https://bill.example.com",
            "https://bill.example.com.evil/billmgr",
        ] {
            assert!(!same_address(panel, other), "{other}");
        }
    }

    #[test]
    fn addresses_without_login_and_query_are_taken() {
        for text in
            ["https://bill.example.com/billmgr", "http://127.0.0.1:8080", "https://биллинг.рф/billmgr/"]
        {
            assert!(is_url(text), "{text}");
        }
        for text in [
            "",
            "bill.example.com",
            "ftp://a",
            "https://",
            "https:///x",
            "https://u:p@h/x",
            "https://h/x?func=y",
            "https://h /x",
            "https://h?x",
        ] {
            assert!(!is_url(text), "{text}");
        }
    }
}
