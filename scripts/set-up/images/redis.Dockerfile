# Replaces the official `redis` image if no registry is reachable: the distribution's server, open to the compose network
# and without a configuration file, like the official image.
ARG BASE
FROM ${BASE}
ARG VERSION
RUN groupadd -r -g 999 redis && useradd -r -g 999 -u 999 -d /var/lib/redis -s /usr/sbin/nologin redis \
 && apt-get install -y --no-install-recommends redis-server redis-tools \
 && apt-get clean && rm -rf /var/lib/apt/lists/* /var/cache/debconf/*-old && install -d -o redis -g redis /data
COPY --chmod=755 redis-entrypoint.sh /usr/local/bin/docker-entrypoint.sh
ARG REPOSITORY
ARG RECIPE
LABEL paceline.stand-in=${REPOSITORY} paceline.stand-in.version=${VERSION} paceline.stand-in.recipe=${RECIPE}
ENV REDIS_VERSION=${VERSION}
WORKDIR /data
VOLUME /data
EXPOSE 6379
ENTRYPOINT ["docker-entrypoint.sh"]
CMD ["redis-server"]
