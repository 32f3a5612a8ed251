import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { readInstructions } from '../../../src/docker/build/instructions.ts';
import { readDockerfileFacts } from '../../../src/docker/project-files/dockerfile-facts.ts';

describe('the instructions of a Dockerfile', () => {
  test.each([
    [
      'a here-document with lines that look like instructions',
      'FROM a\nRUN <<EOF\nFROM b\nEOF\nRUN y',
      ['FROM 1-1', 'RUN 2-4', 'RUN 5-5'],
    ],
    ['two here-documents', 'COPY <<A <<B /x/\nFROM q\nA\nRUN w\nB\nRUN z', ['COPY 1-5', 'RUN 6-6']],
    ['a name with a dash and a dot', 'RUN <<end-of.file\nFROM b\nend-of.file\nRUN y', ['RUN 1-3', 'RUN 4-4']],
    ['a name in quotes, with a blank', "RUN <<'E O'\nx\nE O\nRUN y", ['RUN 1-3', 'RUN 4-4']],
    ['tabs before the end', 'RUN <<-EOF\n\tx\n\tEOF\nRUN y', ['RUN 1-3', 'RUN 4-4']],
    ['one of ONBUILD', 'ONBUILD RUN <<EOF\nFROM q\nEOF\nRUN y', ['ONBUILD 1-3', 'RUN 4-4']],
    ['one that does not end', 'RUN <<EOF\nFROM q', ['RUN 1-2']],
    ['a shift is none', 'RUN echo $((1<<n))\nRUN y', ['RUN 1-1', 'RUN 2-2']],
    ['quotes make it none', 'RUN echo "<<x"\nRUN y', ['RUN 1-1', 'RUN 2-2']],
    ['a here-string is none', 'RUN cat <<<EOF\nRUN y', ['RUN 1-1', 'RUN 2-2']],
    ['continued lines with comments and empty ones', 'RUN x \\\n# c\n\n  y \\  \n  z\nRUN w', ['RUN 1-5', 'RUN 6-6']],
    ['a backtick as escape', '# syntax=docker/dockerfile:1\n# escape=`\nFROM a\nRUN x `\n  y', ['FROM 3-3', 'RUN 4-5']],
    ['a backslash at the end of the file', 'FROM a\nRUN x \\', ['FROM 1-1', 'RUN 2-2']],
    ['CRLF and a BOM', '\uFEFFFROM a\r\nRUN x \\\r\n  y\r\nRUN z\r\n', ['FROM 1-1', 'RUN 2-3', 'RUN 4-4']],
    ['an empty file', '', []],
    ['comments alone', '# a\n# b', []],
  ])('%s', (_, text, expected) => {
    expect(readInstructions(text).map(({ keyword, line, endLine }) => `${keyword} ${line}-${endLine}`)).toEqual(
      expected,
    );
  });

  test('are joined without a blank, as BuildKit joins them', () => {
    expect(readInstructions('FROM pyth\\\non:3').map(({ rest }) => rest)).toEqual(['python:3']);
  });
});

const DOCKERFILE = `# syntax=docker/dockerfile:1
ARG VERSION=planted
FROM python:\${VERSION} AS Base
ENV A=planted B="planted planted" \\
    C='planted'
ENV OLD planted planted
ARG WITHOUT TOKEN=planted
LABEL note="planted planted"
RUN --mount=type=cache,target=/root/.cache/pip --mount=type=secret,id=token \\
    pip install --index-url https://u:planted@host/simple pytest==8.4.2
RUN <<EOF
export KEY=planted
curl -u me:planted http://x
EOF
COPY <<EOF /app/.env
planted
EOF
FROM base
ONBUILD ENV X=planted
HEALTHCHECK --interval=5s CMD redis-cli -a planted ping
COPY --from=base /x /x
CMD ["app", "--password", "planted"]
`;

test('what is kept of a Dockerfile has its lines, stages and no secret', () => {
  const { stages, instructions, leftOut } = readDockerfileFacts(DOCKERFILE);
  expect(stages).toEqual([
    { name: 'Base', line: 3 },
    { name: null, line: 18 },
  ]);
  expect(leftOut).toBe(0);
  expect(JSON.stringify(instructions)).not.toContain('planted');
  expect(
    instructions.map(({ line, endLine, stage, keyword, flags, arguments: words }) =>
      [line, endLine, stage, keyword, ...flags, words].join(' '),
    ),
  ).toEqual([
    '2 2  ARG VERSION=***',
    '3 3 0 FROM python:${VERSION} AS Base',
    '4 5 0 ENV A=*** B=*** C=***',
    '6 6 0 ENV OLD ***',
    '7 7 0 ARG WITHOUT TOKEN=***',
    '8 8 0 LABEL note=***',
    '9 10 0 RUN --mount=type=cache,target=/root/.cache/pip --mount=type=secret,id=token pip install --index-url https://***@host/simple pytest==8.4.2',
    '11 14 0 RUN <<EOF\nexport KEY=***\ncurl -u *** http://x',
    '15 17 0 COPY <<EOF /app/.env',
    '18 18 1 FROM base',
    '19 19 1 ONBUILD ENV X=***',
    '20 20 1 HEALTHCHECK --interval=5s CMD redis-cli -a *** ping',
    '21 21 1 COPY --from=base /x /x',
    '22 22 1 CMD ["app", "--password", "***"]',
  ]);
});

test('an inline Dockerfile has the lines of the compose file', () => {
  expect(readDockerfileFacts('FROM a\nRUN x', 7).instructions.map(({ line }) => line)).toEqual([8, 9]);
});

test('a file with very many instructions is cut, and says by how many', () => {
  const { instructions, leftOut } = readDockerfileFacts(`FROM a\n${'RUN x\n'.repeat(2_000)}`);
  expect([instructions.length, leftOut]).toEqual([1_000, 1_001]);
});

test('no text makes it throw', () => {
  const line = fc.constantFrom(
    'FROM a',
    'RUN <<E',
    'E',
    'ENV',
    'ENV =',
    'ARG "',
    'ONBUILD',
    'ONBUILD ONBUILD',
    'x \\',
    '#',
    '\0',
    '\uFEFF',
    'LABEL "a b"=c',
  );
  fc.assert(
    fc.property(fc.array(fc.oneof(line, fc.string({ unit: 'binary' }))), (lines) => {
      const text = lines.join('\n');
      for (const { line: from, endLine } of readDockerfileFacts(text).instructions) {
        expect(from).toBeGreaterThan(0);
        expect(endLine).toBeGreaterThanOrEqual(from);
      }
    }),
  );
});
