package io.meshwork.internal.table;

import io.meshwork.internal.parquet.read.ParquetReader;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import org.apache.iceberg.DataFile;
import org.apache.iceberg.io.FileIO;
import org.apache.iceberg.io.FileInfo;
import org.jspecify.annotations.Nullable;

/**
 * Shows that another program overwrote a file, even if its length is unchanged: by the time of its
 * last change, and a hash of its last bytes, which contain the footer. The hash decides. Immutable.
 *
 * <p>The registry has fingerprints, and so have manifests, for reads: as the lower bound of a
 * column that no table has, because Iceberg retains bounds of columns that it does not know, such
 * as dropped ones.
 *
 * @param changed when it was last changed, in milliseconds since 1970; 0 if the store has no times
 * @param hash the hash of its last bytes
 */
public record FileFingerprint(long changed, String hash) {
  /** The field ID of the bound, above column IDs and below the IDs that Iceberg reserves. */
  private static final int FIELD = Integer.MAX_VALUE - 1_000;

  /** The mark of a file that is open. */
  public static FileFingerprint of(FileInfo file, ParquetReader opened) {
    return new FileFingerprint(file.createdAtMillis(), FileTailHash.hash(opened.endDigest()));
  }

  public static FileFingerprint parse(String text) {
    int colon = text.indexOf(':');
    return new FileFingerprint(Long.parseLong(text, 0, colon, 10), text.substring(colon + 1));
  }

  private static byte[] end(ParquetReader opened) {
    return Arrays.copyOf(opened.endDigest(), FileTailHash.HASH_BYTES);
  }

  /** The bounds of a file with its mark. */
  static Map<Integer, ByteBuffer> marked(
      @Nullable Map<Integer, ByteBuffer> bounds, ParquetReader opened) {
    Map<Integer, ByteBuffer> marked = new HashMap<>(bounds == null ? Map.of() : bounds);
    marked.put(FIELD, ByteBuffer.wrap(end(opened)));
    return marked;
  }

  /** False if a file has another end than when it was registered with a mark. */
  static boolean isOf(DataFile file, ParquetReader opened) {
    Map<Integer, ByteBuffer> bounds = file.lowerBounds();
    ByteBuffer mark = bounds == null ? null : bounds.get(FIELD);
    return mark == null || mark.duplicate().equals(ByteBuffer.wrap(end(opened)));
  }

  /** True if the file was changed at another time, so that its content may be another one. */
  public boolean isOlderThan(FileInfo file) {
    return file.createdAtMillis() != changed;
  }

  /**
   * True if a listed file, whose length is the same, has other content.
   *
   * @throws UncheckedIOException if it cannot be read
   * @throws org.apache.iceberg.exceptions.NotFoundException if it does not exist
   */
  public boolean differs(FileIO io, FileInfo file) {
    return !FileTailHash.read(io, file).hash().equals(hash);
  }

  /** What files of equal content have in common, whatever their names and times. */
  public String content(long length) {
    return hash + ":" + length;
  }

  @Override
  public String toString() {
    return changed + ":" + hash;
  }
}
