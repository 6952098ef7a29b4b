import { STEP_IDS } from '../../core/step.ts';
import { addItems } from '../../devcontainer/add-items.ts';
import { setJsonc } from '../../devcontainer/edit-jsonc.ts';
import { readJsonc } from '../../devcontainer/read-jsonc.ts';
import type { PlannedFile } from '../planned-file.ts';
import type { OfferedSetting, OfferedStep, UnknownLine } from '../setup-script/setup-script.ts';

/** A line of a script that is to become an own step. */
export interface ChosenLine {
  readonly file: string;
  readonly line: number;
  readonly offer: OfferedStep;
  readonly caution: UnknownLine['caution'];
}

export interface OwnStepsInput {
  /** The checkout's configuration, relative to the root; null: there is none yet. */
  readonly path: string | null;
  /** What it holds, or would hold by what is planned for it already. */
  readonly before: string | null;
  readonly chosen: readonly ChosenLine[];
  readonly settings: readonly OfferedSetting[];
}

const NEW_FILE = 'devsetup.config.jsonc';
const SCHEMA = './node_modules/django-devsetup/schemas/devsetup.config.schema.json';
const DEFAULT_AFTER = STEP_IDS.at(-1);

/** What scripts do beside devsetup, as own steps of its configuration; undefined: nothing is to be added. Nothing is run by it. */
export const planOwnSteps = ({ path, before, chosen, settings }: OwnStepsInput): PlannedFile | undefined => {
  if (before === null && chosen.length === 0 && settings.length === 0) return undefined;
  const start = before ?? `{\n  "$schema": "${SCHEMA}"\n}\n`;
  const prefix = path === 'package.json' ? ['devsetup'] : [];
  const canComment = path === null || path.endsWith('.jsonc');
  const set = settings.filter(({ key }) => valueAt(start, [...prefix, ...key]) === undefined);
  const configured = set.reduce((text, { key, value }) => setJsonc(text, [...prefix, ...key], value), start);
  const present = stepsOf(valueAt(configured, [...prefix, 'steps']));
  const added = withFreeIds(
    chosen.filter(({ offer }) => !present.some((step) => isSame(step, offer))),
    present.map(({ id }) => String(id)),
  );
  const items = added.map(({ file, line, offer, caution }) => ({
    value: written(offer),
    comment: canComment ? commentOf(file, line, caution) : null,
  }));
  const after = items.length === 0 ? configured : addItems(configured, [...prefix, 'steps'], items);
  if (set.length === 0 && items.length === 0 && before === null) return undefined;
  const reason =
    items.length > 0 ? 'what scripts do beside devsetup, as own steps' : 'commands of the project that steps use';
  return {
    path: path ?? NEW_FILE,
    action: before === null ? 'create' : after === before ? 'keep' : 'update',
    before,
    after,
    reason: after === before ? null : reason,
  };
};

type Step = Readonly<Record<string, unknown>>;

const valueAt = (text: string, path: readonly string[]): unknown =>
  path.reduce<unknown>((value, key) => (value as Step | null | undefined)?.[key], readJsonc(text).value);

const stepsOf = (value: unknown): readonly Step[] =>
  Array.isArray(value) ? value.filter((step): step is Step => typeof step === 'object' && step !== null) : [];

/** By what it runs: a title or an id may have been changed since. */
const isSame = (step: Step, { command, manage }: OfferedStep): boolean =>
  JSON.stringify(step['command'] ?? null) === JSON.stringify(command ?? null) &&
  JSON.stringify(step['manage'] ?? null) === JSON.stringify(manage ?? null);

const withFreeIds = (lines: readonly ChosenLine[], taken: readonly string[]): readonly ChosenLine[] => {
  const ids = new Set(taken);
  const done: ChosenLine[] = [];
  for (const line of lines) {
    if (done.some(({ offer }) => isSame({ ...offer }, line.offer))) continue;
    let { id } = line.offer;
    for (let count = 2; ids.has(id); count += 1) id = `${line.offer.id}-${count}`;
    ids.add(id);
    done.push({ ...line, offer: { ...line.offer, id } });
  }
  return done;
};

const written = ({ id, title, command, manage, after, directory }: OfferedStep): Step => ({
  id,
  title,
  ...(manage === undefined ? { command } : { manage }),
  ...(after === DEFAULT_AFTER ? {} : { after }),
  ...(directory === undefined ? {} : { directory }),
});

const CAUTIONS: Readonly<Record<NonNullable<UnknownLine['caution']>, string>> = {
  dangerous: 'its name says that it may replace or destroy data. Look at what it does, and give it "inspect"',
  conditional: 'the script runs it under a condition only',
  repeated: 'the script runs it in a loop',
  'writes-files': 'it writes files, also over those that are there',
  'hides-errors': 'the script goes on when it fails; a step does not',
};

/** Without "inspect" a step runs once on each database: the user may know better. */
const commentOf = (file: string, line: number, caution: UnknownLine['caution']): string =>
  `From ${file}, line ${line}${caution === null ? '' : `: ${CAUTIONS[caution]}`}.`;
