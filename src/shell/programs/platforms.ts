import { joinPlaced, placeInstead, slicePlaced } from '../../core/placed-text.ts';
import type { ShellWord } from '../shell-run.ts';
import { NO_FLAGS, type Given, type Inner } from './inner.ts';
import { joinWords } from './join-words.ts';
import { jsonCommands } from './json-commands.ts';
import { optionSet, optionValue, skipOptions } from './options.ts';

const HEROKU_VALUED = optionSet('-a --app -r --remote -s --size -e --env --type');

/** Commands that platforms run: Heroku, Fly, Railway, AWS, Google Cloud, Azure. */
export const innerOfPlatforms = ({ name, words, read }: Given): readonly Inner[] => {
  switch (name) {
    case 'heroku': {
      if (!/^run(?::\w+)?$/.test(words[1]?.value ?? '')) return [];
      const at = skipOptions(words, 2, HEROKU_VALUED);
      return asText(words.slice(at), 'heroku');
    }
    case 'fly':
    case 'flyctl': {
      const text = optionValue(words, ['-C', '--command']);
      return text === null ? [] : [inString(text.word, text.skip)];
    }
    case 'railway':
    case 'scalingo':
    case 'dokku':
    case 'render': {
      const at = words.findIndex(({ value }) => value === 'run');
      return at < 0 ? [] : asText(words.slice(skipOptions(words, at + 1, HEROKU_VALUED)), name);
    }
    case 'zappa': {
      // `zappa manage production "migrate --noinput"`
      const [command] = words.slice(3);
      if (words[1]?.value !== 'manage' || command === undefined) return [];
      const [inner] = asText(words.slice(3), 'zappa');
      if (inner?.kind !== 'text') return [];
      return [{ ...inner, text: joinPlaced([placeInstead('manage.py ', command.placed), inner.text]) }];
    }
    case 'cf':
    case 'run-task':
      return innerOfCloudFoundry(name === 'cf' ? words.slice(1) : words);
    case 'az': {
      if (setsStartCommand(words)) return [];
      // `--scripts` takes several, each a line of one script.
      const at = words.findIndex(({ value }) => value === '--scripts');
      if (at < 0 || !words.some(({ value }) => value === 'run-command')) return inOption(words);
      const end = words.findIndex(({ value }, index) => index > at && value.startsWith('-'));
      return words.slice(at + 1, end < 0 ? undefined : end).map((word) => inString(word, 0, 'remote'));
    }
    case 'eb': {
      const text = optionValue(words, ['-c', '--command']);
      return words[1]?.value !== 'ssh' || text === null ? [] : [inString(text.word, text.skip, 'remote')];
    }
    case 'copilot':
      return inOption(words);
    case 'aws':
      // What is registered is run by something else.
      if (words.some(({ value }) => value === 'register-task-definition')) return [];
      return words.flatMap((word, index) => innerOfAws(word, words[index + 1], read));
    case 'gcloud': {
      const command = optionValue(words, ['--command']);
      const args = optionValue(words, ['--args']);
      if (words.some(({ value }) => value === 'ssh') || (command === null && args === null)) return [];
      if (setsStartCommand(words)) return [];
      const parts = [command, args].flatMap((part) => (part === null ? [] : splitCommas(part.word, part.skip)));
      return [
        { kind: 'words', words: parts, layers: [{ kind: 'container', name: null }], inherits: false, isHere: false },
      ];
    }
    default:
      return [];
  }
};

/** What a service starts with from now on: the platform runs it, whenever it likes, and not this command. */
export const setsStartCommand = (words: readonly ShellWord[]): boolean => {
  const said = words.map(({ value }) => value).filter((value) => !/^(?:alpha|beta)$/.test(value));
  return SETS_START.test(said.slice(0, 4).join(' '));
};

const SETS_START =
  /^(?:\S*\/)?(?:gcloud run (?:deploy|services update)|az containerapp (?:create|update|up)|az webapp (?:create|config set))(?: |$)/;

/** `run-task APP --command "…"`, of old `run-task APP "…"`. An action may give it without the `cf` before it. */
const innerOfCloudFoundry = (words: readonly ShellWord[]): readonly Inner[] => {
  if (!/^(?:run-task|rt)$/.test(words[0]?.value ?? '')) return [];
  const text = optionValue(words, ['--command', '-c']);
  if (text !== null) return [inString(text.word, text.skip)];
  const third = words[2];
  return third === undefined || third.value.startsWith('-') ? [] : [inString(third, 0)];
};

const innerOfAws = (word: ShellWord, next: ShellWord | undefined, read: Given['read']): readonly Inner[] => {
  if (word.value === '--command' && next !== undefined) return [inString(next, 0)];
  const commands = ({ placed, origins }: ShellWord, skip: number): readonly Inner[] => {
    const text = slicePlaced(placed, skip);
    // `file://params.json`: of the checkout, or written before.
    const file = /^file:\/\/(.+)$/.exec(text.text)?.[1];
    const body = file === undefined ? text : (read(file)?.text ?? null);
    return body === null ? [] : jsonCommands(body, { origins });
  };
  if (/^--(?:overrides|parameters|container-overrides|cli-input-json)$/.test(word.value)) {
    return next === undefined ? [] : commands(next, 0);
  }
  const [given] = /^--(?:overrides|parameters|container-overrides|cli-input-json)=/.exec(word.value) ?? [];
  return given === undefined ? [] : commands(word, given.length);
};

const inOption = (words: readonly ShellWord[]): readonly Inner[] => {
  const text = optionValue(words, ['--command', '--scripts', '--exec-command']);
  return text === null ? [] : [inString(text.word, text.skip)];
};

const inString = (word: ShellWord, skip: number, kind: 'container' | 'remote' = 'container'): Inner => ({
  kind: 'text',
  text: slicePlaced(word.placed, skip),
  layers: [{ kind, name: null }],
  flags: NO_FLAGS,
  inherits: false,
  isHere: false,
  takesInput: false,
});

const asText = (words: readonly ShellWord[], name: string): readonly Inner[] =>
  words.length === 0
    ? []
    : [
        {
          kind: 'text',
          text: joinWords(words),
          layers: [{ kind: 'container', name }],
          flags: NO_FLAGS,
          inherits: false,
          isHere: false,
          takesInput: false,
        },
      ];

/** `python,manage.py,migrate`; `^;^sh;-c;…` says what stands between them. */
export const splitCommas = (word: ShellWord, skip: number): readonly ShellWord[] => {
  const written = slicePlaced(word.placed, skip);
  const [prefix = '', between = ','] = /^\^([^^]+)\^/.exec(written.text) ?? [];
  const placed = slicePlaced(written, prefix.length);
  let from = 0;
  const parts = placed.text.split(between).map((text) => {
    const index = from;
    from += text.length + between.length;
    return { index, text };
  });
  return parts.flatMap(({ index, text }) =>
    text === ''
      ? []
      : {
          ...word,
          value: text,
          placed: slicePlaced(placed, index, index + text.length),
        },
  );
};
