#!/usr/bin/env bash
# devsetup:header
# Runs replace-container.sh on the server of this environment:
#   over-ssh.sh check|deploy|verify COMPONENT IMAGE REVISION
# DEPLOY_SSH_KEY, DEPLOY_KNOWN_HOSTS, DEPLOY_HOST, DEPLOY_PORT (22) and DEPLOY_USER say where; REGISTRY, REGISTRY_USERNAME and REGISTRY_TOKEN are for the
# pull. Secrets go through files that only this user reads, and through stdin: never through the words of a command.
set -euo pipefail

action=$1 component=$2 image=$3 revision=$4

# wrong MESSAGE: what is to be changed before the next run
wrong() { echo "::error title=Not deployed::$1"; }

for name in DEPLOY_HOST DEPLOY_USER DEPLOY_KNOWN_HOSTS DEPLOY_SSH_KEY; do
  if [ -z "${!name:-}" ]; then
    wrong "$name is empty: set it for the environment ${DEPLOY_ENVIRONMENT:-}, see the README of devsetup."
    exit 2
  fi
done
# They become words of a command on the server.
run=${GITHUB_RUN_ID:-0}
for word in "$action" "$component" "$image" "$revision" "${REGISTRY:--}" "${REGISTRY_USERNAME:--}" "$run"; do
  if [[ ! "$word" =~ ^[][A-Za-z0-9._/:@+-]+$ ]]; then
    wrong 'A word for the server has characters that it must not have.'
    exit 2
  fi
done

umask 077
work=$(mktemp -d "${RUNNER_TEMP:-/tmp}/over-ssh.XXXXXX")
trap 'rm -rf "$work"' EXIT
printf '%s\n' "${DEPLOY_SSH_KEY//$'\r'/}" > "$work/key"
printf '%s\n' "${DEPLOY_KNOWN_HOSTS//$'\r'/}" > "$work/known_hosts"
unset DEPLOY_SSH_KEY

on_server() {
  ssh -i "$work/key" -p "${DEPLOY_PORT:-22}" \
    -o BatchMode=yes -o IdentitiesOnly=yes -o ConnectTimeout=20 -o ServerAliveInterval=15 \
    -o StrictHostKeyChecking=yes -o "UserKnownHostsFile=$work/known_hosts" -o GlobalKnownHostsFile=/dev/null \
    "$DEPLOY_USER@$DEPLOY_HOST" "$@"
}

# What ssh says of the way to the server is about one of the variables.
explain() {
  case "$(cat "$work/errors")" in
    # The script on the server has said it.
    *"$component: "*)
      wrong "$(sed -n "s/^\($component: .*\)/\1/p" "$work/errors" | tail -n 1)" ;;
    *'Host key verification failed'* | *'host key is known'*)
      wrong "The server's host key is not the one in DEPLOY_KNOWN_HOSTS. Compare fingerprints with the one on the server before you change it." ;;
    # Before what follows from it.
    *'error in libcrypto'* | *'invalid format'*)
      wrong 'DEPLOY_SSH_KEY is not a whole private key: set it from its file, with gh secret set DEPLOY_SSH_KEY < FILE.' ;;
    *'Permission denied ('*)
      wrong "The server does not accept DEPLOY_SSH_KEY for $DEPLOY_USER (DEPLOY_USER): its public half belongs into ~/.ssh/authorized_keys there." ;;
    *'Could not resolve hostname'* | *'onnection refused'* | *'timed out'* | *'No route to host'*)
      wrong "No SSH server answers at $DEPLOY_HOST, port ${DEPLOY_PORT:-22}: DEPLOY_HOST and DEPLOY_PORT say where it is." ;;
    *) wrong "$action of $component failed on $DEPLOY_HOST: see the log." ;;
  esac
}

# Names of its own: two jobs may do this at the same time. Expanded on the server:
# shellcheck disable=SC2016
upload='umask 077 && mkdir -p deployment && new=$(mktemp deployment/upload.XXXXXX) && { { cat > "$new" && mv -f "$new" deployment/replace-container.sh; } || { rm -f "$new"; exit 1; }; }'
if ! on_server "$upload" \
  < "$(dirname "${BASH_SOURCE[0]}")/replace-container.sh" 2> "$work/errors"; then
  cat "$work/errors" >&2
  explain
  exit 1
fi
command="sh deployment/replace-container.sh '$action' '$component' '$image' '$revision' '${REGISTRY:--}' '${REGISTRY_USERNAME:--}' '$run'"
if ! { printf '%s\n' "${REGISTRY_TOKEN:-}" | on_server "$command" 2>&1 >&3 | tee "$work/errors" >&2; } 3>&1; then
  explain
  exit 1
fi
