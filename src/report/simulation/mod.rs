//! What a simulation says.

mod answer;

pub(crate) use answer::answers;
