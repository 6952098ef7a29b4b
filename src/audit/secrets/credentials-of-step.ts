import { collect } from '../../core/collect.ts';
import type { Span } from '../../core/placed-text.ts';
import { withoutPadding } from '../../shell/holes.ts';
import type { Layer, ShellCall, ShellWord } from '../../shell/shell-run.ts';
import { baseName } from '../model/django-command.ts';
import type { AuditedStep } from '../pipeline.ts';
import { credentialWords, hasPasswordOption } from './credential-words.ts';
import { findCredentials, type TextKind } from './find-credentials.ts';
import { isCredential, type Strictness } from './judge-value.ts';
import { isSecretName } from './secret-name.ts';
import { isInWorkflow, placeInWord } from './written-place.ts';

export interface PlacedCredential {
  readonly as: string;
  readonly span: Span;
}

const SAYING = /^(?:echo|printf)$/;
/** Their words are patterns. */
const SEARCHING = /^(?:sed|awk|gawk|grep|egrep|fgrep|rg|tr|cut|jq|yq|pip3?|apt|apt-get|npm)$/;
const CODE = /^(?:python[\d.]*|node|ruby|php|perl|deno|bun|tsx?)$|^manage\.py$|^ipython/;

/** A server's own passwords are in use, whatever the job is for. */
const strictnessAt = (layers: readonly Layer[], strictness: Strictness): Strictness =>
  layers.some(({ kind }) => kind === 'remote') ? 'serving' : strictness;

/** Secrets written out in the scripts of a step. */
export const credentialsOfStep = (step: AuditedStep, strictness: Strictness): readonly PlacedCredential[] => {
  const followed = followedBy(step);
  return [
    ...ofSettings(step, strictness),
    ...collect(step.calls, (call) =>
      ofCall(call, followed.size > 0 && followed.has(keyOf(call.span)), { step, strictness }),
    ),
  ].filter(({ span }) => isInWorkflow(span));
};

const ofSettings = (step: AuditedStep, strictness: Strictness): readonly PlacedCredential[] =>
  collect(step.settings, ({ kind, name, word, layers }) => {
    if (kind !== 'assignment') return [];
    const how = strictnessAt(layers, strictness);
    if (isSecretName(name) && isCredential(name, word.value, how)) return place(name, word, 0, word.value.length, step);
    return ofText(word, { strictness: how, hasPairs: false, isCode: false }, step);
  });

const place = (
  as: string,
  word: ShellWord,
  start: number,
  end: number,
  step: AuditedStep,
): readonly PlacedCredential[] => {
  const span = placeInWord(word, start, end, step);
  return span === null ? [] : [{ as, span }];
};

const ofText = (word: ShellWord, kind: TextKind, step: AuditedStep): readonly PlacedCredential[] =>
  collect(findCredentials(word.value, kind), ({ as, start, end }) => place(as, word, start, end, step));

const ofCall = (
  call: ShellCall,
  isWrapper: boolean,
  { step, strictness }: { readonly step: AuditedStep; readonly strictness: Strictness },
): readonly PlacedCredential[] => {
  const program = baseName(call.words[0]?.value ?? '');
  if (!mayHold(call, program)) return [];
  const says = SAYING.test(program);
  if (says && call.output === 'shown') return [];
  const how = strictnessAt(call.layers, strictness);
  const isCode = CODE.test(program) || call.words.some(({ value }) => /^(?:shell|shell_plus)$/.test(value));
  const kind: TextKind = { strictness: how, hasPairs: !SEARCHING.test(program), isCode };
  const byPlace = credentialWords(call).flatMap(({ as, word, from }) => {
    const value = withoutPadding(word.value).trimEnd();
    return isCredential(as, value.slice(from), how) ? place(as, word, from, value.length, step) : [];
  });
  // What is itself a script is followed, and found there.
  const words = call.words.filter(({ value }) => !isWrapper || !/\s/.test(value));
  const isMessage = call.output === 'shown' && /^(?:cat|tee)$/.test(program);
  const { input } = call;
  return [
    ...byPlace,
    ...collect(words, (word) => ofText(word, kind, step)),
    ...[...call.prefix].flatMap(([name, { value, span }]): readonly PlacedCredential[] => {
      const isKnown = step.settings.some((setting) => setting.name === name && setting.word.value === value);
      if (isKnown || span === null || !isSecretName(name) || !isCredential(name, value, how)) return [];
      return [{ as: name, span }];
    }),
    ...(input === null || isWrapper || isMessage || isTooLong(input) ? [] : ofText(input, kind, step)),
  ];
};

/** Quick, for most commands: what a secret needs around it, its name, an address, an option for it. */
const MAY_HOLD = /pass|pwd|pw|secret|token|key|cred|pat|bearer|authorization|identified|:\/\//i;

const mayHold = ({ text, input, prefix }: ShellCall, program: string): boolean =>
  prefix.size > 0 ||
  hasPasswordOption(program) ||
  MAY_HOLD.test(text) ||
  (input !== null && MAY_HOLD.test(input.value));

const isTooLong = ({ value }: ShellWord): boolean => value.length > 100_000;

const keyOf = ({ file, line, column, endLine, endColumn }: Span): string =>
  [file, line, column, endLine, endColumn].join(':');

/** Calls of a shell elsewhere, of a container: what their words and their input say is run, and is among the calls. */
const followedBy = ({ calls, settings }: AuditedStep): ReadonlySet<string> => {
  // The calls of one shell share its layers.
  const layers = new Set<Layer>();
  for (const one of calls) for (const layer of one.layers) layers.add(layer);
  for (const one of settings) for (const layer of one.layers) layers.add(layer);
  return new Set([...layers].map(({ span }) => keyOf(span)));
};

/** Each place once, in the order they are found. */
export const eachOnce = <T extends { readonly span: Span }>(found: readonly T[]): readonly T[] => {
  const startOf = ({ span }: T): string => `${span.file}:${span.line}:${span.column}`;
  return [...new Map(found.toReversed().map((one) => [startOf(one), one])).values()].toReversed();
};
