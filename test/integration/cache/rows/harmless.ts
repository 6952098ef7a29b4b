import path from 'node:path';

import { row, type Row } from '../support/row.ts';

/** What is no change: the cache still answers. */
export const HARMLESS: readonly Row[] = [
  row('when nothing changed', async () => undefined),
  row('after Git wrote into its folder', (at) =>
    at.change.create(at.inCheckout('.git/HEAD'), 'ref: refs/heads/other\n'),
  ),
  row('after node_modules changed', (at) => at.change.create(at.inCheckout('node_modules/right-pad/index.js'))),
  row('after node_modules appeared elsewhere', (at) => at.change.create(at.inBackend('node_modules/x/index.js'))),
  row('after Python wrote byte code', (at) =>
    at.change.create(at.inBackend('fees/__pycache__/models.cpython-399.pyc')),
  ),
  row('after Python wrote byte code of an installed package', (at) =>
    at.change.create(at.installed('installed_thing/__pycache__/models.cpython-399.pyc')),
  ),
  row('after a test run wrote its cache', (at) => at.change.create(at.inCheckout('.pytest_cache/v/lastfailed'))),
  row('after a virtual environment was made in the checkout', (at) =>
    at.change.create(at.inCheckout('.venv/pyvenv.cfg')),
  ),
  row('after the project wrote into the log that its settings open', (at) =>
    at.change.edit(at.inBackend('project.log'), 'x'.repeat(100)),
  ),
  row('after a file was written in a folder above the checkout', (at) =>
    at.change.create(path.join(path.dirname(at.site.project.root), `devsetup-${process.pid}.txt`)),
  ),
  row('after something nobody asked about changed outside', (at) => at.change.create(at.outside('never-asked'))),
  row('after a tenant’s data changed', (at) =>
    at.change.call(
      () => at.site.sql('CREATE INDEX extra ON guest.fees_fee (id)'),
      () => at.site.sql('DROP INDEX guest.extra'),
    ),
  ),
  row('after another project on the same server created a role', (at) =>
    at.change.call(
      () => at.site.sql(`CREATE ROLE other_${process.pid}`),
      () => at.site.sql(`DROP ROLE other_${process.pid}`),
    ),
  ),
  row('after the superuser logged in', (at) => at.site.sql('UPDATE accounts_user SET last_login = now()')),
];
