/** `inspect-superuser` / `ensure-superuser` {username, password, fields: {name: value}, schemas: string[] | null, update: boolean}. */
export interface SuperuserResult {
  readonly outcome: 'created' | 'exists' | 'missing' | 'updated';
  /** Schemas where users live and this user was looked for; [null] without tenant schemas. */
  readonly schemas: readonly (string | null)[];
  readonly missingIn: readonly (string | null)[];
  readonly isSuperuser: boolean;
  /** `inspect-superuser` with `update`: password or flags are not as wanted, so `ensure-superuser` would change the user. */
  readonly differs: boolean;
}
