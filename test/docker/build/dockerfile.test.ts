import { describe, expect, test } from 'vitest';
import { baseImages, frontendOf, withoutFrontend } from '../../../src/docker/build/dockerfile.ts';

const MULTI_STAGE = `
ARG PYTHON=3.11
FROM --platform=$BUILDPLATFORM python:\${PYTHON}-slim AS deps
COPY --from=ghcr.io/astral-sh/uv:0.5 /uv /bin/uv
FROM node:22 AS assets
RUN npm run build
FROM deps AS test
COPY --from=assets /dist /dist
FROM scratch AS export
COPY --from=test /results /
FROM postgres:16 AS unused
`;

describe('the base images of a Dockerfile', () => {
  test.each<[string, string, Record<string, string>, string | null, string[]]>([
    ['a fixed one', 'FROM python:3.11', {}, null, ['python:3.11']],
    ['an argument with its default', 'ARG IMAGE=python:3.11\nFROM ${IMAGE}', {}, null, ['python:3.11']],
    [
      'an argument that is given',
      'ARG IMAGE=python:3.11\nFROM $IMAGE',
      { IMAGE: 'python:3.12' },
      null,
      ['python:3.12'],
    ],
    ['an argument made of another', 'ARG V=3\nARG I="python:$V"\nFROM $I', { V: '4' }, null, ['python:4']],
    ['a default in place', 'FROM python:${V:-3.11}${S:+-slim}', { S: 'x' }, null, ['python:3.11']],
    [
      'a default in place and the argument',
      'ARG V\nARG S\nFROM python:${V:-3.11}${S:+-slim}',
      { S: 'x' },
      null,
      ['python:3.11-slim'],
    ],
    ['arguments after FROM do not count', 'FROM python:${V:-3}\nARG V=4', { V: '5' }, null, ['python:3']],
    [
      'lower case, a comment and a continued line',
      '# FROM a\nfrom \\\n# FROM b\n  python:3 as x',
      {},
      null,
      ['python:3'],
    ],
    [
      'a here-document that looks like one',
      'FROM a\nRUN <<EOF\nFROM b\nEOF\nCOPY <<-"X" /y\nFROM c\n\tX\nFROM d',
      {},
      null,
      ['d'],
    ],
    ['a backtick as escape', '# escape=`\nFROM a`\n\nRUN dir c:\\\nFROM b', {}, null, ['b']],
    [
      'a mount from an image',
      'FROM a\nRUN --mount=type=bind,from=b:1,target=/b --network=none ls',
      {},
      null,
      ['a', 'b:1'],
    ],
    ['a stage by its number', 'FROM a\nFROM b\nCOPY --from=0 / /', {}, null, ['a', 'b']],
    ['a stage named as its image', 'FROM python AS python\nFROM python', {}, null, ['python']],
    ['an image with a digest', 'FROM python:3@sha256:abc', {}, null, ['python:3@sha256:abc']],
    ['no FROM at all', 'RUN x', {}, null, []],
    ['the last stage', MULTI_STAGE, {}, null, ['postgres:16']],
    [
      'a target and what it depends on',
      MULTI_STAGE,
      {},
      'test',
      ['python:3.11-slim', 'ghcr.io/astral-sh/uv:0.5', 'node:22'],
    ],
    [
      'a target that only copies',
      MULTI_STAGE,
      { PYTHON: '3.9' },
      'EXPORT',
      ['python:3.9-slim', 'ghcr.io/astral-sh/uv:0.5', 'node:22'],
    ],
    ['a target by its number', MULTI_STAGE, {}, '1', ['node:22']],
    ['a target that is not there', MULTI_STAGE, {}, 'nope', []],
  ])('%s', (_, text, args, target, images) => {
    expect(baseImages(text, args, target)).toEqual(images);
  });

  test('Windows line ends are not part of a name', () => {
    expect(baseImages('ARG I=a:1\r\nFROM ${I}\r\n')).toEqual(['a:1']);
  });
});

describe('the frontend', () => {
  test.each([
    ['# syntax=docker/dockerfile:1\nFROM a', 'docker/dockerfile:1'],
    ['# escape=`\n#SYNTAX = docker/dockerfile:1.7-labs \nFROM a', 'docker/dockerfile:1.7-labs'],
    ['# a comment\n# syntax=docker/dockerfile:1\nFROM a', null],
    ['FROM a\n# syntax=docker/dockerfile:1', null],
  ])('of %j is %s', (text, frontend) => {
    expect(frontendOf(text)).toBe(frontend);
  });

  test('is taken out without moving a line', () => {
    expect(withoutFrontend('# escape=`\n# syntax=docker/dockerfile:1\nFROM a\n')).toBe('# escape=`\n#\nFROM a\n');
    expect(withoutFrontend('FROM a\n# syntax=x\n')).toBe('FROM a\n# syntax=x\n');
  });
});
