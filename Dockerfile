# The worker of docker-compose.temporal.yml: Node for Paceline, git for sources, and a docker client with its plugins.
ARG NODE_IMAGE=node:24-bookworm-slim
ARG DOCKER_CLI_IMAGE=docker:28-cli

FROM ${DOCKER_CLI_IMAGE} AS docker

FROM ${NODE_IMAGE}
RUN apt-get update \
    && apt-get install -y --no-install-recommends ca-certificates git openssh-client procps \
    && rm -rf /var/lib/apt/lists/*
COPY --from=docker /usr/local/bin/docker /usr/local/bin/docker
COPY --from=docker /usr/local/libexec/docker/cli-plugins /usr/local/libexec/docker/cli-plugins
WORKDIR /opt/paceline
COPY package.json package-lock.json ./
RUN npm ci --omit=dev
COPY bin ./bin
COPY src ./src
ENTRYPOINT ["node", "bin/paceline.js"]
CMD ["worker"]
