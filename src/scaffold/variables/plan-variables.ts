import { isRecord } from '../../core/shape.ts';
import { shellWord } from '../../core/shell-word.ts';
import { addFirst, addProperty } from '../../devcontainer/add-property.ts';
import { setJsonc } from '../../devcontainer/edit-jsonc.ts';
import { readJsonc } from '../../project/read-jsonc.ts';
import { DESCRIBING, prepare } from '../existing/prepare-container.ts';
import type { PlannedText } from '../existing/plan-hooks.ts';
import type { NeededVariables } from './needed-variables.ts';

export interface VariablesWish {
  readonly needed: NeededVariables;
  /** Set by the container, whatever sets it there. */
  readonly given: ReadonlySet<string>;
  /** Everything the hooks run. */
  readonly hooks: string;
  /** By which the settings find the database, where a line of the sample would lead them to another one than the container's. */
  readonly withoutDatabase: readonly string[];
  /** Makes a value that cannot be guessed. */
  readonly random: () => string;
}

export interface PlannedVariables extends PlannedText {
  /** Values that are made for development. */
  readonly made: Readonly<Record<string, string>>;
  /** What nothing gives. */
  readonly problems: readonly string[];
  /** Declared secrets, which only the user can set. */
  readonly secrets: readonly string[];
}

const COPIES = /\b(?:cp|install|mv)\b[^\n;&|]*\.env\b|>\s*\S*\.env\b/;

/**
 * What the settings cannot do without, in a container that is new: the sample env file is copied where none is, a random value is
 * made, and other secrets are declared, so that Codespaces asks for them.
 */
export const planVariables = (planned: PlannedText, wish: VariablesWish): PlannedVariables => {
  const { needed, given, hooks, withoutDatabase, random } = wish;
  const { sample } = needed;
  const open = needed.names.filter((name) => !given.has(name));
  const copied = open.filter((name) => sample?.names.has(name) === true);
  const isCopied = sample !== null && copied.length > 0;
  const copies = isCopied && !COPIES.test(hooks);
  const rest = open.filter((name) => !copied.includes(name) && !needed.set.has(name));
  const made = Object.fromEntries(rest.filter((name) => needed.random.has(name)).map((name) => [name, random()]));
  const lacking = rest.filter((name) => !(name in made));
  const declared = declaredSecrets(planned.text);
  const undeclared = lacking.filter((name) => !declared.has(name));
  const secret = undeclared.filter((name) => SECRET.test(name));
  const withCopy = copies ? prepare(planned.text, copyCommand(sample, withoutDatabase)) : planned.text;
  return {
    text: secret.reduce(declare, withCopy),
    reasons: [
      ...planned.reasons,
      ...(copies ? [`${sample.file} becomes ${sample.target} where none is`] : []),
      ...(secret.length === 0 ? [] : [`${secret.join(', ')} declared as secrets`]),
    ],
    made,
    problems: undeclared.map(
      (name) =>
        `The settings cannot be loaded without ${name}, and nothing gives it in a new container: set it under "containerEnv" in devcontainer.json, or in ${sample?.target ?? '.env'}${SECRET.test(name) ? ', or as a secret of Codespaces' : ''}.`,
    ),
    secrets: lacking.filter((name) => declared.has(name)),
  };
};

const SECRET = /KEY|SECRET|TOKEN|PASS|CREDENTIAL|DSN/;

/** Never over a file that is there. */
const copyCommand = (
  { file, target }: { readonly file: string; readonly target: string },
  without: readonly string[],
): string => {
  const [from, to] = [shellWord(file), shellWord(target)];
  return without.length === 0
    ? `test -e ${to} || cp ${from} ${to}`
    : `test -e ${to} || grep -vE '^(export )?(${without.join('|')})=' ${from} > ${to}`;
};

/** Repeated in each run: whether they are set, a checkout does not say. */
export const secretsNote = (
  secrets: readonly string[],
  { sample }: Pick<NeededVariables, 'sample'>,
): readonly string[] =>
  secrets.length === 0
    ? []
    : [
        `Set ${secrets.join(', ')}: in ${sample?.target ?? '.env'} for a container on this machine; Codespaces asks for ${secrets.length === 1 ? 'it' : 'them'}.`,
      ];

const declaredSecrets = (text: string): ReadonlySet<string> => {
  const { value } = readJsonc(text);
  const secrets = isRecord(value) ? value['secrets'] : undefined;
  return new Set(Object.keys(isRecord(secrets) ? secrets : {}));
};

const declare = (text: string, name: string): string => {
  const { value } = readJsonc(text);
  const entry = { description: 'The settings of the backend need it.' };
  return isRecord(value) && isRecord(value['secrets'])
    ? addFirst(text, 'secrets', name, entry)
    : addProperty(text, 'secrets', { [name]: entry });
};

/** In `containerEnv`: processes of the container find it there, whatever reads the settings. */
export const setInContainer = (text: string, variables: Readonly<Record<string, string>>): string =>
  Object.entries(variables).reduce((now, [name, value]) => {
    const { value: properties } = readJsonc(now);
    return isRecord(properties) && isRecord(properties['containerEnv'])
      ? setJsonc(now, ['containerEnv', name], value)
      : addProperty(now, 'containerEnv', { [name]: value }, [...DESCRIBING, 'mounts']);
  }, text);
