/** Where in the project's files a finding points: file and line, from what the run read of them. */
import type { ComposeKey, Place, ProjectFiles } from '../model/project-files.ts';
import { composePlace } from './project-files/compose.ts';
import { instructionOfStep } from './project-files/steps.ts';

export type Pointed =
  /** A key below a service: `['healthcheck', 'interval']`; `[]` is the service itself. */
  | { readonly kind: 'composeKey'; readonly service: string; readonly key: ComposeKey['path'] }
  /** A step of the build of a service, named as BuildKit names it: `[stage 3/8] RUN …`. */
  | { readonly kind: 'buildStep'; readonly service: string; readonly step: string }
  | { readonly kind: 'pytestOption'; readonly name: string };

/** @returns null where it is not in the files, or the files were not read */
export function placeOf(files: ProjectFiles | null | undefined, pointed: Pointed): Place | null {
  if (files === null || files === undefined) return null;
  if (pointed.kind === 'composeKey') return composePlace(files, pointed.service, pointed.key);
  if (pointed.kind === 'buildStep') return placeOfStep(files, pointed.service, pointed.step);
  const line = files.pytest?.options.find(({ name }) => name === pointed.name)?.line;
  return files.pytest === null || line === undefined ? null : { file: files.pytest.file, line };
}

function placeOfStep({ dockerfiles }: ProjectFiles, service: string, step: string): Place | null {
  const dockerfile = dockerfiles.find(({ services }) => services.includes(service));
  if (dockerfile === undefined) return null;
  const instruction = instructionOfStep(step, dockerfile, dockerfile.instructions);
  return instruction === null ? null : { file: dockerfile.file, line: instruction.line };
}
