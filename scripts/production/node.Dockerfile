# Replaces node:24-bookworm-slim: the Node of this checkout and the npm of this machine on a small Debian.
ARG BASE
FROM ${BASE}
COPY --chmod=755 node /usr/local/bin/node
COPY npm /usr/local/lib/node_modules/npm
RUN ln -s ../lib/node_modules/npm/bin/npm-cli.js /usr/local/bin/npm && ln -s ../lib/node_modules/npm/bin/npx-cli.js /usr/local/bin/npx
# npm has its own certificate authorities. This makes it use those of the image.
RUN mkdir -p /usr/local/etc && echo 'cafile=/etc/ssl/certs/ca-certificates.crt' > /usr/local/etc/npmrc
LABEL paceline.production=node
