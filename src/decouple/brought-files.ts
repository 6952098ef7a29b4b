import type { ImageUse } from '../audit/images/image-use.ts';
import type { AuditedJob, AuditedStep } from '../audit/pipeline.ts';
import { pathBelow } from '../audit/images/checkout-paths.ts';
import { hasHole } from '../shell/holes.ts';
import { baseName } from '../shell/programs/take-off.ts';
import type { ShellCall } from '../shell/shell-run.ts';

/** Whether the file that the commands of a deployment read is that of the commit: on the runner, sent before, or pulled by Git on the server. */
export const isBrought = (job: AuditedJob, uses: readonly ImageUse[], file: string): boolean => {
  const calls = uses.flatMap((use) => (use.job === job && use.call !== null ? [use.call] : []));
  if (!calls.some(isRemote)) return calls.every(({ directory }) => directory !== null);
  const places = new Set(calls.map((call) => placeOf(call, file)));
  return sendingsBefore(job, calls).some((sending) => {
    if (sending === 'git') return true;
    if (sending.isUnknown || sending.excluded.some((pattern) => matches(pattern, file))) return false;
    return sending.from.some((from) => {
      if (from === file) return true;
      const arrived = placesOn(sending, from, file);
      return [...places].every((place) => arrived.some((one) => normal(one) === place));
    });
  });
};

/** Files and folders of the checkout that a step puts on a server. */
interface Sending {
  readonly from: readonly string[];
  /** The folder there. */
  readonly to: string;
  /** How folders arrive: as what is in them, under their name, or with their whole path. */
  readonly keeps: 'nothing' | 'name' | 'either' | 'path';
  readonly excluded: readonly string[];
  /** What is left out stands in another file. */
  readonly isUnknown: boolean;
}

const isRemote = ({ layers }: ShellCall): boolean => layers.some(({ kind }) => kind === 'remote');

/** Where a command looks for the file: `-f infra/compose.yml`, else in its folder. */
const placeOf = ({ words, elsewhere }: ShellCall, file: string): string => {
  const texts = words.map(({ value }) => value);
  const named = texts.filter((_, at) => /^(?:-f|--file|-c|--compose-file)$/.test(texts[at - 1] ?? ''));
  const meant = named.find((one) => baseName(one) === baseName(file)) ?? named[0] ?? baseName(file);
  return normal(meant.startsWith('/') ? meant : `${elsewhere}/${meant}`);
};

const sendingsBefore = (job: AuditedJob, calls: readonly ShellCall[]): readonly (Sending | 'git')[] => {
  const found: (Sending | 'git')[] = [];
  for (const step of job.steps) {
    const byAction = sendingOfAction(step);
    if (byAction !== null) found.push(byAction);
    for (const call of step.calls) {
      if (calls.includes(call)) return found;
      if (pullsByGit(call)) found.push('git');
      const sending = isRemote(call) ? null : sendingOfCall(call);
      if (sending !== null) found.push(sending);
    }
  }
  return found;
};

const pullsByGit = (call: ShellCall): boolean =>
  isRemote(call) &&
  call.words[0]?.value === 'git' &&
  call.words.some(({ value }) => /^(?:pull|reset|clone|checkout)$/.test(value));

const relative = (path: string, directory: string | null): string | null => {
  // `${{ github.workspace }}/` is one hole.
  const inside = path.replace(/^[\uE000-\uF8FE](?=\/)/, '.').replace(/(^|\/)\*$/, '$1.');
  return directory === null || hasHole(inside) || /^[/~]/.test(inside) ? null : pathBelow(directory, inside);
};

const listOf = (text: string): readonly string[] => text.split(/[\s,]+/).filter((one) => one !== '');

