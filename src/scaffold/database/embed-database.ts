import { isRecord } from '../../core/shape.ts';
import { addProperty } from '../../devcontainer/add-property.ts';
import type { DevContainer } from '../../devcontainer/dev-container.ts';
import { changeJsonc, setJsonc } from '../../devcontainer/edit-jsonc.ts';
import type { FollowedHook } from '../../devcontainer/follow-hooks.ts';
import { readJsonc } from '../../project/read-jsonc.ts';
import { DESCRIBING, prepare } from '../existing/prepare-container.ts';
import type { PlannedText } from '../existing/plan-hooks.ts';

const FLAG = '--db embedded';
const STATE = '/var/lib/devsetup';
const STATE_VARIABLE = 'DEVSETUP_STATE_DIR';
/** A new volume belongs to root. */
const OWNING = `test -w ${STATE} || sudo chown "$(id -u):$(id -g)" ${STATE}`;

/** A call of devsetup in a hook, up to what follows it. */
const CALLS = /\bnpx\s+--no-install\s+(?:django-)?devsetup\b(?![-@])[^&|;()"'\n]*/g;
/** Other commands than the setup, or a part of it that needs no database. */
const OTHERS = /devsetup\s+[a-z]|\s--only\b|\s--db\b/;

/** Every hook that sets up uses the embedded server. Calls that stand in scripts are not reached: `false` for `isComplete`. */
export const callEmbedded = (
  { text, reasons }: PlannedText,
  followed: readonly FollowedHook[],
): PlannedText & { readonly isComplete: boolean } => {
  const { value } = readJsonc(text);
  const hooks = Object.keys(isRecord(value) ? value : {}).filter((name) => name.endsWith('Command'));
  const after = hooks.reduce((now, hook) => changeHook(now, hook), text);
  const inScripts = followed.some(({ texts }) =>
    texts.some((found) => found.path === null && addFlag(found.text) !== found.text),
  );
  return {
    text: after,
    reasons:
      after === text ? reasons : [...reasons, 'the hooks use the PostgreSQL that devsetup runs in the container'],
    isComplete: !inScripts && / --db embedded\b/.test(after),
  };
};

const changeHook = (text: string, hook: string): string => {
  const { value } = readJsonc(text);
  const command = isRecord(value) ? value[hook] : undefined;
  const names = isRecord(command) ? Object.keys(command).map((name) => [hook, name]) : [[hook]];
  return names.reduce((now, path) => changeJsonc(now, path, changeCommand), text);
};

const changeCommand = (command: unknown): unknown => {
  if (typeof command === 'string') return addFlag(command);
  if (!Array.isArray(command)) return command;
  const line = command.map(String).join(' ');
  const changed = addFlag(line);
  return changed === line || command.some((word) => String(word).includes(' ')) ? command : changed.split(' ');
};

const addFlag = (command: string): string =>
  command.replaceAll(CALLS, (call) =>
    OTHERS.test(call) ? call : `${call.trimEnd()} ${FLAG}${/\s*$/.exec(call)?.[0] ?? ''}`,
  );

/** Images of which it is known that root works in them, or somebody who may use sudo. */
const OF_ROOT =
  /^(?:(?:docker\.io\/)?(?:library\/)?(?:python|debian|ubuntu)|ghcr\.io\/astral-sh\/uv)(?::[\w.-]+)?(?:@.*)?$/;
const WITH_SUDO = /^mcr\.microsoft\.com\/(?:vscode\/)?devcontainers\//;

/** A volume for its data; without one, where nothing says that the user of the container could write to it. */
export const keepData = (
  { text, reasons }: PlannedText,
  properties: DevContainer['properties'],
  { image, hasUser }: { readonly image: string | null; readonly hasUser: boolean },
): PlannedText & { readonly note: string | null } => {
  const variables = properties['containerEnv'];
  if (isRecord(variables) && STATE_VARIABLE in variables) return { text, reasons, note: null };
  const user = properties['remoteUser'] ?? properties['containerUser'];
  const isOfRoot = user === 'root' || (user === undefined && !hasUser && image !== null && OF_ROOT.test(image));
  const mayOwn = isOfRoot || (image !== null && WITH_SUDO.test(image)) || bringsSudo(properties);
  if (!mayOwn) {
    return {
      text,
      reasons,
      note: 'The data of the embedded PostgreSQL lasts as long as the container: nothing in the checkout says whether its user may write to a volume.',
    };
  }
  const mount = `source=devsetup-\${devcontainerId},target=${STATE},type=volume`;
  const mounts = properties['mounts'];
  const mounted = Array.isArray(mounts)
    ? setJsonc(text, ['mounts', mounts.length], mount)
    : addProperty(text, 'mounts', [mount], DESCRIBING);
  const named = isRecord(variables)
    ? setJsonc(mounted, ['containerEnv', STATE_VARIABLE], STATE)
    : addProperty(mounted, 'containerEnv', { [STATE_VARIABLE]: STATE }, [...DESCRIBING, 'mounts']);
  return {
    text: isOfRoot ? named : prepare(named, OWNING),
    reasons: [...reasons, 'a volume keeps its data'],
    note: null,
  };
};

const bringsSudo = (properties: DevContainer['properties']): boolean =>
  /features\/common-utils\b/.test(Object.keys(properties['features'] ?? {}).join(' '));
