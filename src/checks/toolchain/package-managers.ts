import path from 'node:path';

import { defineCheck, notApplicable, problemsOr, type Problem } from '../../core/check.ts';
import { findText, findTextOf, isDirectory, isFile, listNames, shown } from '../../project/files.ts';
import { findPackageJson } from '../../project/read-package-json.ts';
import type { Backend, Frontend } from '../../project/types.ts';
import type { CheckContext } from '../context.ts';
import { isShim } from './is-shim.ts';
import { judgeNodeTool, PACKAGE_MANAGER_FINDINGS, pipMissing, type NodeToolFacts } from './judge-package-managers.ts';
import { shownPath } from '../../project/version-wish.ts';
import { frontendsOf } from './frontends-of.ts';

type Code = keyof typeof PACKAGE_MANAGER_FINDINGS;

/**
 * What the lock files are installed with is there, in the version that is asked for. uv, poetry, pipenv and pdm are not looked for:
 * devsetup brings those that are missing.
 */
export const packageManagers = defineCheck<CheckContext, Code>({
  id: 'package-managers',
  group: 'toolchain',
  title: 'Package managers',
  findings: PACKAGE_MANAGER_FINDINGS,
  run: async (context) => {
    const frontends = await frontendsOf(context);
    const requirements = context.project?.backend.requirements ?? null;
    if (frontends.length === 0 && requirements === null) return notApplicable('there is nothing to install');
    const [tools, pip] = await Promise.all([
      Promise.all(frontends.map((frontend) => readNodeTool(context, frontend))),
      findPipProblem(context),
    ]);
    const problems: readonly Problem<Code>[] = [...pip, ...tools.flatMap(judgeNodeTool)];
    const names = [...(requirements === null ? [] : [requirements.tool]), ...tools.map(({ tool }) => tool)];
    return problemsOr(problems, [...new Set(names)].join(', '));
  },
});

const readNodeTool = async (context: CheckContext, frontend: Frontend): Promise<NodeToolFacts> => {
  const { root } = context;
  const { tool, lockFile, directory } = frontend;
  const [program, corepack, manifest] = await Promise.all([
    context.findProgram(tool),
    context.findProgram('corepack'),
    findPackageJson(directory),
  ]);
  const named = manifest?.packageManager ?? null;
  const wanted = named?.startsWith(`${tool}@`) === true ? named : null;
  const manifestFile = shown(root, path.join(directory, 'package.json'));
  return {
    folder: frontend.name,
    tool,
    source: wanted === null && lockFile !== null ? shown(root, lockFile) : manifestFile,
    isThere: program !== null || (corepack !== null && (tool === 'pnpm' || tool === 'yarn')),
    wanted,
    version: program === null || wanted === null ? null : await askVersion(context, frontend, program),
  };
};

/** npm takes no notice of `packageManager`; what chooses its version by itself is asked nothing, since that could download one. */
const askVersion = async (context: CheckContext, frontend: Frontend, program: string): Promise<string | null> => {
  const { tool, directory } = frontend;
  if (tool === 'npm' || (tool === 'yarn' && (await bringsItsYarn(directory))) || (await isShim(program))) return null;
  const result = await context.run(program, ['--version'], {
    // Not beside the package.json: some would fetch the version that it names.
    directory: context.machine.home,
    env: { COREPACK_ENABLE_NETWORK: '0', NO_UPDATE_NOTIFIER: '1' },
    timeoutSeconds: 5,
  });
  const version = result.exitCode === 0 ? (/^v?(\d+\.\d+\.\d+\S*)\s*$/m.exec(result.tail)?.[1] ?? null) : null;
  // Since its version 10 pnpm fetches and runs the one that is named.
  return tool === 'pnpm' && Number(version?.split('.')[0] ?? 0) >= 10 ? null : version;
};

/** A release of Yarn that is checked in: whatever yarn is on PATH hands over to it. */
const bringsItsYarn = async (directory: string): Promise<boolean> => {
  const [classic, modern] = await Promise.all(
    ['.yarnrc', '.yarnrc.yml'].map((name) => findText(path.join(directory, name))),
  );
  return /^\s*yarn-path\b/m.test(classic ?? '') || /^\s*yarnPath\s*:/m.test(modern ?? '');
};

const findPipProblem = async (context: CheckContext): Promise<readonly Problem<Code>[]> => {
  const { project, config, root } = context;
  if (project === null || !(await needsPip(project.backend))) return [];
  const { python } = project.backend;
  if (config.backend.installer !== 'pip' && (await context.findProgram('uv')) !== null) return [];
  return python.venv === null
    ? []
    : [pipMissing({ venv: shownPath(root, python.venv), python: shownPath(root, python.interpreter) })];
};

/** True for a whole virtual environment that pip installs into and that has none. */
const needsPip = async ({ python, requirements }: Backend): Promise<boolean> => {
  const { venv } = python;
  if (requirements?.tool !== 'pip' || venv === null || !python.exists) return false;
  const settings = (await findTextOf(path.join(venv, 'pyvenv.cfg'), { anywhere: true })) ?? '';
  // It may see that of the system.
  if (/^\s*include-system-site-packages\s*=\s*true/im.test(settings)) return false;
  const library = path.join(venv, 'lib');
  const folders = (await listNames(library)).map((name) => path.join(library, name, 'site-packages'));
  const isFound = await Promise.all(
    folders.map(async (folder) => (await isDirectory(path.join(folder, 'pip'))) || isFile(path.join(folder, 'pip.py'))),
  );
  return folders.length > 0 && !isFound.includes(true);
};
