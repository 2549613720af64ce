// unbzip2-stream has no types. The decoder inside it is used without the stream around it, see read-bzip2.ts.

declare module "unbzip2-stream/lib/bzip2.js" {
  /** Gives the next `count` bits (at most 32); `null` passes over what is left of a byte. */
  type Bits = (count: number | null) => number;

  const decoder: {
    /** Reads the header of a stream; returns the size of its blocks, in units of 100,000 bytes. */
    header(bits: Bits): number;
    /**
     * Reads a block, and compares its checksum. Returns the checksum of the stream so far, or null behind its last block.
     * @param put gets the bytes, one by one
     * @param buffer of `size` numbers, for its own use
     */
    decompress(
      bits: Bits,
      put: (byte: number) => void,
      buffer: Int32Array,
      size: number,
      checksum: number,
    ): number | null;
  };
  export default decoder;
}
