/** Minor version of Python 3, e.g. 12 for 3.12. */
export type PythonMinor = number;

const CLAUSE = /^(===?|!=|<=|>=|<|>|~=|~|\^)?\s*(\d+)(?:\.(\d+|\*))?(?:\.(\d+|\*))*/;

const satisfiesClause = (minor: PythonMinor, clause: string): boolean => {
  const [matched, operator = '==', major = '', second = '*', third] = CLAUSE.exec(clause.trim()) ?? [];
  if (matched === undefined) return true;
  const difference = Number(major) !== 3 ? 3 - Number(major) : second === '*' ? 0 : minor - Number(second);
  // `<3.13` excludes 3.13, `<3.13.2` does not exclude all of it.
  const isPatchLevel = third !== undefined && third !== '*' && third !== '0';
  switch (operator) {
    case '!=':
      return difference !== 0 || isPatchLevel;
    case '<':
      return second === '*' ? Number(major) > 3 : difference < 0 || (difference === 0 && isPatchLevel);
    case '<=':
      return difference <= 0;
    case '>':
      // PEP 440: 3.11.4 is more than 3.11.
      return difference >= 0;
    case '>=':
      return difference >= 0;
    case '^':
      return Number(major) === 3 && difference >= 0;
    case '~=':
      return Number(major) === 3 && (third === undefined ? difference >= 0 : difference === 0);
    default:
      return difference === 0;
  }
};

/** Whether Python 3.`minor` suits a specifier such as `>=3.10,<3.13`, `^3.11` or `~3.11 || ~3.12`. Patch levels do not decide. */
export const satisfiesPython = (minor: PythonMinor, specifier: string): boolean =>
  specifier
    .split('||')
    .some((option) => option.split(/,|\s+(?=[<>=!~^])/).every((clause) => satisfiesClause(minor, clause)));

/** 12 for `3.12`, `3.12.4` and `cpython-3.12.1`; null for `pypy3.10` and names of environments. */
export const parsePinned = (text: string): PythonMinor | null => {
  const minor = /^(?:cpython-|python-?)?3\.(\d+)(?:\.\d+)?$/.exec(text.split('\n')[0]?.trim() ?? '')?.[1];
  return minor === undefined ? null : Number(minor);
};
