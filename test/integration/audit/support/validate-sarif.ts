import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import process from 'node:process';

import PROGRAM from '@microsoft/sarif-multitool';

/** The errors and warnings of Microsoft's validator of SARIF. Its notes are proposals, e.g. ids like `ABC1234`. */
export const validateSarif = async (file: string): Promise<readonly string[]> => {
  const report = `${file}.report`;
  const args = ['validate', file, '--output', report];
  // Most machines that run tests have no ICU; without it .NET does not start.
  const env = { ...process.env, DOTNET_SYSTEM_GLOBALIZATION_INVARIANT: '1' };
  const output = await new Promise<string>((resolve) => {
    // It exits with 1 where it finds something: only the report counts.
    execFile(PROGRAM, args, { env }, (_, stdout, stderr) => {
      resolve(stdout + stderr);
    });
  });
  const { runs } = readReport(report, output);
  return runs.flatMap(({ results, invocations = [] }) => [
    ...results.map(({ ruleId, message }) => `${ruleId}: ${message.text ?? (message.arguments ?? []).join(', ')}`),
    ...invocations.flatMap(({ executionSuccessful }) => (executionSuccessful ? [] : [output])),
  ]);
};

interface Report {
  readonly runs: readonly {
    readonly results: readonly {
      readonly ruleId: string;
      readonly message: { readonly text?: string; readonly arguments?: readonly string[] };
    }[];
    readonly invocations?: readonly { readonly executionSuccessful: boolean }[];
  }[];
}

/** @throws if the validator wrote none, with what it said */
const readReport = (report: string, output: string): Report => {
  try {
    return JSON.parse(readFileSync(report, 'utf8')) as Report;
  } catch (error) {
    throw new Error(`The validator wrote no report: ${output}`, { cause: error });
  }
};
