import { expect, it } from 'vitest';
import { decodeText } from '../../src/lib/decode-text.ts';

const text = '[{"region":"São Paulo 😀"}]';
const littleEndian = Buffer.from(text, 'utf16le');
const bigEndian = Buffer.from(text, 'utf16le').swap16();

it.each([
  ['UTF-8', Buffer.from(text)],
  ['UTF-8 with a byte order mark', Buffer.concat([Buffer.from([0xef, 0xbb, 0xbf]), Buffer.from(text)])],
  ['UTF-16, the large end first, with a byte order mark', Buffer.concat([Buffer.from([0xfe, 0xff]), bigEndian])],
  ['UTF-16, the small end first, with a byte order mark', Buffer.concat([Buffer.from([0xff, 0xfe]), littleEndian])],
  ['UTF-16, the large end first, without one', bigEndian],
  ['UTF-16, the small end first, without one', littleEndian],
])('text in %s is read', (_encoding, bytes) => {
  expect(decodeText(bytes)).toBe(text);
});

it.each([
  ['nothing', [], ''],
  ['one byte', [0x31], '1'],
  ['only a byte order mark', [0xfe, 0xff], ''],
  ['two zeros', [0, 0], '\0\0'],
  ['half a character of UTF-16', [0xfe, 0xff, 0, 0x31, 0], '1\ufffd'],
])('%s is text too', (_what, bytes, expected) => {
  expect(decodeText(Uint8Array.from(bytes))).toBe(expected);
});
