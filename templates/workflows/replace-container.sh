#!/bin/sh
# devsetup:header
# Replaces the container of one component on this server, once the new one is healthy.
#   sh replace-container.sh check   COMPONENT IMAGE REVISION [REGISTRY USER RUN]   could it be deployed? pulls, and changes nothing that runs
#   sh replace-container.sh deploy  COMPONENT IMAGE REVISION [REGISTRY USER RUN]   (the registry's token on stdin)
#   sh replace-container.sh verify  COMPONENT IMAGE REVISION                       does exactly this run, as it should?
#   sh replace-container.sh restart COMPONENT                                      the same revision again, with the files below as they are now
#   sh replace-container.sh back    COMPONENT                                      the revision before this one again
# RUN: a number that grows with every pipeline; what a newer one has deployed is not replaced by an older one.
# Beside this file may lie, for each component:
#   COMPONENT.env      the variables of the container (docker's --env-file)
#   COMPONENT.options  options of `docker run`, one a line, as --name or --name=value. Lines with --publish= and --network-alias= are
#                      for the container that serves: the new one gets them when it is healthy.
# With --publish= the old container is stopped a moment before the new one takes its port; with a network alias nothing is.
set -eu
umask 077

action=$1 component=$2
folder=$(CDPATH='' cd -- "$(dirname -- "$0")" && pwd)
env_file=$folder/$component.env
options_file=$folder/$component.options
# Seconds: to become healthy, and, for an image without HEALTHCHECK, to stay up.
limit=${HEALTH_SECONDS:-180}
settle=${SETTLE_SECONDS:-10}

say() { echo "$component: $*"; }
fail() {
  say "$*" >&2
  exit 1
}

# A record is "REVISION IMAGE CONTAINER RUN", or nothing; an earlier version of this script wrote the first two only.
recorded() { if [ -f "$folder/$component.$1" ]; then cat "$folder/$component.$1"; fi; }
record() {
  printf '%s\n' "$2" > "$folder/$component.$1.new"
  mv "$folder/$component.$1.new" "$folder/$component.$1"
}
# field RECORD NUMBER
field() { printf '%s\n' "$1" | cut -d ' ' -s -f "$2"; }
container_in() {
  name=$(field "$1" 3)
  if [ -n "$1" ]; then printf '%s' "${name:-$(printf '%s-%.12s' "$component" "${1%% *}")}"; fi
}

# Where docker does not answer this is an error, not an answer.
state_of() {
  if found=$(docker container inspect --format \
    '{{.State.Status}} {{if .State.Health}}{{.State.Health.Status}}{{else}}none{{end}}' "$1" 2> /dev/null); then
    printf '%s\n' "$found"
  else
    echo 'missing none'
  fi
}
is_there() { [ -n "$1" ] && [ "$(state_of "$1")" != 'missing none' ]; }
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
remove() { if is_there "$1"; then docker rm --force "$1" > /dev/null; fi; }
# One that failed: what matters is why, also where it cannot be removed.
discard() { remove "$1" || say "$1 is still there: docker rm --force $1" >&2; }

# Lines that mean something: blank ones and comments do not.
options() { if [ -f "$options_file" ]; then sed -e '/^$/d' -e '/^#/d' "$options_file"; fi; }
values_of() { options | sed -n "s/^--$1=//p"; }

# What would be passed over, or mean something else than is meant, is refused before anything is touched.
check_files() {
  if [ ! -f "$options_file" ]; then return; fi
  line=$(grep -n "$(printf '\r')" "$options_file" | head -n 1 | cut -d : -f 1)
  if [ -n "$line" ]; then fail "$options_file:$line: the line ends with a carriage return: save the file with the line ends of Unix"; fi
  number=0
  while IFS= read -r line || [ -n "$line" ]; do
    number=$((number + 1))
    here="$options_file:$number:"
    case "$line" in
      '' | '#'*) ;;
      [[:blank:]]* | *[[:blank:]]) fail "$here blanks stand before or behind the option: remove them" ;;
      --name | --name=* | --detach | --detach=* | --rm | --rm=* | --restart | --restart=* | --env-file | --env-file=*)
        fail "$here ${line%%=*} is given by this script"
        ;;
      --net | --net=* | --net-alias | --net-alias=* | --network=*=*)
        fail "$here a network is written as --network=NAME, the name in it as --network-alias=NAME"
        ;;
      --*[!a-z0-9-]*)
        case "${line%%=*}" in
          *[!a-z0-9-]*) fail "$here an option is written as --name=value" ;;
        esac
        ;;
      --?*) ;;
      *) fail "$here an option is written as --name=value, short ones are not known here" ;;
    esac
  done < "$options_file"
  if [ -n "$(values_of network-alias)" ] && [ -z "$(values_of network)" ]; then
    fail "$options_file has a --network-alias= and no --network=, which it belongs to"
  fi
}

# Everything that the container's state depends on is in its name: the same commit may have been built twice, or its files changed.
name_for() {
  state=$({
    printf '%s\n' "$1"
    options
    if [ -f "$env_file" ]; then cat "$env_file"; fi
  } | sha256sum)
  printf '%s-%.12s-%.8s' "$component" "$2" "$state"
}

