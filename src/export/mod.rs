//! The live panel as configuration: YAML that our own loader reads back.
//!
//! [`files`] and [`whole`] write it anew. [`update()`] edits a configuration that is there: the plan says
//! where it differs from the panel, and each difference is applied to the text the other way round.

mod additions;
mod costs;
mod edit;
mod fresh;
mod layout;
mod names;
mod render;
mod reverse;
mod scalar;
mod splice;
#[cfg(test)]
mod tests;
mod update;

pub(crate) use costs::costs;
pub(crate) use fresh::{files, whole};
pub(crate) use update::{Trouble, Updated, update, with_names};

use crate::source::Problem;

/// Why files are not edited. Nothing was written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Refusal {
    pub(crate) code: &'static str,
    pub(crate) text: String,
    pub(crate) help: &'static str,
}

const NOTHING_WRITTEN: &str =
    "nothing was written; compare with `billform plan` and change this place by hand";

impl Refusal {
    /// The edits do not lead to a configuration that plans empty.
    pub(crate) fn not_faithful(text: String) -> Self {
        let help = "nothing was written; this is a limit of billform on this panel, please report it";
        Self { code: "export::not_faithful", text, help }
    }

    /// The panel is in a state that the format has no words for.
    pub(crate) fn unfit(problem: Option<&Problem>) -> Self {
        let problem = problem.map(|problem| format!("{} ({})", problem.message, problem.file));
        let problem = problem.unwrap_or_default();
        let text = format!("as the panel is, the files would not be valid: {problem}");
        let help = "nothing was written; put this right in the panel or in the files, and export again";
        Self { code: "export::not_faithful", text, help }
    }

    fn alias(file: &str, path: &str) -> Self {
        let text =
            format!("`{path}` in {file} would have to change, and it is part of an alias or its anchor");
        let help = "nothing was written; write the value out at both places and export again";
        Self { code: "export::alias", text, help }
    }

    fn tangled(file: &str) -> Self {
        let text = format!("{file} is laid out in a way that cannot be edited in place");
        Self { code: "export::layout", text, help: NOTHING_WRITTEN }
    }

    fn lost(path: &[String]) -> Self {
        let text = format!("`{}` is not to be found in the files", path.join("."));
        Self { code: "export::layout", text, help: NOTHING_WRITTEN }
    }
}
