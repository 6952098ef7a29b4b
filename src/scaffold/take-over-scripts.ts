import type { OwnStep } from '../config/config.ts';
import type { InitScript } from '../core/init-report.ts';
import type { InitServices } from './init-services.ts';
import { doing, doingOf, offeredSteps, stepNeeds } from './plan/offer-steps.ts';
import type { ConfigNeed } from './plan/plan-config.ts';
import type { OfferedStep, SetupScript } from './setup-script/setup-script.ts';
import type { ReadFile } from './write/scaffold-files.ts';

export interface TakenOver {
  readonly needs: readonly ConfigNeed[];
  readonly shown: readonly InitScript[];
}

/**
 * Offers what hand-written set-ups do beside devsetup as own steps of the configuration: asks where somebody is there to answer.
 * What destroys something, or runs under a condition, is only shown.
 */
export const takeOverScripts = async <F extends ReadFile>(
  scripts: readonly SetupScript[],
  configured: readonly OwnStep[],
  { canAsk, confirm, tell }: InitServices<F>,
): Promise<TakenOver> => {
  const offers = offeredSteps(scripts, configured);
  const known = new Map(configured.map((step) => [doingOf(step), step.id]));
  const added = new Map([...known, ...offers.map((step) => [doing(step), step.id] as const)]);
  const shown = scripts.map((script) => describe(script, added));
  if (offers.length === 0 || !canAsk) return { needs: needsOf(scripts, offers, configured), shown };
  tell(shown);
  if (await confirm(`Add ${count(offers.length)} to devsetup's configuration?`)) {
    return { needs: needsOf(scripts, offers, configured), shown };
  }
  return { needs: [], shown: scripts.map((script) => describe(script, known)) };
};

const needsOf = (
  scripts: readonly SetupScript[],
  offers: readonly OfferedStep[],
  configured: readonly OwnStep[],
): readonly ConfigNeed[] =>
  stepNeeds(
    offers,
    scripts.flatMap(({ settings }) => settings),
    configured,
  );

const count = (steps: number): string => (steps === 1 ? 'this step' : `these ${steps} steps`);

const describe = ({ file, takenOver, unknown }: SetupScript, ids: ReadonlyMap<string, string>): InitScript => ({
  file,
  takenOver: takenOver.map(({ line, text, step }) => ({ line, text, step })),
  unknown: unknown.map(({ line, text, offer, caution }) => ({
    line,
    text,
    step: offer === null || caution !== null ? null : (ids.get(doing(offer)) ?? null),
  })),
});
