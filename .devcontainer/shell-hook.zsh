: 'devsetup shell-hook zsh: a new terminal says when the setup of a checkout failed, was cut short or is running, else nothing.'
: 'Reads one small file and starts no program.'
function __devsetup_notice {
  emulate -L zsh
  setopt local_options no_err_exit no_err_return no_xtrace unset
  local IFS=$' \t\n' base file kind pid start root text gone x now inside='' shown=''
  local -i longest=0
  local here=${PWD:A}
  if [[ -n ${DEVSETUP_STATE_DIR-} ]]; then
    base=$DEVSETUP_STATE_DIR
  elif [[ ${XDG_STATE_HOME-} == /* ]]; then
    base=$XDG_STATE_HOME
  elif [[ -n ${HOME-} ]]; then
    base=$HOME/.local/state
  else
    return 0
  fi
  file=$base/devsetup/notices
  [[ -f $file && -r $file ]] || return 0
  if [[ -n ${REMOTE_CONTAINERS-}${CODESPACES-}${DEVCONTAINER-} || -e /.dockerenv || -e /run/.containerenv ]]; then
    inside=1
  fi
  {
    while IFS=$'\t' read -r kind pid start root text gone x; do
      case $kind in failed|interrupted|running) ;; *) continue ;; esac
      [[ $root == /* && -n $gone && -d $root ]] || continue
      if [[ "${here%/}/" == "${root%/}/"* ]]; then
        (( ${#root} > longest )) || continue
      elif [[ -z $inside || -n $shown ]]; then
        continue
      fi
      if [[ $kind == running ]]; then
        case $pid in ''|*[!0-9]*) continue ;; esac
        if [[ -r /proc/self/stat ]]; then
          now=''
          { read -r x x x x x x x x x x x x x x x x x x x x x now x; } 2>/dev/null </proc/$pid/stat
          if [[ -z $now || ( $start != - && $now != $start ) ]]; then text=$gone; fi
        elif ! kill -0 $pid 2>/dev/null; then
          text=$gone
        fi
      fi
      shown=$text
      if [[ "${here%/}/" == "${root%/}/"* ]]; then longest=${#root}; fi
    done
  } 2>/dev/null <$file
  if [[ -n $shown ]]; then print -r -- "devsetup: ${shown//[[:cntrl:]]/}"; fi
  return 0
}
if [[ -o interactive && -z ${__devsetup_noticed-} ]]; then typeset -g __devsetup_noticed=1 && __devsetup_notice || :; fi
unfunction __devsetup_notice || :
