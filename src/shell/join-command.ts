import { parse, type Statement } from 'unbash';

import { shellWord } from '../core/shell-word.ts';

/**
 * A line of shell that runs `old` and, where that succeeds, `call`: from the folder `old` began in, whatever it ends with. undefined:
 * `old` cannot be read.
 */
export const joinCommand = (old: string, call: string): string | undefined => {
  const text = old.trim().replace(/;+$/, '').trimEnd();
  const script = parse(text);
  if (text === '' || (script.errors ?? []).length > 0) return undefined;
  // `set -e` counts for nothing in brackets that `&&` follows, but in a shell of its own it does.
  const isStrict = /\bset\s+(?:-\w*e|-o\s+errexit)/.test(text);
  const isolated = isStrict
    ? [`sh -c ${shellWord(text)} && ${call}`]
    : [`(${text}) && ${call}`, `(\n${text}\n) && ${call}`];
  const candidates = leaves(text) ? isolated : [`${text} && ${call}`, ...isolated];
  return candidates.find((candidate) => endsWith(candidate, call));
};

/** The other way round, for what has to be ready before `old` runs. */
export const putBefore = (old: string, call: string): string | undefined => {
  const text = old.trim();
  const script = parse(text);
  if (text === '' || (script.errors ?? []).length > 0) return undefined;
  const isOne = script.commands.length === 1 && script.commands[0]?.background !== true && !text.includes('#');
  return isOne && script.commands[0]?.command.type !== 'AndOr' ? `${call} && ${text}` : `${call} && {\n${text}\n}`;
};

/** The commands of a line of which each runs only where the one before it succeeds; undefined: it is another one. */
export const splitCommand = (text: string): readonly string[] | undefined => {
  const script = parse(text);
  const [statement, ...more] = script.commands;
  if ((script.errors ?? []).length > 0 || statement === undefined || more.length > 0 || statement.background === true) {
    return undefined;
  }
  const { command } = statement;
  if (command.type !== 'AndOr') return [text.trim()];
  const parts = command.commands.map(({ pos, end }) => text.slice(pos, end));
  const isAll = parts.join(' && ').replaceAll(/\s+/g, ' ') === text.trim().replaceAll(/\s+/g, ' ');
  return isAll && command.operators.every((operator) => operator === '&&') ? parts : undefined;
};

/** Changes the folder or the shell that what follows would run in, or ends it. */
const leaves = (text: string): boolean =>
  /(?:^|[;&|({]|\b(?:then|do|else))\s*(?:cd|pushd|exec|exit|source|\.)\s/m.test(`${text} `);

/** Read as a shell reads it, the call is the last thing that is run, and only where what stands before it succeeds. */
const endsWith = (text: string, call: string): boolean => {
  const script = parse(text);
  const last: Statement | undefined = script.commands.at(-1);
  if ((script.errors ?? []).length > 0 || last?.command.type !== 'AndOr' || !text.endsWith(` && ${call}`)) return false;
  const parts = call.split(' && ');
  const { commands, operators } = last.command;
  const ends = commands.slice(-parts.length).map(({ pos, end }) => text.slice(pos, end));
  return ends.join('\n') === parts.join('\n') && operators.slice(-parts.length).every((operator) => operator === '&&');
};
