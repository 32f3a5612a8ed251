/** The table "What a folder may import" of docs/architecture.md, held against every import in src/. */
import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';

const root = fileURLToPath(new URL('../', import.meta.url));
const IMPORT = /(?:\bfrom|\bimport)\s*\(?\s*'(\.[^']+)'/g;

interface Import {
  readonly from: string;
  readonly to: string;
}

const files = readdirSync(join(root, 'src'), { recursive: true, encoding: 'utf8' }).filter((file) =>
  file.endsWith('.ts'),
);
const imports: readonly Import[] = files.flatMap((from) =>
  [...readFileSync(join(root, 'src', from), 'utf8').matchAll(IMPORT)].map(([, path]) => ({
    from,
    to: relative(join(root, 'src'), join(root, 'src', dirname(from), path!)),
  })),
);

/** "report/" for a file in the folder, "worker.ts" for one that is in none. */
function roomOf(file: string): string {
  const [first = ''] = file.split('/');
  return file.includes('/') ? `${first}/` : first;
}

function allowedByDocs(): ReadonlyMap<string, readonly string[]> {
  const page = readFileSync(join(root, 'docs/architecture.md'), 'utf8');
  const [, table = ''] = /## What a folder may import\n([\s\S]*?)\n## /.exec(page) ?? [];
  const rows = table.split('\n').filter((line) => line.startsWith('| `'));
  return new Map(
    rows.map((row) => {
      const [, name = '', , allowed = ''] = row.split('|').map((cell) => cell.trim());
      return [name.replaceAll('`', ''), [...allowed.matchAll(/`([^`]+)`/g)].map(([, room]) => room!)];
    }),
  );
}

describe('what a folder may import', () => {
  const allowed = allowedByDocs();
  const rooms = [...new Set(files.map(roomOf))].sort();

  test('the table has a row for each folder, and for no other', () => {
    expect([...allowed.keys()].sort()).toEqual(rooms);
  });

  test.each(rooms)('%s imports what its row allows', (room) => {
    const refused = imports
      .filter(({ from, to }) => roomOf(from) === room && roomOf(to) !== room)
      .filter(({ to }) => !allowed.get(room)?.includes(roomOf(to)))
      .map(({ from, to }) => `${from} imports ${to}`);
    expect(refused, 'move what is shared to a lower folder, or change the table and say why').toEqual([]);
  });

  test('the rows are in order: a folder imports only from rows above its own', () => {
    const order = [...allowed.keys()];
    const upward = order.flatMap((room, i) =>
      (allowed.get(room) ?? []).filter((other) => order.indexOf(other) >= i).map((other) => `${room} imports ${other}`),
    );
    expect(upward).toEqual([]);
  });
});

test('no file imports itself by way of others, not even for a type', () => {
  const next = Map.groupBy(imports, ({ from }) => from);
  const done = new Set<string>();
  const circles: string[] = [];
  const visit = (file: string, path: readonly string[]): void => {
    if (path.includes(file)) circles.push([...path.slice(path.indexOf(file)), file].join(' → '));
    if (done.has(file) || path.includes(file)) return;
    for (const { to } of next.get(file) ?? []) visit(to, [...path, file]);
    done.add(file);
  };
  for (const file of files) visit(file, []);
  expect(circles).toEqual([]);
});
