/** The files that differ between the runs, next to what they may explain. */
import type { Part, Sides } from '../part.ts';
import type { RunFacts } from '../../../model/run.ts';
import { changedFilesOfRuns, filesEvidence } from '../inputs.ts';
import { fileOf } from './suite.ts';

/** The parts with the files of the project that changed: of a single test its own file, else all code. */
export function withChangedCode(runs: Sides<RunFacts>, parts: readonly Part[]): Part[] {
  const files = changedFilesOfRuns(runs)?.filter((file) => file.endsWith('.py')) ?? [];
  return parts.map((part) => ({ ...part, evidence: [...part.evidence, ...filesEvidence(filesOf(part, files))] }));
}

function filesOf({ class: cls, name, evidence }: Part, files: readonly string[]): readonly string[] {
  if (evidence.some(({ kind }) => kind === 'changedFiles')) return [];
  if (cls === 'fixture' || cls === 'collection') return files;
  if (cls !== 'test' && cls !== 'manyTests') return [];
  const ids = [name, ...evidence.flatMap((each) => (each.kind === 'tests' ? each.ids : []))];
  const own = files.filter((file) => ids.some((id) => isSame(file, fileOf(id))));
  // It may call what changed elsewhere, though not what is in files of other tests.
  return cls === 'test' && own.length > 0 ? own : [...own, ...files.filter((file) => !isOfTests(file))].sort();
}

function isOfTests(file: string): boolean {
  return /(?:^|\/)(?:test_[^/]*|[^/]*_test)\.py$/.test(file);
}

/** Paths of the build context and of pytest's own folder: one may be below the other. */
function isSame(a: string, b: string): boolean {
  return a === b || a.endsWith(`/${b}`) || b.endsWith(`/${a}`);
}
