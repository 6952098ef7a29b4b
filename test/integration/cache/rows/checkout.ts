import { migrationAfter } from '../support/greedy-settings.ts';
import { row, type Row } from '../support/row.ts';

/** Changes in the checkout. */
export const IN_THE_CHECKOUT: readonly Row[] = [
  row('a line in the settings', (at) => at.change.edit(at.site.project.settings)),
  row('settings edited in place with their size and time kept', (at) => at.change.editUnseen(at.site.project.settings)),
  row('a model edited', (at) => at.change.edit(at.inBackend('fees/models.py'))),
  row('a model edited in place with size and time kept', (at) => at.change.editUnseen(at.inBackend('fees/models.py'))),
  row('manage.py edited', (at) => at.change.edit(at.site.project.managePy)),
  row('a new migration', (at) =>
    at.change.create(at.inBackend('fees/migrations/0099_new.py'), migrationAfter('fees', '0005_fee_paid_on')),
  ),
  row('a migration that is gone', (at) => at.change.remove(at.inBackend('fees/migrations/0005_fee_paid_on.py'))),
  row('a migration under another name', (at) =>
    at.change.move(at.inBackend('fees/migrations/0005_fee_paid_on.py'), at.inBackend('fees/migrations/0005_other.py')),
  ),
  row('a migration edited', (at) => at.change.edit(at.inBackend('fees/migrations/0001_initial.py'))),
  row('a new application', (at) => at.change.create(at.inBackend('new_app/__init__.py'))),
  row('an application that is gone', (at) => at.change.remove(at.inBackend('fees'))),
  row('an application put in the place of another', async (at) => {
    await at.change.move(at.inBackend('fees'), at.inBackend('fees_before'));
    await at.change.move(at.inBackend('repairs'), at.inBackend('fees'));
  }),
  row('a module that hides a package of the same name', (at) => at.change.create(at.inBackend('fees.py'))),
  row('a new management command', (at) => at.change.create(at.inBackend('customers/management/commands/another.py'))),
  row('a template', (at) => at.change.create(at.inBackend('templates/new.html'))),
  row('an env file of another name', (at) => at.change.create(at.inBackend('local.env'), 'A=1\n')),
  row('a hidden file', (at) => at.change.create(at.inBackend('.hidden'))),
  row('an empty folder', (at) => at.change.createFolder(at.inBackend('empty'))),
  row('a file in a new folder', (at) => at.change.create(at.inBackend('one/two/three'))),
  row('a file of a name with a line break', (at) => at.change.create(at.inBackend('a\nb'))),
  row('a new link', (at) => at.change.createLink('manage.py', at.inBackend('link.py'))),
  row('a link with another target', (at) => at.change.relink(at.inBackend('linked'), at.site.outside)),
  row('a file that may not be read any more', (at) => at.change.setMode(at.inBackend('fees/admin.py'), 0o000)),
  row('a file that was emptied', (at) => at.change.edit(at.inBackend('fees/apps.py'), '')),
  row('a file that became a folder', async (at) => {
    await at.change.remove(at.inCheckout('unrelated.txt'));
    await at.change.createFolder(at.inCheckout('unrelated.txt'));
  }),
  row('a file that is replaced by one with the same content', async (at) => {
    await at.change.remove(at.inBackend('fees/models.py'));
    await at.change.undo();
  }),
  row('a compose file', (at) => at.change.create(at.inCheckout('compose.yaml'), 'services: {}\n')),
  row('byte code without a source', (at) => at.change.create(at.inBackend('legacy.pyc'))),
  row('a native module', (at) => at.change.create(at.inBackend('native.so'))),
  row('a log file that the settings write and that is gone', (at) => at.change.remove(at.inBackend('project.log'))),
];
