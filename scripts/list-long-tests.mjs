// Writes test/long-tests.json: the integration tests that `npm test` leaves to `.ci/run`, because each starts devsetup and Django many times.
// From a report in which all of them ran: DEVSETUP_TEST_ALL=1 npm test -- --reporter=json --outputFile=report.json
import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';

/** What a test may take, on two quiet cores with three tests side by side, so that all that remain take six minutes. */
const MILLISECONDS = 3000;

/** Here each test needs what those before it did. */
const IN_ORDER = new Set(['test/integration/databases/migrated-database.test.ts']);

const root = path.dirname(path.dirname(import.meta.filename));
const [report] = process.argv.slice(2);
if (report === undefined) {
  console.error('The report is missing. Type: node scripts/list-long-tests.mjs report.json');
  process.exit(2);
}

const byFile = {};
for (const { name, assertionResults } of JSON.parse(readFileSync(report, 'utf8')).testResults) {
  const file = name.slice(name.indexOf('test/integration/'));
  if (!file.startsWith('test/integration/') || IN_ORDER.has(file)) continue;
  const long = assertionResults
    .filter(({ duration }) => duration > MILLISECONDS)
    .map(({ ancestorTitles, title }) => [...ancestorTitles, title].filter((part) => part !== '').join(' › '));
  if (long.length > 0) byFile[file] = long.toSorted();
}
const sorted = Object.fromEntries(Object.entries(byFile).toSorted(([one], [other]) => (one < other ? -1 : 1)));
writeFileSync(path.join(root, 'test/long-tests.json'), `${JSON.stringify(sorted, null, 2)}\n`);
const count = Object.values(sorted).flat().length;
console.log(`${count} tests in ${Object.keys(sorted).length} files take longer than ${MILLISECONDS / 1000} s.`);
