import { spanOf } from '../../core/placed-text.ts';
import { defineRule, type RuleFinding } from '../finding.ts';
import type { AuditedJob } from '../pipeline.ts';
import { guardedJobs } from '../secrets/guarded-jobs.ts';
import { isSecretName, passwordsInUrls } from '../secrets/judge-credential.ts';
import { isCommented, textsOfJob } from '../secrets/texts-of-job.ts';

export const defaultLiteral = defineRule({
  id: 'secret/default-literal',
  title: 'A literal takes the place of a secret that is missing',
  check: (audit) => guardedJobs(audit).flatMap(ofJob),
});

/** `secrets.X || 'text'` and `${X:-text}`; what is empty, or computed, is no literal. */
const EXPRESSION = /secrets\.([\w-]+)\s*\|\|\s*'([^']+)'/g;
const PARAMETER = /\$\{([A-Za-z_]\w*):?[-=]([^}$]+)\}/g;

const ofJob = (job: AuditedJob): readonly RuleFinding[] =>
  textsOfJob(job).flatMap(({ scalar: { value, placed }, step }) =>
    [...value.matchAll(EXPRESSION), ...(step?.step.run?.value === value ? value.matchAll(PARAMETER) : [])].flatMap(
      (match): readonly RuleFinding[] => {
        const [whole, name = '', literal = ''] = match;
        const plain = literal.replaceAll(/^["']|["']$/g, '');
        const isKey = isSecretName(name) || passwordsInUrls(plain).length > 0;
        if (!isKey || plain.trim() === '' || /^(?:true|false|none|null|https?:\/\/[^@]*)$/i.test(plain)) return [];
        if (isCommented(value, match.index)) return [];
        return [
          {
            span: spanOf(placed, match.index, match.index + whole.length),
            message: `Where ${name} is not set, a text from this file is used in its place, and nobody notices.`,
            fix: { sentence: 'Remove the default, and let the job end where the secret is missing.', edits: [] },
            job: job.key,
            ...(step === null ? {} : { step: step.label }),
          },
        ];
      },
    ),
  );
