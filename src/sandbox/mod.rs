//! An emulated BILLmanager on loopback.
