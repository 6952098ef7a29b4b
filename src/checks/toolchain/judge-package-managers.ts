import type { Problem } from '../../core/check.ts';
import { shellWord } from '../../core/shell-word.ts';
import type { NodeTool } from '../../project/types.ts';

export const PACKAGE_MANAGER_FINDINGS = {
  'package-manager-missing': 'error',
  'package-manager-version': 'warning',
  'pip-missing': 'warning',
} as const;

type Code = keyof typeof PACKAGE_MANAGER_FINDINGS;

/** A frontend's package manager, as far as it was found out. */
export interface NodeToolFacts {
  /** Relative to the root, `.` for the root. */
  readonly folder: string;
  readonly tool: NodeTool;
  /** Its lock file or package.json, relative to the root: what asks for the tool. */
  readonly source: string;
  /** It is on PATH, or corepack is and can bring it. */
  readonly isThere: boolean;
  /** `packageManager` of package.json, e.g. `pnpm@9.1.0`; null: not given, or it names another tool. */
  readonly wanted: string | null;
  /** What the program on PATH says of itself; null: it chooses its version by itself, or was not asked. */
  readonly version: string | null;
}

export interface PipFacts {
  /** Relative to the root where it lies inside. */
  readonly venv: string;
  readonly python: string;
}

const majorOf = (version: string): number => Number(/\d+/.exec(version)?.[0] ?? NaN);

export const judgeNodeTool = (facts: NodeToolFacts): readonly Problem<Code>[] => {
  const { tool, source, isThere, wanted, version } = facts;
  const place = { file: source, line: null, column: null };
  const wantedVersion = wanted?.split('@')[1]?.split('+')[0];
  const install = `npm install --global ${shellWord(`${tool}@${wantedVersion ?? 'latest'}`)}`;
  if (!isThere)
    return [
      {
        code: 'package-manager-missing',
        message: `${source} asks for ${tool}, and ${tool} is not on PATH.`,
        remedy: { text: `Install ${tool}.`, command: install },
        place,
      },
    ];
  if (wantedVersion === undefined || version === null || majorOf(wantedVersion) === majorOf(version)) return [];
  return [
    {
      code: 'package-manager-version',
      message: `${source} asks for ${tool} ${wantedVersion}, and the one on PATH is ${version}.`,
      remedy: { text: `Install that version of ${tool}, or let corepack choose it.`, command: install },
      place,
      // Yarn 1 refuses to work where another is asked for.
      ...(tool === 'yarn' && majorOf(version) === 1 ? { severity: 'error' } : {}),
    },
  ];
};

/** Beside requirement files that pip installs, in an environment that has no pip, without a uv that could do it. */
export const pipMissing = ({ venv, python }: PipFacts): Problem<Code> => ({
  code: 'pip-missing',
  message: `The virtual environment ${venv} holds no pip, and uv is not on PATH.`,
  remedy: {
    text: 'Put pip into it, or install uv.',
    command: `${shellWord(python)} -m ensurepip --upgrade`,
  },
});
