import { describe, expect, test } from 'vitest';
import { DevsetupError, usageError } from '../../../src/core/errors.ts';
import { exitCodeOf, renderError } from '../../../src/ui/render-error.ts';

const options = { columns: undefined, color: false, reportTo: 'https://example.org/issues' };

describe('an error that ends a command', () => {
  test('that was expected shows message, output and hint, and no stack', () => {
    const error = new DevsetupError({
      code: 'X',
      message: 'there is no manage.py in /project',
      hint: 'name it with --project',
      output: ['first', 'second'],
    });
    expect(renderError(error, { ...options, logFile: '/tmp/log' })).toBe(`devsetup: there is no manage.py in /project
  Last lines of its output:
  | first
  | second
  What to do: name it with --project
  Log: /tmp/log
`);
    expect(exitCodeOf(error)).toBe(1);
    expect(exitCodeOf(usageError({ code: 'X', message: 'y' }))).toBe(2);
  });

  test('that was not shows the stack and where to report it, without secrets', () => {
    const text = renderError(new TypeError('cannot read s3cret'), {
      ...options,
      redact: (line) => line.replace('s3cret', '***'),
    });
    expect(text).toContain('TypeError: cannot read ***');
    expect(text).toContain('render-error.test.ts');
    expect(text).toContain('https://example.org/issues');
    expect(text).not.toContain('s3cret');
    expect(exitCodeOf(new TypeError('x'))).toBe(3);
  });

  test('may be anything that can be thrown', () => {
    expect(renderError('a string', options)).toContain('a string');
  });
});
