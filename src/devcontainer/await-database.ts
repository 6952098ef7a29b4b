import { judgeEdit, type Copies, type Edit } from '../core/safe-edit.ts';
import type { ComposeProject, ComposeServiceModel } from '../project/compose/compose-project.ts';
import { asTable, type Table } from '../project/compose/parse-compose-file.ts';
import { findTextNow, isInside, shown } from '../project/files.ts';
import {
  changeService,
  dependenciesOf,
  readComposeMeaning,
  type ComposeMeaning,
  type ComposeOptions,
} from './compose-meaning.ts';
import { networkOwner } from './database-services.ts';
import { addHealthcheck, addStartPeriod, HEALTHCHECK, linesOf, START_PERIOD, waysToAwait } from './edit-compose.ts';

/** What is missing so that a dev container starts when its database takes connections. */
export interface Wish {
  readonly kind: 'healthcheck' | 'start-period' | 'await';
  readonly app: string;
  readonly database: string;
}

/** One thing at a time, as it should be done: what waits for a healthy service needs its healthcheck first. */
export const wishesFor = (
  app: ComposeServiceModel,
  database: ComposeServiceModel,
  { services }: Pick<ComposeProject, 'services'>,
): readonly Wish[] => {
  const { name, healthcheck } = database;
  // A container that is the database itself would wait for itself.
  if (app.name === name) return [];
  const wish = (kind: Wish['kind']): Wish => ({ kind, app: app.name, database: name });
  const lacksCheck = healthcheck === null || healthcheck.test.length === 0;
  return [
    ...(lacksCheck ? [wish('healthcheck')] : healthcheck.startPeriod === null ? [wish('start-period')] : []),
    ...(app.dependsOn[name] !== 'service_healthy' && networkOwner(app, services) !== null ? [wish('await')] : []),
  ];
};

/** The edit that does it; null: none does without changing something else, so `byHand` says what to write where, and why. */
export interface PlannedWish {
  readonly edit: Edit | null;
  /** With the edit in them. */
  readonly copies: Copies;
  readonly byHand: string;
}

/** Tries each way to write it in each of the files, on copies of them. Writes nothing. */
export const planWish = async (
  wish: Wish,
  options: ComposeOptions & Pick<ComposeProject, 'sources'>,
  given: Copies,
): Promise<PlannedWish> => {
  const files = options.sources.filter((file) => isInside(options.root, file));
  const copies = withTexts(files, given, options.root);
  const before = await readComposeMeaning(options, copies);
  const meaning = {
    of: (now: Copies) => readComposeMeaning(options, now),
    wanted: (now: unknown) => wanted(wish, now as ComposeMeaning),
  };
  let difference: string | undefined;
  for (const file of files) {
    for (const edit of waysTo(wish, before)) {
      const verdict = await judgeEdit({ file, edit, meaning }, copies);
      if (verdict.kind === 'safe') return { edit: { file, edit, meaning }, copies: verdict.copies, byHand: '' };
      if (verdict.kind === 'unsafe')
        difference ??= `an edit of ${shown(options.root, file)} ${describe(verdict.difference)}`;
    }
  }
  const service = wish.kind === 'await' ? wish.app : wish.database;
  const why = difference ?? 'it is written in a way that cannot be edited line by line';
  return {
    edit: null,
    copies,
    byHand: `devsetup leaves ${service} as it is: ${why}. Write into ${service}: ${toWrite(wish, before)}`,
  };
};

const describe = (difference: string): string =>
  difference.startsWith('refused.')
    ? `would keep compose from starting (${difference.slice('refused.'.length)})`
    : `would also change ${difference}`;

/** All that the service depends on: what it inherits or shares now would be lost otherwise. */
const toWrite = ({ kind, app, database }: Wish, before: ComposeMeaning): string => {
  if (kind === 'healthcheck') return `healthcheck: { ${linesOf(HEALTHCHECK).join(', ')} }`;
  if (kind === 'start-period') return `healthcheck: { start_period: ${START_PERIOD} }`;
  const all = Object.entries(dependenciesOf(awaiting(before.services[app] ?? {}, database)));
  return `depends_on: { ${all.map(([name, how]) => `${name}: { ${linesOf(how).join(', ')} }`).join(', ')} }`;
};

const withTexts = (files: readonly string[], given: Copies, root: string): Copies => {
  const read = files.map((file) => [file, given.get(file) ?? findTextNow(file, { from: root }) ?? ''] as const);
  return new Map([...given, ...read]);
};

const waysTo = ({ kind, app, database }: Wish, before: ComposeMeaning): readonly Edit['edit'][] => {
  if (kind === 'healthcheck') return [(text) => addHealthcheck(text, database)];
  if (kind === 'start-period') return [(text) => addStartPeriod(text, database)];
  return waysToAwait(app, database, dependenciesOf(awaiting(before.services[app] ?? {}, database)));
};

const wanted = ({ kind, app, database }: Wish, before: ComposeMeaning): ComposeMeaning => {
  if (kind === 'await') return changeService(before, app, (service) => awaiting(service, database));
  const added = kind === 'healthcheck' ? HEALTHCHECK : { start_period: START_PERIOD };
  return changeService(before, database, (service) => ({
    ...service,
    healthcheck: { ...asTable(service['healthcheck']), ...added },
  }));
};

const awaiting = (service: Table, database: string): Table => {
  const depends = dependenciesOf(service);
  return { ...service, depends_on: { ...depends, [database]: { ...depends[database], condition: 'service_healthy' } } };
};
