import { defineCheck, problemsOr, type Problem } from '../../core/check.ts';
import type { Examination } from '../../django/examination.ts';
import type { CheckContext } from '../context.ts';
import { partOf } from './examined-part.ts';
import { manageCommand } from '../../steps/manage-command.ts';

const FINDINGS = { 'model-changes-without-migration': 'warning' } as const;

type Code = keyof typeof FINDINGS;

const SHOWN = 12;

/** Every change of a model of the project has its migration. What packages lack is not for the project to make. */
export const modelChanges = defineCheck<CheckContext, Code>({
  id: 'model-changes',
  group: 'django',
  title: 'Models and migrations',
  findings: FINDINGS,
  timeoutSeconds: 60,
  run: async (context) => {
    const { modelChanges: changes, failures } = await context.examination();
    return partOf(failures, 'modelChanges', () =>
      problemsOr(modelChangeProblems(changes), 'every change of a model has its migration'),
    );
  },
});

export const modelChangeProblems = (changes: Examination['modelChanges']): readonly Problem<Code>[] => {
  const own = changes.filter((change) => change.own);
  if (own.length === 0) return [];
  const apps = own.map(({ app }) => app);
  const lines = own.flatMap((change) => change.changes.map((what) => `${change.app}: ${what}`));
  const are = apps.length === 1 ? `${apps[0]} have` : `the apps ${apps.join(', ')} have`;
  return [
    {
      code: 'model-changes-without-migration',
      message: `The models of ${are} changes that no migration makes.`,
      evidence: lines.length > SHOWN ? [...lines.slice(0, SHOWN), `and ${lines.length - SHOWN} more`] : lines,
      remedy: {
        text: 'Create the migrations, read them, and commit them.',
        command: manageCommand(['makemigrations', ...apps]),
      },
    },
  ];
};
