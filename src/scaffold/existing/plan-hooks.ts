import { isRecord } from '../../core/shape.ts';
import { addProperty } from '../../devcontainer/add-property.ts';
import type { DevContainer } from '../../devcontainer/dev-container.ts';
import {
  CALL,
  callingInstalled,
  DEVSETUP,
  explained,
  FETCHING,
  HEALING,
  INSTALLING,
  withoutExplanation,
} from '../../devcontainer/devsetup-call.ts';
import { changeJsonc, setJsonc } from '../../devcontainer/edit-jsonc.ts';
import { readJsonc } from '../../project/read-jsonc.ts';
import { HOOKS, type FollowedHook, type Hook } from '../../devcontainer/follow-hooks.ts';
import { judgeHookCommand, type HookScripts, type HookWork } from './hook-work.ts';
import { planHook, stayingWorks, withoutScripts, type HookWish } from './plan-hook.ts';

export interface HooksInput extends HookScripts {
  readonly text: string;
  readonly properties: DevContainer['properties'];
  readonly followed: readonly FollowedHook[];
  readonly packageManager: string;
}

export interface PlannedText {
  readonly text: string;
  /** What changed and why, a clause each. */
  readonly reasons: readonly string[];
}

const CREATING: readonly Hook[] = ['onCreateCommand', 'updateContentCommand', 'postCreateCommand'];

/** The commands of a devcontainer.json as devsetup needs them. A hook that leads to devsetup already stays as it is. */
export const planHooks = (input: HooksInput): PlannedText => {
  const calling = input.followed
    .filter(({ texts }) => texts.some(({ text }) => DEVSETUP.test(text)))
    .map(({ hook }) => hook);
  const isCreated = calling.some((hook) => CREATING.includes(hook));
  const isStarted = calling.some((hook) => !CREATING.includes(hook));
  let planned = withoutDoneScripts(callInstalled({ text: input.text, reasons: [] }, input), input, calling);
  if (!isCreated) {
    planned = apply(planned, 'updateContentCommand', { ...input, ...preparation(input) });
    planned = apply(planned, 'postCreateCommand', { ...input, call: CALL, isBeforeServers: false });
  }
  return isStarted ? planned : apply(planned, 'postStartCommand', { ...input, call: HEALING, isBeforeServers: true });
};

/** A hook that leads to devsetup already, and to a script with nothing left that devsetup does not do. */
const withoutDoneScripts = (planned: PlannedText, input: HooksInput, calling: readonly Hook[]): PlannedText =>
  calling.reduce(({ text, reasons }, hook) => {
    const { value } = readJsonc(text);
    const command = isRecord(value) ? value[hook] : undefined;
    if (typeof command !== 'string' || !DEVSETUP.test(command)) return { text, reasons };
    const after = withoutScripts(withoutExplanation(command), (part) => judgeHookCommand(part, input));
    if (after === undefined || !DEVSETUP.test(after)) return { text, reasons };
    const { scripts } = judgeHookCommand(command, input);
    const reason = `${hook} no longer runs ${listed(scripts)}, which devsetup does`;
    return { text: setJsonc(text, [hook], explained(after, input.packageManager)), reasons: [...reasons, reason] };
  }, planned);

/** Scripts that hooks go on calling even if all these lines become steps → the hook. */
export const stayingScripts = (properties: DevContainer['properties'], input: HookScripts): ReadonlyMap<string, Hook> =>
  new Map(
    HOOKS.flatMap((hook) =>
      stayingWorks(properties[hook], (command) => judgeHookCommand(command, input)).flatMap(({ scripts, isMixed }) =>
        [...scripts, ...(isMixed ? [input.file] : [])].map((file) => [file, hook] as const),
      ),
    ),
  );

/** devsetup has to be installed before it is called. */
const preparation = ({
  packageManager,
  properties,
}: HooksInput): Pick<HookWish, 'call' | 'callBehind' | 'isBeforeServers'> => {
  const before = JSON.stringify(properties['updateContentCommand'] ?? '');
  const installs =
    /\b(?:npm|pnpm|yarn|bun)\s+(?:ci|install|i)\b/.test(before) && !/\bcd\b|--prefix|--global|-g\b/.test(before);
  const call = `${packageManager} install && ${INSTALLING}`;
  return { call, isBeforeServers: false, ...(installs ? { callBehind: INSTALLING } : {}) };
};

