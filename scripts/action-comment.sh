#!/usr/bin/env bash
# The comment of action.yml. Values come as variables, so that no text of an input becomes a part of a command.
set -euo pipefail

paceline=(node "$ACTION/bin/paceline.js")
[ -z "${VERSION:-}" ] || paceline=(npx --yes "paceline@$VERSION")

exec "${paceline[@]}" comment "$(dirname "$REPORT")" --when "$COMMENT"
