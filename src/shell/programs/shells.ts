import { NO_FLAGS, type Given, type Inner, type ShellFlags } from './inner.ts';
import { joinWords } from './join-words.ts';
import { optionSet, skipOptions } from './options.ts';

const SHELLS = new Set(['sh', 'bash', 'dash', 'ash', 'zsh', 'ksh', 'busybox']);
const VALUED = optionSet('-o +o -O +O --rcfile --init-file');

/** `sh -c …`, `bash x.sh`, `bash <<EOF`, `eval …`, `source x`, `su -c …` */
export const innerOfShells = ({ name, words, input }: Given): readonly Inner[] => {
  if (name === 'eval') {
    const text = joinWords(words.slice(1));
    return [
      {
        kind: 'text',
        text,
        layers: [{ kind: 'string', name: null }],
        flags: NO_FLAGS,
        inherits: true,
        isHere: true,
        takesInput: false,
      },
    ];
  }
  if (name === 'source' || name === '.') {
    const [, path, ...args] = words;
    return path === undefined
      ? []
      : [{ kind: 'script', path, args, flags: NO_FLAGS, isSourced: true, isExecuted: false }];
  }
  if (name === 'su' || name === 'runuser') return innerOfSu(words);
  if (!SHELLS.has(name)) return [];
  const from = name === 'busybox' ? 2 : 1;
  const at = skipOptions(words, from, VALUED);
  const options = words.slice(from, at).map(({ value }) => value);
  const flags = flagsOf(options);
  const isCommand = options.some((option) => /^-[a-zA-Z]*c[a-zA-Z]*$/.test(option));
  const rest = words.slice(at);
  const [first, ...args] = rest;
  if (isCommand) {
    if (first === undefined) return [];
    return [
      {
        kind: 'text',
        text: first.placed,
        layers: [{ kind: 'string', name: null }],
        flags,
        inherits: true,
        isHere: true,
        args: args.slice(1),
        takesInput: false,
      },
    ];
  }
  const readsInput =
    first === undefined || first.value === '-' || options.some((option) => /^-[a-zA-Z]*s[a-zA-Z]*$/.test(option));
  if (readsInput) {
    if (input === null) return [];
    return [
      {
        kind: 'text',
        text: input,
        layers: [{ kind: 'here-document', name: null }],
        flags,
        inherits: true,
        isHere: true,
        args: first?.value === '-' ? args : rest,
        takesInput: true,
      },
    ];
  }
  return [{ kind: 'script', path: first, args, flags, isSourced: false, isExecuted: false }];
};

/** `-eux`, `-o pipefail`, `-euo pipefail` */
export const flagsOf = (options: readonly string[]): ShellFlags => {
  const has = (letter: string): boolean =>
    options.some((option) => option.includes(letter) && /^-[a-zA-Z]+$/.test(option));
  return {
    errexit: has('e') || options.includes('errexit'),
    pipefail: options.includes('pipefail'),
    isTraced: has('x') || options.includes('xtrace'),
  };
};

const innerOfSu = (words: Given['words']): readonly Inner[] => {
  const at = words.findIndex(({ value }) => value === '-c' || value === '--command' || value.startsWith('--command='));
  const text = words[at + 1];
  if (at < 0 || text === undefined) return [];
  return [
    {
      kind: 'text',
      text: text.placed,
      layers: [{ kind: 'string', name: null }],
      flags: NO_FLAGS,
      inherits: true,
      isHere: true,
      takesInput: false,
    },
  ];
};
