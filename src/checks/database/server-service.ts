import { serviceOf } from '../../postgres/compose-hint.ts';
import { namedServices } from '../../project/compose-services.ts';
import type { CheckContext } from '../context.ts';

/** The compose service that the examined server is; null: it is none, and advice about compose would only confuse. */
export const serverService = async (
  context: Pick<CheckContext, 'root' | 'compose' | 'target'>,
): Promise<string | null> => {
  const services = await namedServices(context.root, await context.compose());
  return serviceOf(await context.target(), services)?.name ?? null;
};
