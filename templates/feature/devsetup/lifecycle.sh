#!/bin/sh
# lifecycle <update-content|post-create|post-start>: what the dev container runs, in the folder of the project.
set -eu
home=/usr/local/share/devsetup

if [ -e "$home/no-setup" ]; then exit 0; fi

# An image with this Feature may open any repository. Looks where devsetup does.
has_backend() {
  for file in manage.py ./*/manage.py ./*/*/manage.py devsetup.config.json devsetup.config.jsonc; do
    if [ -f "$file" ]; then return 0; fi
  done
  grep -qs '"devsetup"[[:space:]]*:' package.json
}
if ! has_backend; then
  echo "devsetup: no Django backend in $(pwd), nothing to set up. One that lies deeper is named in devsetup.config.jsonc."
  exit 0
fi

case ${1-} in
  # Also in prebuilds, which have neither secrets nor a database: everything that only depends on files.
  update-content) exec "$home/devsetup" --only backend-dependencies,frontend-dependencies ;;
  # Once a container, with the user's secrets.
  post-create) exec "$home/devsetup" ;;
  # A create that failed is never repeated for that container: this heals it.
  post-start) exec "$home/devsetup" --if-needed ;;
  *)
    echo "devsetup: lifecycle takes update-content, post-create or post-start, not '${1-}'." >&2
    exit 2
    ;;
esac
