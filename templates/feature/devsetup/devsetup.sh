#!/bin/sh
# The devsetup of the project, where it has one, else the one of this image; by a Node that can run it, which need not be the project's.
home=/usr/local/share/devsetup
folder=$(pwd -P)
while
  cli=$folder/node_modules/django-devsetup/dist/cli.js
  [ ! -f "$cli" ]
do
  case $folder in
    '' | /)
      cli=$home/package/lib/node_modules/django-devsetup/dist/cli.js
      break
      ;;
  esac
  folder=${folder%/*}
done
node=$home/node-program
# The version it was linked to may be gone.
[ -x "$node" ] || node=node
exec "$node" "$cli" "$@"
