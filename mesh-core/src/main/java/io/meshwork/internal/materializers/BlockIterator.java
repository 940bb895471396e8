package io.meshwork.internal.materializers;

import io.meshwork.internal.vector.BytesVector;
import io.meshwork.internal.vector.DictionaryVector;
import io.meshwork.internal.vector.Vector;
import io.meshwork.internal.vector.VectorBatch;
import java.util.Iterator;
import java.util.NoSuchElementException;
import org.jspecify.annotations.Nullable;

/**
 * The rows of a batch, which are read in blocks, column by column. If a row of a block fails, the
 * following ones are read one by one, so that the rows before it are returned.
 *
 * @param <B> what is read of some rows at once
 * @param <R> a row
 */
abstract class BlockIterator<B, R> implements Iterator<R> {
  private static final int ROWS_AT_ONCE = 64;

  /** Average size of rows that are read one by one, in bytes. */
  private static final long LARGE_ROW = 16L << 10;

  private final int rows;
  private int atOnce;
  private int row;
  private @Nullable B block;

  /** The first row of the block, and the row after its last one. */
  private int start;

  private int end;

  BlockIterator(VectorBatch batch) {
    rows = batch.rows();
    long bytes = batch.vectors().stream().mapToLong(BlockIterator::bytes).sum();
    atOnce = bytes > rows * LARGE_ROW ? 1 : ROWS_AT_ONCE;
  }

  /** Returns how many bytes the values of all rows have, except short ones of a dictionary. */
  private static long bytes(Vector vector) {
    if (!(vector instanceof DictionaryVector encoded)
        || !(encoded.dictionary() instanceof BytesVector entries)
        || entries.variableByteSize() <= LARGE_ROW) {
      return vector.variableByteSize();
    }
    long bytes = 0;
    for (int row = 0; row < encoded.size(); row++) {
      bytes += encoded.isNull(row) ? 0 : entries.length(encoded.index(row));
    }
    return bytes;
  }

  /** Reads some rows of the batch. */
  abstract B read(int from, int to);

  /** Returns one of the rows that were read; called for each in order. */
  abstract R row(B block, int index);

  @Override
  public final boolean hasNext() {
    return row < rows;
  }

  @Override
  public final R next() {
    if (row >= rows) {
      throw new NoSuchElementException("the batch has " + rows + " rows");
    }
    B current = block;
    if (current == null || row == end) {
      current = readFrom(row);
      block = current;
    }
    R next = row(current, row - start);
    row++;
    return next;
  }

  private B readFrom(int from) {
    block = null;
    start = from;
    if (atOnce > 1) {
      try {
        end = Math.min(from + atOnce, rows);
        return read(from, end);
      } catch (RuntimeException e) {
        atOnce = 1;
      }
    }
    end = from + 1;
    return read(from, end);
  }
}
