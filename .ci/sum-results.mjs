// Arguments: the folder with vitest's JSON results, then `stage=exit code`. Prints what failed and the closing line; exit code 1 if
// anything did.
import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';

const [, , folder, ...stages] = process.argv;

/** A stage may fail without a failed test (a type error, a file that does not load): then it is one failure itself. */
const countStage = (stage) => {
  const [name, code] = stage.split('=');
  const file = path.join(folder, `${name}.json`);
  const report = existsSync(file) ? JSON.parse(readFileSync(file, 'utf8')) : { numPassedTests: 0, numFailedTests: 0 };
  const failed = code !== '0' && report.numFailedTests === 0 ? 1 : report.numFailedTests;
  return { name, passed: report.numPassedTests, failed };
};

const counts = stages.map(countStage);
const sum = (key) => counts.reduce((total, count) => total + count[key], 0);

const broken = counts.filter(({ failed }) => failed > 0).map(({ name }) => `${name} failed`);
process.stdout.write(['', ...broken, `${sum('passed')} passed, ${sum('failed')} failed`, ''].join('\n'));
process.exitCode = sum('failed') > 0 ? 1 : 0;
