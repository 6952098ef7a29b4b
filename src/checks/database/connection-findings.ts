/** What a try to connect can come to (see `connection-problem` and `server-problem` in the room postgres). */
export const CONNECTION_FINDINGS = {
  'database-unreachable': 'error',
  'database-starting': 'error',
  'database-full': 'error',
  'database-not-postgres': 'error',
  'database-password-missing': 'error',
  'database-password-rejected': 'error',
  'database-role-missing': 'error',
  'database-access-denied': 'error',
  'database-missing': 'error',
  'database-tls-refused': 'error',
  'database-certificate-rejected': 'error',
  'database-certificate-unreadable': 'error',
  'database-connection-refused': 'error',
} as const;

/** What a look at the step `database`, or at a database that Django could not be asked about, can come to. */
export const DATABASE_STEP_FINDINGS = {
  'database-needed': 'error',
  ...CONNECTION_FINDINGS,
  'database-url-invalid': 'error',
  'database-not-configured': 'error',
  'database-name-missing': 'error',
  'database-object-missing': 'error',
  'database-service-unsupported': 'error',
  'database-several-hosts': 'error',
  'database-option-unsupported': 'error',
  'engine-unsupported': 'error',
  'tenant-rows-elsewhere': 'error',
} as const;
