import { existsSync, globSync, readFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';

const root = fileURLToPath(new URL('../..', import.meta.url));

interface Link {
  readonly file: string;
  readonly target: string;
}

/** Links to other places than the web, of one page; links in code are left out. */
function linksOf(file: string): readonly Link[] {
  const text = readFileSync(join(root, file), 'utf8').replace(/```[\s\S]*?```|`[^`\n]*`/g, '');
  return [...text.matchAll(/\]\(<?([^)\s>]+)>?(?:\s+"[^"]*")?\)|\bsrc="([^"]+)"/g)]
    .map(([, link, image]) => link ?? image!)
    .filter((target) => !/^[a-z]+:/.test(target))
    .map((target) => ({ file, target }));
}

/** As GitHub makes them of headings. */
function anchorsOf(markdown: string): readonly string[] {
  return [...markdown.matchAll(/^#+ +(.+)$/gm)].map(([, heading = '']) =>
    heading
      .toLowerCase()
      .replace(/[^\p{L}\p{N}\s_-]/gu, '')
      .trim()
      .replace(/\s/g, '-'),
  );
}

/** @returns what is wrong with it, or null */
function broken({ file, target }: Link): string | null {
  const [path = '', anchor] = target.split('#');
  const absolute = path === '' ? join(root, file) : resolve(root, dirname(file), path);
  if (!existsSync(absolute)) return `${file}: ${target} is not there`;
  if (anchor === undefined || !absolute.endsWith('.md')) return null;
  return anchorsOf(readFileSync(absolute, 'utf8')).includes(anchor) ? null : `${file}: ${target} has no such heading`;
}

const pages = globSync(['*.md', 'docs/**/*.md', 'examples/**/*.md'], { cwd: root });

describe('links between the pages', () => {
  it('are found', () => {
    expect(pages).toContain('README.md');
    expect(linksOf('docs/new-audit.md').map(({ target }) => target)).toContain('../src/analysis/audits/run-audits.ts');
  });

  it.each(pages)('of %s lead somewhere', (page) => {
    expect(linksOf(page).map(broken).filter(Boolean)).toEqual([]);
  });
});
