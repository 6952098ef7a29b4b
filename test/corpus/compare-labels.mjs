/** A finding may stand one line away from a label: a label was written by a person. */
const TOLERANCE = 1;

const outside = (place, line) => Math.max(place.line - line, line - (place.endLine ?? place.line), 0);

const placesOf = (label, path) =>
  [label, ...(label.or ?? [])].map((place) => ({
    file: place.file ?? label.file ?? path,
    line: place.line,
    endLine: place.endLine,
  }));

const distance = (entry, finding) =>
  Math.min(
    ...placesOf(entry.label, entry.path)
      .filter((place) => place.file === finding.file)
      .map((place) => outside(place, finding.line)),
  );

/** Labels of one repository next to what the audit found in it. */
export const compareLabels = (repository, findings) => {
  const entries = repository.files.flatMap((file) =>
    file.labels.map((label) => ({ path: file.path, label, findings: [] })),
  );
  const wrong = [];
  for (const finding of findings) {
    const candidates = entries
      .filter((entry) => entry.label.rule === finding.rule && distance(entry, finding) <= TOLERANCE)
      .map((entry) => ({ entry, rank: [distance(entry, finding), entry.label.certain ? 0 : 1, entry.findings.length] }))
      .sort((a, b) => a.rank[0] - b.rank[0] || a.rank[1] - b.rank[1] || a.rank[2] - b.rank[2]);
    if (candidates.length === 0) wrong.push(finding);
    else candidates[0].entry.findings.push(finding);
  }
  const certain = entries.filter((entry) => entry.label.certain);
  return {
    labels: certain.map(({ label }) => label.rule),
    found: findings.map((finding) => finding.rule),
    right: certain.filter((entry) => entry.findings.length > 0).map(({ label }) => label.rule),
    wrong,
    missed: certain
      .filter((entry) => entry.findings.length === 0)
      .map(({ path, label }) => ({ rule: label.rule, file: label.file ?? path, line: label.line, message: label.why })),
  };
};

const count = (rules, rule) => rules.filter((other) => other === rule).length;

const share = (part, whole) => (whole === 0 ? null : part / whole);

/** One row a rule, and one of all rules at the end. */
export const sumUp = (comparisons) => {
  const all = (key) => comparisons.flatMap((comparison) => comparison[key].map((item) => item.rule ?? item));
  const [labels, found, right, wrong, missed] = ['labels', 'found', 'right', 'wrong', 'missed'].map(all);
  const rowOf = (name, count) => ({
    rule: name,
    labels: count(labels),
    found: count(found),
    right: count(right),
    wrong: count(wrong),
    missed: count(missed),
    precision: share(count(right), count(right) + count(wrong)),
    recall: share(count(right), count(labels)),
  });
  const rules = [...new Set([...labels, ...found])].sort();
  return [...rules.map((rule) => rowOf(rule, (list) => count(list, rule))), rowOf('all', (list) => list.length)];
};

const HEAD = ['rule', 'labels', 'found', 'right', 'wrong', 'missed', 'precision', 'recall'];

const percent = (value) => (value === null ? '–' : value.toFixed(2));

/** The rows as a table of Markdown. */
export const renderScore = (rows) =>
  [
    HEAD,
    HEAD.map(() => '---'),
    ...rows.map((row) => HEAD.map((key) => (key === 'precision' || key === 'recall' ? percent(row[key]) : row[key]))),
  ]
    .map((cells) => `| ${cells.join(' | ')} |`)
    .join('\n');

/** How many labels there are, in one line. */
export const describeLabels = (repositories) => {
  const files = repositories.flatMap((repository) => repository.files);
  const labels = files.flatMap((file) => file.labels);
  const arguable = labels.filter((label) => !label.certain).length;
  const corrected = labels.filter((label) => /corrected after the first scoring/i.test(label.why)).length;
  return (
    `${labels.length} labels in ${files.length} files of ${repositories.length} repositories: ` +
    `${arguable} arguable, ${corrected} corrected after the first scoring`
  );
};
