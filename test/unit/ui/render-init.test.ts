import { expect, it } from 'vitest';

import { renderInitPlan } from '../../../src/ui/render-init.ts';

const TEXT = {
  columns: undefined,
  color: false,
  verbose: false,
  redact: (line: string) => line.replace('hush', '***'),
};
const FILE = {
  path: 'new.jsonc',
  action: 'create',
  reason: 'why',
  before: null,
  after: '{\n  "a": "hush"\n}\n',
} as const;
const PLAN = { problems: ['The service web does not exist.'], options: [], files: [FILE] };

it('shows the text of a file that would be created, without secrets, after what is wrong', () => {
  expect(renderInitPlan(PLAN, TEXT)).toBe(
    [
      'error     The service web does not exist.',
      '',
      'create    new.jsonc: why',
      '  --- /dev/null',
      '  +++ new.jsonc',
      '  @@ -0,0 +1,3 @@',
      '  +{',
      '  +  "a": "***"',
      '  +}',
      '',
    ].join('\n'),
  );
});
