import { buildAudit } from '../../src/audit/build-audit.ts';
import { findProjectFacts } from '../../src/audit/find-project-facts.ts';
import type { Audit } from '../../src/audit/pipeline.ts';
import { DEFAULT_AUDIT_CONFIG, type AuditConfig } from '../../src/config/audit-config.ts';

/** The model of these workflows (`deploy.yml` stands for `.github/workflows/deploy.yml`) in a checkout of these files. */
export const auditOf = (
  workflows: Readonly<Record<string, string>>,
  checkout: Readonly<Record<string, string>> = {},
  config: Partial<AuditConfig> = {},
): Audit => {
  const files = Object.entries(workflows).map(([name, text]) => ({
    path: name.includes('/') ? name : `.github/workflows/${name}`,
    text,
  }));
  const texts = new Map([...files.map(({ path, text }) => [path, text] as const), ...Object.entries(checkout)]);
  return buildAudit({
    files,
    readFile: (path) => texts.get(path),
    project: findProjectFacts(Object.keys(checkout), (path) => texts.get(path)),
    config: { ...DEFAULT_AUDIT_CONFIG, ...config },
  });
};
