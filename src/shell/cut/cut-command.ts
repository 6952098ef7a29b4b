import { parse, type Command, type HereDoc, type Redirection, type Word } from 'unbash';

import { rangeOf, slicePlaced } from '../../core/placed-text.ts';
import { keep, targetsIn, type CutPlace, type Extent, type FileRange, type Verdict } from './cutting.ts';
import { isInert, programOf } from './harmless.ts';

/** A simple command: a target itself, a program that runs one, or a text that holds some. */
export const cutCommand = (command: Command, place: CutPlace): Verdict => {
  const { functions } = place.cutting;
  if (command.name !== undefined && functions.has(command.name.value)) return 'gone';
  const inText = [
    ...command.prefix.filter((item) => item.type !== 'Assignment'),
    ...command.suffix.filter((item) => item.type !== 'Assignment' && item.type !== 'Word'),
  ].flatMap((item) => cutRedirect(item, command, place));
  const words = [command.name, ...command.suffix].filter((item): item is Word => item?.type === 'Word');
  const inWords = words.flatMap((word) => cutWord(word, command, place));
  const inner = [...inText, ...inWords];
  if (inner.includes('gone')) return 'gone';
  if (inner.length > 0) return inner.includes('changed') ? 'changed' : 'same';
  const targets = targetsIn(place, command);
  if (targets.length === 0) return 'same';
  const isWhole = targets.every((target) => words.some((word) => startsAt(word, target, place)));
  if (!isWhole) return keep(place, command, 'it stands in the value of a variable or in a substitution');
  if (isKeptForLater(words)) return keep(place, command, 'it says what a job does that other commands start');
  const isSeveral = words.some(({ value }) => /^(?:&&|\|\||;|\||&)$/.test(value));
  return isSeveral ? keep(place, command, 'several commands are written there as words') : 'gone';
};

/** `gcloud run jobs update migrate --args=…`: what the job does is kept there, and `gcloud run jobs execute migrate` does it. */
const isKeptForLater = ([program, ...rest]: readonly Word[]): boolean =>
  program?.value === 'gcloud' &&
  /^(?:\S+ )*jobs (?:update|create|deploy|replace)\b/.test(rest.map(({ value }) => value).join(' '));

const startsAt = (word: Word, target: FileRange, { placed }: CutPlace): boolean => {
  const range = rangeOf(placed, word.pos, word.end);
  return range?.start === target.start || range?.start === target.start - 1;
};

/** A word that holds targets: a script in quotes. [] where it holds none. */
const cutWord = (word: Word, command: Command, place: CutPlace): readonly Verdict[] => {
  const inside = targetsIn(place, word);
  if (inside.length === 0) return [];
  const [only, ...others] = word.parts ?? [];
  // `"migrate"`, the program itself in quotes.
  if (only === undefined || others.length > 0)
    return inside.every((one) => startsAt(word, one, place)) ? [] : stuck(word, place);
  if (only.type === 'SingleQuoted' || only.type === 'DoubleQuoted')
    return [cutText({ pos: only.pos + 1, end: only.end - 1 }, command, place)];
  return only.type === 'CommandExpansion' || only.type === 'AnsiCQuoted' ? stuck(word, place) : [];
};

const stuck = (extent: Extent, place: CutPlace): readonly Verdict[] => [
  keep(place, extent, 'its text is put together of several parts, or its output is used'),
];

const cutRedirect = (redirect: Redirection, command: Command, place: CutPlace): readonly Verdict[] => {
  if (redirect.type === 'HereDoc') return cutHereDocument(redirect, command, place);
  return redirect.target === undefined ? [] : cutWord(redirect.target, command, place);
};

const cutHereDocument = ({ body, closing }: HereDoc, command: Command, place: CutPlace): readonly Verdict[] => {
  if (targetsIn(place, body).length === 0) return [];
  if (closing === undefined) return [keep(place, body, 'its here-document has no end')];
  return [cutText(body, command, place)];
};

/** Programs that start a container elsewhere, whose command stands in JSON. */
const TAKES_JSON = /^(?:aws|gcloud|az|kubectl|oc)$/;

/** Programs that run the text they are given, and do nothing else. */
const RUNS_TEXT =
  /^(?:ssh|sshpass|sh|bash|ash|dash|zsh|ksh|docker|docker-compose|podman|podman-compose|nerdctl|kubectl|oc|microk8s|k3s|sudo|su|runuser|env|timeout|nohup|time|eval|heroku|fly|flyctl|gcloud|aws|lxc|nsenter|chroot)$/;

/** A text that a shell reads again. Without anything else to do, the program that runs it goes, too. */
const cutText = (extent: Extent, command: Command, place: CutPlace): Verdict => {
  const inner = slicePlaced(place.placed, extent.pos, extent.end);
  const text = inner.text.replaceAll(/\\(["$`])/g, ' $1');
  const { cutting } = place;
  // The command of a container in JSON: nothing else is asked for.
  if (/^\s*[[{]/.test(text) && TAKES_JSON.test(programOf(command))) return 'gone';
  const { commands } = parse(text);
  const before = cutting.kept.length;
  const verdict = cutting.cutStatements(commands, { placed: { ...inner, text }, cutting });
  if (cutting.kept.length > before) return verdict;
  const isEmpty = verdict === 'gone' || (verdict === 'changed' && commands.every((one) => isInert(one, cutting.gone)));
  if (!isEmpty) return verdict;
  const program = programOf(command);
  return RUNS_TEXT.test(program) ? 'gone' : keep(place, extent, `nothing would be left of what ${program} is given`);
};
