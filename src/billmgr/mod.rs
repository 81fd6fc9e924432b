//! BILLmanager over HTTP.
