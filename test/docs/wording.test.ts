/** docs/style.md, as far as a list of words can check it. */
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';

const root = fileURLToPath(new URL('../../', import.meta.url));

/** What is refused, and what to write instead. */
const REFUSED: readonly (readonly [RegExp, string])[] = [
  [/(?<!`)\bbesides?\b/i, 'next to, concurrent'],
  [/\banew\b/i, 'again, restarted'],
  [/\b(?:is|are|be|was|were) at work\b|\bhave at work\b|\bat work on\b/i, 'is running'],
  [/\bwho(?:so)?ever\b/i, 'name who it is'],
  [/\b(?:no|some|any)body\b/i, 'no one is needed: say what does it'],
  [/\blies\b|\blie in\b|\blay there\b/i, 'is in'],
  [/\b(?:is|are|was|were) told\b/i, 'is reported, is shown'],
  [/\bsa(?:ys?|id) so\b/i, 'reports it'],
  [/\bso many\b/i, 'maximum number of'],
  [/\b(?:takes|took|taken|take) up\b(?! to\b)/i, 'continues'],
  [/\blets? go of\b|\blet go of\b/i, 'releases'],
  [/\bfor want of\b/i, 'without'],
  [/\btold apart\b|\btells? apart\b/i, 'distinguished'],
  [/\bseen from inside\b/i, 'instrumented'],
  [/\bmend(?:s|ed|ing)?\b/i, 'fix'],
  [/\bof ours\b/i, 'our'],
  [/\bunder ?way\b/i, 'running'],
  [/\bto no avail\b|\bhence\b|\bthereof\b|\btherein\b|\bthereby\b|\bwhereby\b/i, 'plain words'],
  [
    /(?<!\bthere )\b(?:is|are) no (?!longer\b|more than\b|such\b|one\b|different\b|faster\b|slower\b)[a-z]+/i,
    'is not a …',
  ],
  [/\bthe seed's\b/i, 'the original plan, the legacy script'],
];

/** Their words are not ours, or they are about words. */
const EXEMPT = [
  /^test\/(?:golden|histories|fixtures)\//,
  /^docs\/style\.md$/,
  /^test\/docs\/wording\.test\.ts$/,
  // A key of results with schema version 1.
  /upgrade-result(?:\.test)?\.ts$/,
  /^package-lock\.json$/,
  /^examples\//,
  /^LICENSE$/,
  /\.(?:png|svg|gz|cbor)$/,
];

const files = execFileSync('git', ['-C', root, 'ls-files', '-z'], { encoding: 'utf8' })
  .split('\0')
  .filter((file) => /\.(?:ts|mjs|js|py|md|yml|sh|Dockerfile)$|Dockerfile$/.test(file))
  .filter((file) => !EXEMPT.some((pattern) => pattern.test(file)));

describe('plain English', () => {
  test.each(REFUSED)('nothing says %s', (pattern, instead) => {
    const found = files.flatMap((file) =>
      readFileSync(`${root}${file}`, 'utf8')
        .split('\n')
        .flatMap((line, i) => (pattern.test(line) ? [`${file}:${i + 1}: ${line.trim().slice(0, 120)}`] : [])),
    );
    expect(found, `write: ${instead}`).toEqual([]);
  });
});
