import type { ShellWord } from '../shell-run.ts';
import { NO_FLAGS, type Given, type Inner } from './inner.ts';
import { joinWords } from './join-words.ts';
import { optionSet, skipOptions } from './options.ts';

const SCREEN_VALUED = optionSet('-S -c -e -h -p -s -t -T -L');
const TMUX_VALUED = optionSet('-L -S -f');
const NEW_VALUED = optionSet('-s -n -t -c -e -x -y -F -f');
const KEYS_VALUED = optionSet('-t -N');

/** `screen -dm cmd`, `tmux new -d cmd`, `tmux send-keys cmd Enter`: a terminal that nobody waits for. */
export const innerOfTerminals = ({ name, words }: Given): readonly Inner[] => {
  if (name === 'screen') {
    const at = skipOptions(words, 1, SCREEN_VALUED);
    // `-D -m` waits.
    return words.slice(1, at).some(({ value }) => /^-\w*d\w*m/.test(value) || value === '-d')
      ? detached('screen', words.slice(at), words)
      : [];
  }
  if (name !== 'tmux') return [];
  const verb = skipOptions(words, 1, TMUX_VALUED);
  const rest = words[verb]?.value ?? '';
  if (/^(?:new|new-session|neww|new-window)$/.test(rest)) {
    const at = skipOptions(words, verb + 1, NEW_VALUED);
    const isDetached = /window|neww/.test(rest) || words.slice(verb, at).some(({ value }) => /^-\w*d/.test(value));
    return isDetached ? detached('tmux', words.slice(at), words) : [];
  }
  if (!/^(?:send|send-keys)$/.test(rest)) return [];
  const keys = words.slice(skipOptions(words, verb + 1, KEYS_VALUED));
  const isEntered = /^(?:enter|c-m)$/i.test(keys.at(-1)?.value ?? '');
  return isEntered ? detached('tmux', keys.slice(0, -1), words) : [];
};

/** One word is read by a shell. */
const detached = (how: string, command: readonly ShellWord[], [program]: readonly ShellWord[]): readonly Inner[] => {
  if (command.length === 0 || program === undefined) return [];
  const around = {
    layers: [{ kind: 'string', name: null }],
    inherits: true,
    isHere: true,
    ignored: { how: `${how}, which nothing waits for`, span: program.span },
  } as const;
  return command.length > 1
    ? [{ kind: 'words', words: command, ...around }]
    : [{ kind: 'text', text: joinWords(command), flags: NO_FLAGS, takesInput: false, ...around }];
};
