import type { InitInstall, InitReport } from '../core/init-report.ts';
import { shellWord } from '../core/shell-word.ts';
import type { PlannedFile } from './planned-file.ts';

interface Facts {
  readonly written: readonly PlannedFile[];
  readonly install: InitInstall | null;
}

/** What installing writes beside package.json. */
const LOCK_FILES: Readonly<Record<string, string>> = {
  npm: 'package-lock.json',
  pnpm: 'pnpm-lock.yaml',
  yarn: 'yarn.lock',
  bun: 'bun.lock',
};

/** At most three commands, to be typed at the root. */
export const nextCommands = (outcome: InitReport['outcome'], { written, install }: Facts): readonly string[] => {
  if (outcome === 'conflict') return ['npx devsetup init --dry-run', 'npx devsetup init --force'];
  if (outcome === 'would-change') return ['npx devsetup init --yes'];
  if (outcome === 'failed') return [install?.command ?? 'npx devsetup init', 'npx devsetup init'];
  if (outcome !== 'done') return [];
  const places = [...new Set(written.map(({ path }) => (path.startsWith('.devcontainer/') ? '.devcontainer' : path)))];
  const lockFile = install === null ? undefined : LOCK_FILES[install.command.split(' ')[0] ?? ''];
  const add = `git add ${[...places, ...(lockFile === undefined ? [] : [lockFile])].map(shellWord).join(' ')}`;
  return [
    ...(install?.outcome === 'left' ? [install.command] : []),
    ...(places.length > 0 ? [add] : []),
    'npx devsetup up',
    'npx devsetup doctor',
  ].slice(0, 3);
};
