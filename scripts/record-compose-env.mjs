/**
 * Writes test/fixtures/env-files/compose.json: what docker compose makes of the lines in lines.json. Needs Go, and downloads compose's
 * own reader of env files, compose-go.
 */
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';

const MODULE = 'github.com/compose-spec/compose-go/v2';
const VERSION = 'v2.16.2';

const PROGRAM = `package main

import (
	"encoding/json"
	"os"
	"strings"

	"${MODULE}/dotenv"
)

func main() {
	lines, values := map[string]string{}, map[string]*string{}
	if err := json.NewDecoder(os.Stdin).Decode(&lines); err != nil {
		panic(err)
	}
	none := func(string) (string, bool) { return "", false }
	for name, line := range lines {
		read, err := dotenv.ParseWithLookup(strings.NewReader("PLAIN=plain\\n"+line+"\\n"), none)
		values[name] = nil
		if value, isThere := read[name]; err == nil && isThere {
			values[name] = &value
		}
	}
	if err := json.NewEncoder(os.Stdout).Encode(values); err != nil {
		panic(err)
	}
}
`;

const fixtures = path.resolve(import.meta.dirname, '../test/fixtures/env-files');
const folder = mkdtempSync(path.join(os.tmpdir(), 'record-compose-env-'));
try {
  const go = (args, input) =>
    execFileSync('go', args, { cwd: folder, input, encoding: 'utf8', stdio: ['pipe', 'pipe', 'inherit'] });
  writeFileSync(path.join(folder, 'go.mod'), `module record\n\nrequire ${MODULE} ${VERSION}\n`);
  writeFileSync(path.join(folder, 'main.go'), PROGRAM);
  go(['mod', 'tidy']);
  const values = JSON.parse(go(['run', '.'], readFileSync(path.join(fixtures, 'lines.json'))));
  const record = { reader: `${MODULE} ${VERSION}`, values };
  writeFileSync(path.join(fixtures, 'compose.json'), `${JSON.stringify(record, null, 2)}\n`);
} finally {
  rmSync(folder, { recursive: true, force: true });
}
