import type { Reporter, TestCase, TestModule, Vitest } from 'vitest/node';

import './needs.ts';
import { isThorough } from './thoroughness.ts';

/** Says at the end of a run what was left out, and lists what was skipped and why. With CI=true a skipped test fails the run unless it is optional. */
export default class SkippedTests implements Reporter {
  /** Tests that a name filter (`-t`) deselects count as skipped, too. */
  private isFiltered = false;

  onInit(vitest: Vitest): void {
    this.isFiltered = vitest.config.testNamePattern !== undefined;
  }

  onTestRunEnd(modules: readonly TestModule[]): void {
    const skipped = modules.flatMap((module) => [...module.children.allTests('skipped')]);
    if (this.isFiltered) return;
    if (!isThorough) process.stdout.write('\nTables ran with a sample of their rows. With CI=true all rows run.\n');
    if (skipped.length === 0) return;
    process.stdout.write(renderSkipped(skipped.map(describeSkipped)));
    if (isThorough && skipped.some((test) => test.meta().isOptional !== true)) process.exitCode = 1;
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
