import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { expect, test } from 'vitest';

import type { Variation } from '../../support/sample-project.ts';
import { brokenSettings, missingEnv } from '../../support/variations.ts';
import { openDoctorSite } from './support/healthy-site.ts';

/** Runs when any Python starts; forked processes do not come by here. */
const NOTES_STARTS = `import os, sys
with open(os.environ['NOTED_STARTS'], 'a') as notes:
    notes.write(' '.join(sys.orig_argv) + '\\n')
`;

test.each<[string, Variation, string[]]>([
  ['Django starts', async () => undefined, []],
  ['variables are missing', missingEnv('os'), ['environment-missing']],
  ['a package is missing', brokenSettings('missing-package'), ['django-missing']],
])('Python is started once for all the doctor wants of Django: %s', async (_title, breaks, codes) => {
  const folder = await mkdtemp(path.join(os.tmpdir(), 'devsetup-starts-'));
  const site = await openDoctorSite();
  try {
    await breaks(site.project);
    await writeFile(path.join(folder, 'sitecustomize.py'), NOTES_STARTS);
    const notes = path.join(folder, 'starts');
    const run = await site.doctor([], { PYTHONPATH: folder, NOTED_STARTS: notes });
    const starts = (await readFile(notes, 'utf8')).split('\n').filter((line) => line.includes('devsetup_companion'));
    expect(starts).toHaveLength(1);
    expect(run.report.djangoStarts).toBe(1);
    expect(run.codes).toEqual(codes);
    const installed = run.report.checks.find(({ id }) => id === 'installed-distributions');
    expect(installed).toMatchObject({ status: 'passed' });
  } finally {
    await site.remove();
    await rm(folder, { recursive: true });
  }
});
