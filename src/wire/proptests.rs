//! Properties of the decoder.
