// Most of what comes from outside is UTF-8. AWS writes UTF-16, and some editors and tools on Windows do.

/** By its byte order mark, or by the zero that half of each ASCII character is in UTF-16. */
const encodingOf = ([first, second]: Uint8Array): 'utf-8' | 'utf-16be' | 'utf-16le' => {
  if (first === undefined || second === undefined) return 'utf-8';
  if ((first === 0xfe && second === 0xff) || (first === 0 && second !== 0)) return 'utf-16be';
  if ((first === 0xff && second === 0xfe) || (first !== 0 && second === 0)) return 'utf-16le';
  return 'utf-8';
};

/** The text of bytes from outside, without its byte order mark. What is malformed becomes U+FFFD. */
export const decodeText = (bytes: Uint8Array): string => new TextDecoder(encodingOf(bytes)).decode(bytes);
