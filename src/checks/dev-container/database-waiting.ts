import { defineCheck, problemsOr, type Fix, type Place, type Problem } from '../../core/check.ts';
import { databaseServices } from '../../devcontainer/database-services.ts';
import { planWish, wishesFor, type Wish } from '../../devcontainer/await-database.ts';
import { START_PERIOD } from '../../devcontainer/edit-compose.ts';
import type { ComposeServiceModel } from '../../project/compose/compose-project.ts';
import type { CheckContext } from '../context.ts';
import { openComposeSide, type ComposeSide } from './open-dev-container.ts';

type Code = 'database-healthcheck-missing' | 'database-start-period-missing' | 'database-not-awaited';

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
    return problemsOr(
      await judgeWaiting(side, context.root),
      `${databases.map(({ name }) => name).join(', ')}: healthy before ${side.app.name} starts`,
    );
  },
});

/** One thing at a time: what waits for a healthy service needs its healthcheck first. */
export const judgeWaiting = async (
  side: Pick<ComposeSide, 'app' | 'compose'>,
  root: string,
): Promise<readonly Problem<Code>[]> => {
  const wishes = databaseServices(side.compose.services).flatMap((database) => {
    const all = wishesFor(side.app, database, side.compose);
    return all.some(({ kind }) => kind === 'healthcheck') ? all.filter(({ kind }) => kind !== 'await') : all;
  });
  return Promise.all(wishes.map((wish) => judgeWish(wish, side, root)));
};

/** The finding, with the edit where one changes nothing else. */
const judgeWish = async (
  wish: Wish,
  { app, compose }: Pick<ComposeSide, 'app' | 'compose'>,
  root: string,
): Promise<Problem<Code>> => {
  const { edit, byHand } = await planWish(wish, { root, ...compose }, new Map());
  const { summary, text, place, ...problem } = describe(wish, app, compose);
  const remedy = { text: edit === null ? `${text} ${byHand}` : text, command: null };
  if (edit === null) return { ...problem, place, remedy };
  const fix: Fix = { by: 'edit', ...edit, summary, edit: (now) => edit.edit(now ?? '') };
  return { ...problem, place, remedy, fix };
};

interface Described extends Pick<Problem<Code>, 'code' | 'message'> {
  readonly place: Place;
  readonly text: string;
  readonly summary: string;
}

const describe = (
  { kind, database: name }: Wish,
  app: ComposeServiceModel,
  { services }: Pick<ComposeSide['compose'], 'services'>,
): Described => {
  const place = services.find((service) => service.name === name)?.place ?? app.place;
  switch (kind) {
    case 'healthcheck':
      return {
        code: 'database-healthcheck-missing',
        message: `The service ${name} has no healthcheck, so nothing can wait until PostgreSQL takes connections.`,
        text: `Give ${name} a healthcheck that runs pg_isready over TCP, with a start_period, and let ${app.name} wait for service_healthy.`,
        summary: `give ${name} a healthcheck`,
        place,
      };
    case 'start-period':
      return {
        code: 'database-start-period-missing',
        message: `The healthcheck of ${name} has no start_period, so a slow first start counts as a failure.`,
        text: `Add start_period: ${START_PERIOD} to its healthcheck.`,
        summary: `add start_period to the healthcheck of ${name}`,
        place,
      };
    case 'await':
      return {
        code: 'database-not-awaited',
        message:
          app.dependsOn[name] === undefined
            ? `The service ${app.name} does not depend on ${name}, so it starts before PostgreSQL takes connections.`
            : `The service ${app.name} waits only until ${name} is started, not until PostgreSQL takes connections.`,
        text: `Let ${app.name} depend on ${name} with condition: service_healthy.`,
        summary: `let ${app.name} wait until ${name} is healthy`,
        place: app.place,
      };
  }
};
