# Replaces the official `python` image if no registry is reachable. What Dockerfiles expect there works here: `python` and
# `pip` in /usr/local/bin, packages in /usr/local/lib/pythonX.Y/site-packages (multi-stage files copy that directory), a pip
# that can be upgraded, no EXTERNALLY-MANAGED. The headers are included, so that `apt-get install gcc` is enough
# to build an extension.
ARG BASE
FROM ${BASE}
ARG VERSION
RUN if apt-cache policy python3-distutils | grep -q "Candidate: [0-9]"; then distutils=python3-distutils; fi \
 && apt-get install -y --no-install-recommends python3 python3-venv libpython3-dev ${distutils:-} \
 && rm -f /usr/lib/python3*/EXTERNALLY-MANAGED && apt-get clean && rm -rf /var/lib/apt/lists/* /var/cache/debconf/*-old
RUN set -eu; lib=/usr/local/lib/python$VERSION; mkdir -p "$lib/site-packages"; rm -rf "$lib/dist-packages"; \
    ln -s site-packages "$lib/dist-packages"; \
    for name in python python3 "python$VERSION"; do ln -s "/usr/bin/python$VERSION" "/usr/local/bin/$name"; done; \
    wheels=/usr/share/python-wheels; \
    python3 "$(ls $wheels/pip-*.whl)/pip" install --quiet --no-cache-dir --no-index --root-user-action=ignore \
      $(ls $wheels/pip-*.whl $wheels/setuptools-*.whl)
ARG REPOSITORY
ARG RECIPE
LABEL paceline.stand-in=${REPOSITORY} paceline.stand-in.version=${VERSION} paceline.stand-in.recipe=${RECIPE}
ENV LANG=C.UTF-8
CMD ["python3"]
