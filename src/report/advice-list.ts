/** What `paceline advise` shows, as blocks: opportunities by what they save, then problems, then what was fine. */
import { type AdviceListing, amount, isPredictedOfStartup, type ListedAdvice } from '../analysis/advice/listing.ts';
import type { TogetherResult } from '../model/advice.ts';
import type { AuditHonesty } from '../analysis/advice/honesty.ts';
import { reasonWords, remedyWords, savesWords, signed } from './advice-words.ts';
import { type Block, type Inline, item, list, type ListItem, type Mark, paragraph, strong } from './blocks.ts';
import { renderBlocks, type TerminalOptions } from './formats/terminal.ts';

/** Lines of plain text, ending in a line break. */
export function renderAdvice(listing: AdviceListing, options: TerminalOptions): string {
  return renderBlocks(adviceBlocks(listing), options);
}

function adviceBlocks(listing: AdviceListing): readonly Block[] {
  const { opportunities, rejected, problems } = listing;
  return [
    paragraph(heading(listing)),
    ...part('Opportunities', opportunities.map(opportunity)),
    ...part('Problems', problems.map(problem)),
    ...part(
      'Tried, and not worth a change',
      rejected.map((each) => item(named(each), { sign: 'bad', details: triedLines(each) })),
    ),
    ...checksLine(listing),
    ...nextSteps(listing),
  ];
}

function part(title: string, items: readonly ListItem[]): readonly Block[] {
  return items.length === 0 ? [] : [paragraph(strong(title)), ...list(items)];
}

function heading(listing: AdviceListing): Inline {
  const { project, runId, commit, opportunities, problems } = listing;
  const at = commit === null ? '' : ` at ${commit.slice(0, 7)}`;
  const sums = [...verifiedSum(listing), ...predictedSum(listing)];
  const counts = `${opportunities.length} ${opportunities.length === 1 ? 'opportunity' : 'opportunities'}, ${problems.length} ${problems.length === 1 ? 'problem' : 'problems'}`;
  return `${project}, run ${runId.slice(0, 8)}${at}: ${counts}${sums.length === 0 ? '' : ` (${sums.join(', ')})`}`;
}

/** Savings overlap: what all winners save together counts, where that was measured. */
function verifiedSum({ opportunities, together }: AdviceListing): string[] {
  const verified = opportunities.filter((each) => each.state === 'verified' && each.saves?.unit === 'second');
  const alone = secondsOf(verified);
  if (alone <= 0) return [];
  const all = verifiedTogether(together, verified);
  if (all !== null) return [`${signed(all, 'second')} verified together, ${signed(alone, 'second')} one by one`];
  return [`${signed(alone, 'second')} verified${verified.length > 1 ? ' one by one' : ''}`];
}

/** null where some of them were not among the winners that were measured, or a figure of theirs was not verified. */
function verifiedTogether(together: TogetherResult | null, verified: readonly ListedAdvice[]): number | null {
  if (together === null || verified.length < 2 || !verified.every(({ name }) => together.members.includes(name)))
    return null;
  const ofSeconds = together.verifications.filter(({ unit }) => unit === 'second');
  if (ofSeconds.length === 0 || ofSeconds.some(({ state }) => state !== 'verified')) return null;
  return ofSeconds.reduce((sum, { saving }) => sum + (saving?.value ?? 0), 0);
}

function predictedSum({ opportunities, startupTogetherSeconds }: AdviceListing): string[] {
  const alone = secondsOf(
    opportunities.filter(({ state, saves }) => state === 'predicted' && saves?.unit === 'second'),
  );
  const ofStartup = secondsOf(opportunities.filter(isPredictedOfStartup));
  const predicted = startupTogetherSeconds === null ? alone : alone - ofStartup + startupTogetherSeconds;
  const oneByOne = Math.abs(predicted - alone) < 0.05 ? '' : ` together, ${signed(alone, 'second')} one by one`;
  return predicted > 0 ? [`${signed(predicted, 'second')} predicted${oneByOne}`] : [];
}

function secondsOf(advice: readonly ListedAdvice[]): number {
  return advice.reduce((sum, each) => sum + amount(each), 0);
}