# start NAME IMAGE REVISION aside|serving
start() {
  name=$1 from=$2 role=$4
  set -- --detach --name "$name" --label "deployment.component=$component" --label "deployment.revision=$3"
  if [ -f "$env_file" ]; then set -- "$@" --env-file "$env_file"; fi
  while IFS= read -r option; do
    case "$role $option" in
      *' ' | 'aside --publish='* | 'aside --network-alias='*) ;;
      *) set -- "$@" "$option" ;;
    esac
  done << OPTIONS
$(options)
OPTIONS
  # Of a line of the variables that it does not understand it prints all.
  said=$(docker run "$@" "$from" 2>&1 > /dev/null) || {
    printf '%s\n' "$said" | masked >&2
    return 1
  }
}

# The values of COMPONENT.env become ***, and no line begins as a command of a runner does.
masked() {
  awk -v file="$env_file" '
    function hide(value) { if (length(value) >= 4) values[++count] = value }
    BEGIN {
      while ((getline line < file) > 0) {
        at = index(line, "=")
        if (line ~ /^#/ || at == 0) continue
        name = toupper(substr(line, 1, at - 1)); value = substr(line, at + 1)
        # Longer ones whose name says nothing, too, unless they are the path of a module.
        if (name ~ /KEY|SECRET|TOKEN|PASS|PWD|CREDENTIAL|DSN|_UR[LI]$/) hide(value)
        else if (length(value) >= 8 && value !~ /^[a-z_]+(\.[a-z_0-9]+)*$/) hide(value)
        if (match(value, /:\/\/[^:@\/]*:[^@]*@/)) {
          login = substr(value, RSTART + 3, RLENGTH - 4); hide(substr(login, index(login, ":") + 1))
        }
      }
      for (i = 1; i <= count; i++) for (j = i + 1; j <= count; j++)
        if (length(values[j]) > length(values[i])) { value = values[i]; values[i] = values[j]; values[j] = value }
    }
    {
      gsub(/\r/, "")
      for (i = 1; i <= count; i++) {
        done = ""
        while ((at = index($0, values[i])) > 0) {
          done = done substr($0, 1, at - 1) "***"; $0 = substr($0, at + length(values[i]))
        }
        $0 = done $0
      }
      print "  | " $0
    }'
}

# What is known of a container that does not become healthy, before it is removed.
show_evidence() {
  if ! is_there "$1"; then return 0; fi
  say "its container: $(docker container inspect --format \
    '{{.State.Status}}, exit code {{.State.ExitCode}}{{if .State.OOMKilled}}, out of memory{{end}}{{with .State.Error}}, {{.}}{{end}}' "$1")"
  checked=$(docker container inspect --format \
    '{{with .State.Health}}{{range .Log}}{{.ExitCode}} {{.Output}}{{"\n"}}{{end}}{{end}}' "$1" | grep -v '^ *$' | tail -n 5)
  if [ -n "$checked" ]; then
    say 'the end of its health checks (exit code, output):'
    printf '%s\n' "$checked" | masked
  fi
  say 'the end of its log:'
  docker logs --tail 40 "$1" 2>&1 | masked
  if [ ! -f "$env_file" ]; then say "there is no $env_file: the container got no variables"; fi
} >&2

# starts NAME IMAGE REVISION ROLE: and becomes healthy; else says why not, and removes it
starts() {
  if ! start "$@"; then
    say "docker did not start ${1}: see its message above" >&2
    discard "$1"
    return 1
  fi
  if becomes_healthy "$1"; then return 0; fi
  show_evidence "$1" || say 'docker does not tell more about it' >&2
  discard "$1"
  return 1
}

# aliases_of CONTAINER NETWORK, one a line
aliases_of() {
  docker container inspect --format \
    "{{with index .NetworkSettings.Networks \"$2\"}}{{range .Aliases}}{{.}}{{\"\\n\"}}{{end}}{{end}}" "$1"
}
# In its network, with every alias?
is_connected() {
  for alias in $(values_of network-alias); do
    aliases_of "$1" "$(values_of network)" | grep -q -x -F -e "$alias" || return 1
  done
}

# serve NEW IMAGE REVISION OLD: the new one is healthy; OLD is '' where there is none. No command in it fails unseen: it is called where
# the shell does not stop by itself.
serve() {
  if [ -n "$(values_of publish)" ]; then
    if [ -n "$4" ]; then docker stop "$4" > /dev/null || return 1; fi
    if remove "$1" && starts "$1" "$2" "$3" serving; then return 0; fi
    if [ -n "$4" ]; then docker start "$4" > /dev/null || say "$4 does not start again: nothing serves" >&2; fi
    return 1
  fi
  network=$(values_of network)
  aliases=$(values_of network-alias)
  if [ -n "$aliases" ]; then
    docker network disconnect "$network" "$1" || return 1
    # One word an alias.
    # shellcheck disable=SC2046
    docker network connect $(printf '%s\n' "$aliases" | sed 's/^/--alias=/') "$network" "$1" || return 1
    is_connected "$1" || return 1
  fi
  # Both have the alias until then.
  if [ -n "$4" ]; then docker stop "$4" > /dev/null || say "$4 does not stop" >&2; fi
}

# refuse_older RUN
refuse_older() {
  newest=$(field "$(recorded current)" 4)
  if [ "${1:-0}" -gt 0 ] && [ "${newest:-0}" -gt "$1" ]; then
    fail "run $1 is older than run $newest, which has deployed $(recorded current | cut -d ' ' -f 1): not deployed. To go back on purpose: sh $0 back $component"
  fi
}

# replace IMAGE REVISION RUN [again]
replace() {
  image=$1 revision=$2 run=$3
  current=$(recorded current)
  previous=$(recorded previous)
  old=$(container_in "$current")
  new=$(name_for "$image" "$revision")
  if [ "${old%-again}" = "$new" ] && [ "${4:-}" = '' ] && is_up "$old" && is_connected "$old"; then
    record current "$revision $image $old $run"
    say "$revision runs already"
    return 0
  fi
  # What serves, or did until it broke, is not touched before its successor is healthy.
  if [ "$old" = "$new" ]; then new=$new-again; fi
  if ! is_there "$old"; then old=''; fi
  remove "$new"
  goes_on=''
  if [ -n "$old" ] && is_up "$old"; then goes_on="; ${current%% *} goes on serving"; fi
  if ! starts "$new" "$image" "$revision" aside; then fail "$revision does not become healthy$goes_on"; fi
  if ! serve "$new" "$image" "$revision" "$old"; then
    if is_there "$new"; then show_evidence "$new" || say 'docker does not tell more about it' >&2; fi
    discard "$new"
    fail "$revision cannot take over${old:+; ${current%% *} serves}"
  fi
  docker update --restart unless-stopped "$new" > /dev/null || say "$new will not start with the server" >&2
  record current "$revision $image $new $run"
  if [ "${current%% *} $(field "$current" 2)" = "$revision $image" ]; then
    # The same again: the revision before stays the one to go back to.
    if [ -n "$old" ]; then remove "$old"; fi
  elif [ -n "$current" ]; then
    record previous "$current"
    # The stopped container keeps the image of the revision before from being pruned; older ones may go.
    before=$(container_in "$previous")
    if [ -n "$before" ] && [ "$before" != "$new" ] && [ "$before" != "$old" ]; then
      remove "$before"
      docker image rm "$(field "$previous" 2)" > /dev/null 2>&1 || say "the image of ${previous%% *} was not removed"
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
    # Its warning of an unencrypted file is not about this one.
    said=$(printf '%s' "$token" | docker --config "$config" login "$2" --username "$3" --password-stdin 2>&1) ||
      fail "the registry $2 refuses $3: $(printf '%s\n' "$said" | tail -n 1)"
  fi
  docker --config "$config" pull --quiet "$1" > /dev/null || fail "$1 cannot be pulled: see the message of docker above"
}

docker version --format '{{.Server.Version}}' > /dev/null || fail "docker does not answer on this server for $(id -un)"
exec 9> "$folder/$component.lock"
flock 9

case "$action" in
  check)
    check_files
    refuse_older "${7:-0}"
    pull "$3" "${5:--}" "${6:--}"
    say "$4 can be deployed"
    ;;
  deploy)
    check_files
    refuse_older "${7:-0}"
    pull "$3" "${5:--}" "${6:--}"
    replace "$3" "$4" "${7:-0}"
    ;;
  restart)
    check_files
    now=$(recorded current)
    if [ -z "$now" ]; then fail 'nothing was deployed yet'; fi
    run=$(field "$now" 4)
    replace "$(field "$now" 2)" "${now%% *}" "${run:-0}" again
    ;;
  back)
    check_files
    before=$(recorded previous)
    if [ -z "$before" ]; then fail 'there is no revision before this one'; fi
    # Runs that began before this are as old as they were.
    run=$(field "$(recorded current)" 4)
    replace "$(field "$before" 2)" "${before%% *}" "${run:-0}"
    ;;
  verify)
    now=$(recorded current)
    if [ "$(printf '%s\n' "$now" | cut -d ' ' -f 1,2)" != "$4 $3" ]; then fail "$4 was deployed, and ${now%% *} is recorded"; fi
    running=$(container_in "$now")
    if ! is_up "$running"; then fail "$running is not healthy: $(state_of "$running")"; fi
    if [ "$(docker container inspect --format '{{.Config.Image}}' "$running")" != "$3" ]; then fail "$running is of another image"; fi
    if ! is_connected "$running"; then fail "$running does not have the aliases of $options_file in its network"; fi
    case "$(state_of "$running")" in
      *none) say "the image has no HEALTHCHECK: whether $4 works is not known" ;;
    esac
    say "$4 runs, of ${3##*@}"
    ;;
  *) fail "$action is not known here: check, deploy, verify, restart or back" ;;
esac
