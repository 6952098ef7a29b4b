import { spanIn, spanOf, type Span } from '../../core/placed-text.ts';
import { withoutPadding } from '../../shell/holes.ts';
import { defineRule, type RuleFinding } from '../finding.ts';
import { isSameSpan } from '../is-same-span.ts';
import type { Audit, AuditedJob } from '../pipeline.ts';
import { guardedJobs } from '../secrets/guarded-jobs.ts';
import { isLiteralSecret, isSecretName, passwordsInUrls, tokensIn } from '../secrets/judge-credential.ts';
import { isCommented, textsOfJob } from '../secrets/texts-of-job.ts';

export const literalCredential = defineRule({
  id: 'secret/literal-credential',
  title: 'A password or token is written into the workflow',
  check: (audit) => {
    const found = [...audit.workflows.flatMap(tokensOf), ...guardedJobs(audit).flatMap((job) => ofJob(job))];
    return found.filter((one, index) => found.findIndex(({ span }) => isSameSpan(span, one.span)) === index);
  },
});

const tell = (span: Span, what: string, more: Pick<RuleFinding, 'job' | 'step'> = {}): RuleFinding => ({
  span,
  message: `${what} is written here for everybody who can read the repository.`,
  fix: {
    sentence: 'Change it where it is used, set the new one as a secret of the environment, and read that here.',
    edits: [],
  },
  ...more,
});

/** Unmistakable tokens anywhere in the file; what a comment names may have been used all the same. */
const tokensOf = ({ source }: Audit['workflows'][number]): readonly RuleFinding[] =>
  tokensIn(source.text)
    .filter(({ start }) => !isCommented(source.text, start))
    .map(({ start, end }) => tell(spanIn(source, start, end), 'A token'));

const ofJob = (job: AuditedJob): readonly RuleFinding[] => {
  const ofTexts = textsOfJob(job).flatMap(({ scalar, name, step }): readonly RuleFinding[] => {
    const { value, placed } = scalar;
    const more = { job: job.key, ...(step === null ? {} : { step: step.label }) };
    if (name !== null && isSecretName(name) && isLiteralSecret(value)) return [tell(scalar.span, name, more)];
    return passwordsInUrls(value)
      .filter(({ start }) => name !== null || !isCommented(value, start))
      .filter(({ host }) => !isOwnHost(host, job))
      .map(({ start, end }) => tell(spanOf(placed, start, end), 'The password of a URL', more));
  });
  return [...ofTexts, ...ofCalls(job)];
};

/** A server that the job itself starts. */
const isOwnHost = (host: string, { services }: AuditedJob): boolean =>
  services.length > 0 && (/^(?:localhost|127\.0\.0\.1|::1)$/.test(host) || services.some(({ name }) => name === host));

const ASSIGNMENT = /^([A-Za-z_]\w*)=(.+)$/s;
/** Options whose value is the secret; others name one that is kept elsewhere. */
const GIVES = /^(?:[a-z]+-)?(?:password|passwd|pass|token|api-?key|secret-key)$/;
const OPTION = /^--?([a-z][\w-]*)(?:=(.+))?$/s;

/** `export DB_PASSWORD=…`, `DB_PASSWORD=… program`, `--password …`, `-e DB_PASSWORD=…`. */
const ofCalls = (job: AuditedJob): readonly RuleFinding[] =>
  job.steps.flatMap((step) =>
    step.calls.flatMap((call): readonly RuleFinding[] => {
      const more = { job: job.key, step: step.label };
      const program = call.words[0]?.value ?? '';
      if (/^(?:echo|printf|grep|sed|awk|test|\[)$/.test(program) && call.output === 'shown') return [];
      const ofPrefix = [...call.prefix].flatMap(([name, variable]) =>
        isSecretName(name) && isLiteralSecret(variable.value) ? [tell(variable.span ?? call.span, name, more)] : [],
      );
      const ofWords = call.words.slice(1).flatMap((word, index): readonly RuleFinding[] => {
        const text = withoutPadding(word.value);
        const assigned = ASSIGNMENT.exec(text);
        // What a variable holds is told where it is set.
        if (word.origins.length > 0) return [];
        if (assigned !== null && isSecretName(assigned[1] ?? '') && isLiteralSecret(assigned[2] ?? '')) {
          return [tell(word.span, assigned[1] ?? '', more)];
        }
        const option = OPTION.exec(text);
        if (option === null || !GIVES.test(option[1] ?? '')) return [];
        const next = call.words[index + 2];
        const value = option[2] ?? (next?.origins.length === 0 ? withoutPadding(next.value) : '');
        return isLiteralSecret(value) && !value.startsWith('-') ? [tell(word.span, `--${option[1]}`, more)] : [];
      });
      return [...ofPrefix, ...ofWords];
    }),
  );
