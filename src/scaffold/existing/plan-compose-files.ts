import type { DevContainer } from '../../devcontainer/dev-container.ts';
import { databaseServices, networkOwner } from '../../devcontainer/database-services.ts';
import { addHealthcheck, addStartPeriod, awaitHealthy } from '../../devcontainer/edit-compose.ts';
import type { PlannedFile } from '../planned-file.ts';

export interface ComposeText {
  /** Relative to the root. */
  readonly path: string;
  readonly text: string;
}

/** The database has a healthcheck, and the service of the dev container waits for it. Comments stay. */
export const planComposeFiles = (
  { compose, service }: Pick<DevContainer, 'compose' | 'service'>,
  files: readonly ComposeText[],
): readonly PlannedFile[] => {
  const app = compose?.services.find(({ name }) => name === service);
  if (compose === null || app === undefined || compose.broken.length > 0) return [];
  const planned = new Map(
    files.map(({ path, text }) => [path, { before: text, after: text, reasons: [] as string[] }]),
  );
  const edit = (change: (text: string) => string, reason: string): void => {
    for (const file of planned.values()) {
      const after = change(file.after);
      if (after === file.after) continue;
      file.after = after;
      file.reasons.push(reason);
      return;
    }
  };
  for (const { name, healthcheck } of databaseServices(compose.services)) {
    if (healthcheck === null) edit((text) => addHealthcheck(text, name), `${name} says when it takes connections`);
    else if (healthcheck.startPeriod === null)
      edit((text) => addStartPeriod(text, name), `a slow first start of ${name} is no failure`);
    // A service that waits for one it shares its network with would still be right; one that is the database itself would wait for itself.
    if (app.name === name || networkOwner(app, compose.services) === null) continue;
    if (app.dependsOn[name] !== 'service_healthy') {
      edit((text) => awaitHealthy(text, app.name, name), `${app.name} waits until ${name} is healthy`);
    }
  }
  return [...planned].map(([path, { before, after, reasons }]) => ({
    path,
    action: after === before ? 'keep' : 'update',
    before,
    after,
    reason: reasons.length === 0 ? null : reasons.join('; '),
  }));
};
