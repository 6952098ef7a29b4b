import { defineCheck, problemsOr, type Place, type Problem } from '../../core/check.ts';
import type { DevContainer } from '../../devcontainer/dev-container.ts';
import { isOpen } from '../../project/compose/interpolate.ts';
import type { CheckContext } from '../context.ts';
import { openDevContainer } from './open-dev-container.ts';

/** No secret of somebody's account is written into a file of the checkout. Its value is never shown. */
export const literalSecrets = defineCheck<CheckContext, 'devcontainer-literal-secret'>({
  id: 'devcontainer-secrets',
  group: 'dev-container',
  title: 'Secrets of the dev container',
  findings: { 'devcontainer-literal-secret': 'warning' },
  run: async (context) => {
    const found = await openDevContainer(context);
    const declared = Object.keys(found.properties['secrets'] ?? {});
    return problemsOr(
      judgeSecrets(found),
      declared.length === 0 ? 'none is written down' : `declared: ${declared.join(', ')}`,
    );
  },
});

interface Written {
  readonly variable: string;
  readonly value: string;
  readonly by: string;
  readonly place: Place;
}

export const judgeSecrets = (
  found: Pick<DevContainer, 'properties' | 'compose' | 'placeOf' | 'name'>,
): readonly Problem<'devcontainer-literal-secret'>[] =>
  written(found)
    .filter(({ variable, value }) => isCredential(variable, value))
    .map(({ variable, by, place }) => ({
      code: 'devcontainer-literal-secret',
      message: `${by} holds the value of ${variable}, which looks like a real secret, in a file of the checkout.`,
      remedy: {
        text: `Declare ${variable} under "secrets" in ${found.name}, let everybody set it for themselves, and replace the one that was written down.`,
        command: null,
      },
      place,
    }));

const written = ({ properties, compose, placeOf }: Parameters<typeof judgeSecrets>[0]): readonly Written[] => [
  ...(['containerEnv', 'remoteEnv'] as const).flatMap((property) =>
    Object.entries(properties[property] ?? {}).map(([variable, value]) => ({
      variable,
      value: String(value ?? ''),
      by: property,
      place: placeOf([property, variable]),
    })),
  ),
  ...(compose?.services ?? []).flatMap(({ name, environment, place }) =>
    Object.entries(environment).map(([variable, value]) => ({
      variable,
      value: value ?? '',
      by: `the service ${name}`,
      place,
    })),
  ),
];

/** Forms that only keys to somebody's account have, as their issuers document them. */
const ISSUED =
  /^(?:gh[pousr]_\w{30,}|github_pat_\w{30,}|glpat-[\w-]{20,}|AKIA[0-9A-Z]{16}|[sr]k_live_\w{16,}|sk-[\w-]{20,}|xox[abprs]-[\w-]{20,}|AIza[\w-]{35}|SG\.[\w-]{20,}\.[\w-]{20,}|npm_\w{36}|dop_v1_\w{64})$|-----BEGIN [A-Z ]*PRIVATE KEY-----/;

/** Keys to a service of somebody else. Passwords of databases and keys of a framework are normal in development. */
const KEY_NAME = /(?:^|_)(?:API_?KEY|ACCESS_?KEY|AUTH_?KEY|TOKEN|CLIENT_SECRET|SECRET_ACCESS_KEY|PRIVATE_?KEY)$/i;
/** Says itself that it is none. */
const PRETENDED = /dev|test|local|example|sample|dummy|fake|change|insecure|placeholder|minio|your|xxx|secret|default/i;

const isCredential = (variable: string, value: string): boolean => {
  if (isOpen(value) || value.includes('${')) return false;
  if (ISSUED.test(value)) return true;
  return KEY_NAME.test(variable) && !PRETENDED.test(value) && looksRandom(value);
};

/** Long, in one word, of several kinds of characters and few of them twice. */
const looksRandom = (value: string): boolean =>
  /^[\w+/=.-]{24,}$/.test(value) && /\d/.test(value) && /[a-z]/i.test(value) && new Set(value).size >= 12;
