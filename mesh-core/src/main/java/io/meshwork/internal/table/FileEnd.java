package io.meshwork.internal.table;

import io.meshwork.internal.catalog.RegistryKeys;
import io.meshwork.internal.parquet.read.ParquetReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.HexFormat;
import java.util.Set;
import org.apache.iceberg.io.FileIO;
import org.apache.iceberg.io.FileInfo;
import org.apache.iceberg.io.IOUtil;
import org.apache.iceberg.io.SeekableInputStream;

/**
 * The last bytes of a file of another program, by which its content is recognized, whatever its
 * name. Immutable.
 *
 * @param length the length of the file
 * @param hashes the hash of the last bytes, in the forms of all versions
 * @param hasWholeFooter whether the last bytes contain the whole footer, and so the size of each
 *     column; otherwise equal hashes do not tell that files of unknown length are equal
 */
public record FileEnd(long length, Set<String> hashes, boolean hasWholeFooter) {
  /** The length of the footer and the magic number. */
  private static final int TAIL_BYTES = 8;

  /** Earlier versions hashed the hexadecimal text of the bytes, and wrote no prefix. */
  private static final String OF_BYTES = "b";

  /** The bytes of a hash. */
  static final int HASH_BYTES = 8;

  public FileEnd {
    hashes = Set.copyOf(hashes);
  }

  /**
   * Reads the end of a listed file.
   *
   * @throws UncheckedIOException if it cannot be read
   * @throws org.apache.iceberg.exceptions.NotFoundException if it does not exist
   */
  public static FileEnd read(FileIO io, FileInfo file) {
    byte[] last = new byte[(int) Math.min(file.size(), ParquetReader.END_BYTES)];
    try (SeekableInputStream in = io.newInputFile(file.location()).newStream()) {
      in.seek(file.size() - last.length);
      IOUtil.readFully(in, last, 0, last.length);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return new FileEnd(
        file.size(),
        Set.of(
            hash(ParquetReader.digest(last, last.length)),
            RegistryKeys.sha256(HexFormat.of().formatHex(last)).substring(0, 2 * HASH_BYTES)),
        hasWholeFooter(last));
  }

  /** The hash of a file, of whose last bytes this is the digest. */
  static String hash(byte[] digest) {
    return OF_BYTES + HexFormat.of().formatHex(digest, 0, HASH_BYTES);
  }

  private static boolean hasWholeFooter(byte[] last) {
    if (last.length < TAIL_BYTES) {
      return true;
    }
    int footer =
        ByteBuffer.wrap(last).order(ByteOrder.LITTLE_ENDIAN).getInt(last.length - TAIL_BYTES);
    return footer >= 0 && footer <= last.length - TAIL_BYTES;
  }
}
