import { createHmac } from 'node:crypto';

type Env = Readonly<Record<string, string>>;

/** What a shell counts for itself. Reading all variables does not mean to depend on these; asking for one of them by name does. */
const BOOKKEEPING: ReadonlySet<string> = new Set(['_', 'OLDPWD', 'SHLVL']);

/**
 * Variables that a terminal, an editor, a desktop session or npm sets for itself; they differ from one terminal to the next.
 *
 * Python code cannot look up a variable unseen, but native code can (libpq reads PG…, OpenSSL SSL_…, a C library TZ and LC_…). These
 * names cannot be listed, so every variable counts except those below: one that is missing here costs half a second in another
 * terminal, one too many could hide a change. A name that Python did look up counts in any case.
 */
const OF_A_TERMINAL =
  /^(_|OLDPWD|PWD|SHLVL|PATH|INIT_CWD|NODE|COLORTERM|COLUMNS|LINES|TERM|TERM_.*|TERMINFO.*|LS_COLORS|LSCOLORS|CLICOLOR.*|FORCE_COLOR|NO_COLOR|PS[0-4]|PROMPT.*|HIST.*|WINDOWID|WINDOW|STY|TMUX.*|ZELLIJ.*|KITTY_.*|ITERM_.*|WEZTERM_.*|ALACRITTY_.*|VTE_VERSION|GNOME_.*|KDE_.*|KONSOLE_.*|XDG_(SESSION|SEAT|VTNR|CURRENT|MENU).*|DESKTOP_.*|DBUS_.*|DISPLAY|WAYLAND_DISPLAY|XAUTHORITY|SSH_.*|GPG_.*|GIT_ASKPASS|GIT_EDITOR|EDITOR|VISUAL|PAGER|LESS.*|BROWSER|VSCODE_.*|ELECTRON_.*|JETBRAINS.*|TERMINAL_EMULATOR|CHROME_DESKTOP|ORIGINAL_XDG_.*|npm_.*|DEVSETUP_LOG_FILE|DEVSETUP_STATE_DIR|MAIL|LOGNAME|INVOCATION_ID|JOURNAL_STREAM|MANAGERPID|SYSTEMD_.*|__CF.*|SECURITYSESSIONID|Apple_.*)$/;

/**
 * Condenses the variables that may have decided something; keyed, so that nothing can be learnt of their values.
 *
 * @param lookedUp null: all of them, as they are
 */
export const digestEnvironment = (env: Env, lookedUp: readonly string[] | null, salt: string): string => {
  const all = Object.keys(env);
  const names =
    lookedUp === null
      ? all.filter((name) => !BOOKKEEPING.has(name))
      : [...all.filter((name) => !OF_A_TERMINAL.test(name)), ...lookedUp];
  const values = [...new Set(names)].toSorted().map((name) => [name, env[name] ?? null]);
  return createHmac('sha256', salt).update(JSON.stringify(values)).digest('hex');
};
