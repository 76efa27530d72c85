/** The body is larger than allowed; reading it was stopped. */
export class BodyTooLarge extends Error {
  constructor(maxBytes: number) {
    super(`the body is larger than ${maxBytes} bytes`);
    this.name = 'BodyTooLarge';
  }
}

const firstRoomBytes = 64 * 1024;

/**
 * Reads a body whole, holding at most `maxBytes` of it.
 * @throws {BodyTooLarge}
 */
export const readBytes = async (chunks: AsyncIterable<Uint8Array>, maxBytes: number): Promise<Uint8Array> => {
  // Copied into one buffer: a body that comes byte by byte would make an object of each.
  let room = Buffer.allocUnsafe(Math.min(firstRoomBytes, maxBytes));
  let size = 0;
  // Leaving the loop early cancels the stream, which closes the connection.
  for await (const chunk of chunks) {
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
  return room.subarray(0, size);
};
