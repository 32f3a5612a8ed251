/** docs/audits.md, the index of the audits: `npm run schemas` writes it. */
import { AUDITS } from '../src/analysis/audits/run-audits.ts';

export const AUDITS_INDEX = 'docs/audits.md';

/** One row for each audit, in the order in which a run makes them. */
export function auditsIndex(): string {
  const rows = AUDITS.map(
    ({ id, title, requires }) =>
      `| [\`${id}\`](../src/analysis/audits/${id}/README.md) | ${title} | ${requires.join(', ')} |`,
  );
  return [
    '# Audits',
    '',
    '<!-- `npm run schemas` writes this page. -->',
    '',
    'An audit is a check on the facts of a run. The page of each says what it sees, why that matters, how to fix it, and when to',
    'ignore it. What an audit finds is in `advice` of the result; what became of each is in `checks`.',
    '',
    '| Audit | What it finds | Facts that it needs |',
    '| --- | --- | --- |',
    ...rows,
    '',
    'To add one, see [new-audit.md](new-audit.md).',
    '',
  ].join('\n');
}
