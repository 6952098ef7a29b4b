import path from 'node:path';

import { migrationAfter, zip } from '../support/greedy-settings.ts';
import { row, type Row } from '../support/row.ts';

/** Changes outside of the checkout, to what the start of Django read, listed, asked about or imported. */
export const OUTSIDE: readonly Row[] = [
  row('a folder that is new to iterdir()', (at) => at.change.createFolder(at.outside('iterated/two'))),
  row('a folder that is gone from iterdir()', (at) => at.change.remove(at.outside('iterated/one'))),
  row('a file that became a folder for iterdir()', async (at) => {
    await at.change.remove(at.outside('iterated/one'));
    await at.change.create(at.outside('iterated/one'));
  }),
  row('a name that is new to listdir()', (at) => at.change.create(at.outside('listed/two'))),
  row('a name that is gone from listdir()', (at) => at.change.remove(at.outside('listed/one'))),
  row('a name that is new to scandir()', (at) => at.change.create(at.outside('scanned/two'))),
  row('a size that scandir() tells', (at) => at.change.edit(at.outside('scanned/one'), '')),
  row('a file that is new to glob()', (at) => at.change.create(at.outside('conf.d/two.conf'))),
  row('a file that glob() found, edited', (at) => at.change.edit(at.outside('conf.d/one.conf'))),
  row('a folder that is new to rglob()', (at) => at.change.create(at.outside('deep/b/two.json'))),
  row('a file that is new to rglob() in a folder it knew', (at) => at.change.create(at.outside('deep/a/two.json'))),
  row('a file that is new to walk()', (at) => at.change.create(at.outside('walked/a/two'))),
  row('a file that appears behind exists()', (at) => at.change.create(at.outside('exists'))),
  row('a file that appears behind isfile()', (at) => at.change.create(at.outside('is-file'))),
  row('a folder that appears behind isfile()', (at) => at.change.createFolder(at.outside('is-file'))),
  row('a folder that is gone behind isdir()', (at) => at.change.remove(at.outside('is-folder'))),
  row('a link that became a file behind islink()', async (at) => {
    await at.change.remove(at.outside('is-link'));
    await at.change.create(at.outside('is-link'), 'text');
  }),
  row('a right that access() asked for', (at) => at.change.setMode(at.outside('access'), 0o000)),
  row('a size that getsize() tells', (at) => at.change.edit(at.outside('size'), '1')),
  row('a link that readlink() read', (at) => at.change.relink(at.outside('read-link'), 'bytes')),
  row('a file edited', (at) => at.change.edit(at.outside('text'))),
  row('a file edited in place with size and time kept', (at) => at.change.editUnseen(at.outside('text'))),
  row('a file that is gone', (at) => at.change.remove(at.outside('text'))),
  row('a file opened by a path of bytes', (at) => at.change.edit(at.outside('bytes'))),
  row('a file opened for reading and writing', (at) => at.change.edit(at.outside('plus'))),
  row('a file opened by a folder’s descriptor', (at) => at.change.edit(at.outside('at-folder'))),
  row('a file asked about by a folder’s descriptor', (at) => at.change.edit(at.outside('stat-at-folder'))),
  row('a database of SQLite', (at) => at.change.edit(at.outside('data.sqlite3'))),
  row('what SQLite has not yet written into its file', (at) => at.change.create(at.outside('data.sqlite3-wal'))),
  row('certificates that OpenSSL reads', (at) => at.change.edit(at.outside('ca.pem'))),
  row('a file opened by a relative path after chdir()', (at) => at.change.edit(at.outside('relative'))),
  row('a file that a link of the checkout leads to', (at) => at.change.edit(at.outside('linked/inside'))),
  row('a module imported from sys.path', (at) => at.change.edit(at.outside('first/spaced/one.py'))),
  row('a module that was looked for in vain', (at) => at.change.create(at.outside('first/optional_settings.py'))),
  row('a package that was looked for in vain', (at) =>
    at.change.create(at.outside('second/optional_settings/__init__.py')),
  ),
  row('a namespace package that becomes a plain one', (at) => at.change.create(at.outside('first/spaced/__init__.py'))),
  row('a further part of a namespace package', (at) => at.change.create(at.outside('editable/spaced/three.py'))),
  row('a module that hides an imported one', (at) => at.change.create(at.outside('second/spaced/one.py'))),
  row('a part of a namespace package that is gone', (at) => at.change.remove(at.outside('second/spaced'))),
  row('a wheel on sys.path replaced under the same name', async (at) => {
    await at.change.edit(at.outside('wheel/wheeled.py'), 'VALUE = 2');
    await at.change.remove(at.outside('wheeled-1.0.whl'));
    await zip(path.join(at.site.venv, 'bin/python'), at.outside('wheeled-1.0.whl'), at.outside('wheel/wheeled.py'));
  }),
  row('a module of an editable installation', (at) =>
    at.change.edit(at.outside('editable/edited_elsewhere/__init__.py')),
  ),
  row('a module of an editable installation that was never imported', (at) =>
    at.change.edit(at.outside('editable/edited_elsewhere/never_imported.py')),
  ),
  row('a new module of an editable installation', (at) =>
    at.change.create(at.outside('editable/edited_elsewhere/new.py')),
  ),
  row('a vendored package replaced under the same name', async (at) => {
    await at.change.remove(at.outside('vendor/vendored'));
    await at.change.create(at.outside('vendor/vendored/__init__.py'));
  }),
  row('a vendored package edited in place', (at) => at.change.edit(at.outside('vendor/vendored/__init__.py'), 'x = 1')),
  row('an installed package edited', (at) => at.change.edit(at.installed('installed_thing/models.py'), 'x = 1')),
  row('a new migration of an installed package', (at) =>
    at.change.create(
      at.installed('installed_thing/migrations/0002_new.py'),
      migrationAfter('installed_thing', '0001_initial'),
    ),
  ),
  row('a migrations package of an installed package that is gone', (at) =>
    at.change.remove(at.installed('installed_thing/migrations')),
  ),
  row('another version of a package', (at) =>
    at.change.move(at.installed('other_thing-1.0.dist-info'), at.installed('other_thing-1.1.dist-info')),
  ),
  row('a version changed by hand', (at) =>
    at.change.edit(
      at.installed('installed_thing-1.0.dist-info/METADATA'),
      'Metadata-Version: 2.1\nName: installed-thing\nVersion: 2.0\n',
    ),
  ),
  row('the same version of a package installed again', (at) =>
    at.change.edit(at.installed('other_thing-1.0.dist-info/RECORD'), 'other_thing/__init__.py,sha256=1,\n'),
  ),
  row('a package that is gone while its dist-info stays', (at) => at.change.remove(at.installed('other_thing'))),
  row('a new package', (at) => at.change.create(at.installed('new_thing/__init__.py'))),
  row('a dist-info that is gone', (at) => at.change.remove(at.installed('other_thing-1.0.dist-info'))),
  row('a new .pth file', (at) => at.change.create(at.installed('more.pth'), '/tmp\n')),
  row('a .pth file edited', (at) => at.change.edit(at.installed('paths.pth'))),
  row('a site customisation', (at) => at.change.create(at.installed('sitecustomize.py'))),
  row('pyvenv.cfg', (at) => at.change.edit(path.join(at.site.venv, 'pyvenv.cfg'))),
  row('a folder of sys.path that is gone', (at) => at.change.move(at.outside('second'), at.outside('third'))),
];
