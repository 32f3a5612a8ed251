/** Causes in words. The only place that makes sentences of them: nothing parses these. */
import type { Cause, CauseClass, CauseEvidence } from '../../model/cause.ts';
import type { Place } from '../../model/project-files.ts';
import type { Attribution } from '../../model/regression.ts';
import { formatBytes, formatRatio, formatSeconds } from '../../format/format-quantity.ts';

const MOST = 3;

/** "Cause: healthcheck of db: interval 1s → 6s (compose.yml:12) explains 5.1 s of 5.2 s." null where nothing is known. */
export function attributionSentence(attributions: readonly Attribution[], difference: number): string | null {
  const words = attributionWords(attributions, difference);
  if (words === null) return null;
  return `${attributions.length === 1 ? 'Cause' : 'Causes'}: ${words}.`;
}

/** The same without its beginning and end: the three largest shares. @param difference of the figure, in seconds */
export function attributionWords(attributions: readonly Attribution[], difference: number): string | null {
  if (attributions.length === 0) return null;
  return attributions
    .slice(0, MOST)
    .map((one) => (one.cause === undefined ? olderWords(one) : causeWords(one.cause, difference)))
    .join('; ');
}

/** "healthcheck of db: interval 1s → 6s (compose.yml:12) explains 5.1 s of 5.2 s" */
export function causeWords(cause: Cause, difference: number): string {
  const all = formatSeconds(Math.abs(difference));
  const share = formatSeconds(Math.abs(difference) * cause.share);
  if (cause.class === 'unknown') return `${share} of ${all} is unexplained`;
  return `${subjectWords(cause)} ${isPlural(cause) ? 'explain' : 'explains'} ${share} of ${all}`;
}

function isPlural({ class: cls, name }: Cause): boolean {
  return ['manyTests', 'newTests', 'removedTests'].includes(cls) && /^\d+ tests/.test(name);
}

/** What the cause is, with its most telling evidence: "test a::b (2 s → 6 s)". */
export function subjectWords(cause: Cause): string {
  const details = detailsOf(cause);
  const subject = `${subjectOf(cause)}${ownPlace(cause)}`;
  return details === null ? subject : `${subject}: ${details}`;
}

/** Of alerts that older versions stored. */
function olderWords({ kind, name, share, baseSeconds, headSeconds }: Attribution): string {
  return `${formatRatio(Math.min(1, share))} in ${kind} ${name} (${formatSeconds(baseSeconds)} before, ${formatSeconds(headSeconds)} now)`;
}

function subjectOf({ class: cls, name }: Cause): string {
  switch (cls) {
    case 'cacheMiss':
      return `cache miss at \`${name}\``;
    case 'baseImage':
      return `base image ${name}`;
    case 'step':
      return `step \`${name}\``;
    case 'newStep':
      return `new step \`${name}\``;
    case 'removedStep':
      return `removed step \`${name}\``;
    case 'healthcheck':
      return `healthcheck of ${name}`;
    case 'dependencyEdge':
      return `dependency: ${name}`;
    case 'readiness':
      return `readiness of ${name}`;
    case 'newService':
      return `new service ${name}`;
    case 'removedService':
      return `removed service ${name}`;
    case 'stopSignal':
      return `stop of ${name}`;
    case 'test':
      return `test ${name}`;
    case 'newTests':
      return `new: ${name}`;
    case 'removedTests':
      return `removed: ${name}`;
    case 'fixture':
      return `fixture ${name}`;
    case 'imbalance':
      return name === '--dist' ? 'balance of the workers (--dist)' : 'balance of the workers';
    case 'workers':
      return 'number of workers (-n)';
    case 'limit':
      return `limit on ${name}`;
    case 'service':
      return `slower service ${name}`;
    case 'disturbance':
      return `disturbance by ${name}`;
    case 'context':
    case 'export':
    case 'manyTests':
    case 'collection':
    case 'coverage':
    case 'unknown':
      return name;
  }
}

/** The first evidence that says more than the times, else the times. */
function detailsOf(cause: Cause): string | null {
  const told = cause.evidence
    .filter((evidence) => !isNamed(cause, evidence))
    .map((evidence) => evidenceWords(evidence, cause.class))
    .filter((words) => words !== null);
  const times = timesOf(cause);
  const parts = [...told.slice(0, 2), ...(told.length === 0 && times !== null ? [times] : [])];
  return parts.length === 0 ? null : parts.join(', ');
}

/** An instruction that is new or gone says no more than the name of its step. */
function isNamed({ class: cls }: Cause, { kind }: CauseEvidence): boolean {
  return kind === 'place' || (kind === 'changedInstruction' && (cls === 'newStep' || cls === 'removedStep'));
}

/** Where such a step is written. */
function ownPlace(cause: Cause): string {
  const own = cause.evidence.find((evidence) => isNamed(cause, evidence));
  return own !== undefined && 'place' in own ? placeWords(own.place) : '';
}

