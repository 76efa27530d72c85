// All presets, by name. A new one is a row in the file of its kind.
import { messagingPresets } from './messaging.ts';
import { paymentPresets } from './payments.ts';
import { platformPresets } from './platforms.ts';
import type { StatusPagePreset } from './preset.ts';

export const presets: ReadonlyMap<string, StatusPagePreset> = new Map(
  [...paymentPresets, ...messagingPresets, ...platformPresets].map((preset) => [preset.name, preset]),
);
