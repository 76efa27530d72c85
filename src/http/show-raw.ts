import { redactJson } from '../ai/redact-json.ts';

/** How much of the vendor's object an answer has. */
export const rawModes = ['whole', 'redacted', 'none'] as const;
export type RawMode = (typeof rawModes)[number];

/** `redacted` leaves out card numbers, e-mail addresses and keys, and says beside it how many of each. */
export const showRaw = <View extends { raw?: unknown }>(
  view: View,
  mode: RawMode,
): Omit<View, 'raw'> & { raw?: unknown; redactions?: Record<string, number> } => {
  if (mode === 'whole') return view;
  const { raw, ...rest } = view;
  if (mode === 'none') return rest;
  const { value, counts } = redactJson(raw);
  return { ...rest, raw: value, redactions: { ...counts } };
};
