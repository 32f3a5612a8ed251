/**
 * A strict reader of Prometheus' text format: https://prometheus.io/docs/instrumenting/exposition_formats/. It throws on what
 * Prometheus would refuse, and on what `promtool check metrics` calls an error.
 */
export interface Sample {
  readonly name: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly value: number;
}

export interface Exposition {
  readonly types: ReadonlyMap<string, string>;
  readonly samples: readonly Sample[];
}

const NAME = '[a-zA-Z_:][a-zA-Z0-9_:]*';
const LABEL = String.raw`[a-zA-Z_][a-zA-Z0-9_]*="(?:[^"\\\n]|\\["\\n])*"`;
const SAMPLE = new RegExp(String.raw`^(${NAME})(?:\{((?:${LABEL},?)*)\})? (\S+)(?: -?\d+)?$`);
const META = new RegExp(String.raw`^# (HELP|TYPE) (${NAME})(?: (.*))?$`);
const NUMBER = /^(?:[-+]?(?:\d+\.?\d*|\.\d+)(?:[eE][-+]?\d+)?|[-+]?Inf|NaN)$/;

export function readExposition(text: string): Exposition {
  if (!text.endsWith('\n')) throw new Error('the last line does not end');
  const types = new Map<string, string>();
  const series = new Set<string>();
  const samples: Sample[] = [];
  for (const line of text.split('\n')) {
    if (line === '') continue;
    const meta = META.exec(line);
    if (meta !== null) {
      const [, keyword, name = '', rest = ''] = meta;
      if (keyword !== 'TYPE') continue;
      if (types.has(name)) throw new Error(`a second TYPE of ${name}`);
      if (!/^(?:counter|gauge|histogram|summary|untyped)$/.test(rest)) throw new Error(`the type ${rest}`);
      types.set(name, rest);
      continue;
    }
    if (line.startsWith('#')) continue;
    const [, name = '', labels = '', value = ''] = SAMPLE.exec(line) ?? [];
    if (!NUMBER.test(value)) throw new Error(`not a sample: ${line}`);
    const id = `${name}{${labels}}`;
    if (series.has(id)) throw new Error(`twice: ${id}`);
    series.add(id);
    if (familyOf(name, types) === null) throw new Error(`no TYPE before ${name}`);
    samples.push({ name, labels: labelsOf(labels), value: Number(value.replace('Inf', 'Infinity')) });
  }
  checkHistograms(samples, types);
  return { types, samples };
}

function familyOf(name: string, types: ReadonlyMap<string, string>): string | null {
  if (types.has(name)) return name;
  const base = name.replace(/_(?:bucket|sum|count)$/, '');
  return /^(?:histogram|summary)$/.test(types.get(base) ?? '') ? base : null;
}

function labelsOf(text: string): Record<string, string> {
  const pairs = text.matchAll(/([a-zA-Z_][a-zA-Z0-9_]*)="((?:[^"\\]|\\.)*)"/g);
  return Object.fromEntries(
    Array.from(pairs, ([, name = '', value = '']) => [
      name,
      value.replaceAll(/\\(.)/g, (_, escaped: string) => (escaped === 'n' ? '\n' : escaped)),
    ]),
  );
}

/** Buckets grow, and the last one is the count. */
function checkHistograms(samples: readonly Sample[], types: ReadonlyMap<string, string>): void {
  const histograms = samples.filter(({ name }) => name.endsWith('_bucket') && !types.has(name));
  const groups = Map.groupBy(histograms, ({ name, labels }) => {
    const rest = Object.entries(labels).filter(([label]) => label !== 'le');
    return JSON.stringify([name, Object.fromEntries(rest)]);
  });
  for (const [id, buckets] of groups) {
    const [name, rest] = JSON.parse(id) as [string, Record<string, string>];
    const counts = buckets.map(({ value }) => value);
    if (counts.some((count, index) => count < (counts[index - 1] ?? 0))) throw new Error(`buckets of ${id} shrink`);
    const count = samples.find(
      (sample) =>
        sample.name === name.replace(/_bucket$/, '_count') && JSON.stringify(sample.labels) === JSON.stringify(rest),
    );
    if (buckets.at(-1)?.labels['le'] !== '+Inf') throw new Error(`${id} has no +Inf`);
    if (count?.value !== counts.at(-1)) throw new Error(`the count of ${id} is not its last bucket`);
  }
}
