import { defineRule, type RuleFinding } from '../finding.ts';
import { hasHoleOf } from '../images/canonical.ts';
import type { ImageUse } from '../images/image-use.ts';
import { judgeOneTag, judgeReference } from '../images/judge-tag.ts';
import { parseReference } from '../images/parse-reference.ts';
import { imagesOfPipeline } from '../images/pipeline-images.ts';
import type { Audit, Pipeline } from '../pipeline.ts';
import { findMutableUses } from './mutable-tag-in-deploy.ts';

/** Inputs that say which image is meant; `tag` alone may be one of Git, unless an image has it. */
const isImageInput = (name: string): boolean =>
  /image|docker|container/i.test(name) && /tag|version|image$|ref$/i.test(name);
const isTagInput = (name: string): boolean => /tag|version|image/i.test(name);

/** `inputs.tag`, `github.event.inputs.tag`: in an expression itself, or in what a variable was set from. */
const comesFrom = ({ origins, value }: ImageUse, input: string, { holes }: Audit): boolean => {
  const name = new RegExp(`(?:^|\\.)inputs\\.${input.replaceAll(/\W/g, '.')}\\b`, 'i');
  return origins.some((one) => name.test(one.name)) || hasHoleOf(value, holes, (hole) => name.test(hole.name));
};

const isMutableDefault = (value: string, { holes }: Audit): boolean => {
  const verdict = /[/:]/.test(value) ? judgeReference(parseReference(value), holes) : judgeOneTag(value, holes);
  return verdict.kind === 'mutable' && verdict.by !== 'fixed' && (verdict.by !== 'untagged' || value.includes(':'));
};

const check = (pipeline: Pipeline, audit: Audit): readonly RuleFinding[] => {
  const images = imagesOfPipeline(pipeline, audit);
  const reported = findMutableUses(images, audit);
  return pipeline.workflow.triggers.flatMap(({ inputs }) =>
    [...inputs.values()].flatMap(({ key, value }): readonly RuleFinding[] => {
      const given = value.default;
      if (given === null || given.value === '' || !isMutableDefault(given.value, audit)) return [];
      const isUsed = images.uses.some((use) => comesFrom(use, key, audit));
      if (!isImageInput(key) && !(isTagInput(key) && isUsed)) return [];
      // Where it ends up in a deployment of this workflow, that is the fault.
      if (reported.some(({ use }) => comesFrom(use, key, audit))) return [];
      return [
        {
          span: given.span,
          message: `Who gives no ${key} gets ${given.value}, a tag that moves.`,
          fix: { sentence: `Make ${key} required, or let its default be the commit's tag.`, edits: [] },
        },
      ];
    }),
  );
};

export const inputDefaultMutable = defineRule({
  id: 'image/input-default-mutable',
  title: 'An input names an image by a tag that moves unless told otherwise',
  check: (audit) => audit.pipelines.flatMap((pipeline) => check(pipeline, audit)),
});
