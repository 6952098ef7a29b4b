import { CheckStopped } from '../../core/check.ts';
import type { ValueKind } from '../../workflows/named-values.ts';
import type { CheckContext } from '../context.ts';
import type { SettingNames } from './judge-named-values.ts';

type Names = Readonly<Record<ValueKind, ReadonlySet<string>>>;
type Answer =
  { readonly kind: 'names'; readonly names: ReadonlySet<string> } | { readonly kind: 'denied' | 'not-found' };

/** gh asks no question, and tells of nothing but what it was asked. */
const QUIET = { GH_PROMPT_DISABLED: '1', GH_NO_UPDATE_NOTIFIER: '1', NO_COLOR: '1', GH_PAGER: 'cat' };
const SECONDS = 10;

/** What gh can be asked for on behalf of this checkout. */
export interface Repository {
  readonly isInOrganization: boolean;
}

/**
 * The repository that gh takes this checkout for.
 *
 * @throws CheckStopped, not applicable: without gh, not logged in, no repository of GitHub, or a fork, whose secrets are its owner's
 */
export const findRepository = async (context: CheckContext): Promise<Repository> => {
  if ((await context.findProgram('gh')) === null) throw notHere('gh is not installed');
  const login = await gh(context, ['auth', 'status']);
  // With several accounts it fails where one of them does.
  if (login.exitCode !== 0 && !/Logged in to/.test(login.tail)) {
    if (/not logged in/i.test(login.tail)) throw notHere('gh is not logged in');
    throw unreachable(login.tail);
  }
  const view = await gh(context, ['repo', 'view', '--json', 'isFork,isInOrganization']);
  if (view.exitCode !== 0) {
    if (/git remote|not a git repository|Could not resolve to a Repository|HTTP 40[34]/i.test(view.tail))
      throw notHere('gh knows no repository on GitHub for this checkout');
    throw unreachable(view.tail);
  }
  const { isFork, isInOrganization } = parse(view.stdout) as Partial<Record<string, unknown>>;
  if (isFork === true) throw notHere('this is a fork: its secrets are no matter of the project');
  return { isInOrganization: isInOrganization === true };
};

/**
 * The names of what is set for the repository and for these environments. Values are never asked for.
 *
 * @throws CheckStopped, not applicable where this user may not list them; could not check where GitHub does not answer
 */
export const readSettingNames = async (
  context: CheckContext,
  { isInOrganization }: Repository,
  environments: readonly string[],
): Promise<SettingNames> => {
  const [own, shared, ...each] = await Promise.all([
    both((kind) => list(context, [kind, 'list'])),
    both((kind) => (isInOrganization ? organization(context, kind) : Promise.resolve(NO_NAMES))),
    ...environments.map((environment) => both((kind) => list(context, [kind, 'list', '--env', environment]))),
  ]);
  const repository = namesOf(own);
  const ofOrganization = namesOf(shared);
  if (repository === undefined || ofOrganization === undefined)
    throw notHere('the account of gh may not list what is set for this repository');
  return {
    repository: {
      secret: new Set([...repository.secret, ...ofOrganization.secret]),
      variable: new Set([...repository.variable, ...ofOrganization.variable]),
    },
    // An environment that does not exist is made when a job first names it, and is empty.
    environments: Object.fromEntries(
      environments.map((environment, index) => {
        const answers = each[index];
        const isNew = answers?.secret.kind === 'not-found';
        return [environment, isNew ? EMPTY : answers === undefined ? undefined : namesOf(answers)];
      }),
    ),
  };
};

const NO_NAMES: Answer = { kind: 'names', names: new Set() };
const EMPTY: Names = { secret: new Set(), variable: new Set() };

const both = async (ask: (kind: ValueKind) => Promise<Answer>): Promise<Readonly<Record<ValueKind, Answer>>> => {
  const [secret, variable] = await Promise.all([ask('secret'), ask('variable')]);
  return { secret, variable };
};

const namesOf = ({ secret, variable }: Readonly<Record<ValueKind, Answer>>): Names | undefined =>
  secret.kind === 'names' && variable.kind === 'names' ? { secret: secret.names, variable: variable.names } : undefined;

const list = (context: CheckContext, words: readonly string[]): Promise<Answer> =>
  ask(context, [...words, '--json', 'name'], (stdout) =>
    (parse(stdout) as readonly { readonly name: string }[]).map(({ name }) => name),
  );

const organization = (context: CheckContext, kind: ValueKind): Promise<Answer> => {
  const what = kind === 'secret' ? 'secrets' : 'variables';
  const address = `repos/{owner}/{repo}/actions/organization-${what}`;
  return ask(context, ['api', '--paginate', address, '--jq', `.${what}[].name`], (stdout) => stdout.split('\n'));
};

const ask = async (
  context: CheckContext,
  args: readonly string[],
  read: (stdout: string) => readonly string[],
): Promise<Answer> => {
  const { exitCode, stdout, tail } = await gh(context, args);
  if (exitCode === 0) {
    return { kind: 'names', names: new Set(read(stdout).map((name) => name.trim().toUpperCase())) };
  }
  if (/HTTP 404|Not Found/i.test(tail)) return { kind: 'not-found' };
  if (/HTTP 403|not accessible|admin rights/i.test(tail)) return { kind: 'denied' };
  throw unreachable(tail);
};

const gh = (context: CheckContext, args: readonly string[]): ReturnType<CheckContext['run']> =>
  context.run('gh', args, { env: QUIET, timeoutSeconds: SECONDS });

const parse = (text: string): unknown => {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    throw new CheckStopped({ kind: 'could-not-check', reason: 'gh answered with something else than JSON' });
  }
};

const notHere = (reason: string): CheckStopped => new CheckStopped({ kind: 'not-applicable', reason });

const unreachable = (tail: string): CheckStopped => {
  const first = tail.split('\n').find((line) => line.trim() !== '') ?? 'no answer';
  return new CheckStopped({
    kind: 'could-not-check',
    reason: `GitHub cannot be asked: ${first.trim()}`,
    network: true,
  });
};
