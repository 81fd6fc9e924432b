#!/bin/sh
# Builds the package for Debian and Ubuntu: the program, its manual pages, completions, examples and schemas.
# It needs Rust and cargo-deb (cargo install cargo-deb), and says where the package is.
set -eu
cd "$(dirname "$0")/.."
cargo build --locked --release

# They are made by the program itself, so that they are those of this version.
made=target/package
rm -rf "$made"
mkdir -p "$made"
target/release/billform man --out "$made/man" --quiet
for shell in bash zsh fish; do
    target/release/billform completions "$shell" >"$made/billform.$shell"
done

cargo deb --no-build
