package io.meshwork.hadoop;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.apache.parquet.format.ColumnChunk;
import org.apache.parquet.format.FileMetaData;
import org.apache.parquet.format.RowGroup;
import org.apache.parquet.format.Util;
import org.jspecify.annotations.Nullable;

/**
 * What the end of a file states, before parquet-hadoop reads it.
 *
 * @param isEncrypted whether the footer or a column is encrypted
 * @param underFooterKey a part that is encrypted with the key of the footer, such as "the footer";
 *     null if there is none
 */
record EncryptionCheck(boolean isEncrypted, @Nullable String underFooterKey) {
  private static final int TAIL_BYTES = 8;

  /** Reads the end of a file; throws if it is not a Parquet file. */
  static EncryptionCheck of(Path path, FileErrors errors) {
    if (!Files.isRegularFile(path) || !Files.isReadable(path)) {
      throw errors.unreadable(
          "it does not exist or is not readable", "Check the path and its permissions.", null);
    }
    try (FileChannel channel = FileChannel.open(path)) {
      ByteBuffer tail = tail(channel);
      String magic = StandardCharsets.ISO_8859_1.decode(tail.slice(tail.limit() - 4, 4)).toString();
      if (tail.limit() < TAIL_BYTES || !(magic.equals("PAR1") || magic.equals("PARE"))) {
        throw errors.malformed(
            "it does not end with the magic number PAR1 or PARE", "Use a Parquet file.", null);
      }
      return magic.equals("PARE")
          ? new EncryptionCheck(true, "the footer")
          : ofFooter(channel, tail.getInt(0), errors);
    } catch (IOException | RuntimeException e) {
      throw errors.of(e, "the footer");
    }
  }

  private static ByteBuffer tail(FileChannel channel) throws IOException {
    int length = (int) Math.min(TAIL_BYTES, channel.size());
    ByteBuffer tail = ByteBuffer.allocate(Math.max(4, length)).order(ByteOrder.LITTLE_ENDIAN);
    for (long at = channel.size() - length; tail.position() < length; ) {
      if (channel.read(tail, at + tail.position()) < 0) {
        break;
      }
    }
    return tail.rewind();
  }

  private static EncryptionCheck ofFooter(FileChannel channel, int length, FileErrors errors)
      throws IOException {
    long start = channel.size() - TAIL_BYTES - length;
    if (length <= 0 || start < 4) {
      throw errors.malformed(
          "the declared footer length is "
              + Integer.toUnsignedLong(length)
              + " bytes, the file has "
              + channel.size(),
          "Write the file again, and check how it was copied.",
          null);
    }
    channel.position(start);
    InputStream in = new BufferedInputStream(Channels.newInputStream(channel));
    FileMetaData footer = Util.readFileMetaData(in);
    return new EncryptionCheck(footer.isSetEncryption_algorithm(), underFooterKey(footer));
  }

  private static @Nullable String underFooterKey(FileMetaData footer) {
    for (RowGroup group : footer.getRow_groups()) {
      for (ColumnChunk chunk : group.getColumns()) {
        if (chunk.isSetCrypto_metadata()
            && chunk.getCrypto_metadata().isSetENCRYPTION_WITH_FOOTER_KEY()) {
          return chunk.isSetMeta_data()
              ? "column " + String.join(".", chunk.getMeta_data().getPath_in_schema())
              : "a column";
        }
      }
    }
    return null;
  }
}
