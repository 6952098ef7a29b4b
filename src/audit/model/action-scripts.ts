import path from 'node:path';

import { createSource, placeInstead, placeRange } from '../../core/placed-text.ts';
import { hasHole } from '../../shell/holes.ts';
import type { Layer, Variable } from '../../shell/shell-run.ts';
import type { Evaluated } from '../pipeline.ts';
import { habitOf } from './remote-actions.ts';

/** A shell script that an action runs, and where. */
export interface ActionScript {
  readonly script: Evaluated;
  readonly layers: readonly Layer[];
  readonly errexit: boolean;
  readonly variables: ReadonlyMap<string, Variable>;
}

const SCRIPT_KEYS = [
  'script',
  'commands',
  'command',
  'cf_command',
  'cf-command',
  'ssh_command',
  'ssh-command',
  'inlinescript',
  'inline-script',
  'run',
  'cmd',
  'remote_script',
  'script_before',
  'script_after',
  'script-before',
  'script-after',
];
/** They name a file of the checkout whose text is the script. */
const FILE_KEYS = ['script_path', 'script-path', 'script_file', 'script-file'];
const HOST_KEYS = [
  'host',
  'hosts',
  'hostname',
  'remote_host',
  'remote-host',
  'ssh_host',
  'ssh-host',
  'server',
  'server-ip',
  'ip',
  'instance_name',
  'instance-ids',
  'remote',
];
/** Actions whose `script` is no shell. */
const OTHER_LANGUAGES = /github-script|sql|script-runner-js/;
/** Actions that run their command where the job is. */
const LOCAL =
  /retry|azure\/cli|run-on-arch|wait-for|docker-run|kubectl|heroku|flyctl|setup-|exec|command|cli|shell|bash|run/;

export const DEVSETUP_ACTION = 'devsetup/devsetup';
const IS_DEVSETUP = /^[^/]+\/(?:django-)?devsetup$/;

/** What devsetup's own action runs, as if it were written at `uses`. */
const devsetupScript = (
  byName: ReadonlyMap<string, Evaluated>,
  { uses, environment }: { readonly uses: Evaluated; readonly environment: ReadonlyMap<string, Variable> },
): ActionScript => {
  const textOf = (name: string): string => byName.get(name)?.value.trim() ?? '';
  const command = /^(?:migrate|audit)$/.test(textOf('command')) ? textOf('command') : '';
  const flags = ['environment', 'shard', 'only', 'only-tenants'].flatMap((name) => {
    const value = textOf(name);
    // An expression, or what a shell would split, is given without its value.
    return value === '' ? [] : [`--${name}=${/^[\w.,/-]+$/.test(value) ? value : ''}`];
  });
  const words = ['devsetup', command, ...flags, ...(isTrue(textOf('dry-run')) ? ['--dry-run'] : [])];
  const placed = placeInstead(words.filter((word) => word !== '').join(' '), uses.placed);
  return { script: { ...uses, value: placed.text, placed }, layers: [], errexit: true, variables: environment };
};

const isTrue = (text: string | undefined): boolean => text?.trim().toLowerCase() === 'true';

/** The scripts in `with` of an action: those for a server, in a container, or run again until they work. */
export const findActionScripts = (
  action: string,
  given: ReadonlyMap<string, Evaluated>,
  around: {
    readonly uses: Evaluated;
    readonly environment: ReadonlyMap<string, Variable>;
    readonly readFile: (path: string) => string | undefined;
  },
): readonly ActionScript[] => {
  if (OTHER_LANGUAGES.test(action)) return [];
  const byName = new Map([...given].map(([name, value]) => [name.toLowerCase(), value]));
  if (IS_DEVSETUP.test(action)) return [devsetupScript(byName, around)];
  const scripts = SCRIPT_KEYS.flatMap((key) => byName.get(key) ?? []);
  const files = scripts.length > 0 ? [] : FILE_KEYS.flatMap((key) => readScript(byName.get(key), around.readFile));
  if (scripts.length + files.length === 0) return [];
  const isStopped = isTrue(byName.get('script_stop')?.value) || isTrue(byName.get('script-stop')?.value);
  const shell = habitOf(action, around.uses.value.split('@')[1] ?? '', isStopped);
  // Where it is not known, nothing is claimed.
  const errexit = shell.stops !== false;
  const host = HOST_KEYS.flatMap((key) => byName.get(key) ?? [])[0];
  if (host !== undefined || /ssh|remote|ssm/.test(action)) {
    const name = host?.value ?? null;
    const layer: Layer = { kind: 'remote', name, span: around.uses.span, shell };
    const variables = passedOn(byName, around);
    return [
      ...scripts.map((script) => ({ script, layers: [layer], errexit, variables })),
      ...files.map(({ script, layer: ofFile }) => ({ script, layers: [layer, ofFile], errexit, variables })),
    ];
  }
  const image = byName.get('image');
  if (image !== undefined) {
    const layer: Layer = { kind: 'container', name: image.value, span: around.uses.span, shell };
    return scripts.map((script) => ({
      script,
      layers: [layer],
      errexit,
      variables: new Map<string, Variable>(),
    }));
  }
  if (!LOCAL.test(action)) return [];
  return scripts.map((script) => ({ script, layers: [], errexit, variables: around.environment }));
};

/** The shell script of the checkout that an input names, as if it stood there. */
const readScript = (
  named: Evaluated | undefined,
  readFile: (path: string) => string | undefined,
): readonly { readonly script: Evaluated; readonly layer: Layer }[] => {
  if (named === undefined || hasHole(named.value)) return [];
  const file = path.posix.normalize(named.value.trim());
  const text = readFile(file);
  if (text === undefined || /^#!(?!.*\b(?:ba|da|z)?sh\b)/.test(text)) return [];
  const placed = placeRange(createSource(file, text), 0, text.length);
  return [{ script: { ...named, value: text, placed }, layer: { kind: 'script', name: file, span: named.span } }];
};

/** `envs: TAG,SHA` hands variables of the step on to the server. */
export const passedOn = (
  byName: ReadonlyMap<string, Evaluated>,
  { environment }: { readonly environment: ReadonlyMap<string, Variable> },
): ReadonlyMap<string, Variable> => {
  if (isTrue(byName.get('allenvs')?.value)) return environment;
  const names = (byName.get('envs')?.value ?? '').split(/[\s,]+/);
  return new Map(
    names.flatMap((name): readonly [string, Variable][] => {
      const variable = environment.get(name);
      return variable === undefined ? [] : [[name, variable]];
    }),
  );
};
