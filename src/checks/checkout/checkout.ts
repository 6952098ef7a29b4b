import { defineCheck, passed, type Problem } from '../../core/check.ts';
import type { DevsetupError } from '../../core/errors.ts';
import { findingCode } from '../../core/finding-code.ts';
import { describeChoice } from '../../project/find-manage-py.ts';
import type { CheckContext } from '../context.ts';

const FINDINGS = {
  'config-invalid': 'error',
  'config-unreadable': 'error',
  'config-ambiguous': 'error',
  'manage-py-missing': 'error',
  'manage-py-ambiguous': 'error',
  'python-missing': 'error',
  'python-shared': 'error',
  'requirements-missing': 'error',
  'frontend-missing': 'error',
  'pyproject-invalid': 'error',
  'checkout-unreadable': 'error',
} as const;

type Code = keyof typeof FINDINGS;

/** The checkout can be opened: its configuration is valid, and what it names, or what is searched for, is there. */
export const checkout = defineCheck<CheckContext, Code>({
  id: 'checkout',
  group: 'checkout',
  title: 'Checkout',
  findings: FINDINGS,
  run: async ({ problems, project, root }) => {
    if (problems.length > 0) return { kind: 'problems', problems: problems.map(problemOf) };
    const choice = project === null ? null : describeChoice(root, project.backend);
    return passed(choice ?? project?.backend.managePy ?? root);
  },
});

const problemOf = (error: DevsetupError): Problem<Code> => {
  const [message = '', ...evidence] = error.message.split('\n');
  const code = findingCode(error.code);
  return {
    code: code in FINDINGS ? (code as Code) : 'checkout-unreadable',
    message,
    evidence: evidence.map((line) => line.trim()),
    remedy: { text: error.hint ?? 'Correct what it names.', command: null },
  };
};
