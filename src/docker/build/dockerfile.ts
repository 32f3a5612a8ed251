/** Finds the images that a Dockerfile starts from. Reads only FROM, ARG and --from; BuildKit reads the rest. */
import { directives, type Instruction, readInstructions } from './instructions.ts';

interface Stage {
  readonly name: string | null;
  readonly base: string;
  /** Images or stages that its COPY and RUN instructions take files from. */
  readonly uses: readonly string[];
  /** As FROM names it; null if FROM names none. */
  readonly platform: string | null;
  /** It has a RUN, so the machine must be able to run its platform. */
  readonly runs: boolean;
}

/**
 * The images that a build needs, expanded as BuildKit would: only stages that the target depends on count, names of
 * stages and `scratch` do not.
 *
 * @param args build arguments; they win over the defaults of ARG lines before the first FROM
 * @param target a stage's name or number; null builds the last one
 * @returns each image once, written as in the file, in the order in which they are met
 */
export function baseImages(
  dockerfile: string,
  args: Readonly<Record<string, string>> = {},
  target: string | null = null,
): readonly string[] {
  const stages = readStages(readInstructions(dockerfile), args);
  const images = new Set<string>();
  for (const index of reachable(stages, target)) {
    const stage = stages[index];
    if (stage === undefined) continue;
    for (const name of [stage.base, ...stage.uses]) {
      if (name !== '' && name.toLowerCase() !== 'scratch' && stageBefore(stages, index, name) === null)
        images.add(name);
    }
  }
  return [...images];
}

/** @returns the image that the target's stage starts from in the end, as `baseImages` writes it; null for `scratch` */
export function finalBase(
  dockerfile: string,
  args: Readonly<Record<string, string>> = {},
  target: string | null = null,
): string | null {
  const stages = readStages(readInstructions(dockerfile), args);
  let index = target === null ? stages.length - 1 : stageBefore(stages, stages.length, target);
  for (;;) {
    const stage = index === null ? undefined : stages[index];
    if (index === null || stage === undefined) return null;
    const before = stageBefore(stages, index, stage.base);
    if (before === null) return stage.base === '' || stage.base.toLowerCase() === 'scratch' ? null : stage.base;
    index = before;
  }
}

/**
 * The platforms that the machine must be able to run, so that the build succeeds and its image starts: those of the
 * FROM lines of the target and of stages with a RUN. Files may be copied from an image of any platform.
 * @returns each once, as the file writes it; none for variables that BuildKit sets, such as `$BUILDPLATFORM`
 */
export function stagePlatforms(
  dockerfile: string,
  args: Readonly<Record<string, string>> = {},
  target: string | null = null,
): readonly string[] {
  const stages = readStages(readInstructions(dockerfile), args);
  const needed = reachable(stages, target);
  const final = needed.at(-1);
  const platformOf = (index: number): string | null => {
    const stage = stages[index];
    if (stage === undefined || stage.platform !== null) return stage?.platform ?? null;
    const base = stageBefore(stages, index, stage.base);
    return base === null ? null : platformOf(base);
  };
  const platforms = needed.flatMap((index) =>
    index === final || stages[index]?.runs === true ? (platformOf(index) ?? []) : [],
  );
  return [...new Set(platforms)].filter((platform) => platform !== '' && !platform.endsWith('/'));
}

/** @returns the frontend image of a `# syntax=` line; null without one, which means the engine's own frontend */
export function frontendOf(dockerfile: string): string | null {
  return directives(dockerfile).get('syntax') ?? null;
}

