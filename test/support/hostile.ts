/** Text from outside that tries to become something else. */
import * as fc from 'fast-check';

/** What breaks out of something, between anything else. */
const SPARKS = [
  '"',
  "'",
  '`',
  '\n',
  '\r',
  '\t',
  '../',
  '/',
  '\\',
  '$(touch pwned)',
  '--',
  '-',
  '🐢',
  '::error::',
  '##[',
  '%0A',
  '|',
  '<script>',
  '](',
  '@all',
  '#1',
  '\u001b[31m',
  '\u202e',
  '\u0000',
  ' ',
  '.',
  '~',
  '*',
  'é',
  '表',
  '\ud800',
];
export const hostile = fc
  .array(fc.oneof(fc.constantFrom(...SPARKS), fc.string({ unit: 'binary', maxLength: 10 })), { maxLength: 12 })
  .map((parts) => parts.join(''));
