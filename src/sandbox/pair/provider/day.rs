//! What the provider's panel does by itself each day.

use super::super::super::core::Cx;

pub(crate) fn play(_: &mut Cx<'_>) {}
