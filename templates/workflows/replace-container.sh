#!/bin/sh
# devsetup:header
# Replaces the container of one component on this server, once the new one is healthy.
#   sh replace-container.sh deploy COMPONENT IMAGE REVISION [REGISTRY USER]   (the registry's token on stdin)
#   sh replace-container.sh verify COMPONENT IMAGE REVISION                   does exactly this run, and is it healthy?
#   sh replace-container.sh back   COMPONENT                                  the revision before this one again
# Beside this file may lie, for each component:
#   COMPONENT.env      the variables of the container (docker's --env-file)
#   COMPONENT.options  options of `docker run`, one a line, as --name=value. Lines with --publish= and --network-alias= are for the
#                      container that serves: the new one gets them when it is healthy.
# With --publish= the old container is stopped a moment before the new one takes its port; with a network alias nothing is.
set -eu
umask 077

action=$1 component=$2
folder=$(CDPATH='' cd -- "$(dirname -- "$0")" && pwd)
# Seconds: to become healthy, and, for an image without HEALTHCHECK, to stay up.
limit=${HEALTH_SECONDS:-180}
settle=${SETTLE_SECONDS:-10}

say() { echo "$component: $*"; }
fail() {
  say "$*" >&2
  exit 1
}

# "REVISION IMAGE", or nothing
recorded() { if [ -f "$folder/$component.$1" ]; then cat "$folder/$component.$1"; fi; }
record() {
  printf '%s\n' "$2" > "$folder/$component.$1.new"
  mv "$folder/$component.$1.new" "$folder/$component.$1"
}
container_of() { printf '%s-%.12s' "$component" "$1"; }

state_of() {
  docker inspect --type container \
    --format '{{.State.Status}} {{if .State.Health}}{{.State.Health.Status}}{{else}}none{{end}}' "$1" 2> /dev/null ||
    echo 'missing none'
}
is_up() {
  case "$(state_of "$1")" in
    'running healthy' | 'running none') return 0 ;;
  esac
  return 1
}
becomes_healthy() {
  waited=0
  while [ "$waited" -le "$limit" ]; do
    case "$(state_of "$1")" in
      'running healthy') return 0 ;;
      'running none') if [ "$waited" -ge "$settle" ]; then return 0; fi ;;
      'running starting') ;;
      *) return 1 ;;
    esac
    sleep 1
    waited=$((waited + 1))
  done
  return 1
}
remove() { if [ "$(state_of "$1")" != 'missing none' ]; then docker rm --force "$1" > /dev/null; fi; }

options() { if [ -f "$folder/$component.options" ]; then sed -n '/^--/p' "$folder/$component.options"; fi; }
values_of() { options | sed -n "s/^--$1=//p"; }

# start NAME IMAGE REVISION aside|serving
start() {
  name=$1 from=$2 role=$4
  set -- --detach --name "$name" --label "deployment.component=$component" --label "deployment.revision=$3"
  if [ -f "$folder/$component.env" ]; then set -- "$@" --env-file "$folder/$component.env"; fi
  while IFS= read -r option; do
    case "$role $option" in
      *' ' | 'aside --publish='* | 'aside --network-alias='*) ;;
      *) set -- "$@" "$option" ;;
    esac
  done << OPTIONS
$(options)
OPTIONS
  docker run "$@" "$from" > /dev/null
}

# serve NEW IMAGE REVISION OLD: the new one is healthy; OLD is '' where there is none
serve() {
  if [ -n "$(values_of publish)" ]; then
    if [ -n "$4" ]; then docker stop "$4" > /dev/null; fi
    remove "$1"
    if ! start "$1" "$2" "$3" serving || ! becomes_healthy "$1"; then
      remove "$1"
      if [ -n "$4" ]; then docker start "$4" > /dev/null; fi
      return 1
    fi
  else
    network=$(values_of network)
    aliases=$(values_of network-alias)
    if [ -n "$network" ] && [ -n "$aliases" ]; then
      docker network disconnect "$network" "$1"
      # One word an alias.
      # shellcheck disable=SC2046
      docker network connect $(printf '%s\n' "$aliases" | sed 's/^/--alias=/') "$network" "$1"
    fi
    if [ -n "$4" ]; then docker stop "$4" > /dev/null; fi
  fi
  docker update --restart unless-stopped "$1" > /dev/null
}

replace() {
  image=$1 revision=$2
  new=$(container_of "$revision")
  current=$(recorded current)
  previous=$(recorded previous)
  old=''
  if [ -n "$current" ]; then old=$(container_of "${current%% *}"); fi
  if [ "$current" = "$revision $image" ] && is_up "$new"; then
    say "$revision runs already"
    return 0
  fi
  if [ "$old" = "$new" ] || [ "$(state_of "$old")" = 'missing none' ]; then old=''; fi
  remove "$new"
  if ! start "$new" "$image" "$revision" aside || ! becomes_healthy "$new"; then
    remove "$new"
    fail "$revision does not become healthy${old:+; ${current%% *} goes on serving}"
  fi
  if ! serve "$new" "$image" "$revision" "$old"; then
    fail "$revision does not become healthy at its port${old:+; ${current%% *} serves again}"
  fi
  record current "$revision $image"
  if [ "${current%% *}" != "$revision" ]; then
    record previous "$current"
    # The stopped container keeps the image of the revision before from being pruned; older ones may go.
    if [ -n "$previous" ] && [ "${previous%% *}" != "$revision" ]; then
      remove "$(container_of "${previous%% *}")"
      docker image rm "${previous#* }" > /dev/null 2>&1 || say "the image of ${previous%% *} was not removed"
    fi
  fi
  say "$revision runs"
}

# pull IMAGE REGISTRY USER: with a configuration of its own, so that the token is gone afterwards
pull() {
  if docker image inspect "$1" > /dev/null 2>&1; then return 0; fi
  IFS= read -r token || token=''
  config=$(mktemp -d)
  trap 'rm -rf "$config"' EXIT
  if [ -n "$token" ] && [ "$2" != - ]; then
    printf '%s' "$token" | docker --config "$config" login "$2" --username "$3" --password-stdin > /dev/null
    docker --config "$config" pull --quiet "$1" > /dev/null
  else
    docker pull --quiet "$1" > /dev/null
  fi
}

exec 9> "$folder/$component.lock"
flock 9

case "$action" in
  deploy)
    pull "$3" "${5:--}" "${6:--}"
    replace "$3" "$4"
    ;;
  back)
    before=$(recorded previous)
    if [ -z "$before" ]; then fail 'there is no revision before this one'; fi
    replace "${before#* }" "${before%% *}"
    ;;
  verify)
    if [ "$(recorded current)" != "$4 $3" ]; then fail "$4 was deployed, and $(recorded current | cut -d ' ' -f 1) is recorded"; fi
    running=$(container_of "$4")
    if ! is_up "$running"; then fail "$running is not healthy: $(state_of "$running")"; fi
    if [ "$(docker inspect --type container --format '{{.Config.Image}}' "$running")" != "$3" ]; then fail "$running is of another image"; fi
    say "$4 runs, of ${3##*@}"
    ;;
  *) fail "$action is not known here: deploy, verify or back" ;;
esac
