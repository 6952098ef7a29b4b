#!/usr/bin/env bash
# devsetup:header
# Runs replace-container.sh on the server of this environment:
#   over-ssh.sh deploy|verify COMPONENT IMAGE REVISION
# DEPLOY_SSH_KEY, DEPLOY_KNOWN_HOSTS, DEPLOY_HOST and DEPLOY_USER say where; REGISTRY, REGISTRY_USERNAME and REGISTRY_TOKEN are for the
# pull. Secrets go through files that only this user reads, and through stdin: never through the words of a command.
set -euo pipefail

action=$1 component=$2 image=$3 revision=$4

for name in DEPLOY_HOST DEPLOY_USER DEPLOY_KNOWN_HOSTS DEPLOY_SSH_KEY; do
  if [ -z "${!name:-}" ]; then
    echo "::error title=Not deployed::$name is empty: set it for the environment ${DEPLOY_ENVIRONMENT:-}, see the README of devsetup."
    exit 2
  fi
done
# They become words of a command on the server.
for word in "$action" "$component" "$image" "$revision" "${REGISTRY:--}" "${REGISTRY_USERNAME:--}"; do
  if [[ ! "$word" =~ ^[][A-Za-z0-9._/:@+-]+$ ]]; then
    echo "::error title=Not deployed::A word for the server has characters that it must not have."
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

script=deployment/replace-container.sh
on_server "umask 077 && mkdir -p deployment && cat > $script.new && mv $script.new $script" \
  < "$(dirname "${BASH_SOURCE[0]}")/replace-container.sh"
printf '%s\n' "${REGISTRY_TOKEN:-}" |
  on_server "sh $script '$action' '$component' '$image' '$revision' '${REGISTRY:--}' '${REGISTRY_USERNAME:--}'"
