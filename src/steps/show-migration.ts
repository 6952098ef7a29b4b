import type { Progress } from '../core/step.ts';
import type { FleetProgress } from '../fleet/run-fleet.ts';
import type { MigrationStarted, ProgressData } from '../django/protocol.ts';

/** Shows which migration is being applied, and how many of the schema there are. */
export const showMigration = (progress: Progress, event: ProgressData): void => {
  if (event.kind === 'migration-started') progress.update(describeMigration(event), { stays: true });
  // What follows the last one (permissions, content types, receivers) is shown by what it prints.
  if (event.kind === 'migration' && event.number === event.total)
    progress.update(`${inSchema(event)}${event.total} migrations applied`);
};

const MOST_NAMED = 20;

/** Shows how many tenants are done, and while there are few also which are being migrated and how far each of them is. */
export const showFleet = (
  progress: Progress,
): { readonly fleet: (state: FleetProgress) => void; readonly migration: (event: ProgressData) => void } => {
  let state: FleetProgress = { done: 0, failed: 0, total: 0, active: [] };
  const running = new Map<string, MigrationStarted>();
  const show = (): void => {
    const { done, failed, total, active } = state;
    const named = active.map((schema) => {
      const migration = running.get(schema);
      return migration === undefined ? schema : describeMigration(migration);
    });
    const parts = [
      ...(total === 1 && named.length > 0 ? [] : [`${done}/${total}`]),
      ...(failed > 0 ? [`${failed} failed`] : []),
      ...(total <= MOST_NAMED ? named : []),
    ];
    progress.update(parts.join(' · '), { stays: true });
  };
  return {
    fleet: (next) => {
      state = next;
      show();
    },
    migration: (event) => {
      if (event.kind !== 'migration-started' || event.schema === null) return;
      running.set(event.schema, event);
      if (state.total <= MOST_NAMED) show();
    },
  };
};

/** `guest: migration 12 of 99, shop.0003_price`. */
const describeMigration = (event: MigrationStarted): string => {
  const { number, total, migration } = event;
  return `${inSchema(event)}migration ${number}${total === null ? '' : ` of ${total}`}, ${migration}`;
};

const inSchema = ({ schema }: Pick<MigrationStarted, 'schema'>): string => (schema === null ? '' : `${schema}: `);
