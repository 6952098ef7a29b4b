import { rangeOf } from '../../core/placed-text.ts';
import { defineRule, type RuleFinding, type TextEdit } from '../finding.ts';
import { canonicalReference } from '../images/canonical.ts';
import { nameOfReference } from '../images/describe-use.ts';
import type { ImageUse } from '../images/image-use.ts';
import { judgeReference } from '../images/judge-tag.ts';
import { imagesOfPipeline, pipelinesToJudge } from '../images/pipeline-images.ts';
import type { Audit } from '../pipeline.ts';

/** Those of one build: of a step's action, or of one command. */
const groupByBuild = (uses: readonly ImageUse[]): readonly (readonly ImageUse[])[] => {
  const groups = new Map<unknown, ImageUse[]>();
  for (const use of uses) {
    if (use.use !== 'build' || use.saidIn !== null) continue;
    const key = use.call ?? use.step;
    groups.set(key, [...(groups.get(key) ?? []), use]);
  }
  return [...groups.values()];
};

const keyOf = ({ references }: ImageUse, { holes }: Audit): string =>
  references.map((one) => canonicalReference(one, holes)).join('\n');

const placeOf = ({ span }: ImageUse): string => `${span.line}:${span.column}`;

const nameOf = (use: ImageUse, { holes }: Audit): string => {
  const [first] = use.references;
  return first === undefined ? '' : nameOfReference(first, holes);
};

export const duplicateBuildTag = defineRule({
  id: 'image/duplicate-build-tag',
  title: 'A build names the same reference twice',
  check: (audit) =>
    pipelinesToJudge(audit).flatMap((pipeline) =>
      groupByBuild(imagesOfPipeline(pipeline, audit).uses).flatMap((uses) => {
        const first = new Map<string, ImageUse>();
        return uses.flatMap((use): readonly RuleFinding[] => {
          const key = keyOf(use, audit);
          const before = first.get(key);
          if (before === undefined) {
            first.set(key, use);
            return [];
          }
          // What an expression makes twice is written once; the action drops it.
          if (placeOf(before) === placeOf(use)) return [];
          const edits = planTwin(use, audit);
          return [
            {
              span: use.span,
              message: `${nameOf(use, audit)} is named twice in one build; the second was probably meant to be another tag.`,
              evidence: [{ text: 'It is named here first', span: before.span }],
              fix: {
                sentence:
                  edits.length > 0
                    ? 'Make the second one the tag that moves, beside that of the commit.'
                    : 'Remove the second one.',
                edits,
              },
              job: use.job.key,
              step: use.step.label,
            },
          ];
        });
      }),
    ),
});

/** `app:dev-${{ github.sha }}` → `app:dev-latest`. */
const planTwin = (use: ImageUse, { holes }: Audit): readonly TextEdit[] => {
  const [reference] = use.references;
  if (reference === undefined || use.references.length > 1 || use.written === null) return [];
  const verdict = judgeReference(reference, holes);
  if (verdict.kind !== 'immutable' || verdict.by !== 'commit') return [];
  const { placed, start, end } = use.written;
  const range = rangeOf(placed, start, end);
  if (range === null) return [];
  const written = range.source.text.slice(range.start, range.end);
  const commit = /(\$\{\{[^}]*\}\}|\$\{[^}]*\}|\$\w+|\$\([^)]*\))$/.exec(written);
  const colon = written.lastIndexOf(':');
  // Only a tag that ends in the commit, spelled in the reference itself, has an obvious twin.
  if (commit === null || colon < written.lastIndexOf('/') || commit.index <= colon) return [];
  return [{ file: range.source.file, start: range.start + commit.index, end: range.end, text: 'latest' }];
};
