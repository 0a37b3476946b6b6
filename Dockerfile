# Lastword in a small image: docker build -t lastword . && docker run -p 8080:8080 -v lastword:/data lastword
FROM rust:1.95-bookworm AS build
WORKDIR /build
COPY . .
RUN --mount=type=cache,target=/usr/local/cargo/registry --mount=type=cache,target=/build/target \
    cargo build --locked --profile dist --bin lastword && cp target/dist/lastword /lastword

FROM debian:bookworm-slim
# The system's certificates are what outgoing calls trust.
RUN apt-get update && apt-get install -y --no-install-recommends ca-certificates && rm -rf /var/lib/apt/lists/* \
    && useradd --uid 10001 --no-create-home --home-dir /data --shell /usr/sbin/nologin lastword \
    && install -d -o 10001 -g 10001 -m 0750 /data
COPY --from=build /lastword /usr/local/bin/lastword
# By number, so that a platform can see that it is not root.
USER 10001:10001
WORKDIR /data
VOLUME /data
# The database and its key live in /data; a container has to listen on all its addresses to be reached at all.
ENV LASTWORD__HTTP__LISTEN=0.0.0.0:8080 LASTWORD__DATABASE__URL=sqlite:///data/lastword.db
EXPOSE 8080
HEALTHCHECK --interval=15s --timeout=5s --start-period=30s CMD ["/usr/local/bin/lastword", "healthcheck"]
ENTRYPOINT ["/usr/local/bin/lastword"]
CMD ["serve"]
