/** Where a run's source is on this host, and what it was made from: written by `prepareSource` for `resolvePlan`. */
import { mkdir, readFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { runFolder } from '../../data/directory.ts';
import type { RunRef, SourceFacts } from '../../model/run.ts';
import { projectNameOf } from '../../model/project-name.ts';
import { writeWhole } from './workspace.ts';

export interface SourcePlace {
  /** The copy of the repository, or of a project outside git; the project is it or a folder in it. */
  readonly root: string;
  /** The project's folder that `root` has a copy of; null for a git URL. */
  readonly originalDirectory: string | null;
  /** The folder is measured as it is; else all of a commit is in `root`. */
  readonly asItIs: boolean;
  /** For a plan that names none. */
  readonly projectName: string;
}

/** The folder of a run in which its copy is; removed with it. */
export function sourceRoot(dataDirectory: string, { runId }: RunRef): string {
  return join(runFolder(dataDirectory, runId), 'source');
}

export async function saveSourcePlace(dataDirectory: string, run: RunRef, place: SourcePlace): Promise<void> {
  const file = fileOf(dataDirectory, run);
  await mkdir(dirname(file), { recursive: true });
  await writeWhole(file, `${JSON.stringify(place, null, 2)}\n`);
}

/** @param facts say what there is to know of a source that an earlier version prepared */
export async function loadSourcePlace(dataDirectory: string, run: RunRef, facts: SourceFacts): Promise<SourcePlace> {
  const text = await readFile(fileOf(dataDirectory, run), 'utf8').catch(() => null);
  if (text !== null) return JSON.parse(text) as SourcePlace;
  return {
    root: facts.directory,
    originalDirectory: facts.origin.startsWith('/') ? facts.origin : null,
    asItIs: false,
    projectName: projectNameOf({ remote: null, folder: facts.origin, subfolder: '' }),
  };
}

function fileOf(dataDirectory: string, run: RunRef): string {
  return join(runFolder(dataDirectory, run.runId), 'source.json');
}
