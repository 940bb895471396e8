package io.meshwork.internal.table;

import io.meshwork.internal.catalog.RegistryKeys;
import io.meshwork.internal.parquet.read.ParquetReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.Map;
import org.apache.iceberg.DataFile;
import org.apache.iceberg.io.FileIO;
import org.apache.iceberg.io.FileInfo;
import org.apache.iceberg.io.IOUtil;
import org.apache.iceberg.io.SeekableInputStream;
import org.jspecify.annotations.Nullable;

/**
 * By what a file that another program overwrites is recognized, although it keeps its length: the
 * time of its last change, and a hash of its last bytes, which contain the footer. The hash
 * decides. Immutable.
 *
 * <p>The registry has marks, and so have manifests, for reads: as the lower bound of a column that
 * no table has, because Iceberg keeps bounds of columns that it does not know, such as dropped ones.
 *
 * @param changed when it was last changed, in milliseconds since 1970; 0 if the store has no times
 * @param hash the hash of its last bytes
 */
public record FileMark(long changed, String hash) {
  /** The field ID of the bound, above those of columns and below those that Iceberg reserves. */
  private static final int FIELD = Integer.MAX_VALUE - 1_000;

  /** Earlier versions hashed the hexadecimal text of the bytes, and wrote no prefix. */
  private static final String OF_BYTES = "b";

  private static final int HASH_CHARS = 16;

  /** The mark of a file that is open. */
  public static FileMark of(FileInfo file, ParquetReader opened) {
    return new FileMark(file.createdAtMillis(), OF_BYTES + HexFormat.of().formatHex(end(opened)));
  }

  /** The mark of a text. */
  public static FileMark parse(String text) {
    int colon = text.indexOf(':');
    return new FileMark(Long.parseLong(text, 0, colon, 10), text.substring(colon + 1));
  }

  private static byte[] end(ParquetReader opened) {
    return Arrays.copyOf(opened.endDigest(), HASH_CHARS / 2);
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
    byte[] last = new byte[(int) Math.min(file.size(), ParquetReader.END_BYTES)];
    try (SeekableInputStream in = io.newInputFile(file.location()).newStream()) {
      in.seek(file.size() - last.length);
      IOUtil.readFully(in, last, 0, last.length);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    String now =
        hash.startsWith(OF_BYTES) && hash.length() > HASH_CHARS
            ? OF_BYTES
                + HexFormat.of().formatHex(ParquetReader.digest(last, last.length), 0, HASH_CHARS / 2)
            : RegistryKeys.sha256(HexFormat.of().formatHex(last)).substring(0, HASH_CHARS);
    return !now.equals(hash);
  }

  @Override
  public String toString() {
    return changed + ":" + hash;
  }
}
