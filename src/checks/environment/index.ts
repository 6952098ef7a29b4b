import type { Check } from '../../core/check.ts';
import type { CheckContext } from '../context.ts';
import { ofEachDevContainer } from '../dev-container/of-each.ts';
import { envFileCommitted } from './env-file-committed.ts';
import { envFileOutOfStep } from './env-file-out-of-step.ts';
import { envFileSyntax } from './env-file-syntax.ts';
import { localEnvEmpty } from './local-env-empty.ts';
import { remoteDatabase } from './remote-database.ts';
import { variableValues } from './variable-values.ts';
import { variablesMissing } from './variables-missing.ts';
import { weakSecrets } from './weak-secrets.ts';

export const ENVIRONMENT_CHECKS: readonly Check<CheckContext>[] = [
  variablesMissing,
  variableValues,
  envFileSyntax,
  envFileOutOfStep,
  envFileCommitted,
  ofEachDevContainer(localEnvEmpty),
  remoteDatabase,
  weakSecrets,
];
