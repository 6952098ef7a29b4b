import { slicePlaced } from '../../core/placed-text.ts';
import type { ShellWord } from '../shell-run.ts';
import { NO_FLAGS, type Given, type Inner } from './inner.ts';
import { joinWords } from './join-words.ts';
import { optionSet, optionValue, skipOptions } from './options.ts';

const SSH_VALUED = optionSet('-b -B -c -D -E -e -F -I -i -J -L -l -m -O -o -p -P -Q -R -S -W -w -pw');
const SSHPASS_VALUED = optionSet('-p -f -d -P');
const PSSH_VALUED = optionSet(
  '-h -H --host --hosts -l --user -p --par -o --outdir -e --errdir -t --timeout -O --option -x --extra-args',
);

/** Commands that are run on another host. */
export const innerOfRemote = (given: Given): readonly Inner[] => {
  const { name, words } = given;
  switch (name) {
    case 'ssh':
    case 'plink':
    case 'autossh': {
      const host = skipOptions(words, 1, SSH_VALUED);
      // Options may stand behind the host, too.
      const command = skipOptions(words, host + 1, SSH_VALUED);
      return remote(words[host]?.value ?? null, words.slice(command), given);
    }
    case 'sshpass': {
      const at = skipOptions(words, 1, SSHPASS_VALUED);
      return at < words.length
        ? [{ kind: 'words', words: words.slice(at), layers: [], inherits: true, isHere: true }]
        : [];
    }
    case 'pssh':
    case 'parallel-ssh':
    case 'pdsh': {
      const at = skipOptions(words, 1, PSSH_VALUED);
      return remote(null, words.slice(at), given);
    }
    case 'gcloud': {
      if (!words.some(({ value }) => value === 'ssh')) return [];
      const text = optionValue(words, ['--command']);
      if (text === null) return [];
      const host = words[words.findIndex(({ value }) => value === 'ssh') + 1]?.value ?? null;
      return [remoteText(host, slicePlaced(text.word.placed, text.skip), false)];
    }
    case 'doctl': {
      const text = optionValue(words, ['--ssh-command']);
      return text === null ? [] : [remoteText(null, slicePlaced(text.word.placed, text.skip), false)];
    }
    case 'ansible': {
      const module = optionValue(words, ['-m', '--module-name']);
      const text = optionValue(words, ['-a', '--args']);
      const isShell = module === null || /(?:^|\.)(?:shell|command|raw)$/.test(module.word.value.slice(module.skip));
      return text === null || !isShell
        ? []
        : [remoteText(words[1]?.value ?? null, slicePlaced(text.word.placed, text.skip), false)];
    }
    case 'tailscale': {
      if (words[1]?.value !== 'ssh') return [];
      return remote(words[2]?.value ?? null, words.slice(3), given);
    }
    default:
      return [];
  }
};

const remote = (host: string | null, command: readonly ShellWord[], { input }: Given): readonly Inner[] => {
  if (command.length > 0) return [remoteText(host, joinWords(command), false)];
  return input === null ? [] : [remoteText(host, input, true)];
};

const remoteText = (
  host: string | null,
  text: Extract<Inner, { readonly kind: 'text' }>['text'],
  takesInput: boolean,
): Inner => ({
  kind: 'text',
  text,
  layers: [{ kind: 'remote', name: host }, ...(takesInput ? [{ kind: 'here-document', name: null } as const] : [])],
  flags: NO_FLAGS,
  inherits: false,
  isHere: false,
  takesInput,
});
