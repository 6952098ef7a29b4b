import { satisfies, validRange } from 'semver';

import type { Problem, Remedy } from '../../core/check.ts';
import type { NodeWish } from './node-wishes.ts';
import { evidenceOf, placeOf, wantedMajor } from '../../project/version-wish.ts';

export const NODE_FINDINGS = { 'node-version-unsupported': 'warning', 'node-version-mismatch': 'warning' } as const;

type Code = keyof typeof NODE_FINDINGS;

type Env = Readonly<Record<string, string | undefined>>;

/** What is wrong with running `version` (`v20.19.0`) where these wishes are: one problem, however many files it concerns. */
export const judgeNode = (version: string, wishes: readonly NodeWish[], env: Env): readonly Problem<Code>[] => {
  const running = version.replace(/^v/, '');
  const major = Number(running.split('.')[0]);
  const unmet = wishes.filter((wish) =>
    wish.kind === 'pin' ? !wish.majors.includes(major) : !isInRange(running, wish.text),
  );
  const problem = (code: Code, of: readonly NodeWish[]): readonly Problem<Code>[] => {
    const [first] = of;
    if (first === undefined) return [];
    const isEnforced = of.some((wish) => wish.kind === 'range' && wish.isEnforced);
    return [
      {
        code,
        message: `${first.source} asks for Node ${first.text}, and ${version} is running.`,
        evidence: evidenceOf(of),
        remedy: remedyFor(wantedMajorOf(first), env),
        place: placeOf(first),
        ...(isEnforced ? { severity: 'error' } : {}),
      },
    ];
  };
  // A pin beside a range that is not met either has the same cause, and the same end.
  const ranges = unmet.filter(({ kind }) => kind === 'range');
  return ranges.length > 0
    ? problem('node-version-unsupported', [...ranges, ...unmet.filter(({ kind }) => kind === 'pin')])
    : problem('node-version-mismatch', unmet);
};

/** What semver cannot read says nothing. */
const isInRange = (version: string, range: string): boolean =>
  validRange(range) === null || satisfies(version, range, { includePrerelease: true });

const wantedMajorOf = (wish: NodeWish): number | null =>
  wish.kind === 'pin' ? (wish.majors[0] ?? null) : wantedMajor(wish.text);

/** The command of the version manager that is there, as far as its own variables tell. */
const remedyFor = (major: number | null, env: Env): Remedy => {
  if (major === null) return { text: 'Install a Node that suits, or correct the range.', command: null };
  const isSet = (variable: string): boolean => (env[variable] ?? '') !== '';
  const text = `Install Node ${major} and use it.`;
  if (isSet('VOLTA_HOME')) return { text, command: `volta install node@${major}` };
  if (isSet('FNM_DIR') || isSet('FNM_MULTISHELL_PATH'))
    return { text, command: `fnm use --install-if-missing ${major}` };
  if (isSet('NVM_DIR')) return { text, command: `nvm install ${major}` };
  return {
    text: `Install Node ${major} and start devsetup with it; in a dev container, its image or its feature "node" decides.`,
    command: null,
  };
};
