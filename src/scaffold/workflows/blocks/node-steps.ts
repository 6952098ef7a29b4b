import type { NodeTool } from '../../../project/types.ts';
import { yamlText } from './yaml-text.ts';

const SETUP_NODE = 'actions/setup-node@820762786026740c76f36085b0efc47a31fe5020 # v7.0.0';
const SETUP_BUN = 'oven-sh/setup-bun@0c5077e51419868618aeaa5fe8019c62421857d6 # v2.2.0';

/** How a folder's JavaScript packages are installed. */
export interface NodeInstall {
  readonly tool: NodeTool;
  /** Major version where it changes the commands. */
  readonly toolVersion: string | null;
  /** Relative to the root; null: there is none, nothing is cached. */
  readonly lockFile: string | null;
}

interface StepFacts extends NodeInstall {
  readonly nodeVersion: string;
  readonly title: string;
  /** null: the root. */
  readonly directory: string | null;
  /** Where other people's install scripts have nothing to do. */
  readonly ignoreScripts: boolean;
}

/** Node with the package manager's cache, and the installation as locked. */
export const nodeSteps = (facts: StepFacts): readonly string[] => {
  const { tool, lockFile, nodeVersion, title, directory } = facts;
  const cache =
    tool === 'bun' || lockFile === null ? [] : [`cache: ${tool}`, `cache-dependency-path: ${yamlText(lockFile)}`];
  return [
    // setup-node asks the package manager for the place of its cache.
    ...(needsCorepack(facts) ? ['- name: Bring the package manager', '  run: corepack enable'] : []),
    `- uses: ${SETUP_NODE}`,
    '  with:',
    ...[`node-version: '${nodeVersion}'`, ...cache].map((line) => `    ${line}`),
    ...(tool === 'bun' ? [`- uses: ${SETUP_BUN}`] : []),
    `- name: ${title}`,
    ...(directory === null ? [] : [`  working-directory: ${yamlText(directory)}`]),
    ...runLines(facts),
  ];
};

const runLines = (facts: StepFacts): readonly string[] => {
  const commands = [...(needsCorepack(facts) ? ['corepack enable'] : []), installCommand(facts)];
  const [only = ''] = commands;
  return commands.length === 1 ? [`  run: ${only}`] : ['  run: |', ...commands.map((command) => `    ${command}`)];
};

const isClassicYarn = ({ toolVersion }: NodeInstall): boolean => toolVersion === null || toolVersion.startsWith('1');

const needsCorepack = (install: NodeInstall): boolean =>
  install.tool === 'pnpm' || (install.tool === 'yarn' && !isClassicYarn(install));

const installCommand = (facts: StepFacts): string => {
  const { tool, lockFile, ignoreScripts } = facts;
  const isLocked = lockFile !== null;
  const flag = ignoreScripts ? [' --ignore-scripts'] : [];
  switch (tool) {
    case 'npm':
      return [`npm ${isLocked ? 'ci' : 'install'}`, ...flag, ' --no-audit --no-fund'].join('');
    case 'pnpm':
    case 'bun':
      return [`${tool} install`, ...(isLocked ? [' --frozen-lockfile'] : []), ...flag].join('');
    case 'yarn':
      if (isClassicYarn(facts)) return ['yarn install', ...(isLocked ? [' --frozen-lockfile'] : []), ...flag].join('');
      return [
        'yarn install',
        ...(isLocked ? [' --immutable'] : []),
        ...(ignoreScripts ? [' --mode=skip-build'] : []),
      ].join('');
  }
};
