#!/usr/bin/env bash
# The step of action.yml. Values come as variables, so that no text of an input becomes a part of a command.
set -euo pipefail

if [ -n "${VERSION:-}" ]; then
  paceline=(npx --yes "paceline@$VERSION")
else
  paceline=(node "$ACTION/bin/paceline.js")
  # Once a runner: a self-hosted one keeps the action's checkout.
  [ -d "$ACTION/node_modules/node" ] || npm ci --prefix "$ACTION" --omit=dev --no-audit --no-fund --loglevel=error
fi
[ -z "${STORE_URL:-}" ] || export PACELINE_STORE="$STORE_URL"
unset STORE_URL

arguments=(--history-dir "$HOME/.cache/paceline/ci")
given() { [ -z "$2" ] || arguments+=("$1" "$2"); }
given --project "$PROJECT"
given --scenario "$SCENARIO"
given --plan "$PLAN"
given --mode "$MODE"
given --history "$HISTORY"
given --fail-on "$FAIL_ON"
given --budget "$BUDGET"
given --accept "$ACCEPT"

exec "${paceline[@]}" ci "${arguments[@]}"
