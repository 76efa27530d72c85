// The same rows straight into node:sqlite, fifty in a commit: prints how many a second.
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { webhookBody } from '../load/requests.ts';
import { temporaryFolder } from '../processes.ts';

const count = Number(process.argv[2]);
const inCommit = 50;

const folder = await temporaryFolder();
const db = new DatabaseSync(join(folder.path, 'rows.db'));
db.exec('PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL');
db.exec('CREATE TABLE rows (id TEXT PRIMARY KEY, body TEXT NOT NULL) STRICT');
const insert = db.prepare('INSERT INTO rows VALUES (?, ?)');
const rows = Array.from({ length: count }, (_, at) => webhookBody({ prefix: 'row', type: 'payout.failed' }, at));

const startedMs = performance.now();
for (let from = 0; from < count; from += inCommit) {
  db.exec('BEGIN');
  rows.slice(from, from + inCommit).forEach((body, at) => {
    insert.run(String(from + at), body);
  });
  db.exec('COMMIT');
}
process.stdout.write(String((count * 1000) / (performance.now() - startedMs)));
db.close();
await folder.remove();
