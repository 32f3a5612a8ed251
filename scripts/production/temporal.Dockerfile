# Temporal's server, schema tool and command line, compiled here for machines that cannot pull the official images.
ARG BASE
FROM ${BASE}
RUN apt-get update && apt-get install -y --no-install-recommends netcat-openbsd && apt-get clean && rm -rf /var/lib/apt/lists/*
COPY --chmod=755 temporal-server temporal-sql-tool temporal /usr/local/bin/
# Empty: all settings have the server's defaults.
COPY dynamicconfig.yaml /etc/temporal/config/dynamicconfig/docker.yaml
COPY --chmod=755 entrypoint.sh /usr/local/bin/entrypoint.sh
ARG VERSION
LABEL paceline.production=temporal paceline.production.version=${VERSION}
WORKDIR /etc/temporal
CMD ["entrypoint.sh"]
