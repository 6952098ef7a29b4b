# devsetup shell-hook bash: a new terminal says when the setup of a checkout failed, was cut short or is running, else nothing.
# Reads one small file and starts no program.
__devsetup_notice() {
  local IFS=$' \t\n' base file kind pid start root text gone x now here inside='' shown='' longest=0
  if [ -n "${DEVSETUP_STATE_DIR-}" ]; then
    base=$DEVSETUP_STATE_DIR
  else
    case ${XDG_STATE_HOME-} in
      /*) base=$XDG_STATE_HOME ;;
      *)
        [ -n "${HOME-}" ] || return 0
        base=$HOME/.local/state
        ;;
    esac
  fi
  file=$base/devsetup/notices
  if [ ! -f "$file" ] || [ ! -r "$file" ]; then return 0; fi
  here=$(pwd -P 2>/dev/null) || here=${PWD-}
  if [ -n "${REMOTE_CONTAINERS-}${CODESPACES-}${DEVCONTAINER-}" ] || [ -e /.dockerenv ] || [ -e /run/.containerenv ]; then
    inside=1
  fi
  {
    while IFS=$'\t' read -r kind pid start root text gone x; do
      case $kind in failed | interrupted | running) ;; *) continue ;; esac
      case $root in /*) ;; *) continue ;; esac
      if [ -z "$gone" ] || [ ! -d "$root" ]; then continue; fi
      case ${here%/}/ in
        "${root%/}"/*) [ "${#root}" -gt "$longest" ] || continue ;;
        *) if [ -z "$inside" ] || [ -n "$shown" ]; then continue; fi ;;
      esac
      if [ "$kind" = running ]; then
        case $pid in '' | *[!0-9]*) continue ;; esac
        if [ -r /proc/self/stat ]; then
          # The 22nd field: when it began. A number is given away again, this is not.
          now=
          { read -r x x x x x x x x x x x x x x x x x x x x x now x; } 2>/dev/null </proc/"$pid"/stat || :
          if [ -z "$now" ] || { [ "$start" != - ] && [ "$now" != "$start" ]; }; then text=$gone; fi
        elif ! kill -0 "$pid" 2>/dev/null; then
          text=$gone
        fi
      fi
      shown=$text
      case ${here%/}/ in "${root%/}"/*) longest=${#root} ;; esac
    done
  } 2>/dev/null <"$file" || :
  if [ -n "$shown" ]; then printf 'devsetup: %s\n' "${shown//[[:cntrl:]]/}" || :; fi
}
case $- in
  *i*) if [ -z "${__devsetup_noticed-}" ]; then __devsetup_noticed=1 && __devsetup_notice || :; fi ;;
esac
unset -f __devsetup_notice || :
