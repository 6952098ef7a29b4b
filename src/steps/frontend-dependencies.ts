import { existsSync, realpathSync, statSync } from 'node:fs';
import path from 'node:path';

import { DevsetupError } from '../core/errors.ts';
import { shellWord } from '../core/shell-word.ts';
import { hasShape, isExactly, isOrNull, isText, type Guard } from '../core/shape.ts';
import type { Applied, Progress, Step } from '../core/step.ts';
import type { InstallCommand } from '../dependencies/install-backend.ts';
import { planFrontendInstall } from '../dependencies/install-frontend.ts';
import { installProblem } from '../dependencies/install-problem.ts';
import { readSourceFiles } from '../dependencies/source-files.ts';
import { isInside } from '../project/files.ts';
import type { Frontend } from '../project/types.ts';
import { hashInputs } from '../state/input-hash.ts';
import { readStamp, removeStamp, writeStamp, type StampPlace } from '../state/stamp.ts';
import type { SetupContext } from './context.ts';
import { forgetting } from './forgetting.ts';

/** Every frontend has the packages of its lock file. */
export const frontendDependencies: Step<SetupContext> = {
  id: 'frontend-dependencies',
  title: 'Frontend dependencies',
  dependsOn: [],

  inspect: async (context) => {
    const { frontends } = context.project;
    if (frontends.length === 0) return { kind: 'not-applicable', reason: 'no package.json found' };
    const outdated = await findOutdated(context);
    if (outdated.length === 0) {
      if (frontends.every((one) => one.bringsOnlyDevsetup && !context.isDone(one.directory)))
        return { kind: 'not-applicable', reason: 'no frontend: package.json brings devsetup alone' };
      return { kind: 'satisfied', evidence: `${frontends.map(describeFrontend).join(', ')} as locked` };
    }
    return {
      kind: 'needed',
      reason: outdated.map(({ frontend, reason }) => `${describeFrontend(frontend)}: ${reason}`).join('; '),
      actions: await Promise.all(outdated.map(async ({ frontend }) => describeCommand(await plan(context, frontend)))),
    };
  },

  apply: (context, progress) =>
    forgetting(
      context,
      context.exclusively('frontend-dependencies', progress, () => install(context, progress)),
    ),
};

const install = async (context: SetupContext, progress: Progress): Promise<Applied> => {
  // Looked at again: another devsetup may have installed them while this one waited.
  const outdated = await findOutdated(context);
  if (outdated.length === 0) return { summary: 'another devsetup has installed them meanwhile', changed: false };
  for (const { frontend } of outdated) {
    if (frontend.lockFile === null)
      progress.warn(`${describeFrontend(frontend)} has no lock file: versions are whatever is newest today`);
    const command = await plan(context, frontend);
    progress.update(describeCommand(command));
    for (const place of stampPlaces(context, frontend)) removeStamp(place);
    const timeoutSeconds = context.config.timeouts.dependenciesSeconds;
    const result = await context.runProgram(command, progress, { timeoutSeconds });
    if (result.exitCode !== 0) {
      const inputs = [path.join(frontend.directory, 'package.json'), ...frontend.inputs];
      const { project, environment } = context;
      const files = await readSourceFiles({ root: project.root, inputs, environment });
      throw installProblem(command, result, { files, typed: typedTool(command) });
    }
    context.markDone(frontend.directory);
    await writeInstalled(context, frontend);
  }
  return { summary: `installed ${outdated.map(({ frontend }) => describeFrontend(frontend)).join(', ')}` };
};

/** Corepack runs it where the package manager itself is not on the PATH. */
const typedTool = ({ program, tool }: InstallCommand): string | null =>
  path.basename(program) === 'corepack' ? `${shellWord(program)} ${tool}` : null;

const findOutdated = async (
  context: SetupContext,
): Promise<readonly { readonly frontend: Frontend; readonly reason: string }[]> => {
  const found = await Promise.all(
    context.project.frontends.map(async (frontend) => ({ frontend, reason: await reasonToInstall(context, frontend) })),
  );
  return found.flatMap(({ frontend, reason }) => (reason === undefined ? [] : [{ frontend, reason }]));
};

