#!/usr/bin/env bash
# The benchmark of the original plan, with its name and output; Paceline does the work. It measures the command of the test
# service in the project of the working directory: with Temporal's command line if a server is configured, else with `paceline run`.
#
#   scripts/benchmark_ci.sh [--project PATH] [--service NAME] [any other option of `paceline plan`]
#
# Exit code: 0 pass, 1 a target missed or tests failed, 2 an error, 130 cancelled.
set -euo pipefail

root="$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)"

# The same configuration as Temporal's command line: its variables, or its configuration file.
server_configured() {
  command -v temporal > /dev/null || return 1
  [[ -n "${TEMPORAL_ADDRESS:-}" ]] && return
  temporal config get --prop address --output json 2> /dev/null | grep --quiet '"value": *"[^"]'
}

# In Paceline's own directory, only the sample can be measured.
if [[ "$PWD" == "$root" && $# -eq 0 ]]; then set -- --project "$root/examples/shop"; fi

echo "=== P3-007 Performance Benchmark ==="
echo "Timestamp: $(date)"

if server_configured; then
  exec "$root/node_modules/node/bin/node" --disable-warning=ExperimentalWarning "$root/scripts/benchmark_ci/through-temporal.mjs" "$@"
fi
exec "$root/bin/paceline.js" run --seed-output --own-command "$@"
