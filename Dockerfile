# billform alone: a static binary, no shell, no root. It brings its own certificate authorities.
#
#   docker build --tag billform .
#   docker run --rm --volume "$PWD/config:/config:ro" --env BILLFORM_PASSWORD billform plan /config
#
# Passwords come through the environment or a mounted file; none is ever built in.
FROM rust:1.89-alpine3.22 AS build
# hadolint ignore=DL3018
RUN apk add --no-cache gcc musl-dev
WORKDIR /src
# What .dockerignore lets in.
COPY . .
RUN cargo build --locked --release --bin billform

FROM scratch
COPY --from=build /src/target/release/billform /billform
USER 65532:65532
ENTRYPOINT ["/billform"]
