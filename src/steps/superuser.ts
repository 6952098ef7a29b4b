import type { State, Step } from '../core/step.ts';
import type { Description, SuperuserResult, UserModel } from '../django/protocol.ts';
import type { SetupContext } from './context.ts';
import { forgetting } from './forgetting.ts';
import { watchingSession } from './lock-failure.ts';
import { describeLacks, superuserProblem } from './superuser-problem.ts';

/** A superuser with the credentials of the environment, in the schema where users live. Exists: never overwritten unasked. */
export const superuser: Step<SetupContext> = {
  id: 'superuser',
  title: 'Superuser',
  dependsOn: ['guest-tenant'],

  inspect: async (context, progress) => {
    if (!isSet(context, 'PASSWORD')) return skipped('USERNAME');
    const django = await context.django(progress);
    const wish = superuserParameters(context, django.description);
    if (wish.username === '') return skipped(django.description.user.usernameField);
    const look = (): Promise<SuperuserResult> => django.inspectSuperuser(wish);
    const found = await watchingSession(context, progress, look).catch((error: unknown) => {
      throw superuserProblem(error, django.description.user);
    });
    const where = placeOf(found.schemas);
    if (found.missingIn.length > 0) {
      return {
        kind: 'needed',
        reason: `there is no user ${wish.username}${placeOf(found.missingIn)}`,
        actions: [`create superuser ${wish.username}${placeOf(found.missingIn)}`],
      };
    }
    return judgeSuperuser(wish, found, where);
  },

  apply: async (context, progress) => {
    const django = await context.django(progress);
    const wish = superuserParameters(context, django.description);
    const ensure = (): Promise<SuperuserResult> =>
      django.ensureSuperuser(wish, { onOutput: (text) => progress.output(text) });
    const result = await forgetting(context, watchingSession(context, progress, ensure)).catch((error: unknown) => {
      throw superuserProblem(error, django.description.user);
    });
    return {
      summary: `${result.outcome} ${wish.username}${placeOf(result.schemas)}`,
      changed: result.outcome !== 'exists',
    };
  },
};

/**
 * A user that exists: complete, to be completed with --update-superuser, or in need of a person's decision. Another password alone may
 * be one the user has chosen since: it is reported and does not fail.
 */
const judgeSuperuser = (
  { username, update }: { readonly username: string; readonly update: boolean },
  { lacking }: Pick<SuperuserResult, 'lacking'>,
  where: string,
): State => {
  const lacks = lacking.flatMap((one) => one.lacks);
  const schemas = lacking.map(({ schema }) => schema);
  if (lacks.length === 0) return { kind: 'satisfied', evidence: `${username} exists${where}` };
  const reason = `${username}${placeOf(schemas)} ${describeLacks(lacks)}`;
  if (update) {
    return {
      kind: 'needed',
      reason,
      actions: [`set the password and all rights of ${username}${placeOf(schemas)}`],
    };
  }
  if (lacks.every((lack) => lack === 'password-differs')) {
    const details = [`${reason}; --update-superuser sets it`];
    return { kind: 'satisfied', evidence: `${username} exists${where}, with another password`, details };
  }
  return {
    kind: 'blocked',
    code: 'SUPERUSER_INCOMPLETE',
    reason,
    hint: '`npx devsetup --update-superuser` sets the password and gives all rights; DJANGO_SUPERUSER_USERNAME (or the like) chooses another user.',
  };
};

const PREFIX = 'DJANGO_SUPERUSER_';

const isSet = (context: SetupContext, field: string): boolean => (context.environment.get(PREFIX + field) ?? '') !== '';

const skipped = (usernameField: string): State => ({
  kind: 'skipped',
  reason: `set ${PREFIX}${usernameField.toUpperCase()} and ${PREFIX}PASSWORD to create one`,
});

const placeOf = (schemas: readonly (string | null)[]): string => {
  const named = schemas.filter((schema) => schema !== null);
  return named.length === 0 ? '' : ` in ${named.join(', ')}`;
};

const superuserParameters = (context: SetupContext, { user, fileVariables }: Description) => {
  const get = (field: string): string | undefined => {
    const name = PREFIX + field.toUpperCase();
    return fileVariables[name] ?? context.environment.get(name);
  };
  const fields: Record<string, string> = {};
  for (const field of user.requiredFields) {
    const value = get(field);
    if (value !== undefined) fields[field] = value;
  }
  return {
    // A user model that logs in by e-mail takes DJANGO_SUPERUSER_EMAIL, as Django's own createsuperuser does.
    username: get(user.usernameField) ?? get('username') ?? '',
    password: get('password') ?? '',
    fields,
    schemas: schemasFor(context, user),
    update: context.options.updateSuperuser,
  };
};

/** Whose rows tell that the superuser is still there; nobody's where none is wanted. */
export const watchedUser = (context: SetupContext, description: Description) => {
  const { username, schemas } = superuserParameters(context, description);
  return isSet(context, 'PASSWORD') && username !== '' ? { username, schemas } : { username: null, schemas: null };
};

const schemasFor = (context: SetupContext, user: UserModel): string[] | null => {
  const { schemas } = context.config.superuser;
  if (schemas !== null) return [...schemas];
  if (user.livesIn !== 'tenant') return null;
  const guest = context.config.tenants.guest;
  return guest === false || guest.schema === null ? null : [guest.schema];
};