/** Steps are for people, and what no figure shows cannot be measured. */
function withoutNumber({ saves, remedy }: ListedAdvice): string {
  if (saves === null) return 'No figure of a run shows what it saves.';
  const isTriable = remedy !== null && remedy.kind !== 'steps';
  return isTriable ? 'No number is known; `--verify` can measure it.' : 'No number is known.';
}

function opportunity(advice: ListedAdvice): ListItem {
  const { remedy, evidence, honesty, hoursPerMonth } = advice;
  const saves = savesWords(advice);
  const hours = hoursPerMonth === null ? '' : `, ${hoursWords(hoursPerMonth)} a month`;
  return item(named(advice), {
    sign: signOf(advice),
    details: [
      ...(saves === '' ? [withoutNumber(advice)] : [`${capital(saves)}${hours}.`]),
      ...evidence,
      ...(remedy === null ? [] : [`Remedy: ${remedyWords(remedy)}`]),
      ...(advice.state === 'verified' ? [] : triedLines(advice)),
      ...honestyLines(honesty, advice),
    ],
  });
}

function problem(advice: ListedAdvice): ListItem {
  const { evidence, remedy } = advice;
  const details = [...evidence, ...(remedy === null ? [] : [`Remedy: ${remedyWords(remedy)}`])];
  return item(named(advice), { sign: 'warning', details });
}

function named({ name, where, message }: ListedAdvice): Inline {
  return [strong(name), where === null ? ': ' : ` at ${where.file}:${where.line}: `, message];
}

function signOf({ state }: ListedAdvice): Mark | 'action' {
  return state === 'verified' ? 'good' : state === 'inconclusive' ? 'warning' : 'action';
}

function triedLines({ tried, state }: ListedAdvice): readonly string[] {
  return tried === undefined ? [] : [`${capital(state)}: ${reasonWords(tried.reason, tried.detail)}`];
}

function hoursWords(hours: number): string {
  return hours < 1 ? `${Math.max(1, Math.round(hours * 60))} min` : `${Number(hours.toFixed(hours < 10 ? 1 : 0))} h`;
}

/** Of a verified saving the prediction no longer matters. */
function honestyLines(honesty: AuditHonesty | null, { state, saves }: ListedAdvice): readonly string[] {
  if (honesty === null || state === 'verified' || saves?.predicted == null) return [];
  const words = honestyWords(honesty);
  return words === null ? [] : [words];
}

/** null where the predictions are good, or too few were verified. */
export function honestyWords({ judgement, ratio, n }: AuditHonesty): string | null {
  if (judgement !== 'tooHigh' && judgement !== 'tooLow') return null;
  const factor = judgement === 'tooHigh' ? ratio : 1 / ratio;
  const times = Number(factor.toFixed(1));
  return `Predictions of this check were ${times} times too ${judgement === 'tooHigh' ? 'high' : 'low'} (median of ${n} verified remedies).`;
}

function checksLine({ checks }: AdviceListing): readonly Block[] {
  const of = (outcome: string) => checks.filter((check) => check.outcome === outcome).map(({ id }) => id);
  const [fine, none, unknown] = [of('ok'), of('notApplicable'), of('inconclusive')];
  if (checks.length === 0) return [];
  const parts = [
    `${fine.length} ${fine.length === 1 ? 'check' : 'checks'} found nothing${fine.length === 0 ? '' : ` (${fine.join(', ')})`}`,
    ...(unknown.length === 0 ? [] : [`${unknown.length} could not tell (${unknown.join(', ')})`]),
    ...(none.length === 0 ? [] : [`${none.length} did not apply`]),
  ];
  return [paragraph(`${parts.join('; ')}.`)];
}

function nextSteps({ opportunities }: AdviceListing): readonly Block[] {
  const canBeTried = opportunities.some(
    ({ state, remedy, saves }) => state !== 'verified' && remedy !== null && remedy.kind !== 'steps' && saves !== null,
  );
  const hasWinner = opportunities.some(({ state, remedy }) => state === 'verified' && remedy?.kind === 'patch');
  const steps = [
    ...(canBeTried ? ['`paceline advise --verify` tries the remedies on a copy, in pairs with and without each.'] : []),
    ...(hasWinner ? ['`paceline advise --patch fix.patch` writes the verified remedies as one patch.'] : []),
  ];
  return list(steps.map((step) => item(step)));
}

function capital(text: string): string {
  return `${text.slice(0, 1).toUpperCase()}${text.slice(1)}`;
}
