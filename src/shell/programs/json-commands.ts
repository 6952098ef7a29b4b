import { slicePlaced, spanOf } from '../../core/placed-text.ts';
import type { ShellWord } from '../shell-run.ts';
import { NO_FLAGS, type Inner } from './inner.ts';

/** Commands in JSON that a platform is given: `"command": ["python", "manage.py", "migrate"]`, `commands=["cd /srv", "…"]`. */
export const jsonCommands = (word: ShellWord): readonly Inner[] => {
  const { placed } = word;
  const found: Inner[] = [];
  for (const match of placed.text.matchAll(/"?\b(commands?|args)"?\s*[:=]\s*(\[[^\]]*\]|"(?:[^"\\]|\\.)*"|'[^']*')/g)) {
    const [whole, name = '', list = ''] = match;
    const from = match.index + whole.length - list.length;
    const strings = [...list.matchAll(/"((?:[^"\\]|\\.)*)"|'([^']*)'/g)].map((item): ShellWord => {
      const start = from + item.index + 1;
      const part = slicePlaced(placed, start, start + item[0].length - 2);
      return { value: part.text, placed: part, span: spanOf(part), origins: word.origins };
    });
    // SSM runs each as a line of a script; a container has one command of words.
    if (name === 'commands' || !list.startsWith('[')) {
      for (const item of strings) {
        found.push({
          kind: 'text',
          text: item.placed,
          layers: [{ kind: name === 'commands' ? 'remote' : 'container', name: null }],
          flags: NO_FLAGS,
          inherits: false,
          isHere: false,
          takesInput: false,
        });
      }
    } else if (strings.length > 0) {
      found.push({
        kind: 'words',
        words: strings,
        layers: [{ kind: 'container', name: null }],
        inherits: false,
        isHere: false,
      });
    }
  }
  return found;
};
