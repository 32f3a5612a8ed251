import { describe, expect, test } from 'vitest';
import { dependencyFile } from '../../../src/docker/build/dependency-file.ts';

const FILES = [
  'pyproject.toml',
  'requirements-test.txt',
  'requirements.txt',
  'requirements/dev.txt',
  'setup.py',
  'uv.lock',
  'package-lock.json',
];

describe('the file that lists the dependencies', () => {
  test.each<readonly [string, string, string]>([
    [
      'is the one that the install step names',
      'COPY . .\nRUN pip install -r requirements-test.txt',
      'requirements-test.txt',
    ],
    [
      'may be copied by a pattern',
      'COPY requirements*.txt ./\nRUN pip install -r /app/requirements.txt',
      'requirements.txt',
    ],
    ['may be in a folder', 'COPY requirements/ /r/\nRUN pip install -r /r/dev.txt', 'requirements/dev.txt'],
    ['may be mounted', 'RUN --mount=type=bind,source=uv.lock,target=uv.lock uv sync --locked', 'uv.lock'],
    [
      'is the first that is copied where none is named',
      'COPY pyproject.toml setup.py ./\nRUN pip install -e .',
      'pyproject.toml',
    ],
    [
      'may be given in the JSON form',
      'COPY ["requirements.txt", "/app/"]\nRUN <<EOF\npip install -r requirements.txt\nEOF',
      'requirements.txt',
    ],
    [
      'is that of the next install step where the first has none',
      'RUN pip install uv\nCOPY uv.lock .\nRUN uv sync',
      'uv.lock',
    ],
  ])('%s', (_, dockerfile, file) => {
    expect(dependencyFile(`FROM a\n${dockerfile}\n`, FILES)).toEqual({ kind: 'file', file });
  });

  test.each([
    ['without an install step', 'COPY . .\nRUN make', 'noInstall'],
    ['where it comes after the step', 'RUN pip install pytest\nCOPY . .', 'noFile'],
    [
      'where it comes from another stage',
      'COPY --from=deps requirements.txt .\nRUN pip install -r requirements.txt',
      'noFile',
    ],
    ['where it is JSON', 'COPY package-lock.json .\nRUN pip install x', 'noFile'],
  ])('is none %s', (_, dockerfile, reason) => {
    expect(dependencyFile(`FROM a\n${dockerfile}\n`, FILES)).toEqual({ kind: 'none', reason });
  });
});
