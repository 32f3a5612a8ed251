import { expect, test } from 'vitest';
import { readPatch } from '../../src/model/patch.ts';

const PATCH = `diff --git a/a.sql b/a.sql
--- a/a.sql
+++ b/a.sql
@@ -1,3 +1,2 @@
 one
--- a/removed comment
 three
@@ -12 +11 @@ function
-x
+y
\\ No newline at end of file
diff --git a/new name.txt b/new name.txt
new file mode 100644
--- /dev/null
+++ b/new name.txt
@@ -0,0 +1 @@
+new
diff --git a/old.txt b/moved.txt
rename from old.txt
rename to moved.txt
diff --git a/logo.png b/logo.png
GIT binary patch
`;

test('a patch names its files and hunks; lines of a hunk are not headers', () => {
  expect(readPatch(PATCH)).toEqual({
    files: ['a.sql', 'new name.txt', 'moved.txt', 'logo.png'],
    hunks: [
      { file: 'a.sql', number: 1, header: '@@ -1,3 +1,2 @@', line: 1 },
      { file: 'a.sql', number: 2, header: '@@ -12 +11 @@', line: 12 },
      { file: 'new name.txt', number: 1, header: '@@ -0,0 +1 @@', line: 0 },
    ],
  });
});

test('what is not a patch names nothing', () => {
  expect(readPatch('hello\n')).toEqual({ files: [], hunks: [] });
});
