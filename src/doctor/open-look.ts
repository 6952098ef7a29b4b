import type { Redactor } from '../core/redact.ts';
import { readRequirementLines } from '../dependencies/read-requirement-lines.ts';
import type { Installed } from '../django/examination.ts';
import type { Project } from '../project/types.ts';
import { TRACELESS } from '../setup/ask-settings.ts';
import { NO_OPTIONS } from '../steps/context.ts';
import { createContext } from '../setup/create-context.ts';
import type { OpenContext } from '../setup/open-context.ts';
import type { Host } from '../setup/host.ts';
import type { Diagnosis } from '../checks/context.ts';

export interface LookOptions {
  readonly diagnosis: Diagnosis;
  readonly project: Project;
  readonly host: Host;
  readonly signal: AbortSignal;
  readonly redactor: Redactor;
  /** Called once the interpreter has told what is installed, be it before Django is up or before it fails. */
  readonly tell: (installed: Installed) => void;
}

/** The context of the steps, for one that only looks. */
export const openLook = ({ diagnosis, project, host, signal, redactor, tell }: LookOptions): OpenContext => {
  const { requirements } = project.backend;
  const { config } = diagnosis;
  return createContext({
    workspace: {
      ...diagnosis,
      project,
      // Whoever asks what is wrong now does not want to wait for what may become right.
      config: { ...config, database: { ...config.database, waitSeconds: 0 } },
    },
    host,
    // What `devsetup` refuses to connect to, the doctor does not connect to either.
    options: { ...NO_OPTIONS, allowRemote: diagnosis.examinesRemote },
    caches: false,
    variables: TRACELESS,
    installed: {
      requirements: async () => (requirements === null ? [] : readRequirementLines(requirements)),
      tell,
    },
    signal,
    abort: () => undefined,
    redactor,
  });
};
