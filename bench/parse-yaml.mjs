// Parses every workflow of the working directory with the library that the audit reads YAML with, and does nothing else.
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';

import { parseDocument } from 'yaml';

const folder = path.join('.github', 'workflows');
for (const name of readdirSync(folder)) parseDocument(readFileSync(path.join(folder, name), 'utf8'));