const reasonToInstall = async (context: SetupContext, frontend: Frontend): Promise<string | undefined> => {
  if (context.options.force && !context.isDone(frontend.directory)) return '--force';
  const record = readInstalled(context, frontend);
  if (record === undefined) {
    if (!hasModules(frontend)) return 'node_modules is missing';
    // devsetup runs from there, so the package manager has just been run: a hook does that first.
    return holdsDevsetup(context, frontend) && isFresh(frontend) ? undefined : 'not installed by devsetup yet';
  }
  if (record.map !== null && !existsSync(path.join(frontend.directory, record.map))) return `${record.map} is missing`;
  return record.inputs === (await inputHash(context, frontend))
    ? undefined
    : `the lock file, the manifest or a file that ${frontend.tool} reads with them has changed`;
};

/** What the last good installation left. */
interface InstalledRecord {
  readonly inputs: string;
  /** What stands in for node_modules under Yarn's Plug'n'Play; null with node_modules, and where nothing is to be installed. */
  readonly map: string | null;
}

/** Package managers without node_modules leave one of these. */
const MAPS = ['.pnp.cjs', '.pnp.js'] as const;

const hasModules = ({ directory }: Frontend): boolean => existsSync(path.join(directory, 'node_modules'));

/** In `node_modules`, so that it disappears with it; if the installation creates none, in the state directory. */
const stampPlaces = ({ state }: SetupContext, { directory, name }: Frontend): readonly [StampPlace, StampPlace] => [
  { environment: path.join(directory, 'node_modules'), store: state, key: `frontend-${name}` },
  { environment: directory, store: state, key: `frontend-${name}-without-modules`, outside: true },
];

const stampPlace = (context: SetupContext, frontend: Frontend): StampPlace => {
  const [modules, directory] = stampPlaces(context, frontend);
  return hasModules(frontend) ? modules : directory;
};

const readInstalled = (context: SetupContext, frontend: Frontend): InstalledRecord | undefined => {
  const kept = readStamp(stampPlace(context, frontend));
  return isRecord(kept) ? kept : undefined;
};

const isRecord: Guard<InstalledRecord> = hasShape({ inputs: isText, map: isOrNull(isExactly(...MAPS)) });

/** To be called after success only: a lock file or a manifest that the installation has written then counts as it was left. */
const writeInstalled = async (context: SetupContext, frontend: Frontend): Promise<void> => {
  const map = hasModules(frontend) ? null : MAPS.find((name) => existsSync(path.join(frontend.directory, name)));
  const record: InstalledRecord = { inputs: await inputHash(context, frontend), map: map ?? null };
  writeStamp(stampPlace(context, frontend), record);
};

const inputHash = (context: SetupContext, frontend: Frontend): Promise<string> =>
  hashInputs(frontend.inputs, [frontend.tool, context.nodeAbi]);

const holdsDevsetup = ({ ownPackage }: SetupContext, { directory }: Frontend): boolean => {
  const packages = path.join(directory, 'node_modules');
  return existsSync(packages) && isInside(realpathSync(packages), ownPackage);
};

/** What package managers leave in node_modules when they are done. */
const MARKS = ['.package-lock.json', '.modules.yaml', '.yarn-integrity', '.yarn-state.yml'];

/** Whether the last installation is younger than everything it depended on. */
const isFresh = ({ directory, inputs }: Frontend): boolean => {
  const done = newestOf(MARKS.map((name) => path.join(directory, 'node_modules', name)));
  return done > 0 && done >= newestOf(inputs);
};

/** Milliseconds since 1970 of the file that was changed last; 0 where there is none. */
const newestOf = (files: readonly string[]): number =>
  Math.max(0, ...files.map((file) => statSync(file, { throwIfNoEntry: false })?.mtimeMs ?? 0));

const plan = async (context: SetupContext, frontend: Frontend): Promise<InstallCommand> => {
  const [tool, corepack] = await Promise.all([context.findProgram(frontend.tool), context.findProgram('corepack')]);
  const command = planFrontendInstall(frontend, { tool, corepack, holdsDevsetup: holdsDevsetup(context, frontend) });
  if (command !== null) return command;
  throw new DevsetupError({
    code: 'TOOL_MISSING',
    message: `${describeFrontend(frontend)} is installed with ${frontend.tool}, and ${frontend.tool} is not on PATH`,
    hint: `Install it (npm install --global ${frontend.tool}), or choose another in "frontends" of the configuration.`,
  });
};

const describeFrontend = ({ name, bringsOnlyDevsetup }: Frontend): string => {
  if (bringsOnlyDevsetup) return name === '.' ? 'devsetup (package.json)' : `devsetup (${name}/package.json)`;
  return name === '.' ? 'package.json' : name;
};

const describeCommand = (command: InstallCommand): string => [command.program, ...command.args].join(' ');
