import type { Place, Problem } from '../../../core/check.ts';
import type { DevContainer } from '../../../devcontainer/dev-container.ts';
import { databaseServices } from '../../../devcontainer/database-services.ts';
import { findPath } from '../../../devcontainer/hooks/find-starts.ts';
import type { AnyHook } from '../../../devcontainer/hooks/list-hooks.ts';
import type { HookRun, HookRuns } from '../../../devcontainer/hooks/run-hooks.ts';
import { shown } from '../../../project/files.ts';
import type { ShellCall } from '../../../shell/shell-run.ts';
import { databaseLoss } from './database-loss.ts';
import { DATA_FOLDER, dockerLoss } from './docker-loss.ts';
import { filesLoss } from './files-loss.ts';
import { isCertain } from './is-certain.ts';
import { placeOfCall } from './place-of-call.ts';

/** What a command destroys. */
export interface Loss {
  /** As it is shown: without the rest of its words, which may hold secrets. */
  readonly command: string;
  /** What is lost, as the object of "deletes". */
  readonly what: string;
}

export interface LossFacts {
  readonly root: string;
  readonly readFile: (name: string) => string | undefined;
  /** A folder of the checkout that belongs to its repository: it exists and is no repository of its own. */
  readonly isInRepository: (folder: string) => boolean;
}

type Found = Pick<DevContainer, 'name' | 'placeOf' | 'compose'>;
type LossProblem = Problem<'devcontainer-hook-deletes-data'>;

/** Commands of hooks that delete data unasked. What runs under a condition may be what was asked for: nothing is said of it. */
export const findLoss = (found: Found, { runs, holes }: HookRuns, facts: LossFacts): readonly LossProblem[] => {
  const services = found.compose?.services ?? [];
  const dataFolders = databaseServices(services).flatMap(({ volumes }) =>
    volumes
      .filter(({ source, target }) => DATA_FOLDER.test(target) && source.startsWith('/'))
      .map(({ source }) => shown(facts.root, source).split('\\').join('/')),
  );
  const problems = runs.flatMap((hookRun) =>
    hookRun.run.calls.flatMap((call, index): readonly LossProblem[] => {
      if (!isUnasked(call, hookRun.run.calls.slice(0, index))) return [];
      const words = call.words.map(({ value }) => value);
      const locate = (written: string): string | null => findPath(call, written, holes);
      const loss =
        dockerLoss(words, { services: found.compose === null ? null : services }) ??
        databaseLoss({
          words,
          input: call.input?.value ?? null,
          pipedTo: call.output === 'pipe' ? call.outputTo : null,
          read: (file) => (locate(file) === null ? undefined : facts.readFile(locate(file) ?? '')),
        }) ??
        filesLoss({
          words,
          locate,
          dataFolders,
          isInRepository:
            call.directory !== null &&
            call.layers.every(({ kind }) => kind !== 'container' && kind !== 'remote') &&
            facts.isInRepository(call.directory),
        });
      return loss === null ? [] : [problemOf(loss, hookRun, placeOfCall(found, hookRun, call))];
    }),
  );
  return [...new Map(problems.map((problem) => [problem.message, problem])).values()];
};

/** Somebody who is asked can say no. */
const isUnasked = (call: ShellCall, before: readonly ShellCall[]): boolean =>
  isCertain(call, before) &&
  !before.some(({ words }) => /^(?:read|select|whiptail|dialog|gum)$/.test(words[0]?.value ?? ''));

const OFTEN: Readonly<Record<AnyHook, string>> = {
  initializeCommand: 'each time the dev container is created or started',
  onCreateCommand: 'when the dev container is created or rebuilt',
  updateContentCommand: 'when the dev container is created or rebuilt',
  postCreateCommand: 'when the dev container is created or rebuilt',
  postStartCommand: 'each time the dev container is started',
  postAttachCommand: 'each time an editor attaches to the dev container',
};

const AT_EACH_START: ReadonlySet<AnyHook> = new Set(['initializeCommand', 'postStartCommand', 'postAttachCommand']);

const problemOf = ({ command, what }: Loss, { command: { hook } }: HookRun, place: Place): LossProblem => ({
  code: 'devcontainer-hook-deletes-data',
  severity: AT_EACH_START.has(hook) ? 'error' : 'warning',
  message: `${hook} runs \`${command}\` ${OFTEN[hook]}, which deletes ${what}.`,
  remedy: {
    text: `Remove \`${command}\` from what ${hook} runs, and type it by hand on the day it is meant.`,
    command: null,
  },
  place,
});
