import type { Progress } from '../core/step.ts';
import type { Inspection } from '../django/protocol.ts';
import type { SetupContext } from './context.ts';
import { givingWay } from './giving-way.ts';
import { watchingSession } from './lock-failure.ts';

/** The state of all schemas. A migration of another shard may just have the table of tenants. */
export const inspectSchemas = async (context: SetupContext, progress: Progress): Promise<Inspection> => {
  const django = await context.django(progress);
  const inspect = (): Promise<Inspection> => watchingSession(context, progress, () => django.inspect());
  return givingWay(context, progress, 'the inspection of the schemas', inspect);
};