/** @returns the same file, line for line, for the engine's own frontend: used if the named frontend is not available */
export function withoutFrontend(dockerfile: string): string {
  return frontendOf(dockerfile) === null ? dockerfile : dockerfile.replace(/^(\s*)#\s*syntax\s*=.*$/im, '$1#');
}

function readStages(instructions: readonly Instruction[], args: Readonly<Record<string, string>>): readonly Stage[] {
  const variables = new Map<string, string>();
  const stages: (Omit<Stage, 'uses' | 'runs'> & { uses: string[]; runs: boolean })[] = [];
  for (const { keyword, flags, rest } of instructions) {
    const current = stages.at(-1);
    if (keyword === 'ARG' && current === undefined) {
      for (const [name, value] of argumentsOf(rest)) {
        const given = args[name] ?? (value === null ? undefined : expand(value, variables));
        if (given !== undefined) variables.set(name, given);
      }
    } else if (keyword === 'FROM') {
      const [base = '', as, name] = rest.split(/\s+/);
      stages.push({
        name: as?.toLowerCase() === 'as' ? (name ?? null) : null,
        base: expand(base, variables),
        uses: [],
        platform: platformIn(flags, variables),
        runs: false,
      });
    } else {
      if (current !== undefined && keyword === 'RUN') current.runs = true;
      current?.uses.push(...usesOf(keyword, flags));
    }
  }
  return stages;
}

function platformIn(flags: readonly string[], variables: ReadonlyMap<string, string>): string | null {
  const platform = flags.flatMap((flag) => /^--platform=(.+)$/.exec(flag)?.[1] ?? [])[0];
  return platform === undefined ? null : expand(platform, variables);
}

function argumentsOf(text: string): readonly (readonly [string, string | null])[] {
  return [...text.matchAll(/([A-Za-z_]\w*)(?:=("(?:[^"\\]|\\.)*"|'[^']*'|\S*))?/g)].map(([, name = '', value]) => [
    name,
    value === undefined ? null : value.replace(/^(["'])(.*)\1$/, '$2'),
  ]);
}

/** `$NAME`, `${NAME}`, `${NAME:-default}`, `${NAME:+other}` and the forms without a colon. */
function expand(text: string, variables: ReadonlyMap<string, string>): string {
  const bare = text.replace(/^(["'])(.*)\1$/, '$2');
  return bare.replace(
    /\$(?:([A-Za-z_]\w*)|\{([A-Za-z_]\w*)(?:(:?)([-+])((?:[^{}]|\{[^{}]*\})*))?\})/g,
    (_, plain?: string, braced?: string, colon?: string, operator?: string, word = '') => {
      const value = variables.get(plain ?? braced ?? '');
      const isSet = value !== undefined && !(colon === ':' && value === '');
      if (operator === '-') return isSet ? value : expand(word as string, variables);
      if (operator === '+') return isSet ? expand(word as string, variables) : '';
      return value ?? '';
    },
  );
}

function usesOf(keyword: string, flags: readonly string[]): readonly string[] {
  if (keyword === 'COPY' || keyword === 'ADD') return flags.flatMap((flag) => /^--from=(.+)$/.exec(flag)?.[1] ?? []);
  if (keyword !== 'RUN') return [];
  return flags.flatMap((flag) => (flag.startsWith('--mount=') ? (/[=,]from=([^,]+)/.exec(flag)?.[1] ?? []) : []));
}

function reachable(stages: readonly Stage[], target: string | null): readonly number[] {
  const start = target === null ? stages.length - 1 : stageBefore(stages, stages.length, target);
  const found = new Set<number>();
  const open = start === null || start < 0 ? [] : [start];
  for (let index = open.pop(); index !== undefined; index = open.pop()) {
    const stage = stages[index];
    if (stage === undefined || found.has(index)) continue;
    found.add(index);
    for (const name of [stage.base, ...stage.uses]) {
      const other = stageBefore(stages, index, name);
      if (other !== null) open.push(other);
    }
  }
  return [...found].sort((a, b) => a - b);
}

/** @returns the stage of that name or number before `index`; null if it is an image */
function stageBefore(stages: readonly Stage[], index: number, name: string): number | null {
  if (/^\d+$/.test(name) && Number(name) < index) return Number(name);
  const at = stages.slice(0, index).findLastIndex((stage) => stage.name?.toLowerCase() === name.toLowerCase());
  return at === -1 ? null : at;
}
