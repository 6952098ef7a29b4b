import type { UnknownLine } from './setup-script.ts';

/** Why a line stays with its script, as words in parentheses behind it. */
export const whyLeft = ({ note, offer, caution }: Pick<UnknownLine, 'note' | 'offer' | 'caution'>): string => {
  if (offer !== null && caution !== null) return CAUTIONS[caution];
  return NOTES[note];
};

const CAUTIONS: Readonly<Record<Exclude<UnknownLine['caution'], null>, string>> = {
  dangerous: 'by its name it may fill in or delete data',
  conditional: 'runs under a condition',
  repeated: 'runs in a loop',
  'writes-files': 'writes files',
  'hides-errors': 'its failure is hidden',
  'may-not-end': 'is not known to end',
};

const NOTES: Readonly<Record<UnknownLine['note'], string>> = {
  own: 'an argument is a secret, or is known only while it runs',
  dangerous: 'by its name it may fill in or delete data',
  destroys: 'deletes something',
  image: 'installs programs; belongs in the Dockerfile',
  package: 'installs a package that no requirement file names',
  personal: 'sets up the user or the machine',
  'keeps-running': 'runs until it is stopped',
  'starts-services': 'starts or stops a service',
  'other-service': 'is about another service than the database',
  'database-objects': 'changes roles, extensions or rows of the database',
  'writes-files': 'writes files',
  'makes-migrations': 'writes migrations; commit them instead',
  'migrates-elsewhere': 'migrates to a chosen migration or database',
  'runs-code': 'runs code that does more than one known thing',
  asks: 'waits for input',
  open: 'what it runs is known only while it runs',
  program: 'what it does is not known',
};
