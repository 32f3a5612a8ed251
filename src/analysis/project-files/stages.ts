/** The stages of a Dockerfile: which one a name stands for, and which ones a build needs. */
import type { DockerfileFacts, DockerfileInstruction } from '../../model/project-files.ts';

/**
 * The stage with this name or number.
 * @param before only stages before this one count
 * @returns its index; null if there is none, so that the name is one of an image
 */
export function stageNamed(
  { stages }: Pick<DockerfileFacts, 'stages'>,
  name: string,
  before = stages.length,
): number | null {
  const found = stages.slice(0, before).findLastIndex((stage) => stage.name?.toLowerCase() === name.toLowerCase());
  if (found !== -1) return found;
  return /^\d+$/.test(name) && Number(name) < before ? Number(name) : null;
}

/** The image or stage that a FROM names, as written. */
export function baseName({ arguments: words }: Pick<DockerfileInstruction, 'arguments'>): string {
  return words.split(/\s+/)[0] ?? '';
}

/** The names of stages and images that an instruction takes from: of a FROM its base, else those of `--from=` and of mounts. */
export function namesTakenFrom(instruction: DockerfileInstruction): readonly string[] {
  if (instruction.keyword === 'FROM') return [baseName(instruction)];
  return instruction.flags.flatMap((flag) =>
    [...flag.matchAll(/(?:^--|,)from=([^,\s]+)/g)].map(([, name]) => name ?? ''),
  );
}

/** The stages that an instruction takes from. FROM knows only stages before its own; BuildKit lets a COPY name a later one. */
export function stagesTakenFrom(dockerfile: DockerfileFacts, instruction: DockerfileInstruction): readonly number[] {
  const before = instruction.keyword === 'FROM' ? (instruction.stage ?? 0) : undefined;
  return namesTakenFrom(instruction).flatMap((name) => stageNamed(dockerfile, name, before) ?? []);
}

/** The stages that a build of the target runs: it, and those that it takes from, directly or not. */
export function neededStages(dockerfile: DockerfileFacts): ReadonlySet<number> {
  const { stages, target, instructions } = dockerfile;
  const last = stages.length - 1;
  const open = [target === null ? last : (stageNamed(dockerfile, target) ?? last)];
  const needed = new Set<number>();
  while (open.length > 0) {
    const stage = open.pop() ?? -1;
    if (stage < 0 || needed.has(stage)) continue;
    needed.add(stage);
    const own = instructions.filter((instruction) => instruction.stage === stage);
    open.push(...own.flatMap((instruction) => stagesTakenFrom(dockerfile, instruction)));
  }
  return needed;
}
