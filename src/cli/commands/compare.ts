/** `paceline compare BASE HEAD`: measures two commits, or variants of them, alternately on this host. */
import { resolve } from 'node:path';
import { Command, InvalidArgumentError } from 'commander';
import { assertOutside, runFolder } from '../../data/directory.ts';
import {
  COMPARE_LIMITS,
  COMPARED_PHASES,
  type ComparedPhase,
  type CompareInput,
  type CompareVerdict,
} from '../../model/comparison.ts';
import type { Side } from '../../model/side.ts';
import type { Variant } from '../../model/variant.ts';
import { renderComparison } from '../../report/comparison.ts';
import { comparisonFiles } from '../../report/files.ts';
import { storeLocation } from '../../store/location.ts';
import { checkDisk, checkEngine } from '../checks.ts';
import { dataDirectoryOf } from '../data-directory.ts';
import type { Io } from '../io.ts';
import { namePage } from '../name-page.ts';
import { collected, withDataDirectory, withPorts, wholeNumber } from '../options.ts';
import { checkOutputFolder, writeInto } from '../output-folder.ts';
import type { Ending } from '../ending.ts';
import { watchComparison } from '../run/watch-comparison.ts';
import { checkPipelineAt } from '../pipeline-at.ts';
import { readProjectPlan } from '../project-plan.ts';
import { type ReadSource, readSource } from '../source.ts';
import { asInput, checkOverrides, checkPatchOf, readVariant, type VariantFlags } from '../variant.ts';

interface CompareFlags extends VariantFlags {
  readonly project: string;
  readonly git?: string;
  readonly path?: string;
  readonly phase?: readonly ComparedPhase[];
  readonly scenario?: readonly string[];
  readonly pairs?: number;
  readonly budget?: number;
  readonly json?: boolean;
  readonly strict?: boolean;
  readonly output?: string;
  readonly dataDir?: string;
  readonly port?: number;
  readonly uiPort?: number;
}

const SIDES = ['base', 'head'] as const;
const { pairs: PAIRS, budgetSeconds: BUDGET } = COMPARE_LIMITS;

const EXIT_CODES = {
  noChange: 0,
  improved: 0,
  inconclusive: 0,
  regressed: 1,
  error: 2,
  cancelled: 130,
} as const satisfies Record<CompareVerdict, number>;

const EXAMPLES = `
Examples:
  paceline compare main my-branch
  paceline compare v1.2 HEAD --phase test --scenario 'Quick Tests Only'
  paceline compare HEAD~1 HEAD --phase build.cold --json > comparison.json
  paceline compare main main --head-patch fix.patch
  paceline compare main main --phase test --head-set 'scenarios[0].command=python -m pytest -n 4'

Base and head are measured one right after the other, in the order ABBA, on the same CPUs; five pairs, and up to eight
while nothing is decided. The head's paceline.yml counts for both. A patch (from git diff, at most 256 KB) changes the copy
that is measured, never your files. --base-set and --head-set change the plan of one side; the value is YAML.
Exit codes: 0 no change, faster, or inconclusive (--strict: 1), 1 slower, 2 error or wrong usage, 130 cancelled.`;

function phases(text: string, before: readonly ComparedPhase[] | undefined): readonly ComparedPhase[] {
  const phase = COMPARED_PHASES.find((each) => each === text);
  if (phase === undefined) throw new InvalidArgumentError(`Specify one of ${COMPARED_PHASES.join(', ')}.`);
  return [...(before ?? []), phase];
}

