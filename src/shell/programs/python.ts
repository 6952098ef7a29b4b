import type { PlacedText } from '../../core/placed-text.ts';
import { NO_FLAGS, type Given, type Inner } from './inner.ts';
import { optionSet, skipOptions } from './options.ts';

const PYTHON = /^(?:python|pypy)[\d.]*$|^py$/;
const VALUED = optionSet('-W -X --check-hash-based-pycs');

/** `python -c "…"`, `python - <<EOF`, `manage.py shell -c "…"`, `manage.py shell <<EOF` */
export const innerOfPython = ({ name, words, input }: Given): readonly Inner[] => {
  const asPython = (text: PlacedText | null | undefined): readonly Inner[] =>
    text === null || text === undefined || text.text === '' ? [] : [{ kind: 'python', text }];
  const isManage = name === 'manage.py' || name === 'django-admin';
  if (!PYTHON.test(name) && !isManage) return [];
  const at = isManage ? 0 : skipOptions(words.slice(), 1, VALUED);
  if (!isManage) {
    const code = words.findIndex(({ value }, index) => index > 0 && index < at + 1 && value === '-c');
    if (code > 0) return asPython(words[code + 1]?.placed);
    const [script] = words.slice(at);
    if (script === undefined || script.value === '-') return asPython(input);
    if (!/(?:^|\/)manage\.py$/.test(script.value)) {
      const isScript = script.value.endsWith('.py');
      const args = words.slice(at + 1);
      return isScript
        ? [{ kind: 'script', path: script, args, flags: NO_FLAGS, isSourced: false, isExecuted: true }]
        : [];
    }
  }
  const verb = words.findIndex(({ value }, index) => index > at && /^shell(?:_plus)?$/.test(value));
  if (verb < 0) return [];
  const code = words.findIndex(({ value }, index) => index > verb && (value === '-c' || value === '--command'));
  return asPython(code > 0 ? words[code + 1]?.placed : input);
};
