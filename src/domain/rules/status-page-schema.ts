// `status_pages`: what is read, and what of it is used.
import * as z from 'zod';
import { fileable, httpUrl } from './fields.ts';
import { parseTextPattern } from './match.ts';
import { didYouMean } from './nearest.ts';
import { parsed, unreadable } from './parsed.ts';
import { readable, strict, words } from './strict.ts';

const preset = 'preset';

const addressOrPreset = (text: string) => {
  if (text === preset) return parsed(text);
  const url = httpUrl(text);
  return url.ok ? url : unreadable(`${url.problem}, or ${preset}${didYouMean(text, [preset])}`);
};

const pageAddress = fileable(
  readable(addressOrPreset).describe("the status page's root or its summary, or `preset` for one that we know"),
);

const ownName = readable((text) =>
  text.trim().startsWith('!') ? unreadable('uses lists what you use; nothing is negated here') : parseTextPattern(text),
);
const useSchema = z.union([
  ownName,
  strict('key', { group: ownName.optional(), component: ownName.optional() }).refine(
    ({ group, component }) => group !== undefined || component !== undefined,
    'expected a group, a component, or both',
  ),
]);
const unattributed = ['keep', 'ignore', 'ignore_all'] as const;
const componentSeverities = ['own', 'incident'] as const;

export const statusPageSchema = z.union([
  pageAddress,
  strict('key', {
    url: pageAddress.optional(),
    uses: z.array(useSchema).min(1, 'the list is empty; leave it out to use everything').optional(),
    unattributed: words(unattributed).optional(),
    component_severity: words(componentSeverities).optional(),
    payments: z.boolean().optional().describe('whether payments fail when this vendor is down'),
  }),
]);

export type StatusPageSettings = Readonly<z.infer<typeof statusPageSchema>>;
