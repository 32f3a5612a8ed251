# Stands in for docker:28-cli: this machine's client with its plugins, in the official image's places.
ARG BASE
FROM ${BASE}
COPY --chmod=755 docker /usr/local/bin/docker
COPY --chmod=755 cli-plugins /usr/local/libexec/docker/cli-plugins
LABEL paceline.production=docker-cli
