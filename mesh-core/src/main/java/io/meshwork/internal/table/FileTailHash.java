package io.meshwork.internal.table;

import io.meshwork.internal.parquet.read.ParquetReader;
import io.meshwork.internal.runtime.Sha256;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.HexFormat;
import org.apache.iceberg.io.FileIO;
import org.apache.iceberg.io.FileInfo;
import org.apache.iceberg.io.IOUtil;
import org.apache.iceberg.io.SeekableInputStream;

/**
 * The last bytes of a file of another program, by which its content is recognized, whatever its
 * name. Immutable.
 *
 * @param length the length of the file
 * @param hash the hash of the last bytes
 */
public record FileTailHash(long length, String hash) {
  private static final String OF_BYTES = "b";

  /** The bytes of a hash. */
  static final int HASH_BYTES = 8;

  /**
   * Reads the end of a listed file.
   *
   * @throws UncheckedIOException if it cannot be read
   * @throws org.apache.iceberg.exceptions.NotFoundException if it does not exist
   */
  public static FileTailHash read(FileIO io, FileInfo file) {
    byte[] last = new byte[(int) Math.min(file.size(), ParquetReader.END_BYTES)];
    try (SeekableInputStream in = io.newInputFile(file.location()).newStream()) {
      in.seek(file.size() - last.length);
      IOUtil.readFully(in, last, 0, last.length);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return new FileTailHash(file.size(), hash(Sha256.of(last, 0, last.length)));
  }

  /** The hash of a file, of whose last bytes this is the digest. */
  static String hash(byte[] digest) {
    return OF_BYTES + HexFormat.of().formatHex(digest, 0, HASH_BYTES);
  }
}
