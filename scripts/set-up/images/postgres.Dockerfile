# Replaces the official `postgres` image if no registry is reachable: the distribution's PostgreSQL with an entrypoint that
# has the official one's variables, init directory and order of events.
ARG BASE
FROM ${BASE}
ARG VERSION
RUN mkdir -p /etc/postgresql-common && echo 'create_main_cluster = false' > /etc/postgresql-common/createcluster.conf \
 && groupadd -r -g 999 postgres && useradd -r -g 999 -u 999 -d /var/lib/postgresql -s /bin/bash postgres \
 && apt-get install -y --no-install-recommends locales \
 # The official image has this locale, which gives the database the collation "en_US".
 && localedef -i en_US -c -f UTF-8 en_US.UTF-8 \
 && apt-get install -y --no-install-recommends "postgresql-$VERSION" \
 && apt-get clean && rm -rf /var/lib/apt/lists/* /var/cache/debconf/*-old \
 && install -d -o postgres -g postgres -m 1777 /var/lib/postgresql/data && install -d -o postgres -g postgres -m 3777 /var/run/postgresql \
 && mkdir -p /docker-entrypoint-initdb.d \
 && echo "listen_addresses = '*'" >> "/usr/share/postgresql/$VERSION/postgresql.conf.sample"
COPY --chmod=755 postgres-entrypoint.sh /usr/local/bin/docker-entrypoint.sh
ARG REPOSITORY
ARG RECIPE
LABEL paceline.stand-in=${REPOSITORY} paceline.stand-in.version=${VERSION} paceline.stand-in.recipe=${RECIPE}
ENV LANG=en_US.utf8 PG_MAJOR=${VERSION} PGDATA=/var/lib/postgresql/data PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin:/usr/lib/postgresql/${VERSION}/bin
VOLUME /var/lib/postgresql/data
STOPSIGNAL SIGINT
EXPOSE 5432
ENTRYPOINT ["docker-entrypoint.sh"]
CMD ["postgres"]
