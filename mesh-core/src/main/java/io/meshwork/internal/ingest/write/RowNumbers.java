package io.meshwork.internal.ingest.write;

import io.meshwork.internal.vector.LongVector;
import io.meshwork.internal.vector.Vector;
import io.meshwork.internal.vector.VectorBatch;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.apache.iceberg.Schema;
import org.apache.iceberg.types.Types;

/**
 * The numbers in the input of the rows of a data file, by their position. Takes a few bytes for
 * each run of rows whose numbers follow each other. Not thread-safe.
 */
public final class RowNumbers implements Serializable {
  private static final long serialVersionUID = 1;

  /** The column with the numbers; names of other columns have no colon. */
  private static final String COLUMN = "row:number";

  private byte[] runs = new byte[16];
  private int size;
  private long next;
  private long length;

  /** Returns the columns of rows, and one for their numbers. */
  public static Schema numbered(Schema schema) {
    List<Types.NestedField> columns = new ArrayList<>(schema.columns());
    columns.add(
        Types.NestedField.required(schema.highestFieldId() + 1, COLUMN, Types.LongType.get()));
    return new Schema(columns);
  }

  /**
   * Returns a batch with the numbers of its rows.
   *
   * @param numbered what {@link #numbered(Schema)} returned for the columns of the batch
   */
  public static VectorBatch numbered(VectorBatch batch, long[] numbers, Schema numbered) {
    LongVector vector = new LongVector();
    for (long number : numbers) {
      vector.append(number);
    }
    List<Vector> vectors = new ArrayList<>(batch.vectors());
    vectors.add(vector);
    return new VectorBatch(numbered, vectors, numbers.length);
  }

  /** Returns the numbers of a batch that has them. */
  public static long[] of(VectorBatch numbered) {
    LongVector stored = (LongVector) numbered.vector(numbered.vectors().size() - 1).flat();
    return Arrays.copyOf(stored.values(), stored.size());
  }

  public static VectorBatch without(VectorBatch numbered, Schema schema) {
    int columns = schema.columns().size();
    return new VectorBatch(schema, numbered.vectors().subList(0, columns), numbered.rows());
  }

  /** Adds the numbers of the next rows. */
  void add(long[] numbers) {
    for (long number : numbers) {
      if (length > 0 && number == next) {
        length++;
      } else {
        endRun();
        long distance = number - next;
        append((distance << 1) ^ (distance >> 63));
        length = 1;
      }
      next = number + 1;
    }
  }

  /** Ends the numbers; no more are added. */
  RowNumbers finish() {
    endRun();
    length = 0;
    runs = Arrays.copyOf(runs, size);
    return this;
  }

  private void endRun() {
    if (length > 0) {
      append(length);
    }
  }

  private void append(long value) {
    long rest = value;
    do {
      if (size == runs.length) {
        runs = Arrays.copyOf(runs, size * 2);
      }
      long bits = rest & 0x7F;
      rest >>>= 7;
      runs[size++] = (byte) (rest == 0 ? bits : bits | 0x80);
    } while (rest != 0);
  }

  /** Returns the numbers of all rows, from the first one. */
  public Numbers read() {
    return new Numbers();
  }

  /** The numbers of one row after the other. */
  public final class Numbers {
    private int position;
    private long run;
    private long number;

    private Numbers() {}

    /** True if there is another row. */
    public boolean hasNext() {
      return run > 0 || position < size;
    }

    public long next() {
      if (run == 0) {
        long stored = read();
        number += (stored >>> 1) ^ -(stored & 1);
        run = read();
      }
      run--;
      return number++;
    }

    private long read() {
      long value = 0;
      for (int shift = 0; ; shift += 7) {
        byte bits = runs[position++];
        value |= (long) (bits & 0x7F) << shift;
        if (bits >= 0) {
          return value;
        }
      }
    }
  }
}
