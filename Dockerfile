FROM rust:1.95.0-slim-bookworm AS builder
WORKDIR /build
COPY . .
# Downloads and compiled crates are cached on the build machine, so that the next build compiles only what changed. The cache
# is not part of a layer, hence the copy.
RUN --mount=type=cache,target=/usr/local/cargo/registry,sharing=locked \
    --mount=type=cache,target=/build/target,sharing=locked \
    cargo build --profile dist --locked --bin cairn \
    && cp target/dist/cairn /usr/local/bin/

FROM debian:bookworm-slim
# For TLS to a remote database or Redis.
COPY --from=builder /etc/ssl/certs/ca-certificates.crt /etc/ssl/certs/
COPY --from=builder /usr/local/bin/cairn /usr/local/bin/
# By number, so that the container runtime can tell that it is not root.
RUN install --directory --mode=0700 --owner=10001 --group=10001 /data /data/blobs
USER 10001:10001
ENV CAIRN_LISTEN=0.0.0.0:8000 CAIRN_DATA=/data
VOLUME /data
EXPOSE 8000
STOPSIGNAL SIGTERM
# bash is part of the image, curl is not. /readyz answers 503 (unhealthy) before the server stops.
HEALTHCHECK --interval=5s --timeout=3s --start-period=60s CMD ["bash", "-c", "\
exec 3<>/dev/tcp/127.0.0.1/8000 \
&& printf 'GET /readyz HTTP/1.1\\r\\nHost: localhost\\r\\nConnection: close\\r\\n\\r\\n' >&3 \
&& read -r _ status _ <&3 && [[ $status == 200 ]]"]
ENTRYPOINT ["cairn"]
