import path from 'node:path';
import { fileURLToPath } from 'node:url';

import type { Command } from 'commander';

import type { Terminal } from './terminal.ts';

/** Both lie beside this package's dist/ and src/. */
const fileOfPackage = (name: string): string => fileURLToPath(new URL(`../../${name}`, import.meta.url));

/** `devsetup demo [dir]` */
export const addDemoCommand = (program: Command, terminal: Terminal): void => {
  program
    .command('demo')
    .description('see it work: a sample backend on a real PostgreSQL, set up twice')
    .argument('[dir]', 'where the sample is copied to', 'devsetup-demo')
    .option('--serve', 'start the site afterwards, and keep it until Ctrl-C')
    .action((directory: string, options: { readonly serve?: boolean }) =>
      terminal.run({}, async (host) => {
        const { runDemo } = await import('../demo/run-demo.ts');
        // `npm run demo` names itself, so that the last screen can say what to type.
        const again = host.env['DEVSETUP_DEMO_COMMAND'] ?? `npx devsetup demo ${directory}`;
        return runDemo({
          directory: path.resolve(host.cwd, directory),
          sample: fileOfPackage('templates/demo'),
          cli: [process.execPath, fileOfPackage('dist/cli.js')],
          again,
          devsetup:
            host.env['DEVSETUP_DEMO_COMMAND'] === undefined ? 'npx devsetup' : `node ${fileOfPackage('dist/cli.js')}`,
          serve: options.serve === true,
          env: host.env,
          home: host.home,
          signal: terminal.signal,
          now: host.now,
          write: (text) => process.stdout.write(text),
        });
      }),
    );
};
