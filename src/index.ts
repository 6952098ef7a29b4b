/** The public API: everything a program that embeds devsetup may rely on. */
export { DevsetupError, ExitCode, isDevsetupError, type ErrorDetails, type ExitCodeValue } from './core/errors.ts';
export type { RunEvent, RunView } from './core/events.ts';
export { REPORT_SCHEMA_VERSION, type RunReport } from './core/report.ts';
export { STEP_IDS, type BuiltInStepId, type Failure, type StepResult, type StepStatus } from './core/step.ts';
export type { Config } from './config/config.ts';
export type { Host } from './setup/host.ts';
export { openWorkspace, type Workspace, type WorkspaceOptions } from './setup/open-workspace.ts';
export { runSetup, type SetupRequest, type SetupServices } from './setup/run-setup.ts';
