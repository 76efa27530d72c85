/** The body is larger than allowed; reading it was stopped. */
export class BodyTooLarge extends Error {
  constructor(maxBytes: number) {
    super(`the body is larger than ${maxBytes} bytes`);
    this.name = 'BodyTooLarge';
  }
}

const firstRoomBytes = 64 * 1024;

/**
 * Reads a response's body as text, holding at most `maxBytes` of it after decompression.
 * @throws {BodyTooLarge}
 */
export const readText = async (response: Response, maxBytes: number): Promise<string> => {
  if (!response.body) return '';
  // Copied into one buffer: a body that comes byte by byte would make an object of each.
  let room = Buffer.allocUnsafe(Math.min(firstRoomBytes, maxBytes));
  let size = 0;
  // Leaving the loop early cancels the stream, which closes the connection.
  for await (const chunk of response.body) {
    const end = size + chunk.byteLength;
    if (end > maxBytes) throw new BodyTooLarge(maxBytes);
    if (end > room.length) {
      const larger = Buffer.allocUnsafe(Math.min(Math.max(room.length * 2, end), maxBytes));
      room.copy(larger, 0, 0, size);
      room = larger;
    }
    room.set(chunk, size);
    size = end;
  }
  return new TextDecoder().decode(room.subarray(0, size));
};
