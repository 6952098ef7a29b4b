# devsetup shell-hook fish: a new terminal says when the setup of a checkout failed, was cut short or is running, else nothing.
# Reads one small file and starts no program.
function __devsetup_notice
    set -l base
    if test -n "$DEVSETUP_STATE_DIR"
        set base $DEVSETUP_STATE_DIR
    else if string match -q -- '/*' "$XDG_STATE_HOME"
        set base $XDG_STATE_HOME
    else if test -n "$HOME"
        set base $HOME/.local/state
    else
        return 0
    end
    set -l file $base/devsetup/notices
    if not test -f "$file"; or not test -r "$file"
        return 0
    end
    set -l here (builtin pwd -P 2>/dev/null)
    set -l inside
    if test -n "$REMOTE_CONTAINERS$CODESPACES$DEVCONTAINER"; or test -e /.dockerenv; or test -e /run/.containerenv
        set inside 1
    end
    set -l shown
    set -l longest 0
    while read -l -d \t kind pid start root text gone rest
        contains -- "$kind" failed interrupted running; or continue
        string match -q -- '/*' "$root"; or continue
        test -n "$gone"; and test -d "$root"; or continue
        set -l prefix (string replace -r '/*$' / -- "$root")
        set -l size (string length -- "$prefix")
        set -l around (string replace -r '/*$' / -- "$here" | string sub -l $size)
        if test "$around" = "$prefix"
            test $size -gt $longest; or continue
        else if test -z "$inside"; or test -n "$shown"
            continue
        end
        if test "$kind" = running
            string match -qr '^[0-9]+$' -- "$pid"; or continue
            if test -r /proc/self/stat
                # The 22nd field: when it began. A number is given away again, this is not.
                set -l stat
                if test -r /proc/$pid/stat
                    set stat (string split ' ' </proc/$pid/stat 2>/dev/null)
                end
                if test -z "$stat[22]"
                    set text $gone
                else if test "$start" != -; and test "$stat[22]" != "$start"
                    set text $gone
                end
            else if not kill -0 $pid 2>/dev/null
                set text $gone
            end
        end
        set shown $text
        if test "$around" = "$prefix"
            set longest $size
        end
    end <$file
    if test -n "$shown"
        printf 'devsetup: %s\n' (string replace -ar '[[:cntrl:]]' '' -- "$shown")
    end
    return 0
end
if status is-interactive; and not set -q __devsetup_noticed
    set -g __devsetup_noticed 1
    __devsetup_notice
end
functions -e __devsetup_notice
