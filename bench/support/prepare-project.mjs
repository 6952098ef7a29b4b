import { createHash } from 'node:crypto';
import { appendFile, cp, mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import process from 'node:process';

import { time } from './processes.mjs';

const repository = path.resolve(import.meta.dirname, '../..');
const sample = path.join(repository, 'templates/demo');
const SMART_EXECUTOR = 'django-tenants-smart-executor==0.3.1';

const SETTINGS = `
if os.environ.get("BENCH_SMART_EXECUTOR"):
    GET_EXECUTOR_FUNCTION = "django_tenants_smart_executor.load_executor"
`;

/** A virtual environment with the demo's requirements and the executor to compare with; kept in .cache/. */
export const ensureBenchVenv = async () => {
  const requirements = path.join(sample, 'backend/requirements.txt');
  const key = createHash('sha256')
    .update((await readFile(requirements)) + SMART_EXECUTOR)
    .digest('hex')
    .slice(0, 12);
  const venv = path.join(repository, '.cache/bench', key);
  const done = path.join(venv, 'complete');
  if (
    await readFile(done).then(
      () => true,
      () => false,
    )
  )
    return venv;
  await mkdir(path.dirname(venv), { recursive: true });
  const env = { ...process.env };
  await time({ program: 'python3', args: ['-m', 'venv', '--clear', venv], cwd: repository, env });
  const pip = ['-m', 'pip', 'install', '-r', requirements, SMART_EXECUTOR];
  await time({ program: path.join(venv, 'bin/python'), args: pip, cwd: repository, env });
  await writeFile(done, '');
  return venv;
};

/**
 * A copy of the demo in a folder of the benchmark.
 *
 * @param {string} directory
 */
export const copyProject = async (directory) => {
  await cp(sample, directory, { recursive: true, filter: (source) => !source.includes('__pycache__') });
  await appendFile(path.join(directory, 'backend/config/settings.py'), SETTINGS);
  const configuration = { logFile: path.join(path.dirname(directory), 'devsetup.log') };
  await writeFile(path.join(directory, 'devsetup.config.json'), JSON.stringify(configuration));
  return directory;
};

/** A release's worth of new migrations: in every tenant app one that adds a column and an index. */
const TENANT_TABLES = {
  members: 'member',
  catalogue: 'item',
  loans: 'loan',
  reservations: 'reservation',
  workshops: 'workshop',
  notices: 'notice',
  fees: 'fee',
  repairs: 'repair',
};

/** @param {string} directory @param {number} [most] @returns {Promise<number>} how many were added */
export const addPendingMigrations = async (directory, most = Infinity) => {
  const tables = Object.entries(TENANT_TABLES).slice(0, most);
  for (const [app, model] of tables) {
    const folder = path.join(directory, 'backend', app, 'migrations');
    const names = (await readdir(folder)).filter((name) => /^\d{4}_.*\.py$/.test(name)).sort();
    const previous = names.at(-1).slice(0, -3);
    const number = String(Number(previous.slice(0, 4)) + 1).padStart(4, '0');
    const code = `from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("${app}", "${previous}")]

    operations = [
        migrations.AddField("${model}", "label", models.CharField(max_length=40, null=True)),
        migrations.AddIndex("${model}", models.Index(fields=["label"], name="${app}_by_label")),
    ]
`;
    await writeFile(path.join(folder, `${number}_label.py`), code);
  }
  return tables.length;
};
