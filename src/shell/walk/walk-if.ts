import type { Case, CompoundList, If, Statement } from 'unbash';

import { placeInstead, spanOf } from '../../core/placed-text.ts';
import { fateByAlternative } from '../fate/after-failure.ts';
import { assignedIn, isAsked } from '../fate/is-asked.ts';
import { judgeLeaving } from '../fate/judge-leaving.ts';
import { judgeAlternative } from '../fate/judge-alternative.ts';
import type { Fate, Fork, Way } from '../shell-run.ts';
import { choiceOf, copyShell, joinInto } from '../machine/join-shells.ts';
import type { Machine, Outcome, Place, Shell } from '../machine/machine.ts';
import { decide, matches } from './decide.ts';
import { isTest } from './is-test.ts';
import { placeAssuming, placeAssumingPattern } from './narrow.ts';
import { readConditions } from './read-condition.ts';

/** `if a; then b; else c; fi` */
export const walkIf = (node: If, place: Place, machine: Machine): Outcome => {
  const ways: { readonly shell: Shell; readonly outcome: Outcome }[] = [];
  /** The place where every clause so far has failed. */
  let rest = place;
  const clauses: readonly Pick<If, 'clause' | 'then'>[] = [node, ...node.elif];
  const fork: Fork = { ways: 0, isComplete: false };
  let asksCommand = false;
  for (const [index, { clause, then }] of clauses.entries()) {
    const next = clauses[index + 1]?.then ?? node.else;
    const isNegated = startsNegated(clause);
    const fate = fateOfClause(node, clause, isNegated ? then : next, isNegated, place, machine);
    machine.walkStatements(clause.commands, {
      ...rest,
      fate,
      negatedFate: isNegated ? fate : null,
      isHeeded: false,
      isConditional: place.isConditional || index > 0,
      mayBeSkipped: place.mayBeSkipped || index > 0,
      isFallback: place.isFallback || (index > 0 && asksCommand),
    });
    const isMet = decide(clause, rest, machine);
    if (isMet === false) continue;
    const condition = readConditions(clause);
    const met = placeAssuming(condition, true, rest, machine);
    rest = placeAssuming(condition, false, rest, machine);
    const asks = !clause.commands.every(({ command }) => isTest(command));
    asksCommand ||= asks && !isNegated;
    fork.isComplete ||= isMet === true;
    ways.push(walkBranch(then.commands, met, asks && isNegated, fork, machine));
    if (isMet === true) return joinWays(ways, place, machine);
  }
  fork.isComplete = node.else !== undefined;
  if (node.else !== undefined) ways.push(walkBranch(node.else.commands, rest, asksCommand, fork, machine));
  else ways.push({ shell: copyShell(rest.shell), outcome: { said: { text: '', segments: [] }, ends: false } });
  return joinWays(ways, place, machine);
};

const walkBranch = (
  statements: readonly Statement[],
  place: Place,
  isFallback: boolean,
  fork: Fork,
  machine: Machine,
): { readonly shell: Shell; readonly outcome: Outcome } => {
  const shell = copyShell(place.shell);
  const way: Way = { fork, index: fork.ways };
  fork.ways += 1;
  // The only way that is left.
  const isSure = fork.ways === 1 && fork.isComplete;
  const outcome = machine.walkStatements(statements, {
    ...place,
    shell,
    isConditional: place.isConditional || !isSure,
    ways: isSure ? place.ways : [...place.ways, way],
    isFallback: place.isFallback || isFallback,
  });
  return { shell, outcome };
};

const joinWays = (
  ways: readonly { readonly shell: Shell; readonly outcome: Outcome }[],
  place: Place,
  { holes }: Machine,
): Outcome => {
  const open = ways.filter(({ outcome }) => !outcome.ends);
  joinInto(
    place.shell,
    (open.length > 0 ? open : ways).map(({ shell }) => shell),
    holes,
  );
  const saids = (open.length > 0 ? open : ways).map(({ outcome }) => outcome.said);
  const [first = null] = saids;
  const ends = open.length === 0;
  if (first === null || saids.includes(null)) return { said: null, ends };
  if (saids.every((said) => said?.text === first.text)) return { said: first, ends };
  const texts = saids.flatMap((said) => (said === null ? [] : [said.text.replace(/\n$/, '')]));
  const longest = saids.findLast((said) => said !== null && said.text !== '') ?? first;
  return { said: placeInstead(choiceOf(texts, '$(if …)', holes), longest), ends };
};

