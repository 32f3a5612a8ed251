#!/usr/bin/env bash
# The seed's benchmark by name and by output; the work is Paceline's. It measures the test service's own command, in the
# project of the working directory: through Temporal's command line where a server is configured, else by `paceline run`.
#
#   scripts/benchmark_ci.sh [--project PATH] [--service NAME] [any other flag that `paceline plan` takes]
#
# Exit code: 0 pass, 1 a target missed or tests failed, 2 an error, 130 cancelled.
set -euo pipefail

root="$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)"

# As Temporal's command line sees it: its variables, or its configuration file.
server_configured() {
  command -v temporal > /dev/null || return 1
  [[ -n "${TEMPORAL_ADDRESS:-}" ]] && return
  temporal config get --prop address --output json 2> /dev/null | grep --quiet '"value": *"[^"]'
}

# In Paceline's own folder there is nothing to measure but the sample.
if [[ "$PWD" == "$root" && $# -eq 0 ]]; then set -- --project "$root/examples/shop"; fi

echo "=== P3-007 Performance Benchmark ==="
echo "Timestamp: $(date)"

if server_configured; then
  exec "$root/node_modules/node/bin/node" --disable-warning=ExperimentalWarning "$root/scripts/benchmark_ci/through-temporal.mjs" "$@"
fi
exec "$root/bin/paceline.js" run --seed-output --own-command "$@"
