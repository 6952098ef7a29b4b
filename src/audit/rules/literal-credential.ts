import { collect } from '../../core/collect.ts';
import { createSource, spanIn, spanOf, type SourceFile, type Span } from '../../core/placed-text.ts';
import type { Holes } from '../../shell/holes.ts';
import { splitExpressions } from '../../workflows/expressions/split-expressions.ts';
import { defineRule, whereOf, type RuleFinding } from '../finding.ts';
import { changesWhatRuns, runsTests } from '../model/evidence.ts';
import type { Audit, AuditedStep, Pipeline } from '../pipeline.ts';
import { credentialsOfStep, eachOnce, type PlacedCredential } from '../secrets/credentials-of-step.ts';
import { findCredentials } from '../secrets/find-credentials.ts';
import { isCredential } from '../secrets/judge-value.ts';
import { findKnownTokens } from '../secrets/known-tokens.ts';
import { textsNeverRun, type NeverRun } from '../secrets/never-runs.ts';
import { onePerSecret } from '../secrets/one-per-secret.ts';
import { withoutOwnPasswords, writtenIn } from '../secrets/own-passwords.ts';
import { isPublicName, isSecretName } from '../secrets/secret-name.ts';
import { strictnessOf } from '../secrets/strictness.ts';
import { fixedResults, withoutExpressions, writtenValues, type WrittenValue } from '../secrets/written-values.ts';

type Placed = Omit<RuleFinding, 'message' | 'fix'> & PlacedCredential;

export const literalCredential = defineRule({
  id: 'secret/literal-credential',
  title: 'A password, key or token is written out',
  check: (audit) => {
    const sources = sourcesOf(audit);
    const found = withoutInner(
      eachOnce([...ofTokens(sources), ...audit.pipelines.flatMap((pipeline) => ofPipeline(pipeline, audit.holes))]),
    );
    return onePerSecret(
      found.map(({ as, ...finding }) => ({
        ...finding,
        secret: valueAt(finding.span, sources),
        message: `${as} is written out here: whoever reads the repository has it, and its history keeps it.`,
        fix: {
          sentence: 'Change it where it is used, keep the new one as a secret, and take it from `${{ secrets.NAME }}`.',
          edits: [],
        },
      })),
    );
  },
});

/** A token that is the value of a password's name is found twice, with and without its quotes. */
const withoutInner = (found: readonly Placed[]): readonly Placed[] => {
  const lines = new Map<string, Placed[]>();
  for (const one of found) {
    const key = `${one.span.file}:${one.span.line}`;
    lines.set(key, [...(lines.get(key) ?? []), one]);
  }
  return found.filter((one) => {
    const others = lines.get(`${one.span.file}:${one.span.line}`) ?? [];
    return !others.some((other) => other !== one && covers(other, one));
  });
};

const covers = ({ span: outer }: Placed, { span: inner }: Placed): boolean =>
  outer.column <= inner.column &&
  (outer.endLine > inner.endLine || (outer.endLine === inner.endLine && outer.endColumn >= inner.endColumn));

type Sources = ReadonlyMap<string, SourceFile>;

/** The workflows, and the actions that their steps are written in. */
const sourcesOf = ({ workflows, pipelines, readFile }: Audit): Sources => {
  const sources = new Map<string, SourceFile>(workflows.map(({ source }) => [source.file, source]));
  for (const { jobs } of pipelines) {
    for (const { workflow, steps } of jobs) {
      sources.set(workflow.source.file, workflow.source);
      for (const { step } of steps) {
        if (sources.has(step.span.file)) continue;
        sources.set(step.span.file, createSource(step.span.file, readFile(step.span.file) ?? ''));
      }
    }
  }
  return sources;
};

/** Where the value cannot be told, each place is its own. */
const valueAt = (span: Span, sources: Sources): string => {
  const source = sources.get(span.file);
  const written = source === undefined ? '' : writtenIn(source, span);
  return written === '' ? JSON.stringify(span) : written;
};

