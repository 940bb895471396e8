package io.meshwork.internal.table;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * The beginning of the text after the snapshots of a metadata file, compressed: up to the last
 * entry of the snapshot log, whose earlier entries the next file has as well. Immutable.
 *
 * @param text the text, which is never changed
 * @param blocks the text in DEFLATE
 */
record GzipBlocks(byte[] text, byte[] blocks) {
  /** How Iceberg and we end the snapshot log, as in {@link StoredSnapshots#START}. */
  private static final byte[] END_OF_LOG =
      "],\"metadata-log\":[".getBytes(StandardCharsets.US_ASCII);

  /** So many bytes of new entries are compressed again with each file. */
  private static final int MAX_NEW = 8 << 10;

  /** Text of which no beginning is compressed. */
  static GzipBlocks none() {
    return new GzipBlocks(new byte[0], new byte[0]);
  }

  /** The beginning of another text: this one if the text has it and little more of the log. */
  GzipBlocks of(byte[] tail) {
    int end = endOfLog(tail);
    return startsWithThis(tail) && end - text.length <= MAX_NEW
        ? this
        : new GzipBlocks(Arrays.copyOf(tail, end), GzipMetadata.deflateFast(tail, 0, end));
  }

  /** The number of bytes that are kept. */
  int size() {
    return text.length + blocks.length;
  }

  private boolean startsWithThis(byte[] tail) {
    return tail.length >= text.length && Arrays.equals(tail, 0, text.length, text, 0, text.length);
  }

  /** From the end, because few files follow the log. */
  private static int endOfLog(byte[] tail) {
    for (int i = tail.length - END_OF_LOG.length; i >= 0; i--) {
      if (Arrays.equals(tail, i, i + END_OF_LOG.length, END_OF_LOG, 0, END_OF_LOG.length)) {
        return i;
      }
    }
    return 0;
  }
}
