import type { OwnStep } from '../config/config.ts';
import type { InitScript } from '../core/init-report.ts';
import type { InitServices } from './init-services.ts';
import { doing, doingOf, linesAsSteps, offeredSteps, stepNeeds, type IsWanted } from './plan/offer-steps.ts';
import type { ConfigNeed } from './plan/plan-config.ts';
import type { OfferedStep, SetupScript, UnknownLine } from './setup-script/setup-script.ts';
import { whyLeft } from './setup-script/why-left.ts';
import type { ReadFile } from './write/scaffold-files.ts';

export interface TakenOver {
  readonly needs: readonly ConfigNeed[];
  readonly shown: readonly InitScript[];
}

export interface TakeOverInput {
  readonly scripts: readonly SetupScript[];
  readonly configured: readonly OwnStep[];
  /** Which hook still runs which script, or commands of its own, if these lines (`lineKey`) become steps: as steps they would run twice. */
  readonly stayingWith: (lines: ReadonlySet<string>) => ReadonlyMap<string, string>;
}

/**
 * Offers the lines of hand-written set-up scripts that devsetup does not replace as own steps of the configuration; asks on a terminal.
 * What destroys something, or runs under a condition, is only shown; what is not known to end needs a yes of its own.
 */
export const takeOverScripts = async <F extends ReadFile>(
  { scripts, configured, stayingWith }: TakeOverInput,
  { canAsk, confirm, showScripts }: Pick<InitServices<F>, 'canAsk' | 'confirm' | 'showScripts'>,
): Promise<TakenOver> => {
  const known = new Map(configured.map((step) => [doingOf(step), step.id]));
  const confirmed = new Set<UnknownLine>();
  const isOffered: IsWanted = (line) => line.offer !== null && (line.caution === null || confirmed.has(line));
  const lines = scripts.flatMap((script) => script.unknown.map((line) => ({ script, line })));
  for (const { script, line } of canAsk ? lines : []) {
    if (line.offer === null || line.caution !== 'may-not-end' || known.has(doing(line.offer))) continue;
    const question = `${script.file}:${line.line} runs \`${line.text}\`, which is not known to end. A step that does not end stops the setup. Make it a step?`;
    if (await confirm(question)) confirmed.add(line);
  }
  const staying = stayingWith(
    linesAsSteps(
      lines.map(({ script, line }) => ({
        file: script.file,
        text: line.text,
        isStep: isOffered(line, script) || isKnown(line, known),
      })),
    ),
  );
  const isWanted: IsWanted = (line, script) => isOffered(line, script) && !staying.has(script.file);
  const offers = offeredSteps(scripts, configured, isWanted);
  const added = new Map([...known, ...offers.map((step) => [doing(step), step.id] as const)]);
  const shown = scripts.map((script) => describe(script, added, staying));
  if (offers.length === 0 || !canAsk) return { needs: needsOf(scripts, offers, configured), shown };
  showScripts(shown);
  if (await confirm(`Add ${count(offers.length)} to devsetup's configuration?`)) {
    return { needs: needsOf(scripts, offers, configured), shown };
  }
  return { needs: [], shown: scripts.map((script) => describe(script, known, staying)) };
};

const isKnown = ({ offer }: UnknownLine, ids: ReadonlyMap<string, string>): boolean =>
  offer !== null && ids.has(doing(offer));

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

const describe = (
  { file, takenOver, unknown }: SetupScript,
  ids: ReadonlyMap<string, string>,
  staying: ReadonlyMap<string, string>,
): InitScript => ({
  file,
  takenOver: takenOver.map(({ line, text, step }) => ({ line, text, step })),
  unknown: unknown.map((line) => {
    const step = line.offer === null ? null : (ids.get(doing(line.offer)) ?? null);
    return { line: line.line, text: line.text, step, why: step === null ? whyHere(line, staying.get(file)) : null };
  }),
});

const whyHere = (line: UnknownLine, hook: string | undefined): string =>
  line.offer !== null && line.caution === null
    ? hook === undefined
      ? 'not wanted as a step'
      : `${hook} still runs it: as a step it would run twice`
    : whyLeft(line);
