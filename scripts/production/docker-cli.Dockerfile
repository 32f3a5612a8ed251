# Replaces docker:28-cli: this machine's client and plugins, at the paths of the official image.
ARG BASE
FROM ${BASE}
COPY --chmod=755 docker /usr/local/bin/docker
COPY --chmod=755 cli-plugins /usr/local/libexec/docker/cli-plugins
LABEL paceline.production=docker-cli
