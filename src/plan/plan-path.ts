/** Plan overrides: set values at paths of a plan as it was written, such as `scenarios[0].command`. */
import { wrongUsage } from '../model/failure.ts';
import { kindOf } from './message.ts';

type Step = string | number;

const FIRST = /^[A-Za-z][\w-]*/;
const NEXT = /^(?:\.([A-Za-z][\w-]*)|\[(\d{1,4})\])/;

/** @returns the keys and places in lists that a path names; null for what is not a path */
export function parsePlanPath(text: string): readonly Step[] | null {
  const [first] = FIRST.exec(text) ?? [];
  if (first === undefined) return null;
  const steps: Step[] = [first];
  let rest = text.slice(first.length);
  while (rest !== '') {
    const found = NEXT.exec(rest);
    if (found === null) return null;
    steps.push(found[1] ?? Number(found[2]));
    rest = rest.slice(found[0].length);
  }
  return steps;
}

/**
 * The plan with each value at its path, in the order given. Sections that are not there yet are added; items of lists are
 * not. The schema has to check the outcome: a key that it does not know is put there as well.
 * @param written a plan as it was written; not changed
 * @throws PacelineError WrongUsage for a path that does not lead anywhere in this plan
 */
export function applyPlanSet(written: unknown, set: Readonly<Record<string, unknown>>): unknown {
  return Object.entries(set).reduce<unknown>((plan, [path, value]) => {
    const steps = parsePlanPath(path);
    if (steps === null) throw notAPath(path);
    return put(plan ?? {}, steps, value, path);
  }, written);
}

export function notAPath(path: string) {
  return wrongUsage(
    `${JSON.stringify(path.slice(0, 80))} is not the path of a key of the plan.`,
    'Write keys with dots between them and places in lists in brackets, such as scenarios[0].command.',
  );
}

function put(node: unknown, [step, ...rest]: readonly Step[], value: unknown, path: string, before = ''): unknown {
  if (step === undefined) return value;
  const here = typeof step === 'number' ? `${before}[${step}]` : before === '' ? step : `${before}.${step}`;
  if (typeof step === 'number') {
    const items = listAt(node, step, path, before);
    return items.map((item, index) => (index === step ? put(item, rest, value, path, here) : item));
  }
  const section = sectionAt(node, path, before);
  const inner = Object.hasOwn(section, step) ? section[step] : undefined;
  return { ...section, [step]: put(inner, rest, value, path, here) };
}

function listAt(node: unknown, index: number, path: string, before: string): readonly unknown[] {
  if (node === undefined || node === null) {
    throw wrongUsage(
      `The override of ${path} changes an item of ${before}, and the plan does not have ${before}.`,
      `Write ${before} into paceline.yml, or set the whole list on both sides.`,
    );
  }
  if (!Array.isArray(node)) throw leadsNowhere(node, path, before);
  if (index < node.length) return node;
  throw wrongUsage(
    `The override of ${path} changes an item that is not there: ${before} has ${node.length} ${node.length === 1 ? 'item' : 'items'}.`,
    'Items are counted from 0.',
  );
}

function sectionAt(node: unknown, path: string, before: string): Readonly<Record<string, unknown>> {
  if (node === undefined || node === null) return {};
  if (typeof node === 'object' && !Array.isArray(node)) return node as Record<string, unknown>;
  throw leadsNowhere(node, path, before);
}

function leadsNowhere(node: unknown, path: string, before: string) {
  return wrongUsage(
    `The override of ${path} does not fit the plan: ${before} is ${kindOf(node)}.`,
    `Set ${before} as a whole, or correct the path.`,
  );
}
