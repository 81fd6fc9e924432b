//! Failures a test injects: they hit chosen requests and then are spent.

use std::time::Duration;

/// A failure for some of the requests to come.
#[derive(Clone, Debug)]
pub struct Fault {
    /// The function to hit; any function when absent.
    pub func: Option<String>,
    /// How many matching requests pass first.
    pub skip: usize,
    /// How many matching requests fail then.
    pub times: usize,
    pub kind: FaultKind,
}

impl Fault {
    /// A fault that hits the next request to `func`, once.
    pub fn once(func: &str, kind: FaultKind) -> Self {
        Self { func: Some(func.to_owned()), skip: 0, times: 1, kind }
    }
}

/// What goes wrong. `commit` means that the server carried the request out before it failed.
#[derive(Clone, Debug)]
pub enum FaultKind {
    /// The connection is closed without a byte of an answer.
    Reset { commit: bool },
    /// Nothing is answered for `hold`, then the connection is closed.
    Timeout { commit: bool, hold: Duration },
    /// An HTTP status with an HTML body.
    Status { code: u16, commit: bool },
    /// The request is carried out; half of the body arrives, then the connection closes.
    Truncated,
    /// A proxy's HTML page with status 200; the request is not carried out.
    Html,
    /// A well-formed document with a text of so many bytes; the request is not carried out.
    HugeBody { bytes: usize },
    /// A well-formed list with so many empty rows; the request is not carried out.
    ManyElements { count: usize },
    /// The request is carried out and answered late.
    Delay(Duration),
    /// The answer of a request that was carried out, which this one is not.
    Ignored,
    /// The function's form, as if nothing had been submitted.
    FormAgain,
    /// An error document; the request is not carried out.
    ErrorDoc { kind: String, object: String },
    /// Whatever the test makes of the request's parameters, with this status; the request is not
    /// carried out.
    Say { status: u16, body: fn(&[(String, String)]) -> String },
}

impl FaultKind {
    /// Whether the request is carried out.
    pub(crate) const fn commits(&self) -> bool {
        match self {
            Self::Reset { commit } | Self::Timeout { commit, .. } | Self::Status { commit, .. } => *commit,
            Self::Truncated | Self::Delay(_) => true,
            Self::Html | Self::HugeBody { .. } | Self::ManyElements { .. } => false,
            Self::Ignored | Self::FormAgain | Self::ErrorDoc { .. } | Self::Say { .. } => false,
        }
    }
}

/// Takes the fault that hits a request to `func`, counting it against every fault that matches.
pub(crate) fn take(faults: &mut Vec<Fault>, func: &str) -> Option<FaultKind> {
    let mut hit = None;
    for fault in faults.iter_mut() {
        if fault.func.as_deref().is_some_and(|wanted| wanted != func) {
            continue;
        }
        if fault.skip > 0 {
            fault.skip -= 1;
        } else if hit.is_none() && fault.times > 0 {
            fault.times -= 1;
            hit = Some(fault.kind.clone());
        }
    }
    faults.retain(|fault| fault.times > 0);
    hit
}
