import { truncate, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { readText } from '../../src/cli/read-text.ts';
import { readRecording } from '../../src/cli/replay/read-recording.ts';
import { emptyFolder } from '../support/script.ts';

it('what is too large is not read, and a folder is told to be one', async () => {
  const folder = await emptyFolder();
  const file = join(folder, 'large');
  await writeFile(file, '');
  await truncate(file, 1024 ** 3 + 1);
  await expect(readText(file)).rejects.toThrow(`${file} is larger than 67108864 bytes`);
  await expect(readRecording(file)).rejects.toThrow(`${file} is larger than 1073741824 bytes`);
  await expect(readText(folder)).rejects.toThrow(`${folder} cannot be read: it is a folder`);
});
