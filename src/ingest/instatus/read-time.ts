// Instatus writes times as ISO 8601, as JavaScript prints a date ("Sat Jun 11 2022 18:55:50 GMT+0000 (…)", as its help
// has it), and in places as a person reads them ("Nov 27, 2026, 10:15 AM").
import { readIso } from '../../lib/time.ts';

const months = ['jan', 'feb', 'mar', 'apr', 'may', 'jun', 'jul', 'aug', 'sep', 'oct', 'nov', 'dec'];

const weekday = '(?:[a-z]{3,9},? )?';
const day =
  '(?:(?<month>[a-z]{3,9}) (?<day>\\d{1,2})|(?<dayFirst>\\d{1,2}) (?<monthLast>[a-z]{3,9})),? (?<year>\\d{4})';
const clock = '(?<hour>\\d{1,2}):(?<minute>\\d\\d)(?::(?<second>\\d\\d))?(?: (?<half>[ap])m)?';
const zone = '(?: (?:utc|gmt)?(?:(?<sign>[+-])(?<zoneHour>\\d{1,2}):?(?<zoneMinute>\\d\\d)?)?)?(?: \\(.*\\))?';
const english = new RegExp(`^${weekday}${day},? (?:at )?${clock}${zone}$`, 'i');

const twoDigits = (number: number | string): string => String(number).padStart(2, '0');

/** Of the hours 1 to 12, in the morning or in the afternoon, those of the day. */
const hourOfDay = (hour: number, half: string): number => {
  if (hour < 1 || hour > 12) return Number.NaN;
  return (hour % 12) + (half.toLowerCase() === 'p' ? 12 : 0);
};

const readEnglish = (text: string): string | null => {
  const given = english.exec(text.trim().replace(/\s+/g, ' '))?.groups;
  if (!given) return null;
  const { year, hour = '', minute, second = '00', half, sign = '+', zoneHour = 0, zoneMinute = '00' } = given;
  const month = months.indexOf((given.month ?? given.monthLast ?? '').slice(0, 3).toLowerCase()) + 1;
  const date = `${year}-${twoDigits(month)}-${twoDigits(given.day ?? given.dayFirst ?? '')}`;
  const time = `${twoDigits(half === undefined ? hour : hourOfDay(Number(hour), half))}:${minute}:${second}`;
  return readIso(`${date}T${time}${sign}${twoDigits(zoneHour)}${zoneMinute}`);
};

/** The time as the unified event writes it, or null when it cannot be read. One without a zone is read as UTC. */
export const readTime = (text: string): string | null => readIso(text) ?? readEnglish(text);
