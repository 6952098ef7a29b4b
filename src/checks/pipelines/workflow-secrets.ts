import { defineCheck, notApplicable, problemsOr } from '../../core/check.ts';
import { namedValues } from '../../workflows/named-values.ts';
import type { CheckContext } from '../context.ts';
import { findRepository, readSettingNames } from './ask-github.ts';
import { judgeNamedValues, NAMED_VALUE_FINDINGS, type NamedValueCode } from './judge-named-values.ts';

/** The secrets and variables that workflows name are set: a missing one is an empty text, and the job fails far from the cause. */
export const workflowSecrets = defineCheck<CheckContext, NamedValueCode>({
  id: 'workflow-secrets',
  group: 'pipelines',
  title: 'Secrets and variables of workflows',
  findings: NAMED_VALUE_FINDINGS,
  timeoutSeconds: 30,
  run: async (context) => {
    const values = (await context.workflows()).flatMap(namedValues);
    if (values.length === 0) return notApplicable('the workflows need no secret and no variable');
    const repository = await findRepository(context);
    const environments = [...new Set(values.flatMap((value) => value.environments))];
    const names = await readSettingNames(context, repository, environments);
    const count = new Set(values.map(({ kind, name }) => `${kind} ${name}`)).size;
    return problemsOr(
      judgeNamedValues(values, names),
      `${count} that the workflows name ${count === 1 ? 'is' : 'are'} set`,
    );
  },
});
