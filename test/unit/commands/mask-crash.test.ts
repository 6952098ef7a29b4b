import { expect, test } from 'vitest';

import { maskCrash } from '../../../src/commands/mask-crash.ts';
import { usageError } from '../../../src/core/errors.ts';
import { exitCodeOf, renderError } from '../../../src/ui/render-error.ts';

const redact = (text: string): string => text.replaceAll('hunter22', '***');
const render = (error: unknown): string =>
  renderError(error, { columns: undefined, color: false, reportTo: 'the issues' });

test('a crash keeps its stack and tells no secret', () => {
  const masked = maskCrash(new TypeError('cannot read hunter22'), redact);
  expect(render(masked)).toMatch(/bug in devsetup[\s\S]*cannot read \*\*\*[\s\S]*mask-crash\.test/);
  expect(exitCodeOf(masked)).toBe(3);
  expect(maskCrash('hunter22', redact)).toBe('***');
});

test('an expected failure stays what it is', () => {
  const error = usageError({ code: 'X', message: 'No.' });
  expect(maskCrash(error, redact)).toBe(error);
});
