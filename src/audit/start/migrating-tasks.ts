import type { Span } from '../../core/placed-text.ts';
import type { ShellCall } from '../../shell/shell-run.ts';
import { runOfTask } from '../model/ecs-tasks.ts';
import { hasClusterOfItsOwn } from '../model/throw-away-cluster.ts';
import type { Audit, AuditedJob, AuditedStep } from '../pipeline.ts';
import type { ContainerStart } from './container-start.ts';
import { deployedCompose, RUNNING } from './deployed-compose.ts';
import { manifestsOf, taskOfAction, taskOfCall } from './deployed-workloads.ts';
import { createFollow } from './find-starts.ts';
import type { StartMigration } from './follow-start.ts';
import { joinPath } from './join-path.ts';
import { readJobs, readTaskDefinition } from './read-workloads.ts';

/** A container that a job runs to its end, and that migrates. */
export interface MigratingTask {
  /** `container migrate`, `service migrate` */
  readonly what: string;
  readonly migration: StartMigration;
  /** Where the job runs it. */
  readonly span: Span;
  readonly step: AuditedStep;
}

interface Task {
  readonly start: ContainerStart;
  readonly span: Span;
  readonly step: AuditedStep;
}

/**
 * The Jobs of Kubernetes and Cloud Run, the tasks of ECS and the services that `docker compose run` starts without a command: what of them
 * migrates, where the checkout says what they run.
 */
export const migratingTasks = (job: AuditedJob, audit: Audit): readonly MigratingTask[] => {
  if (hasClusterOfItsOwn(job)) return [];
  const follow = createFollow(audit);
  return job.steps
    .flatMap((step) => tasksOfStep(step, job, audit))
    .concat(servicesRun(job, audit))
    .flatMap(({ start, span, step }): readonly MigratingTask[] => {
      const { migrations, isServing } = follow(start, start.build);
      const migration = migrations.find(({ isCertain }) => isCertain);
      return migration === undefined || isServing ? [] : [{ what: start.what, migration, span, step }];
    });
};

const tasksOfStep = (step: AuditedStep, job: AuditedJob, audit: Audit): readonly Task[] => {
  const read = (file: string): string => audit.readFile(file) ?? '';
  const ofCalls = step.calls.flatMap((call): readonly Task[] =>
    [...manifestsOf(call, audit), ...jobOfCloudRun(call)]
      .flatMap((file) => readJobs(file, read(file)))
      .map((start) => ({ start, span: call.span, step })),
  );
  const place = runsTask(job);
  if (place === null) return ofCalls;
  const files = [...taskOfAction(step), ...step.calls.flatMap(taskOfCall)];
  return [
    ...ofCalls,
    ...files.flatMap((file) => readTaskDefinition(file, read(file))).map((start) => ({ start, ...place })),
  ];
};

/** `gcloud run jobs replace job.yaml` */
const jobOfCloudRun = ({ words, directory }: ShellCall): readonly string[] => {
  const texts = words.map(({ value }) => value).filter((text) => !/^(?:alpha|beta)$/.test(text));
  if (texts.slice(0, 4).join(' ') !== 'gcloud run jobs replace') return [];
  const file = joinPath(directory ?? '', texts[4] ?? '');
  return file === null || file === '' ? [] : [file];
};

/** Where a job runs a task of ECS to its end; null: it registers and deploys only. */
const runsTask = ({ steps }: AuditedJob): Pick<Task, 'span' | 'step'> | null => {
  const run = runOfTask(steps);
  return run === null ? null : { span: run.call?.span ?? run.step.uses?.span ?? run.step.step.span, step: run.step };
};

const servicesRun = (job: AuditedJob, audit: Audit): readonly Task[] =>
  deployedCompose(job, audit, RUNNING).flatMap(({ call, services }) => {
    const step = job.steps.find(({ calls }) => calls.includes(call));
    if (step === undefined) return [];
    return services.map(({ start }): Task => ({ start: { ...start, kind: 'once' }, span: call.span, step }));
  });
