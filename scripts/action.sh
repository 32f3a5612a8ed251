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

exec "${paceline[@]}" ci --project "$PROJECT" --scenario "$SCENARIO" --plan "$PLAN" --mode "$MODE" \
  --history "$HISTORY" --history-dir "$HOME/.cache/paceline/ci" --fail-on "$FAIL_ON" --budget "$BUDGET"
