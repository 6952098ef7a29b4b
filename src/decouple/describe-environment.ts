import { stageOfEnvironment } from '../audit/model/stage.ts';
import type { Audit, AuditedJob } from '../audit/pipeline.ts';
import type { DecoupleFacts } from './decoupling.ts';

interface Described {
  /** `environment` of the new job, as it is written. */
  readonly label: string | null;
  /** ` --environment prod` */
  readonly flag: string;
  readonly entries: Readonly<Record<string, string>>;
  readonly notes: readonly string[];
}

/** The environment of a job, for GitHub and for devsetup. */
export const describeEnvironment = (
  { job, environment, stage, workflow }: AuditedJob,
  audit: Audit,
  facts: DecoupleFacts,
): Described => {
  const label = job.environment?.value.trim() ?? null;
  const known = (name: string): string | null => {
    const found = [name, stageOfEnvironment(name) ?? ''].find((one) => facts.environments.includes(one));
    return found ?? null;
  };
  if (label !== null && /\$\{\{/.test(label)) {
    const callers = audit.pipelines.flatMap(({ jobs }) =>
      jobs.filter((one) => one.job === job && one.calledBy.length > 0 && one.workflow === workflow),
    );
    const names = callers.flatMap((one) => (one.environment === null ? [] : [one.environment.value.trim()]));
    const isKnown = names.length > 0 && names.every((name) => facts.environments.includes(name));
    return isKnown
      ? { label, flag: ' --environment "$DEPLOY_ENVIRONMENT"', entries: { DEPLOY_ENVIRONMENT: label }, notes: [] }
      : { label, flag: '', entries: {}, notes: [] };
  }
  const name = label ?? stage;
  if (name === null || facts.with === 'manage') return { label, flag: '', entries: {}, notes: [] };
  const found = known(environment?.value.trim() ?? name);
  if (found !== null) return { label, flag: ` --environment ${found}`, entries: {}, notes: [] };
  const note = `devsetup does not know the environment ${name}, and is as strict there as in prod. Add it to the configuration: "environments": { ${JSON.stringify(name)}: {} }`;
  return { label, flag: '', entries: {}, notes: [note] };
};
