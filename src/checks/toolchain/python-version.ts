import path from 'node:path';

import { defineCheck, notApplicable, problemsOr, type Remedy } from '../../core/check.ts';
import { shellWord } from '../../core/shell-word.ts';
import { isInside, shown } from '../../project/files.ts';
import { isShim } from '../../project/configured-interpreter.ts';
import { OLDEST_PYTHON } from '../../project/find-base-python.ts';
import { listInterpreters } from '../../project/list-interpreters.ts';
import type { Backend } from '../../project/types.ts';
import type { CheckContext } from '../context.ts';
import { judgePython, PYTHON_FINDINGS } from '../../project/judge-python.ts';
import { readPythonFacts } from './python-facts.ts';
import { configuredPythonWish, isEnforcedBy } from '../../project/python-problems.ts';
import { readPythonWishes } from '../../project/python-wishes.ts';

/** The project's Python is one that its files ask for, and they agree with each other. */
export const pythonVersion = defineCheck<CheckContext, keyof typeof PYTHON_FINDINGS>({
  id: 'python-version',
  group: 'toolchain',
  title: 'Python version',
  findings: PYTHON_FINDINGS,
  run: async (context) => {
    const { root, backend, project, config } = context;
    const requirements = project?.backend.requirements ?? null;
    const backendDirectory = project?.backend.directory ?? backend?.directory ?? root;
    const wishes = [
      ...(project === null ? [] : await configuredPythonWish(project, config)),
      ...(await readPythonWishes({ root, backendDirectory, requirements })),
    ];
    if (wishes.length === 0) return notApplicable('no file asks for a version of Python');
    const python = project === null ? null : await readPythonFacts(context, project.backend.python);
    const remedies = await remediesFor(context);
    const problems = judgePython(python, wishes, {
      isEnforced: isEnforcedBy(requirements),
      remedyFor: remedies,
    });
    const sources = wishes.map(({ source, text }) => `${source}: ${text}`).join(', ');
    return problemsOr(problems, python === null ? sources : `Python ${python.version} (${sources})`);
  },
});

/** Recreating the virtual environment is only advised where it is the project's own and that Python is on this machine. */
const remediesFor = async (context: CheckContext): Promise<(minor: number) => Remedy> => {
  const { project, root, environment } = context;
  const programs = new Map<number, string>();
  for (const { interpreter, minor } of (await listInterpreters(environment)).others) {
    // Version managers put scripts on PATH for versions that are not active.
    if (minor === null || programs.has(minor) || (await isShim(interpreter))) continue;
    const name = path.basename(interpreter);
    const isOnPath = name === `python3.${minor}` && (await context.findProgram(name)) === interpreter;
    programs.set(minor, isOnPath ? name : interpreter);
  }
  return (minor) => {
    const venv = project === null ? null : ownVenv(project.backend, root);
    const program = programs.get(minor);
    if (venv !== null && program !== undefined && minor >= OLDEST_PYTHON)
      return {
        text: `Create the virtual environment with Python 3.${minor}.`,
        command: `${shellWord(program)} -m venv --clear ${shellWord(venv)} && npx devsetup`,
      };
    return {
      text: `Install Python 3.${minor} and create the virtual environment with it; in a dev container, its image decides.`,
      command: null,
    };
  };
};

const ownVenv = ({ python }: Backend, root: string): string | null =>
  python.venv === null || !isInside(root, python.venv) ? null : shown(root, python.venv);
