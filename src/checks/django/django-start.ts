import { defineCheck, notApplicable, passed } from '../../core/check.ts';
import { findingCode } from '../../core/finding-code.ts';
import { whyNotInstalled } from '../../steps/backend-dependencies.ts';
import type { CheckContext } from '../context.ts';
import { START_FINDINGS, startFinding, type StartCode } from './start-finding.ts';

/** What comes of dependencies that were never installed; the step that installs them says so already. */
const OF_MISSING_DEPENDENCIES = new Set(['PYTHON_MISSING', 'DJANGO_MISSING']);

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
    const { requirements, python } = project.backend;
    if (requirements !== null && OF_MISSING_DEPENDENCIES.has(error.code)) {
      const reason = await whyNotInstalled({ project, state }, requirements, python);
      if (reason !== undefined) return { kind: 'could-not-check', reason, blockedBy: 'backend-dependencies-needed' };
    }
    const problem = startFinding(root, error, requirements !== null);
    if (problem !== undefined) return { kind: 'problems', problems: [problem] };
    return { kind: 'could-not-check', reason: error.message, blockedBy: findingCode(error.code) };
  },
});
