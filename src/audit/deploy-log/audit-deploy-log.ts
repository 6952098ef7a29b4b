import { usageError } from '../../core/errors.ts';
import type { Severity } from '../../core/check.ts';
import type { IdentifiedFinding } from '../finding.ts';
import { isPublicImage } from '../images/own-images.ts';
import { parseReference } from '../images/parse-reference.ts';
import { readDeployLog, type LoggedImage } from './read-deploy-log.ts';

export interface DeployLogAudit {
  readonly images: readonly LoggedImage[];
  /** `image/mutable-tag-in-deploy` for a tag without a commit, `image/deploy-not-built` for another commit than the one asked for. */
  readonly findings: readonly (IdentifiedFinding & { readonly severity: Severity })[];
}

/** A commit in a tag: `9f2c1ab`, `prod-9f2c1ab`, `sha-9f2c1ab`. */
const commitIn = (tag: string | null): string | null => {
  const words = (tag ?? '').split(/[-_.]/).filter((word) => /^[0-9a-f]{7,40}$/.test(word));
  return words.find((word) => /[a-f]/.test(word) || word.length === 40) ?? words.at(-1) ?? null;
};

const isSameCommit = (one: string, other: string): boolean => one.startsWith(other) || other.startsWith(one);

const readSha = (sha: string | null): string | null => {
  if (sha === null) return null;
  const text = sha.trim().toLowerCase();
  if (/^[0-9a-f]{7,40}$/.test(text)) return text;
  throw usageError({
    code: 'AUDIT_SHA',
    message: `--sha ${sha} is no commit: it takes 7 to 40 hexadecimal digits.`,
    hint: 'git rev-parse HEAD',
  });
};

const judge = (
  { reference, digest }: LoggedImage,
  sha: string | null,
): { readonly rule: IdentifiedFinding['rule']; readonly message: string } | null => {
  const parsed = parseReference(reference);
  // Whose images these are is theirs to move.
  if (isPublicImage(parsed) || parsed.digest !== null) return null;
  const commit = commitIn(parsed.tag);
  const was = digest === null ? '' : ` It was ${digest}.`;
  if (commit === null) {
    const what = parsed.tag === null ? 'has no tag' : `has the tag ${parsed.tag}, which is no commit`;
    return { rule: 'image/mutable-tag-in-deploy', message: `${reference} ${what} and no digest.${was}` };
  }
  if (sha === null || isSameCommit(commit, sha)) return null;
  return { rule: 'image/deploy-not-built', message: `${reference} is of the commit ${commit}, not of ${sha}.${was}` };
};

/**
 * What a deployment's log shows of images, and which of the project's own were taken by a tag that is neither a commit nor a digest, or
 * is another commit than `sha` (7 to 40 hexadecimal digits; null: any).
 *
 * @throws usageError AUDIT_SHA if `sha` is none
 */
export const auditDeployLog = (file: string, log: string, sha: string | null): DeployLogAudit => {
  const wanted = readSha(sha);
  const images = readDeployLog(log);
  const seen = new Set<string>();
  const findings = images.flatMap((image) => {
    const found = judge(image, wanted);
    if (found === null || seen.has(image.reference)) return [];
    seen.add(image.reference);
    const { line, column, endColumn } = image;
    return [
      {
        ...found,
        severity: 'error' as const,
        span: { file, line, column, endLine: line, endColumn },
        fix: {
          sentence:
            wanted === null
              ? 'Deploy the tag with the commit, or the digest, that the build pushed.'
              : `Deploy the tag of ${wanted}, or the digest that its build pushed.`,
          edits: [],
        },
      },
    ];
  });
  return { images, findings };
};
