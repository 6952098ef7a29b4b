export type UiChoice = 'live' | 'plain' | 'silent';

type Environment = Readonly<Record<string, string | undefined>>;

export interface UiFacts {
  /** --ui, as typed. */
  readonly flag: UiChoice | undefined;
  readonly json: boolean;
  /** --verbose: every line of output is wanted, which a tree has no room for. */
  readonly verbose?: boolean;
  /** Of stderr, which carries the progress. */
  readonly isTTY: boolean;
  readonly env: Environment;
  /** Of stderr; undefined or 0: not known. */
  readonly columns: number | undefined;
}

/** Below this there is no room for a title and its time. */
const FEWEST_COLUMNS = 20;

/**
 * The tree that is redrawn in place is for a person at a terminal; everything else gets lines. With --json a program reads: lines
 * that nobody looks at are left out, so that even `2>&1` leaves one document. The flag wins over all of it.
 */
export const chooseUi = (facts: UiFacts): UiChoice => {
  if (facts.flag !== undefined) return facts.flag;
  const live =
    facts.isTTY &&
    facts.verbose !== true &&
    (facts.columns ?? 0) >= FEWEST_COLUMNS &&
    !isDumb(facts.env) &&
    isAttended(facts.env);
  if (live) return 'live';
  return facts.json ? 'silent' : 'plain';
};

/** Whether a person may see the terminal: hooks and pipelines can have one that is not watched. */
export const isAttended = (env: Environment): boolean => !isContinuousIntegration(env) && !isLifecycleHook(env);

/** https://no-color.org (any value but the empty one), then FORCE_COLOR (`0` and `false`: none), then what the stream is. */
export const chooseColor = ({ isTTY, env }: { readonly isTTY: boolean; readonly env: Environment }): boolean => {
  if (isSet(env['NO_COLOR'])) return false;
  const forced = env['FORCE_COLOR'];
  if (forced !== undefined) return forced !== '0' && forced !== 'false';
  return isTTY && !isDumb(env);
};

const isSet = (value: string | undefined): boolean => value !== undefined && value !== '';
const isOn = (value: string | undefined): boolean => isSet(value) && value !== '0' && value !== 'false';

const isDumb = (env: Environment): boolean => !isSet(env['TERM']) || env['TERM'] === 'dumb';

const CI_VARIABLES = ['CI', 'GITHUB_ACTIONS', 'GITLAB_CI', 'TF_BUILD', 'BUILDKITE', 'JENKINS_URL', 'TEAMCITY_VERSION'];

/** A pipeline's job, whatever runs it. */
export const isContinuousIntegration = (env: Environment): boolean => CI_VARIABLES.some((name) => isOn(env[name]));

const CONTAINER_VARIABLES = [
  'CODESPACES',
  'REMOTE_CONTAINERS',
  'DEVCONTAINER',
  'VSCODE_REMOTE_CONTAINERS_SESSION',
  'DEVPOD',
];
/** A terminal that was opened: by an editor, over SSH, or inside a multiplexer. */
const TERMINAL_VARIABLES = ['TERM_PROGRAM', 'SSH_TTY', 'SSH_CONNECTION', 'TMUX', 'STY'];

/**
 * Whether this may be a lifecycle hook of a dev container. Hooks can have a pty although their output goes to a log, and nothing
 * in their environment says "hook": the variables of the container are set in its terminals too. What only a terminal has are
 * the variables of the program that opened it (the first-run notice of the dev container images tests TERM_PROGRAM for the same
 * reason). A `docker exec -it` without them gets lines, which are right everywhere.
 */
const isLifecycleHook = (env: Environment): boolean =>
  CONTAINER_VARIABLES.some((name) => isOn(env[name])) && !TERMINAL_VARIABLES.some((name) => isSet(env[name]));
