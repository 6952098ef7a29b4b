import type { Holes } from '../../shell/holes.ts';
import { expandChoices, hasHole, withoutPadding } from '../../shell/holes.ts';
import type { ShellCall, ShellWord, Variable } from '../../shell/shell-run.ts';
import { baseName } from '../model/django-command.ts';
import { findSecrets } from './holes-of-secrets.ts';
import { placeInText, placeOfArgument, type ArgumentPlace } from './place-of-argument.ts';
import { isCredentialName, isNamedForPlace, isPublicName } from './secret-name.ts';

export interface SecretArgument {
  readonly secret: string;
  readonly word: ShellWord;
  readonly at: number;
  readonly isBuildArg: boolean;
}

/** Part of the shell: no process is started, nobody else sees its words. */
const BUILTIN =
  /^(?:echo|printf|export|set|unset|read|local|declare|typeset|readonly|cd|pushd|popd|eval|source|\.|:|true|false|return|exit|test|\[|\[\[|let|trap|shift|alias|type|wait|sleep|mkdir|if|while|ssh-keyscan|command)$/;

/** Secrets that are words of a command, by what each is called and where it stands; names, hosts, paths and regions are no secrets. */
export const secretArguments = (
  call: ShellCall,
  { environment, holes }: { readonly environment: ReadonlyMap<string, Variable>; readonly holes: Holes },
): readonly SecretArgument[] => {
  // Most commands have none.
  if (call.shownBefore === undefined && !hasHole(call.text) && !MAY_BUILD.test(call.text)) return NONE;
  const known = KNOWN.get(call) ?? [...shownBefore(call, holes), ...findArguments(call, { environment, holes })];
  KNOWN.set(call, known);
  return known;
};

const MAY_BUILD = /build|bake|kaniko/;
const NONE: readonly SecretArgument[] = [];

/** Those of a build and all others are two rules. */
const KNOWN = new WeakMap<ShellCall, readonly SecretArgument[]>();

/** `sudo TOKEN=… cmd` */
const shownBefore = (call: ShellCall, holes: Holes): readonly SecretArgument[] =>
  (call.shownBefore ?? []).flatMap((word) =>
    findSecrets(word.value, holes)
      .filter(({ name, at }) => {
        const [before, after] = [word.value.slice(0, at), word.value.slice(at + 1)].map(withoutPadding);
        return isCredentialIn(placeInText(before ?? '', after ?? ''), name);
      })
      .map(({ name, at }) => ({ secret: name, word, at, isBuildArg: false })),
  );

const findArguments = (
  call: ShellCall,
  { environment, holes }: { readonly environment: ReadonlyMap<string, Variable>; readonly holes: Holes },
): readonly SecretArgument[] => {
  const [first, ...args] = call.words;
  if (first === undefined || BUILTIN.test(baseName(withoutPadding(first.value)))) return [];
  const builds =
    args.some(({ value }) => /^(?:build|bake|buildx)$/.test(value)) || /kaniko|buildah|buildctl/.test(first.value);
  if (!builds && !args.some(({ value }) => hasHole(value))) return [];
  return args.flatMap((word, index): readonly SecretArgument[] => {
    const before = args[index - 1]?.value ?? '';
    const isBuildArg = builds && (before === '--build-arg' || /^--build-arg=|^build-arg:/.test(word.value));
    const found = findSecrets(word.value, holes)
      .filter(({ name, at }) => isCredentialAt(call, index + 1, { name, at }))
      .map(({ name, at }) => ({
        secret: name,
        word,
        at,
        // Of several options in one word, e.g. in a variable.
        isBuildArg: isBuildArg || (builds && isOfBuild(word.value, at, name, holes)),
      }));
    if (found.length > 0) return found;
    return isBuildArg ? takenFromEnvironment(word, { environment, holes }) : [];
  });
};

/** Such an option stands before the secret: in the word, or in what a variable may be by then. */
const isOfBuild = (text: string, at: number, secret: string, holes: Holes): boolean => {
  if (BUILD_OPTION.test(text.slice(0, at))) return true;
  if (holes.get(text.charAt(at))?.kind !== 'choice') return false;
  return expandChoices(text, holes).some((one) =>
    findSecrets(one, holes).some(({ name, at: place }) => name === secret && BUILD_OPTION.test(one.slice(0, place))),
  );
};

const BUILD_OPTION = /--build-arg[= ]["']?[\w.-]+=["']?$/;

/** `--build-arg TOKEN` takes the value of the environment. */
const takenFromEnvironment = (
  word: ShellWord,
  { environment, holes }: { readonly environment: ReadonlyMap<string, Variable>; readonly holes: Holes },
): readonly SecretArgument[] => {
  const name = withoutPadding(word.value).replace(/^--build-arg=/, '');
  const { value } = environment.get(name) ?? { value: '' };
  if (isPublicName(name)) return [];
  const taken = findSecrets(value, holes).find((one) => isCredentialName(one.name));
  return taken === undefined ? [] : [{ secret: taken.name, word, at: 0, isBuildArg: true }];
};

const isCredentialAt = (
  call: ShellCall,
  index: number,
  { name, at }: { readonly name: string; readonly at: number },
): boolean => isCredentialIn(placeOfArgument(call, index, at), name);

/** A secret's name decides where its place says nothing. */
export const isCredentialIn = (place: ArgumentPlace, name: string): boolean => {
  if (isNamedForPlace(name) || isPublicName(name)) return false;
  return place === 'password' || (place === 'open' && isCredentialName(name));
};
