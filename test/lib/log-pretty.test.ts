import { expect, it } from 'vitest';
import { createLog } from '../../src/lib/log.ts';
import { createPrettyStream } from '../../src/lib/log-pretty.ts';

/** What a terminal gets of a real log. */
const printed = (use: (log: ReturnType<typeof createLog>) => void, { level = 'info', colors = false } = {}): string => {
  let text = '';
  const write = (line: string): void => {
    text += line;
  };
  const stream = createPrettyStream({ write }, colors);
  use(createLog(level, stream));
  return text.replaceAll(/\d\d:\d\d:\d\d\.\d{3}Z/g, 'TIME');
};

it('a line has the time, the level, what happened and its fields', () => {
  expect(printed((log) => log.info({ port: 3000, host: '::', at: null, names: ['a b'] }, 'server.listening'))).toBe(
    'TIME INFO  server.listening port=3000 host=:: at=null names=["a b"]\n',
  );
  expect(printed((log) => log.warn({ warning: 'API_TOKEN is not set' }, 'config.warning'))).toBe(
    'TIME WARN  config.warning warning="API_TOKEN is not set"\n',
  );
});

it('a stack stands on lines of its own', () => {
  const text = printed((log) =>
    log.error({ error: 'it broke', stack: 'Error: it broke\n    at one\n    at two' }, 'x'),
  );
  expect(text).toBe('TIME ERROR x error="it broke"\n    Error: it broke\n    at one\n    at two\n');
});

it('nothing from outside reaches the terminal as a control character, or turns the direction of the text', () => {
  const evil = '\u001b[2Jgone\r\n\u0007\u009b31m\u202eexe\u2028';
  const text = printed((log) => log.error({ a: evil, b: { [evil]: evil }, stack: evil }, evil));
  // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what must not be there
  expect(text.replaceAll('\n', '')).not.toMatch(/[\u0000-\u001f\u007f-\u009f\u202e\u2028]/);
  expect(text).toContain('\\u001b[2Jgone');
});

it('a long value is cut', () => {
  expect(printed((log) => log.info({ a: 'x'.repeat(10_000) }, 'long')).length).toBeLessThan(300);
});

it('colours are for terminals that show them', () => {
  expect(printed((log) => log.warn('x'), { colors: true })).toContain('\u001b[33mWARN \u001b[0m');
});

it('a level that is off prints nothing', () => {
  expect(printed((log) => log.fatal('x'), { level: 'silent' })).toBe('');
});

it('a line that is no object goes through as it is, and an unknown level is gray', () => {
  const lines: string[] = [];
  const stream = createPrettyStream({ write: (line) => void lines.push(line) }, true);
  stream.write('null\n');
  stream.write('{"level":"odd","time":"2026-03-01T12:00:00.000Z","msg":"x"}\n');
  expect(lines.join('')).toBe('null\n\u001b[90m12:00:00.000Z\u001b[0m \u001b[90mODD  \u001b[0m x\n');
});
