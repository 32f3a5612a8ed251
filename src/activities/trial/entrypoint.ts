/** Whether the test container's ENTRYPOINT runs the scenario's command: what its words tell, its script, and then the tests. */
import { join } from 'node:path/posix';
import { calledWith, pytestInvocations } from '../../collectors/pytest/invocations.ts';
import { PYTEST_FOLDER } from '../../collectors/pytest/collector.ts';
import type { Judgement } from '../../collectors/outcome/exit.ts';
import { type ContainerFacts, EngineRefusal, type ImageFacts } from '../../docker/engine/engine.ts';
import { shortTextOf } from '../../docker/engine/streams.ts';
import { isShellScript, scriptFile, shellCall, usesArguments } from '../../docker/project/shell-words.ts';
import { pytestArguments, type TestArguments, testArguments } from '../../docker/project/test-command.ts';
import type { Problem } from '../../model/failure.ts';
import type { TestCounts } from '../../model/test-counts.ts';
import { commandText } from '../../plan/command-text.ts';
import type { ActivityDeps } from '../support/deps.ts';
import { testImageOf } from '../support/workspace.ts';
import type { Trial } from './trial.ts';

export interface Entrypoint extends TestArguments {
  readonly words: readonly string[];
  readonly image: ImageFacts | null;
}

/** How the scenario's command is given to the container of the tests. */
export async function argumentsOf(deps: ActivityDeps, { workspace, scenario }: Trial): Promise<Entrypoint> {
  const { project } = workspace;
  const service = project.model.services[project.service];
  const image = await deps.engine.inspectImage(testImageOf(workspace));
  const words = service?.entrypoint ?? image?.entrypoint ?? [];
  return { ...testArguments({ entrypoint: words, command: scenario.command }), words, image };
}

/** @returns that the ENTRYPOINT is a shell script without a place for arguments, which never runs the command; else null */
export async function refusedByScript(
  deps: ActivityDeps,
  trial: Trial,
  container: ContainerFacts,
  { words, image, uncertain }: Entrypoint,
): Promise<Problem | null> {
  const file = uncertain ? scriptFile(words) : null;
  if (file === null) return null;
  const text = await textOf(deps, trial, container, file, image?.workingDirectory || '/');
  const isScript = text !== null && (isShellScript(text) || shellCall(words)?.script === file);
  if (!isScript || usesArguments(text)) return null;
  const { service } = trial.workspace.project;
  return {
    type: 'WrongUsage',
    what: `The ENTRYPOINT \`${words.join(' ')}\` takes no arguments, so it never runs the command of \`${trial.scenario.name}\`.`,
    next: `End the script with \`exec "$@"\`, or set \`entrypoint: []\` for \`${service}\` in the compose file; a scenario without \`command\` measures what the ENTRYPOINT runs.`,
    detail: text.split('\n').slice(0, SHOWN_LINES).join('\n'),
  };
}

const SHOWN_LINES = 15;

/** A name without a slash is searched as the container does. */
async function textOf(
  { engine }: ActivityDeps,
  { name, workspace: { project } }: Trial,
  { env }: ContainerFacts,
  file: string,
  imageFolder: string,
): Promise<string | null> {
  const own = project.model.services[project.service]?.['working_dir'];
  const folder = typeof own === 'string' ? own : imageFolder;
  const path = env.find((entry) => entry.startsWith('PATH='))?.slice('PATH='.length) ?? '';
  const places = file.startsWith('/')
    ? [file]
    : [join(folder, file), ...(file.includes('/') ? [] : path.split(':').map((place) => join(place, file)))];
  for (const place of places) {
    const text = await shortTextOf(await engine.copyOut(name, place).catch(unlessRefused));
    if (text !== null) return text;
  }
  return null;
}

/** A place that cannot be read, such as one below a file, counts as a place without the script. */
function unlessRefused(error: unknown): null {
  if (error instanceof EngineRefusal) return null;
  throw error;
}

/** These end pytest before it has a session. */
const NO_SESSION = /^(?:--version|-V|--help|-h|--markers|--fixtures|--cache-show.*)$/;
const OWN_REPORT = /^--junit-?xml/;

/**
 * The judgement of an end, with what the tests themselves show where the ENTRYPOINT's words are not clear: pytest that ran
 * with other arguments, or no pytest at all, is never a pass.
 */
export async function behindEntrypoint(
  deps: ActivityDeps,
  trial: Trial,
  judged: Judgement,
  counts: TestCounts | null,
): Promise<Judgement> {
  const wanted = pytestArguments(trial.scenario.command);
  if (wanted === null) return judged;
  const { words, uncertain } = await argumentsOf(deps, trial);
  if (!uncertain) return judged;
  const seen = deps.endpoint.local ? await pytestInvocations(join(trial.folder, 'results', PYTEST_FOLDER)) : null;
  const what = seen === null ? null : instead(seen, wanted, counts, judged);
  if (what === null) return judged;
  const sentence = `The ENTRYPOINT \`${words.join(' ')}\` seems to ignore the command of the scenario: ${what}.`;
  if (judged.outcome === 'passed') return { ...judged, outcome: 'testsBroken', reason: sentence };
  return { ...judged, reason: judged.reason === null ? sentence : `${judged.reason} ${sentence}` };
}

/** @returns what ran in place of the command, as half a sentence; null if nothing speaks against it */
function instead(
  seen: NonNullable<Awaited<ReturnType<typeof pytestInvocations>>>,
  wanted: readonly string[],
  counts: TestCounts | null,
  { outcome }: Judgement,
): string | null {
  const [first] = seen.arguments;
  if (first !== undefined) {
    if (seen.arguments.some((words) => calledWith(words, wanted))) return null;
    return `pytest ran with ${shown(first)}, not with ${shown(wanted)}`;
  }
  const mayBeUnseen = counts !== null || seen.begun > 0 || wanted.some((w) => NO_SESSION.test(w) || OWN_REPORT.test(w));
  if (mayBeUnseen || (outcome !== 'passed' && outcome !== 'timedOut')) return null;
  return 'no pytest was found';
}

function shown(words: readonly string[]): string {
  return words.length === 0 ? 'no arguments' : `\`${commandText(words)}\``;
}
