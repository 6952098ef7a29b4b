import { defineCheck, notApplicable, problemsOr, type Remedy } from '../../core/check.ts';
import { shellWord } from '../../core/shell-word.ts';
import { isInside, shown } from '../../project/files.ts';
import { managesEnvironment } from '../../project/python-tools.ts';
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

const MINORS = [8, 9, 10, 11, 12, 13, 14, 15];

/** Making the virtual environment anew is only told where it is the project's own, by venv, and that Python is on PATH. */
const remediesFor = async (context: CheckContext): Promise<(minor: number) => Remedy> => {
  const { project, root } = context;
  const found = await Promise.all(
    MINORS.map(async (minor) => [minor, await context.findProgram(`python3.${minor}`)] as const),
  );
  // Version managers put scripts there for versions that are not chosen.
  const there = new Set(found.flatMap(([minor, file]) => (file === null || file.includes('/shims/') ? [] : [minor])));
  return (minor) => {
    const venv = project === null ? null : ownVenv(project.backend, root);
    const text = `Make the virtual environment with Python 3.${minor}.`;
    if (venv !== null && there.has(minor))
      return { text, command: `python3.${minor} -m venv --clear ${shellWord(venv)} && npx devsetup` };
    return {
      text: `Install Python 3.${minor} and make the virtual environment with it; in a dev container, its image decides.`,
      command: null,
    };
  };
};

const ownVenv = ({ python, requirements }: Backend, root: string): string | null => {
  if (python.venv === null || !isInside(root, python.venv)) return null;
  return requirements !== null && managesEnvironment(requirements.tool) ? null : shown(root, python.venv);
};
