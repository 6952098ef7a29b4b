import { defineCheck, notApplicable, passed } from '../../core/check.ts';
import { findingCode } from '../../core/finding-code.ts';
import { asTexts } from '../../core/shape.ts';
import { planEnvFix } from '../environment/env-file/plan-env-fix.ts';
import type { CheckContext } from '../context.ts';
import { DEPENDENCIES_NEEDED, neverInstalled } from './never-installed.ts';
import { START_FINDINGS, startFinding, type StartCode } from './start-finding.ts';
import { envFolders } from '../../config/load-environment.ts';

/** manage.py, the settings and the apps can be loaded. Everything else that Django is asked rests on it. */
export const djangoStart = defineCheck<CheckContext, StartCode>({
  id: 'django-start',
  group: 'django',
  title: 'Start of Django',
  findings: START_FINDINGS,
  timeoutSeconds: 60,
  run: async (context) => {
    const error = await context.djangoFailure();
    const { project, root, state } = context;
    if (project === null) return notApplicable('there is no Django project to look at');
    if (error === null) {
      const { django, settingsModule } = (await context.django()).description;
      return passed(`Django ${django}${settingsModule === null ? '' : ` with ${settingsModule}`}`);
    }
    const reason = await neverInstalled(error, { project, state, config: context.config });
    if (reason !== undefined) return { kind: 'could-not-check', reason, blockedBy: DEPENDENCIES_NEEDED };
    const problem = startFinding(root, error, project.backend.requirements !== null);
    if (problem !== undefined) {
      const names = asTexts(error.data['variables']);
      const planned = names.length === 0 ? null : await planEnvFix(envFolders(root, project.backend.directory), names);
      const fixed = planned === null || planned.fix === null ? problem : { ...problem, fix: planned.fix };
      return { kind: 'problems', problems: [fixed] };
    }
    return { kind: 'could-not-check', reason: error.message, blockedBy: findingCode(error.code) };
  },
});
