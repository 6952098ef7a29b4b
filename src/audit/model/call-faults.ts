import type { Span } from '../../core/placed-text.ts';
import type { Entry, Trigger, Workflow, WorkflowInput, WorkflowJob, YamlValue } from '../../workflows/workflow.ts';
import { callTrigger, localWorkflow, passedSecrets } from './local-workflow.ts';

export interface CallFault {
  readonly job: string;
  readonly message: string;
  readonly remedy: string;
  readonly span: Span;
}

/** What GitHub refuses about the calls of a workflow, of those whose file is in the checkout and can be read. */
export const callFaults = (
  { jobs }: Workflow,
  workflowAt: (path: string) => Workflow | undefined,
): readonly CallFault[] =>
  jobs.flatMap((job) => {
    const path = localWorkflow(job);
    const called = path === null ? undefined : workflowAt(path);
    if (path === null || job.uses === null || called === undefined) return [];
    if (called.triggers.length === 0 || called.faults.some(({ isFatal }) => isFatal)) return [];
    const trigger = callTrigger(called);
    const found =
      trigger === undefined
        ? [
            {
              message: `${path} cannot be called: its \`on\` has no \`workflow_call\`.`,
              remedy: `Add \`workflow_call\` to \`on\` in ${path}.`,
              span: job.uses.span,
            },
          ]
        : [...inputFaults(job, job.uses.span, trigger, path), ...secretFaults(job, job.uses.span, trigger, path)];
    return found.map((one) => ({ job: job.id, ...one }));
  });

type Found = Omit<CallFault, 'job'>;

const isRequired = ({ value }: Entry<Pick<WorkflowInput, 'required'>>): boolean =>
  value.required?.value.trim().toLowerCase() === 'true';

/** GitHub ignores case in the names of inputs and secrets. */
const byName = <T>(entries: ReadonlyMap<string, T>): ReadonlyMap<string, T> =>
  new Map([...entries].map(([name, entry]) => [name.toLowerCase(), entry]));

const inputFaults = (job: WorkflowJob, at: Span, { inputs }: Trigger, path: string): readonly Found[] => {
  const declared = byName(inputs);
  const given = byName(job.with);
  return [
    ...[...given].flatMap(([name, { key, keySpan, value }]): readonly Found[] => {
      const input = declared.get(name);
      if (input === undefined) {
        return [
          {
            message: `${path} declares no input \`${key}\`.`,
            remedy: 'Remove it, or declare it there under `on.workflow_call.inputs`.',
            span: keySpan,
          },
        ];
      }
      const type = input.value.type?.value.trim() ?? 'string';
      return fits(value.value, type)
        ? []
        : [
            {
              message: `${path} takes a ${type} as \`${key}\`.`,
              remedy: type === 'number' ? 'Pass a number.' : 'Pass `true` or `false`.',
              span: value.span,
            },
          ];
    }),
    ...[...declared].flatMap(([name, input]): readonly Found[] =>
      given.has(name) || !isRequired(input)
        ? []
        : [
            {
              message: `${path} requires the input \`${input.key}\`, and this call does not pass it.`,
              remedy: `Add \`${input.key}\` to \`with\`.`,
              span: at,
            },
          ],
    ),
  ];
};

/** Whether a text may be of that type. An expression may be anything. */
const fits = (text: string, type: string): boolean => {
  const value = text.trim();
  if (value === '' || value.includes('${{')) return true;
  if (type === 'boolean') return /^(?:true|false)$/i.test(value);
  return type !== 'number' || Number.isFinite(Number(value));
};

const secretFaults = (job: WorkflowJob, at: Span, { secrets }: Trigger, path: string): readonly Found[] => {
  const passed = passedSecrets(job);
  if (passed === 'all') return [];
  const declared = byName(secrets);
  const given = job.secrets?.kind === 'map' ? byName(job.secrets.entries) : new Map<string, Entry<YamlValue>>();
  return [
    ...[...given].flatMap(([name, { key, keySpan }]): readonly Found[] =>
      declared.has(name)
        ? []
        : [
            {
              message: `${path} declares no secret \`${key}\`.`,
              remedy: 'Remove it, or declare it there under `on.workflow_call.secrets`.',
              span: keySpan,
            },
          ],
    ),
    ...[...declared].flatMap(([name, secret]): readonly Found[] =>
      given.has(name) || !isRequired(secret)
        ? []
        : [
            {
              message: `${path} requires the secret \`${secret.key}\`, and this call does not pass it.`,
              remedy: `Add \`${secret.key}\` to \`secrets\`, or write \`secrets: inherit\`.`,
              span: at,
            },
          ],
    ),
  ];
};
