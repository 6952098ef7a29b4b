import { defineCheck, notApplicable, problemsOr, type CheckOutcome } from '../../core/check.ts';
import type { Installed } from '../../django/examination.ts';
import { findText, shown } from '../../project/files.ts';
import { findVenvFault } from '../../project/find-venv-fault.ts';
import { mentionedNames, normalizeName } from '../../project/list-distributions.ts';
import type { Backend } from '../../project/types.ts';
import { whyNotInstalled } from '../../steps/backend-dependencies.ts';
import type { CheckContext } from '../context.ts';
import { DISTRIBUTION_FINDINGS, judgeDistributions } from './judge-distributions.ts';

/** The environment holds what the requirement files ask for, and its distributions fit each other, as `pip check` sees it. */
export const installedDistributions = defineCheck<CheckContext, keyof typeof DISTRIBUTION_FINDINGS>({
  id: 'installed-distributions',
  group: 'toolchain',
  title: 'Installed distributions',
  findings: DISTRIBUTION_FINDINGS,
  // It waits for the start of Django.
  timeoutSeconds: 60,
  run: async (context) => {
    const { project, state, root, config } = context;
    if (project === null) return notApplicable('there is no Django project to look at');
    const { requirements, python } = project.backend;
    if (!python.exists) return notApplicable('there is no environment yet');
    if ((await findVenvFault(python))?.kind === 'other-version') return blocked('virtual-environment-broken');
    const installed = await context.installed();
    const stepInstalls =
      requirements !== null && (await whyNotInstalled({ project, state, config }, requirements, python)) !== undefined;
    if (stepInstalls && !('django' in installed.distributions)) return blocked('backend-dependencies-needed');
    const conflicts = await ofProject(installed.conflicts, project.backend);
    const files = requirements?.files.map((file) => shown(root, file)).join(', ') ?? 'the project';
    const count = Object.keys(installed.distributions).length;
    const limitation = installed.limitation === null ? '' : ` (${installed.limitation})`;
    return problemsOr(
      judgeDistributions({ ...installed, conflicts }, { files, stepInstalls }),
      `${count} distributions${limitation}`,
    );
  },
});

/** Where nothing is installed that is found, naming all of it adds nothing. */
const blocked = (blockedBy: string): CheckOutcome<never> => ({
  kind: 'could-not-check',
  reason: 'the environment holds nothing of the project',
  blockedBy,
});

/** Without a virtual environment the interpreter holds what others have installed too: only what the files name is the project's. */
const ofProject = async (
  conflicts: Installed['conflicts'],
  { python, requirements }: Backend,
): Promise<Installed['conflicts']> => {
  if (python.venv !== null) return conflicts;
  const text = (await Promise.all((requirements?.inputs ?? []).map(findText))).join('\n');
  return conflicts.filter(({ distribution }) => mentionedNames([normalizeName(distribution)], text).length > 0);
};