export function compareCommand(io: Io, ending: Ending): Command {
  const command = new Command('compare')
    .argument('<base>', 'a branch, tag or commit')
    .argument('<head>', 'a branch, tag or commit')
    .option('-p, --project <path>', "the project's folder", '.')
    .option('--git <url>', 'a git repository to fetch, instead of a folder')
    .option('--path <folder>', "with --git: the project's folder in the repository (default: its top)")
    .option('--phase <phase>', `only this (${COMPARED_PHASES.join(', ')}); may be given several times`, phases)
    .option('--scenario <name>', 'only this scenario; may be given several times', collected)
    .option('--base-patch <file>', 'a patch to apply to the base')
    .option('--head-patch <file>', 'a patch to apply to the head')
    .option('--base-set <path=value>', "change a value of the base's plan; may be given several times", collected)
    .option('--head-set <path=value>', "change a value of the head's plan; may be given several times", collected)
    .option('--pairs <n>', 'pairs to begin with', wholeNumber(PAIRS.least, PAIRS.most))
    .option(
      '--budget <minutes>',
      'time limit in minutes; the result uses what was measured by then',
      wholeNumber(1, BUDGET.most / 60),
    )
    .option('--json', 'result as JSON on stdout')
    .option('--strict', 'exit code 1 if the verdict is inconclusive')
    .option('-o, --output <dir>', 'directory for comparison.json, comparison.md and comparison.html')
    .addHelpText('after', EXAMPLES);
  return withPorts(withDataDirectory(command)).action(async (base: string, head: string, flags: CompareFlags) => {
    ending.ends(await compare({ base, head }, flags, io, ending));
  });
}

async function compare(
  { base, head }: { readonly base: string; readonly head: string },
  flags: CompareFlags,
  io: Io,
  ending: Ending,
): Promise<number> {
  const read = await readSource({ ...flags, ref: head }, io);
  // Said before anything is started: a ref that is not there, a patch or an override that does not fit.
  const readBase = await readSource({ ...flags, ref: base }, io);
  const variants = {
    base: await readVariant('base', base, flags, io),
    head: await readVariant('head', head, flags, io),
  };
  await checkPatchOf('base', variants.base, readBase);
  await checkPatchOf('head', variants.head, read);
  await checkOverrides(variants.base, variants.head, read);
  await checkPipelines(variants, { base: readBase, head: read }, io);
  const { ref: _, ...source } = read.source;
  const dataDirectory = dataDirectoryOf(flags.dataDir, io);
  if (read.project.directory !== null) assertOutside(read.project.directory, dataDirectory);
  if (flags.output !== undefined) await checkOutputFolder(resolve(io.cwd, flags.output));
  storeLocation({ dataDirectory, url: io.env['PACELINE_STORE'] });
  await checkDisk(dataDirectory);
  await checkEngine(io.env, null);
  const input: CompareInput = {
    source,
    base: asInput(variants.base),
    head: asInput(variants.head),
    ...(flags.phase === undefined ? {} : { phases: flags.phase }),
    ...(flags.scenario === undefined ? {} : { scenarios: flags.scenario }),
    ...(flags.pairs === undefined ? {} : { pairs: flags.pairs }),
    ...(flags.budget === undefined ? {} : { budgetSeconds: flags.budget * 60 }),
  };
  const result = await watchComparison(
    input,
    { project: read.project.name, commit: read.commit, refCharacters: 40 },
    { dataDirectory, ports: flags, json: flags.json ?? false, io, ending },
  );
  if (result === null) return EXIT_CODES.cancelled;
  if (flags.output !== undefined) await writeInto(resolve(io.cwd, flags.output), await comparisonFiles(result));
  io.out(
    flags.json === true
      ? `${JSON.stringify(result, null, 2)}\n`
      : `\n${renderComparison(result, { color: io.stdout.color, width: io.stdout.width() })}`,
  );
  const folder = runFolder(dataDirectory, result.runId);
  await namePage(flags.output === undefined ? folder : resolve(io.cwd, flags.output), 'comparison.html', io);
  return flags.strict === true && result.verdict === 'inconclusive' ? 1 : EXIT_CODES[result.verdict];
}

/** The head's plan counts for both sides. What a patch or an override changes is known only to the worker. */
async function checkPipelines(
  variants: Readonly<Record<Side, Variant>>,
  read: Readonly<Record<Side, ReadSource>>,
  { env }: Io,
): Promise<void> {
  if (SIDES.some((side) => variants[side].patch !== undefined || variants[side].set !== undefined)) return;
  const { plan } = await readProjectPlan({ project: '.' }, read.head.source, async () => read.head.project.name);
  for (const side of SIDES) await checkPipelineAt(read[side].source, plan, env);
}
