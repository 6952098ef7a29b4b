#!/usr/bin/env bash
# devsetup:header
# Waits until no earlier run of this workflow is under way, so that deployments happen one after another, in their order, and none
# is dropped. A run that waits for somebody's approval is not waited for. A run that is repeated by hand keeps its old place: what
# keeps it apart from a newer one that is at work are the lock of the database (devsetup migrate) and the one of the server.
set -euo pipefail

: "${GITHUB_REPOSITORY:?}" "${GITHUB_WORKFLOW_REF:?}" "${GITHUB_RUN_ID:?}"
tries=${WAIT_TRIES:-180}
pause=${WAIT_SECONDS:-20}

workflow="${GITHUB_WORKFLOW_REF%%@*}"
workflow="${workflow##*/}"

# The numbers of the runs to wait for.
earlier_runs() {
  gh api "repos/$GITHUB_REPOSITORY/actions/workflows/$workflow/runs?per_page=100" \
    --jq "[.workflow_runs[] | select(.id < $GITHUB_RUN_ID and .status != \"completed\" and .status != \"waiting\") | .run_number]
      | sort | map(tostring) | join(\", \")"
}

for ((try = 1; try <= tries; try++)); do
  # An answer that does not come is no answer: the next try asks again.
  if runs=$(earlier_runs); then
    if [ -z "$runs" ]; then exit 0; fi
    echo "Waiting for run $runs of $workflow."
  fi
  sleep "$pause"
done
echo "::error title=Not deployed::Run ${runs:-?} of $workflow is still under way. End it, then run this one again."
exit 1
