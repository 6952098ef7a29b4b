import { defineCheck, problemsOr, type Problem } from '../../core/check.ts';
import { readComposeServices } from '../../project/compose-services.ts';
import { shown } from '../../project/files.ts';
import type { CheckContext } from '../context.ts';
import { findWeakSecrets, type WeakSecret } from './find-weak-secrets.ts';
import { orNothing } from './look-into-settings.ts';

type Code = WeakSecret['code'];

/** SECRET_KEY and the database's password are no well-known ones, where this is more than somebody's own machine. */
export const weakSecrets = defineCheck<CheckContext, Code>({
  id: 'weak-secrets',
  group: 'environment',
  title: 'Strength of the secrets',
  findings: { 'secret-key-weak': 'error', 'database-password-weak': 'error' },
  timeoutSeconds: 60,
  run: async (context) => {
    const { root, backend, config, machine } = context;
    const { description } = await context.django();
    const verdict = await context.development();
    const target = await orNothing(context.target());
    const services = await readComposeServices({ root, backendDirectory: backend?.directory ?? root });
    const weak = findWeakSecrets({
      configured: config.development,
      isDevelopment: verdict.yes,
      debug: description.debug,
      secretKey: description.secretKey,
      database: target === undefined ? null : { ...target, name: target.database },
      services: services.map(({ name }) => name),
      isPipeline: !['', 'false', '0'].includes(machine.env['CI'] ?? ''),
    });
    return problemsOr(
      weak.map((secret) =>
        problemOf(
          context,
          secret,
          secret.code === 'secret-key-weak' ? description.secretKey : (target?.password ?? ''),
        ),
      ),
      verdict.yes ? `not asked for: ${verdict.reason}` : 'none is well known',
    );
  },
});

const problemOf = (context: CheckContext, { code, kind, severity }: WeakSecret, value: string): Problem<Code> => {
  const source = sourceOf(context, value);
  const evidence = [source === null ? 'it comes from the settings themselves' : `it comes from ${source}`];
  if (code === 'database-password-weak')
    return {
      code,
      severity,
      message: "The database's password is one that everybody tries first.",
      evidence,
      remedy: {
        text: 'Give the role another one (ALTER ROLE … PASSWORD …), and the settings with it.',
        command: null,
      },
    };
  return {
    code,
    severity,
    message:
      kind === 'known'
        ? 'SECRET_KEY is a default or well-known value, and this is no development set-up.'
        : 'SECRET_KEY is shorter than Django asks for, or of too few different characters.',
    evidence,
    remedy: {
      text: 'Set it to a random value; this prints one.',
      command: 'python3 -c "import secrets; print(secrets.token_urlsafe(50))"',
    },
  };
};

/** `SECRET_KEY in .env`: the variable that holds this value, or whose address contains it; null where none does. */
const sourceOf = ({ environment, root }: CheckContext, value: string): string | null => {
  const named = Object.entries(environment.asRecord()).find(
    ([name, held]) =>
      (held === value && /SECRET|KEY|PASS|PWD/i.test(name)) || (held.includes(`:${value}@`) && held.includes('://')),
  );
  if (named === undefined) return null;
  const origin = environment.origin(named[0]);
  return `${named[0]}${typeof origin === 'object' ? ` in ${shown(root, origin.file)}` : ''}`;
};
