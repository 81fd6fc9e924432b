//! The live panel as configuration: YAML that our own loader reads back.
//!
//! [`files`] and [`whole`] write it anew. [`update()`] edits a configuration that is there: the plan says
//! where it differs from the panel, and each difference is applied to the text the other way round.

mod additions;
mod edit;
mod fresh;
mod layout;
mod names;
mod pull;
mod render;
mod reverse;
mod scalar;
mod splice;
#[cfg(test)]
mod tests;
mod update;

pub(crate) use fresh::{files, whole};
pub(crate) use pull::pull;
pub(crate) use update::{Trouble, Updated, update, with_names};

use crate::{language::t, source::Problem};

/// Why files are not edited. Nothing was written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Refusal {
    pub(crate) code: &'static str,
    pub(crate) text: String,
    pub(crate) help: String,
}

fn by_hand() -> String {
    t!("nothing was written; compare with `billform plan` and change this place by hand")
}

impl Refusal {
    /// The edits do not lead to a configuration that plans empty.
    pub(crate) fn not_faithful(text: String) -> Self {
        let help = t!("nothing was written; this is a limit of billform on this panel, please report it");
        Self { code: "export::not_faithful", text, help }
    }

    /// The panel is in a state that the format has no words for.
    pub(crate) fn unfit(problem: Option<&Problem>) -> Self {
        let problem = problem.map(|problem| format!("{} ({})", problem.message, problem.file));
        let problem = problem.unwrap_or_default();
        let text = t!("as the panel is, the files would not be valid: {problem}", problem = problem);
        let help = t!("nothing was written; put this right in the panel or in the files, and export again");
        Self { code: "export::not_faithful", text, help }
    }

    fn alias(file: &str, path: &str) -> Self {
        let text = t!(
            "`{path}` in {file} would have to change, and it is part of an alias or its anchor",
            path = path,
            file = file
        );
        let help = t!("nothing was written; write the value out at both places and export again");
        Self { code: "export::alias", text, help }
    }

    fn tangled(file: &str) -> Self {
        let text = t!("{file} is laid out in a way that cannot be edited in place", file = file);
        Self { code: "export::layout", text, help: by_hand() }
    }

    fn lost(path: &[String]) -> Self {
        let text = t!("`{path}` is not to be found in the files", path = path.join("."));
        Self { code: "export::layout", text, help: by_hand() }
    }
}
