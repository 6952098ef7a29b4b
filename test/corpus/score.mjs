// Compares the labels of one half of the corpus with what the built audit finds: node test/corpus/score.mjs CHECKOUTS open|aside [--details]
import { execFileSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { parseArgs } from 'node:util';

import { compareLabels, describeLabels, renderScore, sumUp } from './compare-labels.mjs';

const HALVES = ['open', 'aside'];
const CLI = path.resolve(import.meta.dirname, '../../dist/cli.js');

const { values, positionals } = parseArgs({ allowPositionals: true, options: { details: { type: 'boolean' } } });
const [checkouts, half] = positionals;
if (checkouts === undefined || !HALVES.includes(half)) {
  process.stderr.write('usage: node test/corpus/score.mjs CHECKOUTS open|aside [--details]\n');
  process.exit(2);
}

const say = (line = '') => process.stdout.write(`${line}\n`);
const labelFolder = path.join(import.meta.dirname, 'labels', half);

const readLabels = () =>
  (existsSync(labelFolder) ? readdirSync(labelFolder) : [])
    .filter((name) => name.endsWith('.json'))
    .sort()
    .map((name) => JSON.parse(readFileSync(path.join(labelFolder, name), 'utf8')));

/** Exit code 1 means that there are findings. */
const audit = (checkout) => {
  try {
    return execFileSync(process.execPath, [CLI, 'audit', '--json', '--project', '.'], {
      cwd: checkout,
      maxBuffer: 1e9,
      encoding: 'utf8',
    });
  } catch (error) {
    if (error.status === 1) return error.stdout;
    throw error;
  }
};

const isAction = (file) => /(?:^|\/)action\.ya?ml$/.test(file);

/** A workflow is reached by the `uses` of a job, an action by its folder, another file by its name. */
const isNamed = (text, file) => {
  if (file.startsWith('.github/workflows/')) return text.includes(`uses: ./${file}`);
  if (isAction(file)) return new RegExp(`uses: \\./${path.dirname(file)}/?\\s`).test(text);
  return text.includes(path.basename(file));
};

/** An action may be the way to another one without a finding of its own. */
const actionsIn = (checkout) => {
  const folder = path.join(checkout, '.github/actions');
  if (!existsSync(folder)) return [];
  return readdirSync(folder, { recursive: true })
    .map((name) => `.github/actions/${name}`)
    .filter(isAction);
};

/** The files of the corpus and, of the candidates, those that they reach: what other workflows call is not scored. */
const filesReached = (checkout, corpus, candidates) => {
  const reached = [...corpus];
  for (const known of reached) {
    const source = path.join(checkout, known);
    if (!existsSync(source)) continue;
    const text = readFileSync(source, 'utf8');
    reached.push(...candidates.filter((file) => !reached.includes(file) && isNamed(text, file)));
  }
  return reached;
};

/** A command may use a file without naming it, as `docker compose up` does: the finding then says which job it belongs to. */
const showsAny = (finding, files) => (finding.evidence ?? []).some((place) => files.includes(place.file));

const scoreRepository = (repository) => {
  const checkout = path.join(checkouts, repository.repository.replace('/', '+'));
  if (!existsSync(checkout)) return null;
  const findings = JSON.parse(audit(checkout)).findings.filter((finding) => finding.suppressed === null);
  const corpus = repository.files.map((file) => file.path);
  // A file that a label names is reached, also over others without a finding: a script that calls a target of a Makefile.
  const labelled = repository.files.flatMap(({ labels }) =>
    labels
      .flatMap(({ file, or = [] }) => [file, ...or.map((place) => place.file)])
      .filter((file) => file !== undefined),
  );
  const candidates = new Set([...actionsIn(checkout), ...findings.map((finding) => finding.file)]);
  const reached = filesReached(checkout, corpus, [...candidates]);
  return compareLabels(
    repository,
    findings.filter((finding) => [...reached, ...labelled].includes(finding.file) || showsAny(finding, corpus)),
  );
};

const scored = [];
const skipped = [];
for (const repository of readLabels()) {
  const comparison = scoreRepository(repository);
  if (comparison === null) skipped.push(repository.repository);
  else scored.push({ repository, comparison });
}

const files = scored.reduce((sum, { repository }) => sum + repository.files.length, 0);
say(describeLabels(readLabels()));
say(`${half}: ${scored.length} repositories, ${files} workflow files`);
if (skipped.length > 0) say(`NOT SCORED, no checkout: ${skipped.length} repositories (${skipped.join(', ')})`);
say();
say(renderScore(sumUp(scored.map(({ comparison }) => comparison))));

if (values.details === true) {
  for (const kind of ['wrong', 'missed']) {
    say(`\n## ${kind}\n`);
    for (const { repository, comparison } of scored)
      for (const { rule, file, line, message } of comparison[kind])
        say(`${rule}  ${repository.repository}  ${file}:${line}  ${message}`);
  }
}
