import type { Problem } from '../../core/check.ts';
import { groupBy } from '../../core/group-by.ts';
import type { SystemCheckMessage } from '../../django/examination.ts';
import { listSome } from './list-some.ts';

export const SYSTEM_CHECK_FINDINGS = { 'system-check-failed': 'error', 'system-check-warning': 'warning' } as const;

export type SystemCheckCode = keyof typeof SYSTEM_CHECK_FINDINGS;

const WARNING = 30;
const ERROR = 40;
const SHOWN = 6;

/**
 * One finding an identifier, however many objects it is about. Warnings about the models of installed packages only are left out:
 * they are for the packages to mend.
 */
export const systemCheckProblems = (
  messages: readonly SystemCheckMessage[],
  ownApps: readonly string[],
): readonly Problem<SystemCheckCode>[] => {
  const own = new Set(ownApps);
  const told = messages.filter(
    (message) => message.level >= ERROR || (message.level >= WARNING && isOwn(message, own)),
  );
  const groups = groupBy(told, ({ id, level, message }) => `${level >= ERROR} ${id ?? message}`);
  return [...groups.values()].map(asProblem).toSorted((a, b) => Number(isWarning(a)) - Number(isWarning(b)));
};

const isWarning = ({ code }: Problem<SystemCheckCode>): boolean => code === 'system-check-warning';

const MODEL = /^(\w+)\.[A-Z]\w*(?:\.\w+)*$/;

/** Of something that is no model (a setting, a URL) nobody but the project is in charge. */
const isOwn = ({ object }: SystemCheckMessage, ownApps: ReadonlySet<string>): boolean => {
  const app = MODEL.exec(object ?? '')?.[1];
  return app === undefined || ownApps.has(app);
};

const asProblem = (group: readonly [SystemCheckMessage, ...SystemCheckMessage[]]): Problem<SystemCheckCode> => {
  const [first] = group;
  const failed = first.level >= ERROR;
  const objects = [...new Set(group.map(({ object }) => object).filter((object) => object !== null))];
  const [message = '', ...rest] = first.message.split('\n');
  const more = group.slice(1, SHOWN).map((other) => other.message.split('\n')[0] ?? '');
  return {
    code: failed ? 'system-check-failed' : 'system-check-warning',
    message: first.id === null ? message : `${first.id}: ${message}`,
    evidence: [
      ...(objects.length === 0 ? [] : [listSome(objects, SHOWN)]),
      ...[...new Set([...rest.slice(0, SHOWN), ...more])].filter((line) => line.trim() !== '' && line !== message),
    ],
    remedy: { text: remedyText(first, failed), command: null },
  };
};

/** Django's own hint; a warning that is meant to be so is silenced where Django itself looks. */
const remedyText = ({ id, hint }: SystemCheckMessage, failed: boolean): string => {
  const words = hint ?? 'Mend what it names.';
  if (failed || id === null) return words;
  return `${words} If it is meant to be so: SILENCED_SYSTEM_CHECKS = ["${id}"] in the settings.`;
};
