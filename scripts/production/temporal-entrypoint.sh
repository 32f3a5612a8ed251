#!/bin/sh
# Like the official image: if the server listens on all addresses, its parts still need one address to find each other.
set -eu
: "${BIND_ON_IP:=$(hostname -i | cut -d ' ' -f 1)}"
export BIND_ON_IP
if [ "$BIND_ON_IP" = 0.0.0.0 ]; then
  : "${TEMPORAL_BROADCAST_ADDRESS:=$(hostname -i | cut -d ' ' -f 1)}"
  export TEMPORAL_BROADCAST_ADDRESS
fi
exec temporal-server start
