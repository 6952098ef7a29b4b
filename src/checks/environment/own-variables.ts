/** What devsetup itself, Django's createsuperuser and the driver read. */
export const ownVariables = (urlVariable: string): readonly string[] => [
  urlVariable,
  'DJANGO_SUPERUSER_USERNAME',
  'DJANGO_SUPERUSER_EMAIL',
  'DJANGO_SUPERUSER_PASSWORD',
  'PGHOST',
  'PGPORT',
  'PGDATABASE',
  'PGUSER',
  'PGPASSWORD',
];
