package io.meshwork.internal.publish;

import io.meshwork.error.MeshAction;
import io.meshwork.internal.catalog.RegistryKeys;
import io.meshwork.internal.ingest.RowIngestion.ExistingSource;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.HexFormat;
import org.apache.iceberg.exceptions.NotFoundException;
import org.apache.iceberg.io.FileIO;
import org.apache.iceberg.io.FileInfo;
import org.apache.iceberg.io.IOUtil;
import org.apache.iceberg.io.SeekableInputStream;

/**
 * By what a file that another program overwrites is recognized, although it keeps its length: the
 * time of its last change, and a hash of its last bytes, which contain the footer. The hash decides
 * and is compared only after another time. Immutable.
 *
 * @param changed when it was last changed, in milliseconds since 1970; 0 if the store has no times
 * @param hash the hash of its last bytes
 */
record FileMark(long changed, String hash) {
  /** The most bytes that are read of a file. */
  private static final int MOST_BYTES = 64 << 10;

  private static final int HASH_CHARS = 16;

  /**
   * Reads the mark of a listed file.
   *
   * @throws io.meshwork.error.MeshException SOURCE_UNREADABLE if the store does not return it
   */
  static FileMark of(FileIO io, FileInfo file, MeshAction action) {
    byte[] last = new byte[(int) Math.min(file.size(), MOST_BYTES)];
    try (SeekableInputStream in = io.newInputFile(file.location()).newStream()) {
      in.seek(file.size() - last.length);
      IOUtil.readFully(in, last, 0, last.length);
    } catch (UncheckedIOException | NotFoundException e) {
      throw ExistingSource.notRead(file, action, e);
    } catch (IOException e) {
      throw ExistingSource.notRead(file, action, new UncheckedIOException(e));
    }
    String hash = RegistryKeys.sha256(HexFormat.of().formatHex(last)).substring(0, HASH_CHARS);
    return new FileMark(file.createdAtMillis(), hash);
  }

  /** The mark of a text. */
  static FileMark parse(String text) {
    int colon = text.indexOf(':');
    return new FileMark(Long.parseLong(text, 0, colon, 10), text.substring(colon + 1));
  }

  /** True if a listed file, whose length is the same, has other content. */
  boolean differs(FileIO io, FileInfo file, MeshAction action) {
    return file.createdAtMillis() != changed && !of(io, file, action).hash().equals(hash);
  }

  @Override
  public String toString() {
    return changed + ":" + hash;
  }
}
