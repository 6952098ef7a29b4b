import type { Fix, Problem } from '../../core/check.ts';
import type { DevContainer } from '../../devcontainer/dev-container.ts';
import { addProperty } from '../../devcontainer/add-property.ts';
import {
  CALL,
  callingInstalled,
  DEVSETUP,
  explained,
  FETCHING,
  HEALING,
  usesFeature,
} from '../../devcontainer/devsetup-call.ts';
import { changeJsonc } from '../../devcontainer/edit-jsonc.ts';
import type { FollowedHook, Hook, HookText } from '../../devcontainer/follow-hooks.ts';
import { shown } from '../../project/files.ts';

export type HookCode = 'devcontainer-without-devsetup' | 'devsetup-may-be-fetched' | 'devcontainer-start-does-not-heal';

type Found = Pick<DevContainer, 'file' | 'name' | 'placeOf' | 'properties'>;
type HookProblem = Problem<HookCode>;

interface Checkout {
  readonly root: string;
  /** Installs what the hooks call. */
  readonly packageManager: string;
}

const CREATING: ReadonlySet<Hook> = new Set(['onCreateCommand', 'updateContentCommand', 'postCreateCommand']);

/** Where the hooks of a dev container call devsetup, and how. */
export const judgeHooks = (
  found: Found,
  hooks: readonly FollowedHook[],
  checkout: Checkout,
): readonly HookProblem[] => {
  if (usesFeature(found.properties)) return [];
  const calling = hooks.filter(({ texts }) => texts.some(({ text }) => DEVSETUP.test(text)));
  if (calling.length === 0) {
    // What the image brings may call it.
    return hooks.some(({ leadsElsewhere }) => leadsElsewhere) ? [] : [withoutDevsetup(found, hooks)];
  }
  const texts = hooks.flatMap((hook) => hook.texts);
  const fetching = texts.filter(({ text }) => text.match(FETCHING) !== null);
  const creates = calling.filter(({ hook }) => CREATING.has(hook));
  const starts = hooks.filter(({ hook }) => !CREATING.has(hook));
  const heals = starts.some((hook) => calling.includes(hook) || hook.leadsElsewhere);
  return [
    ...uniqueByFile(fetching).map((text) => mayBeFetched(found, text, checkout)),
    ...(creates.length > 0 && !heals ? [doesNotHeal(found, creates, checkout)] : []),
  ];
};

const withoutDevsetup = ({ name, placeOf }: Found, hooks: readonly FollowedHook[]): HookProblem => {
  const code = 'devcontainer-without-devsetup';
  const calls = `Let postCreateCommand end with \`${CALL}\`, and postStartCommand be \`${HEALING}\`.`;
  const migrating = hooks.find(({ texts }) => texts.some(isMigrating));
  if (migrating !== undefined) {
    return {
      code,
      severity: 'info',
      message: `${migrating.hook} of ${name} migrates the database without devsetup, so tenants and failed set-ups are left to it.`,
      remedy: { text: `If devsetup is to do it: ${calls}`, command: null },
      place: placeOf([migrating.hook]),
    };
  }
  return {
    code,
    message: `No command of ${name} runs devsetup or migrates, so a new container starts without a migrated database.`,
    // Not what they run: there may be a secret in it.
    evidence: [hooks.length === 0 ? 'it has no commands' : `commands: ${hooks.map(({ hook }) => hook).join(', ')}`],
    remedy: { text: calls, command: null },
    place: placeOf(['postCreateCommand']),
  };
};

/** Of a Makefile and the like it is not known which part is run. */
const isMigrating = ({ text, file, path }: HookText): boolean =>
  (path !== null || /\.(?:sh|bash|zsh|json)$/.test(file)) &&
  /\b(?:manage(?:\.py)?|django-admin)\s+(?:migrate|migrate_schemas)\b(?!.*--(?:check|plan)\b)/.test(text);

/** All calls in one file are one finding, and one edit. */
const uniqueByFile = (texts: readonly HookText[]): readonly HookText[] => [
  ...new Map(texts.map((text) => [text.path === null ? text.file : text.path.join('.'), text])).values(),
];

const mayBeFetched = (
  { placeOf }: Found,
  { text, file, path }: HookText,
  { root, packageManager }: Checkout,
): HookProblem => {
  const [call = ''] = text.match(FETCHING) ?? [];
  const name = shown(root, file);
  const edit = (now: string): string =>
    path === null ? changeLines(now) : changeJsonc(now, path, (value) => callingInstalled(value, packageManager));
  return {
    code: 'devsetup-may-be-fetched',
    message: `${path === null ? name : path.join('.')} calls ${call}, which runs a stranger's package of that name where devsetup is not installed.`,
    remedy: { text: `Write ${CALL} in ${name}.`, command: null },
    place: path === null ? { file: name, line: null, column: null } : placeOf(path),
    ...(isManifest(file)
      ? {}
      : {
          fix: {
            by: 'edit',
            file,
            summary: `call ${CALL}`,
            edit: (now) => edit(now ?? ''),
          } satisfies Fix,
        }),
  };
};

/** A script of a package.json is JSON in quotes: it is left to a person. */
const isManifest = (file: string): boolean => file.endsWith('package.json');

const changeLines = (script: string): string =>
  script.replaceAll(/^(?![ \t]*#).*$/gm, (line) => line.replaceAll(FETCHING, CALL));

const doesNotHeal = (found: Found, creates: readonly FollowedHook[], { packageManager }: Checkout): HookProblem => {
  const { name, file, properties, placeOf } = found;
  const hook = creates.at(-1)?.hook ?? 'postCreateCommand';
  return {
    code: 'devcontainer-start-does-not-heal',
    message: `${hook} of ${name} runs devsetup once, and nothing runs it when the container is started again, also not after it failed.`,
    remedy: { text: `Let postStartCommand run ${HEALING}.`, command: null },
    place: placeOf([hook]),
    ...(canBeAdded(properties, creates)
      ? {
          fix: {
            by: 'edit',
            file,
            summary: `let postStartCommand run ${HEALING}`,
            edit: (text) => addProperty(text ?? '{}', 'postStartCommand', explained(HEALING, packageManager), [hook]),
          } satisfies Fix,
        }
      : {}),
  };
};

/** Where nothing is run at the start yet, and devsetup is called from the folder in which hooks begin. */
const canBeAdded = (properties: Found['properties'], creates: readonly FollowedHook[]): boolean =>
  properties['postStartCommand'] === undefined &&
  creates.some(({ texts }) =>
    texts.some(
      ({ text, path }) => path !== null && DEVSETUP.test(text) && /\bnpx\b/.test(text) && !/\bcd\b/.test(text),
    ),
  );