const startsNegated = ({ commands }: CompoundList): boolean => {
  const last = commands.at(-1)?.command;
  return last?.type === 'Pipeline' && last.prefixes.some(({ type }) => type === 'Negation');
};

/** What becomes of the failure of a command that `if` asks. */
const fateOfClause = (
  node: If,
  clause: CompoundList,
  alternative: CompoundList | undefined,
  isNegated: boolean,
  place: Place,
  machine: Machine,
): Fate => {
  const { placed } = place.code;
  if (alternative === undefined) {
    const judged = judgeAlternative(node.then.commands, place.shell.functions, !isNegated);
    // `if a; then exit 0; fi` and `break`: what follows is what is done after a failure.
    const retries = judgeLeaving(node.then.commands, spanOf(placed, node.pos, clause.end), true, place, machine);
    if (retries !== null) return retries;
    const following = place.after?.statements.slice(place.after.from) ?? [];
    const leaves = judged.kind === 'succeeds' && /^(?:exit|return)/.test(judged.word);
    if (leaves && following.length > 0) {
      const rest = judgeAlternative(following, place.shell.functions);
      const span = spanOf(placed, following[0]?.pos ?? node.pos, following.at(-1)?.end ?? node.end);
      return fateByAlternative(rest, 'if … fi, then', span, node.end, place, machine);
    }
    // `if a; then OK=1; fi`, and what is done without it is seen later.
    if ('names' in judged && judged.names.some((name) => isAsked(name, node.end, place, machine)))
      return place.shellFate;
    return { kind: 'swallowed', how: 'if … fi without else', span: spanOf(placed, node.pos, clause.end) };
  }
  const judged = judgeAlternative(alternative.commands, place.shell.functions);
  // `if a; then ok=1; break; else sleep 5; fi` in a loop: what is done in the end is seen later.
  const onSuccess = isNegated ? (node.else?.commands ?? []) : node.then.commands;
  if (judged.kind !== 'fails') {
    if (assignedIn(onSuccess).some((name) => isAsked(name, node.end, place, machine))) return place.shellFate;
    const retries = judgeLeaving(onSuccess, spanOf(placed, node.pos, clause.end), true, place, machine);
    if (retries !== null) return retries;
  }
  const end = Math.max(alternative.end, alternative.commands.at(-1)?.end ?? 0);
  const span = spanOf(placed, alternative.pos, end);
  return fateByAlternative(judged, isNegated ? 'if ! … then' : 'else', span, end, place, machine);
};

/** `case … esac`: one of its branches, or none where there is no `*`. */
export const walkCase = (node: Case, place: Place, machine: Machine): Outcome => {
  machine.evaluateOne(node.word, place);
  const ways: { readonly shell: Shell; readonly outcome: Outcome }[] = [];
  const fork: Fork = { ways: 0, isComplete: false };
  /** The place where no pattern so far is the word. */
  let rest = place;
  for (const { pattern, body } of node.items) {
    const isMet: boolean | null = fork.isComplete ? false : matches(node.word, pattern, place, machine);
    fork.isComplete ||= isMet === true || pattern.some(({ text }) => text === '*');
    if (isMet === false) continue;
    const met = placeAssumingPattern(node.word, pattern, true, rest, machine);
    rest = placeAssumingPattern(node.word, pattern, false, rest, machine);
    ways.push(walkBranch(body.commands, met, false, fork, machine));
  }
  if (!fork.isComplete)
    ways.push({ shell: copyShell(rest.shell), outcome: { said: { text: '', segments: [] }, ends: false } });
  return joinWays(ways, place, machine);
};
