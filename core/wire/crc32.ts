/** CRC-32 of IEEE 802.3, reflected, as in Ethernet and zip: finds every burst of up to 32 bits. */
export function crc32(bytes: Uint8Array, end: number): number {
  let crc = -1;
  for (let index = 0; index < end; index += 1) {
    crc = table[(crc ^ bytes[index]) & 0xff] ^ (crc >>> 8);
  }
  return ~crc >>> 0;
}

const table: Readonly<Int32Array> = Int32Array.from({ length: 256 }, (_, byte) => {
  let crc = byte;
  for (let bit = 0; bit < 8; bit += 1) crc = (crc >>> 1) ^ (crc & 1 ? 0xedb88320 : 0);
  return crc;
});