const callInstalled = (planned: PlannedText, { followed, packageManager }: HooksInput): PlannedText =>
  followed
    .flatMap(({ texts }) => texts)
    .filter(({ text, path }) => path !== null && text.match(FETCHING) !== null)
    .reduce(
      ({ text, reasons }, { path }) => ({
        text: changeJsonc(text, path ?? [], (command) => callingInstalled(command, packageManager)),
        reasons: [...reasons, `${(path ?? []).join('.')} calls the devsetup that is installed, and never fetches one`],
      }),
      planned,
    );

const apply = (
  { text, reasons }: PlannedText,
  hook: Hook,
  wish: Pick<HooksInput, 'properties' | 'packageManager' | keyof HookScripts> & Omit<HookWish, 'value' | 'judge'>,
): PlannedText => {
  const planned = planHook({
    ...wish,
    value: wish.properties[hook],
    judge: (command) => judgeHookCommand(command, wish),
  });
  const value = planned.kind === 'elsewhere' ? undefined : explained(planned.value, wish.packageManager);
  switch (planned.kind) {
    case 'new':
      return {
        text: place(text, hook, value, wish.properties),
        reasons: [...reasons, `${hook} runs devsetup`],
      };
    case 'added':
      return {
        text: setHook(text, hook, wish.properties[hook], value),
        reasons: [...reasons, `${hook} runs devsetup too${planned.works.map(whyScriptsStay).join('')}`],
      };
    case 'replaced':
      return {
        text: setHook(text, hook, wish.properties[hook], value),
        reasons: [...reasons, `${hook} runs devsetup instead of ${listed(planned.names)}, which it does`],
      };
    case 'elsewhere':
      return { text, reasons: [...reasons, `${hook} stays as it is, since nothing can be added to it safely`] };
  }
};

/** Entries of an object are changed one by one: comments between them stay. */
const setHook = (text: string, hook: Hook, before: unknown, after: unknown): string => {
  if (!isRecord(before) || !isRecord(after)) return setJsonc(text, [hook], after);
  const changed = Object.entries(after).filter(([name, value]) => before[name] !== value);
  const gone = Object.keys(before).filter((name) => !(name in after));
  return [...changed, ...gone.map((name) => [name, undefined] as const)].reduce(
    (edited, [name, value]) => setJsonc(edited, [hook, name], value),
    text,
  );
};

/** Behind the last hook that runs before it, else beside the next one, else at the end. */
const place = (text: string, hook: Hook, value: unknown, properties: DevContainer['properties']): string => {
  if (hook in properties) return setJsonc(text, [hook], value);
  const { value: now } = readJsonc(text);
  const at = HOOKS.indexOf(hook);
  const order = [...HOOKS.slice(0, at).toReversed(), 'initializeCommand', ...HOOKS.slice(at + 1)];
  const beside = order.find((name) => isRecord(now) && name in now);
  return addProperty(text, hook, value, beside === undefined ? [] : [beside]);
};

/** Which lines keep a script in its hook. */
const whyScriptsStay = ({ scripts, left }: HookWork): string => {
  if (scripts.length === 0) return '';
  const lines = left
    .slice(0, MOST_NAMES)
    .map(({ file, line, text, why }) => `${file}:${line} ${shortened(text)} (${why})`);
  const more = left.length > MOST_NAMES ? ` and ${left.length - MOST_NAMES} more` : '';
  const reason = lines.length === 0 ? 'not all of it can be read' : `devsetup does not do ${lines.join(', ')}${more}`;
  return ` and still ${scripts[0]}, because ${reason}`;
};

const MOST_NAMES = 3;

const listed = (names: readonly string[]): string => {
  const unique = [...new Set(names)];
  const shown = unique.slice(0, MOST_NAMES).map(shortened);
  return unique.length > MOST_NAMES ? `${shown.join(', ')} and ${unique.length - MOST_NAMES} more` : shown.join(', ');
};

const shortened = (name: string): string => (name.length > 60 ? `${name.slice(0, 59)}…` : name);
