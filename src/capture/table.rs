//! What may stay in a recording, and why. Whatever is not named here does not.

/// What becomes of a value.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Class {
    /// It stays where it looks like a technical name.
    Token,
    /// It stays, and so does the text beside it.
    Choice,
    /// It stays where it is a licence code or a word of the vendor's.
    Code,
    /// It stays where it says whether something is on.
    State,
    /// It stays where it is the id of a listed object.
    Reference,
    /// It is never recorded.
    Secret,
}

/// One decision.
#[cfg_attr(not(test), expect(dead_code, reason = "what and why are for docs/capture.md"))]
pub(super) struct Decision {
    pub(super) class: Class,
    /// Fields and columns of these names, in forms, in rows and among parameters.
    pub(super) names: &'static [&'static str],
    /// What they are.
    pub(super) what: &'static str,
    pub(super) why: &'static str,
}

/// Fields and columns by name. All others are replaced by what has the same shape.
pub(super) const FIELDS: [Decision; 10] = [
    Decision {
        class: Class::Choice,
        names: &["module"],
        what: "processing module, with its label",
        why: "names of software; which processors are licence servers is told by them",
    },
    Decision {
        class: Class::Choice,
        names: &["addontype", "billtype", "restrictclientchange", "param"],
        what: "constants of the panel's, with their labels",
        why: "the same on every panel, or told by their labels, such as the period mapping",
    },
    Decision {
        class: Class::Choice,
        names: &["itemtype"],
        what: "types of resources, with their labels; in forms of resources only",
        why: "the type \"panel licence\" is told by its label",
    },
    Decision {
        class: Class::Token,
        names: &["iso"],
        what: "currency code",
        why: "the currencies that exist; prices are told apart by them",
    },
    Decision {
        class: Class::Token,
        names: &["sv_field", "snext", "p_cnt", "p_num"],
        what: "parameters that steer the panel",
        why: "page numbers and names of fields",
    },
    Decision {
        class: Class::Code,
        names: &["intname"],
        what: "internal name",
        why: "only licence codes (digits) and the vendor's own words for kinds of products; all else is somebody's",
    },
    Decision {
        class: Class::Reference,
        names: &["enumeration", "enumerationitem", "pricelist", "processing", "datacenter", "project"],
        what: "object that another one belongs to",
        why: "an id as above, where a list shows it",
    },
    Decision {
        class: Class::State,
        names: &["active", "status", "enabled"],
        what: "state of a row",
        why: "whether an item is offered is told by it",
    },
    Decision {
        class: Class::Token,
        names: &["p_elems", "p_order", "p_sort"],
        what: "paging of a list",
        why: "without the number of rows nobody knows whether a list is whole",
    },
    Decision {
        class: Class::Secret,
        names: &["pass", "pwd", "secret", "token", "auth", "cred", "session", "cookie", "apikey"],
        what: "fields of passwords, private fields, and fields with such a word in their name",
        why: "never recorded, not even their length",
    },
];

/// What is decided by where it stands, not by its name: what, what becomes of it, why.
#[cfg(test)]
pub(super) const PLACES: [(&str, &str, &str); 16] = [
    (
        "functions, and names of fields, columns, buttons, pages and parameters",
        "stay",
        "what discovery looks at; the vendor's or a module's",
    ),
    ("types, flags and conditions in the metadata", "stay", "they describe the interface, not what is in it"),
    (
        "captions of these fields, columns and buttons",
        "stay",
        "what has no documented name is told by its caption",
    ),
    ("other texts of an answer, such as its title", "left out", "they may quote the object"),
    (
        "ids: the key column of a list, `elid`, `plid`, `id`",
        "stay where they are numbers",
        "serial numbers mean nothing outside of the panel, and references need them",
    ),
    (
        "keys of options and chosen options",
        "stay where they are ids of listed objects, lengths of time, or mean \"not set\"; other numbers become larger ones",
        "periods and references; any other number may be an account's",
    ),
    ("labels of options", "stay for lengths of time", "other labels are names"),
    ("`on`, `off`, `yes`, `no`, `null` and the like, and what is empty", "stay", "flags"),
    ("values of a column that a button's condition compares with", "stay", "the panel's word for a state"),
    (
        "amounts and other numbers",
        "other numbers with as many digits; zero stays",
        "prices are somebody's business; free is free",
    ),
    ("dates", "days from 2000-01-01", "when somebody did something is theirs"),
    (
        "addresses, hosts, IP and e-mail addresses",
        "names under `.invalid`, addresses for documentation",
        "they lead to somebody; the scheme and a vendor's last part of the path stay",
    ),
    (
        "all other values: names, logins, notes, texts",
        "`text-1`, `text-2` …, the same for the same value",
        "somebody's, and references still fit together",
    ),
    ("errors", "type, object and function stay, texts do not", "the texts quote values"),
    ("`whoami`", "access level and versions stay", "who looked is nobody's business"),
    (
        "the echo of the request, the panel's address, saved filters, whatever has no other place here",
        "left out",
        "the echo holds the login",
    ),
];

/// What becomes of the field or column of that name; nothing where it has no decision of its own.
pub(super) fn class(name: &str) -> Option<Class> {
    let lower = name.to_ascii_lowercase();
    let secret = |decision: &&Decision| {
        decision.class == Class::Secret && decision.names.iter().any(|word| lower.contains(word))
    };
    if let Some(decision) = FIELDS.iter().find(secret) {
        return Some(decision.class);
    }
    FIELDS.iter().find(|decision| decision.names.contains(&name)).map(|decision| decision.class)
}

/// The vendor's words among internal names: kinds of products, and "no panel".
pub(super) const VENDOR_WORDS: [&str; 11] = [
    "nopanel",
    "vds",
    "dedic",
    "soft",
    "vhost",
    "domain",
    "certificate",
    "colocation",
    "storage",
    "vps",
    "dns",
];
