package io.meshwork.internal.columnar;

import org.apache.parquet.format.Encoding;
import org.jspecify.annotations.Nullable;

/**
 * A page as it will lie in the file, without its header.
 *
 * @param encoding of the values
 * @param slots values, nulls included; entries of a dictionary
 * @param nulls how many of them are null
 * @param firstRow the row of the row group that it starts with
 * @param length bytes before compression
 * @param body the bytes
 * @param compressed whether the bytes are compressed yet
 * @param lower lower bound in PLAIN; null if there is none
 * @param upper upper bound in PLAIN; null if there is none
 */
record CompressedPage(
    Encoding encoding,
    int slots,
    int nulls,
    long firstRow,
    int length,
    byte[] body,
    boolean compressed,
    byte @Nullable [] lower,
    byte @Nullable [] upper) {
  CompressedPage withBody(byte[] smaller) {
    return new CompressedPage(
        encoding, slots, nulls, firstRow, length, smaller, true, lower, upper);
  }
}
