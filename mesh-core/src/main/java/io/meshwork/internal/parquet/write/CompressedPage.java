package io.meshwork.internal.parquet.write;

import org.apache.parquet.format.Encoding;
import org.jspecify.annotations.Nullable;

/**
 * A page as stored in the file, without its header.
 *
 * @param encoding encoding of the values
 * @param valueCount number of values, nulls included; entries of a dictionary
 * @param nulls number of nulls
 * @param firstRow first row of the page within the row group
 * @param length uncompressed size in bytes
 * @param body the bytes
 * @param compressed whether {@code body} is compressed
 * @param lower lower bound in PLAIN; null if there is none
 * @param upper upper bound in PLAIN; null if there is none
 */
record CompressedPage(
    Encoding encoding,
    int valueCount,
    int nulls,
    long firstRow,
    int length,
    byte[] body,
    boolean compressed,
    byte @Nullable [] lower,
    byte @Nullable [] upper) {
  CompressedPage withBody(byte[] smaller) {
    return new CompressedPage(
        encoding, valueCount, nulls, firstRow, length, smaller, true, lower, upper);
  }
}
