import { CheckStopped } from '../../core/check.ts';
import type { DevContainer } from '../../devcontainer/dev-container.ts';
import type { ComposeProject, ComposeServiceModel } from '../../project/compose/compose-project.ts';
import type { CheckContext } from '../context.ts';

/** A dev container made by compose, with the service it is. */
export interface ComposeSide {
  readonly devContainer: DevContainer;
  readonly compose: ComposeProject;
  readonly app: ComposeServiceModel;
}

/** What checks ask that need the files of a dev container alone. */
export type DevContainerContext = Pick<CheckContext, 'root' | 'devContainer'>;

type Asked = Pick<CheckContext, 'devContainer'>;

/** Stops where there is none, and where its file cannot be read to the end. */
export const openDevContainer = async (context: Asked): Promise<DevContainer> => {
  const devContainer = await context.devContainer();
  if (devContainer.mistakes.length > 0) throw blocked(`${devContainer.name} is not valid`, 'devcontainer-syntax');
  return devContainer;
};

/** Stops as `openDevContainer` does, and where there is no compose, or its files are not complete. */
export const openComposeSide = async (context: Asked): Promise<ComposeSide> => {
  const devContainer = await openDevContainer(context);
  const { compose, service, missingFiles } = devContainer;
  if (compose === null) throw notHere('the dev container is not made by compose');
  if (missingFiles.length > 0) throw blocked('a compose file is missing', 'devcontainer-compose-file-missing');
  if (compose.broken.length > 0) throw blocked('a compose file is not valid', 'compose-syntax');
  const app = compose.services.find(({ name }) => name === service);
  if (app === undefined) throw blocked('its service is missing', 'devcontainer-service-missing');
  return { devContainer, compose, app };
};

const blocked = (reason: string, blockedBy: string): CheckStopped =>
  new CheckStopped({ kind: 'could-not-check', reason, blockedBy });

const notHere = (reason: string): CheckStopped => new CheckStopped({ kind: 'not-applicable', reason });