/** `--exclude=x`, `--exclude x`, `--exclude={x,y}` of a text. */
const readFilters = (words: readonly string[]): Pick<Sending, 'excluded' | 'isUnknown'> => {
  const excluded: string[] = [];
  let isUnknown = false;
  for (const [index, word] of words.entries()) {
    const [, option = '', value = words[index + 1] ?? ''] = /^(--[a-z-]+)(?:=(.*))?$/s.exec(word) ?? [];
    if (option === '--exclude')
      excluded.push(...value.replaceAll(/^\{|\}$|["']/g, '').split(value.startsWith('{') ? ',' : '\n'));
    isUnknown ||= /^--(?:exclude-from|include|include-from|filter|files-from|existing|ignore-existing|max-size)$/.test(
      option,
    );
  }
  return { excluded, isUnknown };
};

const SENDING_OPTIONS =
  /^(?:-[eiPoFcJlBTM]|--(?:rsh|exclude|exclude-from|include|include-from|filter|files-from|rsync-path|port|chown|chmod|out-format))$/;

const sendingOfCall = (call: ShellCall): Sending | null => {
  const [program = '', ...rest] = call.words.map(({ value }) => value);
  if (!/^(?:scp|rsync)$/.test(program)) return null;
  const isRsync = program === 'rsync';
  const named = rest.filter(
    (word, at) =>
      !word.startsWith('-') && !(SENDING_OPTIONS.test(rest[at - 1] ?? '') && !(isRsync && rest[at - 1] === '-P')),
  );
  const target = named.at(-1) ?? '';
  const to = /^[^/]*?:(.*)$/s.exec(target)?.[1];
  if (to === undefined) return null;
  const sources = named.slice(0, -1);
  const from = sources.flatMap((one) => relative(one, call.directory) ?? []);
  const isWhole = sources.every((one) => /(?:^\.?|\/|\/\*|\*)$/.test(one));
  return { from, to, keeps: isRsync ? (isWhole ? 'nothing' : 'name') : 'either', ...readFilters(rest) };
};

const sendingOfAction = ({ action, with: inputs, environment }: AuditedStep): Sending | null => {
  const get = (name: string): string => inputs.get(name)?.value ?? environment.get(name)?.value ?? '';
  const sources = (text: string): readonly string[] => listOf(text).flatMap((one) => relative(one, '') ?? []);
  if (/rsync-deploy/.test(action ?? '')) {
    const from = sources(get('path') === '' ? '.' : get('path'));
    return { from, to: get('remote_path'), keeps: 'nothing', ...readFilters(listOf(get('switches'))) };
  }
  if (action === 'easingthemes/ssh-deploy') {
    const excluded = get('EXCLUDE')
      .split(',')
      .map((one) => one.trim());
    const { isUnknown } = readFilters(listOf(get('ARGS')));
    return {
      from: sources(get('SOURCE') === '' ? '.' : get('SOURCE')),
      to: get('TARGET'),
      keeps: /^$|\/$/.test(get('SOURCE')) ? 'nothing' : 'either',
      excluded,
      isUnknown,
    };
  }
  if (!/scp/.test(action ?? '')) return null;
  const all = get('source')
    .split(',')
    .map((one) => one.trim());
  const excluded = all.flatMap((one) => (one.startsWith('!') ? [one.slice(1)] : []));
  const from = sources(all.filter((one) => !one.startsWith('!')).join(','));
  return {
    from,
    to: get('target'),
    keeps: get('strip_components') === '' ? 'path' : 'either',
    excluded,
    isUnknown: false,
  };
};

/** Where a file of a folder that is sent may arrive; []: it is not in it. */
const placesOn = ({ to, keeps }: Sending, from: string, file: string): readonly string[] => {
  if (from !== '' && !file.startsWith(`${from}/`)) return [];
  const inside = from === '' ? file : file.slice(from.length + 1);
  const named = from === '' ? inside : `${baseName(from)}/${inside}`;
  const rests = { nothing: [inside], name: [named], either: [inside, named], path: [file] }[keeps];
  return rests.map((rest) => `${to}/${rest}`);
};

/** A pattern of rsync or of a shell: a name anywhere, or a path from the top. */
const matches = (pattern: string, file: string): boolean => {
  const plain = pattern
    .trim()
    .replace(/^\.?\//, '')
    .replace(/\/+$/, '');
  if (plain === '') return false;
  const glob = plain
    .replaceAll(/[.+^$(){}|[\]\\]/g, '\\$&')
    .replaceAll('?', '[^/]')
    .replaceAll(/\*+/g, (stars) => (stars.length > 1 ? '.*' : '[^/]*'));
  return new RegExp(`(?:^|/)${glob}(?:/|$)`).test(file);
};

const normal = (path: string): string =>
  path
    .replace(/^(?:~|\/home\/[^/]+|\/root)(?=\/|$)/, '')
    .split('/')
    .filter((part) => part !== '' && part !== '.')
    .join('/');
