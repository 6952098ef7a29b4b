import path from 'node:path';

import { defineCheck, notApplicable, problemsOr } from '../../core/check.ts';
import { findVenvFault } from '../../project/find-venv-fault.ts';
import { isFile, isInside } from '../../project/files.ts';
import type { CheckContext } from '../context.ts';
import { judgeVenv, VENV_FINDINGS } from './judge-virtual-environment.ts';
import { shownPath } from '../../project/version-wish.ts';

/** The virtual environment, where there is one, works. That there is none is for the step that makes it to say. */
export const virtualEnvironment = defineCheck<CheckContext, keyof typeof VENV_FINDINGS>({
  id: 'virtual-environment',
  group: 'toolchain',
  title: 'Virtual environment',
  findings: VENV_FINDINGS,
  run: async ({ project, root }) => {
    if (project === null) return notApplicable('there is no Django project to look at');
    const { python, requirements } = project.backend;
    const { venv } = python;
    if (venv === null) return notApplicable(`${python.interpreter} is used without one`);
    if (!(await isFile(path.join(venv, 'pyvenv.cfg')))) return notApplicable('there is none yet');
    const fault = await findVenvFault(python);
    const shownVenv = shownPath(root, venv);
    const facts = {
      venv: shownVenv,
      // The interpreter that broke it must not recreate it.
      basePython: isInside(venv, python.basePython) ? 'python3' : python.basePython,
      isOfStep: requirements !== null,
    };
    return problemsOr(fault === null ? [] : [judgeVenv(fault, facts)], shownVenv);
  },
});
