package io.meshwork.internal.receipts;

import io.meshwork.internal.ingest.RowHashes;
import io.meshwork.internal.vector.VectorBatch;
import java.util.HexFormat;

/**
 * A digest of a set of rows. It depends only on values: not on batches, dictionaries, or files, and
 * not on the order of rows, because a repeated query may return another order. Null fields are
 * ignored, so a new column without values does not change the digest. It detects accidental
 * differences, not forgery. Not thread-safe.
 *
 * <p>The digest consists of two sums over the {@link RowHashes} of all rows.
 */
public final class RowsDigest {
  /** The prefix of the digest, which identifies the algorithm. */
  private static final String FORMAT = "rows-1:";

  private static final long MULTIPLIER = 0x9E3779B97F4A7C15L;

  private long[] hashes = new long[0];
  private long low;
  private long high;

  void add(VectorBatch batch) {
    int rows = batch.rows();
    if (hashes.length < rows) {
      hashes = new long[rows];
    }
    RowHashes.write(batch, hashes);
    for (int row = 0; row < rows; row++) {
      addHash(hashes[row]);
    }
  }

  /** Adds a row with type violations, as JSON. */
  void add(byte[] text) {
    addHash(RowHashes.ofBytes(text, 0, text.length));
  }

  /** The digest of all rows so far. */
  public String text() {
    HexFormat digits = HexFormat.of();
    return FORMAT + digits.toHexDigits(low) + digits.toHexDigits(high);
  }

  private void addHash(long hash) {
    long mixed = RowHashes.spread(hash);
    low += mixed;
    high += (mixed ^ mixed >>> 32) * MULTIPLIER;
  }
}
