import path from 'node:path';

/** The command that is run in the end, without `sudo`, `env`, `poetry run`, `docker compose exec web` and the like before it. */
export const unwrapCommand = (words: readonly string[]): readonly string[] => {
  const [first = '', ...rest] = words;
  const inner = peel(path.posix.basename(first), rest);
  return inner === null || inner.length === 0 ? words : unwrapCommand(inner);
};

/** Options that take a value in the next word, by program. */
const VALUED: Readonly<Record<string, RegExp>> = {
  sudo: /^-[ugCDhprtTU]$|^--(?:user|group)$/,
  env: /^-[uC]$/,
  timeout: /^-[ks]$/,
  nice: /^-n$/,
  runuser: /^-[ug]$/,
  compose: /^-[uew]$|^--(?:user|env|workdir|index|name|entrypoint|volume|file|project-name|profile|env-file)$|^-[fpv]$/,
  tool: /^--(?:directory|project|with|python|extra|group|package|env-file)$|^-[pC]$/,
};

/** null: it runs nothing else. */
const peel = (name: string, rest: readonly string[]): readonly string[] | null => {
  switch (name) {
    case 'sudo':
    case 'nice':
    case 'gosu':
    case 'su-exec':
    case 'runuser':
      return name === 'gosu' || name === 'su-exec' ? rest.slice(1) : behindOptions(rest, VALUED[name]);
    case 'command':
    case 'exec':
    case 'time':
    case 'nohup':
    case 'stdbuf':
    case 'ionice':
    case 'builtin':
      return rest[0]?.startsWith('-') === true && name === 'command' ? null : behindOptions(rest, undefined);
    case 'env':
      return behindOptions(rest, VALUED['env']).filter((_, index, all) => !isAssignmentBefore(all, index));
    case 'timeout':
      return behindOptions(rest, VALUED['timeout']).slice(1);
    case 'poetry':
    case 'uv':
    case 'pipenv':
    case 'pdm':
    case 'hatch':
    case 'rye':
    case 'mise':
    case 'direnv':
      return peelTool(rest);
    case 'docker':
    case 'podman':
      return peelDocker(rest);
    case 'docker-compose':
    case 'podman-compose':
      return peelCompose(rest);
    default:
      return null;
  }
};

const isAssignmentBefore = (words: readonly string[], index: number): boolean =>
  words.slice(0, index + 1).every((word) => /^\w+=/.test(word));

const behindOptions = (words: readonly string[], valued: RegExp | undefined): readonly string[] => {
  let at = 0;
  while (words[at]?.startsWith('-') === true) at += valued?.test(words[at] ?? '') === true ? 2 : 1;
  return words.slice(at);
};

const peelTool = (words: readonly string[]): readonly string[] | null => {
  const [verb, ...rest] = behindOptions(words, VALUED['tool']);
  return verb === 'run' || verb === 'exec' ? behindOptions(rest, VALUED['tool']) : null;
};

const peelDocker = (words: readonly string[]): readonly string[] | null => {
  const [verb, ...rest] = words;
  if (verb === 'compose') return peelCompose(rest);
  return verb === 'exec' ? behindOptions(rest, VALUED['compose']).slice(1) : null;
};

/** `exec web …`: the service is left out. */
const peelCompose = (words: readonly string[]): readonly string[] | null => {
  const [verb, ...rest] = behindOptions(words, VALUED['compose']);
  return verb === 'exec' || verb === 'run' ? behindOptions(rest, VALUED['compose']).slice(1) : null;
};

/** The text that a shell is given to run: `bash -c '…'`, `su postgres -c '…'`; null: none. */
export const shellTextOf = (words: readonly string[]): string | null => {
  const name = path.posix.basename(words[0] ?? '');
  if (!/^(?:ba|da|z|a|k)?sh$|^su$|^eval$/.test(name)) return null;
  if (name === 'eval') return words.slice(1).join(' ');
  const at = words.findIndex((word, index) => index > 0 && /^-[a-z]*c$/.test(word));
  return at === -1 ? null : (words[at + 1] ?? null);
};