/** What has the form of a token is one wherever it stands but in a comment, in tests too. */
const ofTokens = (sources: Sources): readonly Placed[] =>
  [...sources.values()].flatMap((source) =>
    findKnownTokens(source.text).flatMap(({ start, end, what }): readonly Placed[] => {
      const line = source.text.slice(source.text.lastIndexOf('\n', start - 1) + 1, start);
      if (/(?:^|\s)#/.test(line) || isPublicName(line.split(/[=:]/)[0] ?? '')) return [];
      return [{ as: capitalize(what), span: spanIn(source, start, end) }];
    }),
  );

const capitalize = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1);

const ofPipeline = (pipeline: Pipeline, holes: Holes): readonly Placed[] => [
  ...collect(textsNeverRun(pipeline), (text) =>
    ofNeverRun(text).map((one) => ({ ...one, ...whereOf(text.job, text.step) })),
  ),
  ...collect(writtenValues(pipeline), (written) =>
    written.step !== null && onlyTests(written.step, holes)
      ? []
      : ofWritten(written).map((one) => ({ ...one, ...whereOf(written.job?.key, written.step?.label) })),
  ),
  ...pipeline.jobs.flatMap((job) => {
    const strictness = strictnessOf(job, pipeline);
    if (strictness === null) return [];
    return collect(job.steps, (step) =>
      onlyTests(step, holes)
        ? []
        : withoutOwnPasswords(credentialsOfStep(step, strictness), job).map((one) => ({
            ...one,
            ...whereOf(job.key, step.label),
          })),
    );
  }),
];

/** A step that runs tests here, in a job that deploys afterwards. */
const onlyTests = ({ calls }: AuditedStep, holes: Holes): boolean =>
  calls.some((call) => runsTests(call, holes)) &&
  !calls.some((call) => changesWhatRuns(call, holes) || call.layers.some(({ kind }) => kind === 'remote'));

const ofWritten = (written: WrittenValue): readonly Placed[] =>
  written.job === null ? ofValue(written) : withoutOwnPasswords(ofValue(written), written.job);

const ofValue = ({ name, scalar, kind, strictness, step }: Omit<WrittenValue, 'job'>): readonly Placed[] => {
  // What is run was followed: its assignments and words are judged one by one.
  if (kind === 'with' && step !== null && step.calls.length > 0 && /script|command|run|cmd/i.test(name)) return [];
  const placed = withoutExpressions(scalar);
  const { text } = placed;
  const isNamed = isSecretName(name);
  if (isNamed && isCredential(name, text, strictness)) {
    const start = text.length - text.trimStart().length;
    return [{ as: name, span: spanOf(placed, start, text.trimEnd().length) }];
  }
  const inText = findCredentials(text, { strictness, hasPairs: kind === 'with', isCode: name === 'script' });
  return [
    ...inText.map(({ as, start, end }) => ({ as, span: spanOf(placed, start, end) })),
    ...(isNamed ? inExpressions({ name, scalar, strictness }) : []),
  ];
};

/** `${{ github.ref == 'refs/heads/main' && 'one' || 'other' }}` */
const inExpressions = ({
  name,
  scalar,
  strictness,
}: Pick<WrittenValue, 'name' | 'scalar' | 'strictness'>): readonly Placed[] =>
  splitExpressions(scalar.placed).flatMap((part): readonly Placed[] => {
    if (part.kind === 'text' || part.expression === null) return [];
    const isWritten = fixedResults(part.expression).some(
      ({ value, insteadOf }) => insteadOf.length === 0 && isCredential(name, value, strictness),
    );
    return isWritten ? [{ as: name, span: spanOf(part.placed) }] : [];
  });

/** Nothing follows a script that never runs: its text is searched. */
const ofNeverRun = ({ name, scalar, strictness }: NeverRun): readonly Placed[] => {
  if (name !== null) return ofValue({ name, scalar, kind: 'env', strictness, step: null });
  const placed = withoutExpressions(scalar);
  return findCredentials(placed.text, { strictness, hasPairs: true, isCode: false }).map(({ as, start, end }) => ({
    as,
    span: spanOf(placed, start, end),
  }));
};
