package io.meshwork.internal.parquet.footer;

import io.meshwork.internal.parquet.schema.UnreadableFileException;

/**
 * The memory for what a footer declares: a few of its bytes can declare a structure of hundreds. It
 * is estimated and limited before most of it is taken, because an {@code OutOfMemoryError} also
 * hits other threads. Not thread-safe.
 */
public final class FooterMemory {
  /** About what an object of Thrift takes. */
  private static final int STRUCTURE = 128;

  /** About what a list, a string, or an array takes besides its elements. */
  private static final int OBJECT = 64;

  private static final int REFERENCE = 8;

  /** About what a column or a group of columns takes besides its object of Thrift. */
  private static final int COLUMN = 400;

  private final long limit;
  private long reserved;

  FooterMemory() {
    this(Runtime.getRuntime().maxMemory() / 2);
  }

  /** Creates a limit in bytes. */
  public FooterMemory(long limit) {
    this.limit = limit;
  }

  void takeStructure() {
    take(STRUCTURE);
  }

  void takeList(int size) {
    take(OBJECT + (long) REFERENCE * size);
  }

  void takeBytes(int length) {
    take(OBJECT + (long) length);
  }

  /** Counts the columns of a file, groups included. */
  void takeColumns(int count) {
    take((long) COLUMN * count);
  }

  private void take(long bytes) {
    reserved += bytes;
    if (reserved > limit) {
      throw UnreadableFileException.limit(
          "its structures need more than "
              + limit
              + " bytes of memory, half of the heap; increase the heap (-Xmx)");
    }
  }
}
