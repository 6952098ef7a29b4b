#!/usr/bin/env bash
# The server that pipelines deploy to: a network of its own, with an engine of its own and sshd. As root.
#
#   server.sh start FOLDER REGISTRY_PORT   runs until it is killed; FOLDER holds host-key and authorized-keys, and gets home/ and docker.sock
#   server.sh stop FOLDER
#
# It is reached at 198.18.99.2, port 2222 for ssh, as the user `deploy`, who exists in its own view of /etc/passwd only; it reaches this
# machine at 198.18.99.1. The addresses are those of the range for measurements (RFC 2544): nobody has them.
set -euo pipefail
export PATH="$PATH:/usr/sbin:/sbin"

action=$1 folder=$2
network=devsetup-server
uid=4711

stop() {
  local pid
  if ip netns pids "$network" >/dev/null 2>&1; then
    for pid in $(ip netns pids "$network"); do kill "$pid" 2>/dev/null || true; done
    for _ in $(seq 50); do
      [ -n "$(ip netns pids "$network")" ] || break
      sleep 0.2
    done
    for pid in $(ip netns pids "$network"); do kill -9 "$pid" 2>/dev/null || true; done
    ip netns delete "$network"
  fi
  ip link delete devsetup-host 2>/dev/null || true
}

create_network() {
  ip netns add "$network"
  ip link add devsetup-host type veth peer name server0
  ip link set server0 netns "$network"
  ip address add 198.18.99.1/24 dev devsetup-host
  ip link set devsetup-host up
  # Not `ip netns exec`: it hides the control groups, which the engine needs.
  inside ip address add 198.18.99.2/24 dev server0
  inside ip link set server0 up
  inside ip link set lo up
}

inside() { nsenter "--net=/run/netns/$network" "$@"; }

case $action in
  stop)
    stop
    rm -rf "$folder/data" "$folder/exec"
    ;;
  start)
    stop
    create_network
    mkdir -p "$folder/home"
    for name in passwd group shadow; do cp -p "/etc/$name" "$folder/$name"; done
    echo "deploy:x:$uid:$uid::$folder/home:/bin/bash" >>"$folder/passwd"
    echo "deploy:x:$uid:" >>"$folder/group"
    echo 'deploy:*:19000:0:99999:7:::' >>"$folder/shadow"
    chown -R "$uid:$uid" "$folder/home"
    exec nsenter "--net=/run/netns/$network" unshare --mount --propagation slave "$0" serve "$folder" "$3"
    ;;
  serve)
    for name in passwd group shadow; do mount --bind "$folder/$name" "/etc/$name"; done
    mkdir -p /run/sshd
    cat >"$folder/sshd_config" <<CONFIG
Port 2222
ListenAddress 198.18.99.2
HostKey $folder/host-key
AuthorizedKeysFile $folder/authorized-keys
PidFile none
StrictModes no
UsePAM no
PasswordAuthentication no
KbdInteractiveAuthentication no
SetEnv DOCKER_HOST=unix://$folder/docker.sock
CONFIG
    dockerd --data-root "$folder/data" --exec-root "$folder/exec" --pidfile "$folder/dockerd.pid" --host "unix://$folder/docker.sock" \
      --group deploy --bip 198.18.98.1/24 >"$folder/dockerd.log" 2>&1 &
    "$(command -v sshd)" -D -e -f "$folder/sshd_config" >"$folder/sshd.log" 2>&1 &
    # The registry under the name that it has for the runner: engines take one on localhost without TLS.
    node "$(dirname "$0")/support/forward.mjs" "$3" 198.18.99.1 >"$folder/forward.log" 2>&1 &
    wait
    ;;
esac
