import { readFile } from 'node:fs/promises';
import path from 'node:path';

import { expect, it } from 'vitest';

const TEMPLATES = path.resolve(import.meta.dirname, '../../../templates');

/** An image is built without devsetup: the template carries what `devsetup shell-hook` prints. */
it.each([
  ['shell-hook.sh', 'notice.bash'],
  ['shell-hook.zsh', 'notice.zsh'],
])('%s of the template is what devsetup shell-hook prints', async (copy, source) => {
  const copied = await readFile(path.join(TEMPLATES, 'django-postgres/.devcontainer', copy), 'utf8');
  expect(copied).toBe(await readFile(path.join(TEMPLATES, 'shell-hook', source), 'utf8'));
});
