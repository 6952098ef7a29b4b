import { expect, it } from 'vitest';

import { changedAudit } from '../../../src/decouple/changed-audit.ts';
import { pinImages } from '../../../src/decouple/pin-images.ts';
import { withoutHarm } from '../../../src/decouple/plan-decoupling.ts';
import { auditOf } from '../../support/audit.ts';

const FILE = '.github/workflows/deploy.yml';
const TEXT = [
  'on: push',
  'jobs:',
  '  build:',
  '    runs-on: ubuntu-latest',
  '    steps:',
  '      - run: docker build -t ghcr.io/acme/api:latest .',
  '      - run: docker push ghcr.io/acme/api:latest',
  '  deploy:',
  '    needs: build',
  '    runs-on: ubuntu-latest',
  '    environment: prod',
  '    steps:',
  '      - run: kubectl set image deployment/api api=ghcr.io/acme/api:latest',
  '',
].join('\n');

const audit = auditOf({ [FILE]: TEXT }, { 'manage.py': 'django' });
const pinned = pinImages(audit, () => true);

it('keeps tags of the commit where no rule finds more than before', () => {
  expect(pinned.files).toEqual([FILE]);
  expect(withoutHarm(audit, pinned)).toBe(pinned);
});

it('takes tags of the commit back where a rule would find more, and names each with that rule', () => {
  const worse = TEXT.replace(
    '      - run: kubectl',
    '      - run: ssh host python manage.py migrate\n      - run: kubectl',
  );
  const taken = withoutHarm(audit, { ...pinned, audit: changedAudit(audit, new Map([[FILE, worse]])) });
  expect(taken).toMatchObject({ audit, files: [], uses: [], moved: [] });
  expect(
    taken.left.map(({ span, what, why, remedy }) => `${span.file}:${span.line}: ${what}: ${why}. ${remedy}`),
  ).toEqual([
    `${FILE}:13: ghcr.io/acme/api:latest in deploy: after the change, \`devsetup audit\` would report migrate/inline-in-deploy: deploy deploys, and migrates on the way: if migrate fails, half of it is done. Push the image with the commit in its tag, and deploy that tag or its digest.`,
  ]);
});
