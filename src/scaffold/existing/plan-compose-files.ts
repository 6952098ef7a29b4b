import { planWish, wishesFor, type Wish } from '../../devcontainer/await-database.ts';
import type { DevContainer } from '../../devcontainer/dev-container.ts';
import { databaseServices } from '../../devcontainer/database-services.ts';
import type { Copies } from '../../core/safe-edit.ts';
import { findTextNow, isInside, shown } from '../../project/files.ts';
import type { PlannedFile } from '../planned-file.ts';

export interface PlannedCompose {
  readonly files: readonly PlannedFile[];
  /** What cannot be edited without changing something else, with what to write by hand. */
  readonly left: readonly string[];
}

/** The database has a healthcheck, and the service of the dev container waits for it. Nothing else changes, and comments stay. */
export const planComposeFiles = async (
  root: string,
  { compose, service }: Pick<DevContainer, 'compose' | 'service'>,
): Promise<PlannedCompose> => {
  const app = compose?.services.find(({ name }) => name === service);
  if (compose === null || app === undefined || compose.broken.length > 0) return { files: [], left: [] };
  // Files outside of the checkout are not devsetup's to edit.
  const texts = compose.sources
    .filter((file) => isInside(root, file))
    .flatMap((file) => {
      const text = findTextNow(file, { from: root });
      return text === undefined ? [] : [[file, text] as const];
    });
  let copies: Copies = new Map(texts);
  const reasons = new Map<string, string[]>();
  const left: string[] = [];
  for (const wish of databaseServices(compose.services).flatMap((database) => wishesFor(app, database, compose))) {
    const planned = await planWish(wish, { root, ...compose }, copies);
    copies = planned.copies;
    if (planned.edit === null) left.push(planned.byHand);
    else reasons.set(planned.edit.file, [...(reasons.get(planned.edit.file) ?? []), REASONS[wish.kind](wish)]);
  }
  const files = texts.map(([file, before]): PlannedFile => {
    const after = copies.get(file) ?? before;
    return {
      path: shown(root, file).replaceAll('\\', '/'),
      action: after === before ? 'keep' : 'update',
      before,
      after,
      reason: reasons.get(file)?.join('; ') ?? null,
    };
  });
  return { files, left };
};

const REASONS: Readonly<Record<Wish['kind'], (wish: Wish) => string>> = {
  healthcheck: ({ database }) => `${database} says when it takes connections`,
  'start-period': ({ database }) => `a slow first start of ${database} is no failure`,
  await: ({ app, database }) => `${app} waits until ${database} is healthy`,
};
