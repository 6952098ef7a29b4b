import type { OwnStep } from '../../config/config.ts';
import type { OfferedSetting, OfferedStep, SetupScript, UnknownLine } from '../setup-script/setup-script.ts';
import type { ConfigInput } from './plan-config.ts';

/** The step that a line becomes, unless it needs a yes of its own or its script still runs it. */
export type IsWanted = (line: UnknownLine, script: SetupScript) => boolean;

/** Lines of scripts and hooks by their file and text, of which every one is a step or becomes one. */
export const linesAsSteps = (
  lines: readonly { readonly file: string; readonly text: string; readonly isStep: boolean }[],
): ReadonlySet<string> => {
  const others = new Set(lines.filter(({ isStep }) => !isStep).map(({ file, text }) => lineKey(file, text)));
  return new Set(lines.map(({ file, text }) => lineKey(file, text)).filter((key) => !others.has(key)));
};

export const lineKey = (file: string, text: string): string => `${file}:${text}`;

/** What hand-written scripts do beside devsetup, as own steps that the configuration does not have yet. */
export const offeredSteps = (
  scripts: readonly SetupScript[],
  configured: readonly OwnStep[],
  isWanted: IsWanted,
): readonly OfferedStep[] => {
  const done = new Set(configured.map(doingOf));
  const ids = new Set(configured.map(({ id }) => id));
  const offers: OfferedStep[] = [];
  const lines = scripts.flatMap((script) => script.unknown.filter((line) => isWanted(line, script)));
  for (const { offer } of lines) {
    if (offer === null || done.has(doing(offer))) continue;
    done.add(doing(offer));
    const id = freeId(offer.id, ids);
    ids.add(id);
    offers.push({ ...offer, id });
  }
  return offers;
};

/** Two steps that do the same are one. */
export const doing = ({ manage, command }: OfferedStep): string =>
  manage === undefined ? `program ${(command ?? []).join(' ')}` : `manage ${manage.join(' ')}`;

export const doingOf = ({ run }: OwnStep): string => `${run.kind} ${run.words.join(' ')}`;

const freeId = (id: string, taken: ReadonlySet<string>): string => {
  for (let count = 1; ; count += 1) {
    const name = count === 1 ? id : `${id}-${count}`;
    if (!taken.has(name)) return name;
  }
};

/** The steps behind those that are there; settings only where the configuration says nothing about them. */
export const stepNeeds = (
  offers: readonly OfferedStep[],
  settings: readonly OfferedSetting[],
  configured: readonly OwnStep[],
): ConfigInput['needs'] => [
  ...settings.map(({ key, value }) => ({ key, value, unlessSet: true })),
  ...offers.map((step, index) => ({ key: ['steps', configured.length + index], value: step })),
];
