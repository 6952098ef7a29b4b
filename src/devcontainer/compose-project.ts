export {
  readComposeProject,
  type ComposeProject,
  type ComposeServiceModel,
  type ReadComposeOptions,
} from '../project/compose/compose-project.ts';