function timesOf({ baseSeconds, headSeconds }: Cause): string | null {
  if (headSeconds === null) return null;
  return baseSeconds === null
    ? formatSeconds(headSeconds)
    : `${formatSeconds(baseSeconds)} before, ${formatSeconds(headSeconds)} now`;
}

/** null for what the subject says already. */
export function evidenceWords(evidence: CauseEvidence, of: CauseClass): string | null {
  switch (evidence.kind) {
    case 'changedKey':
      return `${shortKey(evidence.key)} ${changeOf(evidence)}${placeWords(evidence.place)}`;
    case 'changedInstruction':
      return `${changeOf(evidence)}${placeWords(evidence.place)}`;
    case 'place':
      return null;
    case 'changedFiles':
      return `changed ${listed(evidence.files, evidence.more)}`;
    case 'firstMiss':
      return missWords(evidence);
    case 'tests':
      return testsWords(evidence, of);
    case 'oneOfTests':
      return 'the times do not tell which of them';
    case 'allUseFixture':
      return `all use fixture ${evidence.fixture}`;
    case 'fixture':
      return evidence.baseCount === evidence.headCount
        ? null
        : `set up ${evidence.baseCount} times before, ${evidence.headCount} now`;
    case 'option':
      return `${evidence.name} ${changeOf(evidence)}`;
    case 'readiness':
      // The healthcheck is to blame just because the service is ready as before.
      return of === 'healthcheck' ? null : readinessWords(evidence);
    case 'waitedFor':
      return `waited for ${evidence.base ?? 'nothing'} before, for ${evidence.head ?? 'nothing'} now`;
    case 'throttled':
      return `held back ${secondsOrNone(evidence.baseSeconds)} before, ${secondsOrNone(evidence.headSeconds)} now`;
    case 'workers':
      return `the busiest worker ${formatSeconds(evidence.headBusiest)}, the mean ${formatSeconds(evidence.headMean)} (before: ${formatSeconds(evidence.baseBusiest)}, ${formatSeconds(evidence.baseMean)})`;
    case 'calls':
      return `${evidence.what}: ${evidence.base} before, ${evidence.head} now`;
    case 'imageBytes':
      return `image ${formatBytes(evidence.base)} → ${formatBytes(evidence.head)}`;
    case 'disturbed':
      return evidence.reason;
  }
}

/** New tests have no time before; a single test that is blamed for others slowed those after it. */
function testsWords({ count, secondsEach }: Extract<CauseEvidence, { kind: 'tests' }>, of: CauseClass): string | null {
  if (count === 1) return null;
  const each = `each about ${formatSeconds(Math.abs(secondsEach))}`;
  if (of === 'newTests' || of === 'removedTests') return each;
  return `${of === 'test' ? `${count} tests after it, ` : ''}${each} ${secondsEach < 0 ? 'faster' : 'slower'}`;
}

function changeOf({ base, head }: { readonly base: string | null; readonly head: string | null }): string {
  if (base === null) return `added: ${shortened(head ?? '')}`;
  return head === null ? `removed: ${shortened(base)}` : `${shortened(base)} → ${shortened(head)}`;
}

const LONGEST = 80;

function shortened(text: string): string {
  const line = text.replaceAll(/\s+/g, ' ').trim();
  return line.length <= LONGEST ? line : `${line.slice(0, LONGEST - 1)}…`;
}

/** `services.db.healthcheck.interval` is `interval` in a sentence about the healthcheck of db. */
function shortKey(key: string): string {
  return key.replace(/^services\.[^.]+\./, '').replace(/^healthcheck\./, '');
}

function placeWords(place: Place | null): string {
  return place === null ? '' : ` (${place.file}:${place.line})`;
}

function missWords({ input, place }: Extract<CauseEvidence, { kind: 'firstMiss' }>): string | null {
  const where = placeWords(place);
  switch (input.kind) {
    case 'files':
      return `changed ${listed(input.files, input.more)}${where}`;
    case 'argument':
      return `changed build argument ${input.names.join(', ')}${where}`;
    case 'baseImage':
      return `base image ${input.image} is another one${where}`;
    case 'instruction':
      return `the instruction changed${where}`;
    case 'mount':
      return `its mount ${input.mount} changed${where}`;
    case 'earlierStep':
      return `follows from ${input.step}${where}`;
    case 'noCache':
      return `built without the cache${where}`;
    case 'pruned':
      return `the cache no longer had it${where}`;
    case 'unknown':
      return where === '' ? null : where.trim();
  }
}

function readinessWords(evidence: Extract<CauseEvidence, { kind: 'readiness' }>): string | null {
  const { baseReadySeconds: before, headReadySeconds: now } = evidence;
  if (now === null) return null;
  return before === null
    ? `ready after ${formatSeconds(now)}`
    : `ready ${formatSeconds(before)} after its start before, ${formatSeconds(now)} now`;
}

function secondsOrNone(seconds: number | null): string {
  return seconds === null ? 'an unknown time' : formatSeconds(seconds);
}

function listed(names: readonly string[], more: number): string {
  return `${names.join(', ')}${more > 0 ? ` and ${more} more` : ''}`;
}
