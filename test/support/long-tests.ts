import { readFileSync } from 'node:fs';
import path from 'node:path';

import { TestRunner, type RunnerTestCase } from 'vitest';

import './needs.ts';
import { isThorough, TAKES_LONG } from './thoroughness.ts';

const ROOT = path.resolve(import.meta.dirname, '../..');

/** `test/long-tests.json`: by file, the names of tests that take long, with those of the `describe` around them. */
const readLongTests = (): ReadonlyMap<string, ReadonlySet<string>> => {
  const listed = JSON.parse(readFileSync(path.join(ROOT, 'test/long-tests.json'), 'utf8')) as Record<string, string[]>;
  return new Map(Object.entries(listed).map(([file, names]) => [file, new Set(names)]));
};

const LONG = isThorough ? new Map<string, ReadonlySet<string>>() : readLongTests();

/** The runner of the integration tests: unless the run is thorough it skips those that take long. */
export default class LongTests extends TestRunner {
  override async onBeforeRunTask(test: RunnerTestCase): Promise<void> {
    if (test.mode === 'run' && isLong(test)) {
      test.mode = 'skip';
      test.meta.skipped = TAKES_LONG;
      test.result = { state: 'skip' };
    }
    await super.onBeforeRunTask(test);
  }
}

const isLong = (test: RunnerTestCase): boolean =>
  LONG.get(path.relative(ROOT, test.file.filepath))?.has(nameOf(test)) === true;

const nameOf = (test: RunnerTestCase): string => {
  const names = [test.name];
  for (let { suite } = test; suite !== undefined; suite = suite.suite) names.unshift(suite.name);
  return names.filter((name) => name !== '').join(' › ');
};
