import { defineCheck, problemsOr, type Fix, type Problem } from '../../core/check.ts';
import { databaseServices } from '../../devcontainer/database-services.ts';
import { addHealthcheck, addStartPeriod, awaitHealthy, START_PERIOD } from '../../devcontainer/edit-compose.ts';
import type { ComposeServiceModel } from '../../project/compose/compose-project.ts';
import { findText } from '../../project/files.ts';
import type { CheckContext } from '../context.ts';
import { openComposeSide, type ComposeSide } from './open-dev-container.ts';

type Code = 'database-healthcheck-missing' | 'database-start-period-missing' | 'database-not-awaited';

/** What a finding would edit: the service, and how. */
interface Wanted {
  readonly problem: Problem<Code>;
  readonly summary: string;
  readonly edit: (text: string) => string;
}

/** The dev container starts when its database is ready, and a first start that takes long does not make it fail. */
export const databaseWaiting = defineCheck<CheckContext, Code>({
  id: 'devcontainer-database',
  group: 'dev-container',
  title: 'Start of the database service',
  findings: {
    'database-healthcheck-missing': 'warning',
    'database-start-period-missing': 'info',
    'database-not-awaited': 'warning',
  },
  run: async (context) => {
    const side = await openComposeSide(context);
    const databases = databaseServices(side.compose.services);
    if (databases.length === 0) return { kind: 'not-applicable', reason: 'no service of compose is PostgreSQL' };
    const wanted = databases.flatMap((database) => judgeWaiting(side, database));
    return problemsOr(
      await Promise.all(wanted.map(async (one) => withFix(one, side.compose.files))),
      `${databases.map(({ name }) => name).join(', ')}: healthy before ${side.app.name} starts`,
    );
  },
});

/** One thing at a time: who waits for a healthy service needs a healthcheck first. */
export const judgeWaiting = ({ app }: Pick<ComposeSide, 'app'>, database: ComposeServiceModel): readonly Wanted[] => {
  const { name, healthcheck, place } = database;
  const condition = app.dependsOn[name];
  if (name === app.name) return [];
  if (healthcheck === null) {
    return [
      {
        problem: {
          code: 'database-healthcheck-missing',
          message: `The service ${name} has no healthcheck, so nothing can wait until PostgreSQL takes connections.`,
          remedy: {
            text: `Give ${name} a healthcheck that runs pg_isready over TCP, with a start_period, and let ${app.name} wait for service_healthy.`,
            command: null,
          },
          place,
        },
        summary: `give ${name} a healthcheck, and let ${app.name} wait for it`,
        edit: (text) => awaitHealthy(addHealthcheck(text, name), app.name, name),
      },
    ];
  }
  const isSlow = healthcheck.startPeriod === null;
  return [
    ...(condition === 'service_healthy' ? [] : [notAwaited(app, database)]),
    ...(isSlow
      ? [
          {
            problem: {
              code: 'database-start-period-missing' as const,
              message: `The healthcheck of ${name} has no start_period, so a slow first start counts as a failure.`,
              remedy: { text: `Add start_period: ${START_PERIOD} to its healthcheck.`, command: null },
              place,
            },
            summary: `add start_period to the healthcheck of ${name}`,
            edit: (text: string) => addStartPeriod(text, name),
          },
        ]
      : []),
  ];
};

const notAwaited = (app: ComposeServiceModel, { name }: ComposeServiceModel): Wanted => ({
  problem: {
    code: 'database-not-awaited',
    message:
      app.dependsOn[name] === undefined
        ? `The service ${app.name} does not depend on ${name}, so it starts before PostgreSQL takes connections.`
        : `The service ${app.name} waits only until ${name} is started, not until PostgreSQL takes connections.`,
    remedy: { text: `Let ${app.name} depend on ${name} with condition: service_healthy.`, command: null },
    place: app.place,
  },
  summary: `let ${app.name} wait until ${name} is healthy`,
  edit: (text) => awaitHealthy(text, app.name, name),
});

/** In the first file that the edit changes; none where it is not possible without losing something. */
const withFix = async ({ problem, summary, edit }: Wanted, files: readonly string[]): Promise<Problem<Code>> => {
  for (const file of files) {
    const text = await findText(file);
    if (text === undefined || edit(text) === text) continue;
    const fix: Fix = { by: 'edit', file, summary, edit: (now) => edit(now ?? '') };
    return { ...problem, fix };
  }
  return problem;
};
