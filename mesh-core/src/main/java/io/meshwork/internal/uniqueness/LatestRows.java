package io.meshwork.internal.uniqueness;

import io.meshwork.internal.schema.LeafPath;
import io.meshwork.internal.vector.BytesVector;
import io.meshwork.internal.vector.DictionaryVector;
import io.meshwork.internal.vector.DoubleVector;
import io.meshwork.internal.vector.FloatVector;
import io.meshwork.internal.vector.IntVector;
import io.meshwork.internal.vector.LongVector;
import io.meshwork.internal.vector.Vector;
import io.meshwork.internal.vector.VectorBatch;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.apache.iceberg.Schema;

/**
 * Finds, for each key, the row with the largest value in a column; the first of equal ones. A null
 * or NaN is less than every other value, and a row that breaks a tolerated rule loses against rows
 * that break none. Candidates are stored in temporary files. Not thread-safe.
 */
final class LatestRows implements AutoCloseable {
  private static final int HEAD = 2;

  private final LeafPath column;
  private final KeyPartitions files;
  private final RowSet latest = new RowSet();
  private byte[] record = new byte[64];

  LatestRows(Schema schema, String column, long maxMemory) {
    this.column = LeafPath.of(schema, column);
    this.files = new KeyPartitions(KeyPartitions.Contents.UNIQUE_KEYS, maxMemory);
  }

  /**
   * Adds a row of a batch as a candidate.
   *
   * @param keys the keys of the batch, of which the row's key is encoded
   */
  void add(VectorBatch batch, int row, RowKeys keys, long hash, boolean tolerated, long rowNumber) {
    byte[] rank = rank(column.vector(batch), row);
    int size = HEAD + rank.length + keys.length();
    if (record.length < size) {
      record = new byte[size * 2];
    }
    record[0] = (byte) rank.length;
    record[1] = (byte) (tolerated ? 0 : 1);
    System.arraycopy(rank, 0, record, HEAD, rank.length);
    System.arraycopy(keys.bytes(), 0, record, HEAD + rank.length, keys.length());
    files.add(record, 0, size, hash, rowNumber);
  }

  /** Returns bytes that are ordered, as unsigned ones, like the values; empty for a null or NaN. */
  private static byte[] rank(Vector values, int row) {
    Vector vector = values;
    int at = row;
    if (vector.isNull(row)) {
      return new byte[0];
    } else if (vector instanceof DictionaryVector encoded) {
      vector = encoded.dictionary();
      at = encoded.index(row);
    }
    if (vector instanceof BytesVector decimals) {
      byte[] rank =
          Arrays.copyOfRange(
              decimals.data(), decimals.start(at), decimals.start(at) + decimals.length(at));
      rank[0] ^= (byte) 0x80;
      return rank;
    } else if (vector instanceof DoubleVector doubles) {
      return ofDouble(doubles.get(at));
    } else if (vector instanceof FloatVector floats) {
      return ofDouble(floats.get(at));
    }
    return ofLong(vector instanceof IntVector ints ? ints.get(at) : ((LongVector) vector).get(at));
  }

  private static byte[] ofDouble(double value) {
    if (Double.isNaN(value)) {
      return new byte[0];
    }
    long bits = Double.doubleToLongBits(value + 0.0);
    return ofLong(bits ^ ((bits >> (Long.SIZE - 1)) & Long.MAX_VALUE));
  }

  private static byte[] ofLong(long value) {
    byte[] rank = new byte[Long.BYTES];
    KeyBytes.putLong(rank, 0, value ^ Long.MIN_VALUE);
    return rank;
  }

  /** Determines the latest row of each key. */
  void settle(long maxBytes) {
    files.each(file -> settle(file, maxBytes));
  }

  private void settle(KeyPartitions.KeyPartition file, long maxBytes) {
    if (file.bytes() > maxBytes && file.isDivisible()) {
      file.divide(hash -> true, part -> settle(part, maxBytes));
    } else {
      settle(file);
    }
  }

  private void settle(KeyPartitions.KeyPartition file) {
    KeySet keySet = new KeySet();
    List<byte[]> ranks = new ArrayList<>();
    List<Long> rows = new ArrayList<>();
    file.read(
        (candidate, from, length, hash, number) -> {
          int key = from + HEAD + candidate[from];
          byte[] rank = Arrays.copyOfRange(candidate, from + 1, key);
          long at = keySet.add(hash, candidate, key, from + length - key, ranks.size());
          if (at == KeySet.ABSENT) {
            ranks.add(rank);
            rows.add(number);
          } else {
            int place = (int) keySet.number(at);
            if (Arrays.compareUnsigned(rank, ranks.get(place)) > 0) {
              ranks.set(place, rank);
              rows.set(place, number);
            }
          }
        });
    rows.forEach(latest::add);
  }

  boolean isLatest(long row) {
    return latest.contains(row);
  }

  @Override
  public void close() {
    files.close();
  }
}
