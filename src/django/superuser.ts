/** `inspect-superuser` / `ensure-superuser` {username, password, fields: {name: value}, schemas: string[] | null, update: boolean}. */
export interface SuperuserResult {
  readonly outcome: 'created' | 'exists' | 'missing' | 'updated';
  /** Schemas where users live and this user was looked for; [null] without tenant schemas. */
  readonly schemas: readonly (string | null)[];
  readonly missingIn: readonly (string | null)[];
  /** Where the user exists and cannot log in or administer. */
  readonly lacking: readonly { readonly schema: string | null; readonly lacks: readonly Lack[] }[];
}

/** What keeps a user from logging in with the password of the environment, or from administering. */
export type Lack = 'inactive' | 'password-unusable' | 'password-differs' | 'not-staff' | 'not-superuser';
