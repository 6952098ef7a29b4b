import type { InitInstall, InitReport } from '../core/init-report.ts';
import { shellWord } from '../core/shell-word.ts';
import type { PlannedFile } from './planned-file.ts';

interface Facts {
  readonly written: readonly Pick<PlannedFile, 'path'>[];
  readonly files?: readonly Pick<PlannedFile, 'action'>[];
  readonly install: InitInstall | null;
  /** What to do with it, in place of the dev container's. */
  readonly after?: readonly string[];
  /** As it was typed. */
  readonly command: string;
  /** Workflows of somebody else deploy already: `beside` what would be written, or in its `place`. */
  readonly deploying?: 'beside' | 'place' | null;
}

/** What installing writes beside package.json. */
const LOCK_FILES: Readonly<Record<string, string>> = {
  npm: 'package-lock.json',
  pnpm: 'pnpm-lock.yaml',
  yarn: 'yarn.lock',
  bun: 'bun.lock',
};

const CONVERT = 'npx devsetup decouple';

/** At most three commands, to be typed at the root. */
export const nextCommands = (
  outcome: InitReport['outcome'],
  { written, files = [], install, after, command, deploying = null }: Facts,
): readonly string[] => {
  const init = command.replaceAll(/ --(?:dry-run|yes|force)\b/g, '');
  if (deploying === 'beside' && outcome === 'would-change') return [CONVERT, `${init} --second-pipeline --yes`];
  if (deploying === 'beside' && outcome === 'conflict') return [CONVERT, `${init} --second-pipeline`];
  if (deploying !== null && outcome === 'declined') return [CONVERT];
  if (deploying === 'place' && outcome === 'conflict') return [CONVERT, `${init} --dry-run`, `${init} --force`];
  const isInTheWay = outcome === 'unchanged' && files.some(({ action }) => action === 'conflict');
  if (outcome === 'conflict' || isInTheWay) return [`${init} --dry-run`, `${init} --force`];
  if (outcome === 'would-change') return [`${init} --yes`];
  if (outcome === 'failed') return [install?.command ?? init, command];
  if (outcome !== 'done') return [];
  const places = [...new Set(written.map(({ path }) => /^\.(?:devcontainer|github)(?=\/)/.exec(path)?.[0] ?? path))];
  const lockFile = install === null ? undefined : LOCK_FILES[install.command.split(' ')[0] ?? ''];
  const add = `git add ${[...places, ...(lockFile === undefined ? [] : [lockFile])].map(shellWord).join(' ')}`;
  return [
    ...(install?.outcome === 'left' ? [install.command] : []),
    ...(places.length > 0 ? [add] : []),
    ...(after ?? ['npx devsetup up', 'npx devsetup doctor']),
  ].slice(0, 3);
};
