import type { Reporter, TestCase, TestModule, Vitest } from 'vitest/node';

import './needs.ts';
import { isPipeline, isThorough, TAKES_LONG } from './thoroughness.ts';

/** Says at the end of a run what was left out, and lists what was skipped and why. With CI=true a skipped test fails the run unless it is optional. */
export default class SkippedTests implements Reporter {
  /** Tests that a name filter (`-t`) deselects count as skipped, too. */
  private isFiltered = false;

  onInit(vitest: Vitest): void {
    this.isFiltered = vitest.config.testNamePattern !== undefined;
  }

  onTestRunEnd(modules: readonly TestModule[]): void {
    if (this.isFiltered) return;
    const all = modules.flatMap((module) => [...module.children.allTests('skipped')]);
    const skipped = all.filter((test) => test.meta().skipped !== TAKES_LONG);
    if (!isThorough) process.stdout.write(`\n${renderShortened(all.length - skipped.length)}\n`);
    if (skipped.length > 0) process.stdout.write(renderSkipped(skipped.map(describeSkipped)));
    const required = skipped.filter((test) => test.meta().isOptional !== true);
    if (isPipeline && required.length > 0) {
      process.exitCode = 1;
      process.stdout.write(`With CI=true the run fails: ${required.length} of them may not be skipped.\n`);
    }
  }
}

interface Skipped {
  readonly file: string;
  readonly reason: string;
}

const describeSkipped = (test: TestCase): Skipped => {
  const result = test.result();
  const note = result.state === 'skipped' ? result.note : undefined;
  return { file: test.module.relativeModuleId, reason: test.meta().skipped ?? note ?? 'no reason given' };
};

/** What a run that is not thorough leaves out. */
export const renderShortened = (long: number): string =>
  `Left to .ci/run and DEVSETUP_TEST_ALL=1: ${long} tests that take long (test/long-tests.json), and most rows of long tables.`;

/** One line for each reason and file. */
export const renderSkipped = (skipped: readonly Skipped[]): string => {
  const counts = new Map<string, number>();
  for (const { file, reason } of skipped) {
    const line = `${reason} (${file})`;
    counts.set(line, (counts.get(line) ?? 0) + 1);
  }
  const lines = [...counts].map(([line, count]) => `  ${count} × ${line}\n`).toSorted();
  return `\nSkipped tests: ${skipped.length}\n${lines.join('')}`;
};
