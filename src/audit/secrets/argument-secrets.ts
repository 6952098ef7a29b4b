import type { Holes } from '../../shell/holes.ts';
import { withoutPadding } from '../../shell/holes.ts';
import type { ShellCall, ShellWord, Variable } from '../../shell/shell-run.ts';
import { baseName } from '../model/django-command.ts';
import { findSecrets } from './holes-of-secrets.ts';
import { isNamedForPlace } from './secret-name.ts';

export interface SecretArgument {
  readonly secret: string;
  readonly word: ShellWord;
  readonly at: number;
  readonly isBuildArg: boolean;
}

/** Part of the shell: no process is started, nobody else sees its words. */
const BUILTIN =
  /^(?:echo|printf|export|set|unset|read|local|declare|typeset|readonly|cd|pushd|popd|eval|source|\.|:|true|false|return|exit|test|\[|\[\[|let|trap|shift|alias|type|wait|sleep|mkdir|if|while|ssh-keyscan|command)$/;

/** Secrets that are words of a command; those that only say where or who are left out. */
export const secretArguments = (
  call: ShellCall,
  { environment, holes }: { readonly environment: ReadonlyMap<string, Variable>; readonly holes: Holes },
): readonly SecretArgument[] => {
  const [first, ...args] = call.words;
  if (first === undefined || BUILTIN.test(baseName(withoutPadding(first.value)))) return [];
  const builds =
    args.some(({ value }) => /^(?:build|bake|buildx)$/.test(value)) || /kaniko|buildah|buildctl/.test(first.value);
  return args.flatMap((word, index): readonly SecretArgument[] => {
    const before = args[index - 1]?.value ?? '';
    const isBuildArg = builds && (before === '--build-arg' || /^--build-arg=|^build-arg:/.test(word.value));
    const found = findSecrets(word.value, holes).find(({ name }) => !isNamedForPlace(name));
    if (found !== undefined) return [{ secret: found.name, word, at: found.at, isBuildArg }];
    // `--build-arg TOKEN` takes the value of the environment.
    const given = isBuildArg ? environment.get(withoutPadding(word.value).replace(/^--build-arg=/, '')) : undefined;
    const taken =
      given === undefined ? undefined : findSecrets(given.value, holes).find(({ name }) => !isNamedForPlace(name));
    return taken === undefined ? [] : [{ secret: taken.name, word, at: 0, isBuildArg }];
  });
};
