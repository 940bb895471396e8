package io.meshwork.internal.metadata;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.zip.Deflater;
import java.util.zip.GZIPInputStream;
import org.apache.iceberg.TableProperties;

/**
 * Metadata files in gzip. Iceberg recognizes them by their names. A publish to a table with many
 * snapshots hashes, writes, and syncs a sixth of the bytes.
 *
 * <p>A file is one standard gzip member. The blocks of its DEFLATE data end at whole bytes after
 * each part, so that the next file of the table has the unchanged blocks of earlier snapshots, and
 * only the rest is compressed.
 */
public final class GzipMetadata {
  /** The property of tables that want it. */
  static final String CODEC = "gzip";

  /** Files with less text are not compressed: reading and writing them takes no longer. */
  static final int MIN_LENGTH = 64 << 10;

  /** A level that compresses snapshots a tenth further than level 1 does, in twice the time. */
  private static final int FAST = 4;

  private static final String PLAIN_NAME = ".metadata.json";
  private static final String GZIP_NAME = ".gz" + PLAIN_NAME;

  /** ID, method, no flags, no time, unknown system, by RFC 1952. */
  private static final byte[] HEADER = {0x1f, (byte) 0x8b, 8, 0, 0, 0, 0, 0, 0, (byte) 0xff};

  private GzipMetadata() {}

  /**
   * The codec of new tables. Engines reach a folder with the scheme and the authority of a store
   * without our catalog, and some of them do not decompress metadata files.
   *
   * @param folder the location of the table
   */
  public static String codec(String folder) {
    return folder.contains("://") ? "none" : CODEC;
  }

  /**
   * The end of the name of a metadata file.
   *
   * @param folder the location of the table, which may have been moved to a store
   * @param properties of the table
   * @param length the number of bytes of its text
   */
  public static String nameEnd(String folder, Map<String, String> properties, int length) {
    String codec = properties.getOrDefault(TableProperties.METADATA_COMPRESSION, "none");
    return length >= MIN_LENGTH && codec.equalsIgnoreCase(CODEC) && codec(folder).equals(CODEC)
        ? GZIP_NAME
        : PLAIN_NAME;
  }

  /** True if the file with this name is compressed. */
  public static boolean isGzip(String location) {
    return location.endsWith(GZIP_NAME);
  }

  /**
   * The text of a metadata file, or its beginning.
   *
   * @param stored its content
   * @param most the number of bytes after which decompression stops
   * @throws IllegalArgumentException if it cannot be decompressed
   */
  public static byte[] text(String location, byte[] stored, int most) {
    if (!isGzip(location)) {
      return stored;
    }
    try (GZIPInputStream in = new GZIPInputStream(new ByteArrayInputStream(stored), 64 << 10)) {
      return in.readNBytes(most);
    } catch (IOException e) {
      throw new IllegalArgumentException("the compressed metadata file is damaged", e);
    }
  }

  /**
   * The content of a file with this text, in parts: compressed if its name says so.
   *
   * @param text the JSON
   */
  public static List<byte[]> content(String location, byte[] text) {
    return isGzip(location) ? content(new byte[0], CopiedJson.none(), text) : List.of(text);
  }

  /**
   * The content of a file, in parts.
   *
   * @param head the text before the snapshots
   * @param copied the snapshots and their log, compressed
   * @param tail the text after the log
   */
  public static List<byte[]> content(byte[] head, CopiedJson copied, byte[] tail) {
    List<byte[]> content = new ArrayList<>();
    content.add(HEADER);
    content.add(deflateFast(head, 0, head.length));
    content.addAll(copied.deflated());
    byte[] end = MetadataText.joined(copied.log().rest(), tail);
    content.add(deflate(end, 0, end.length, 0, FAST, true));
    int beforeTail = JoinedChecksum.of(JoinedChecksum.of(head), copied.checksum(), copied.length());
    int checksum = JoinedChecksum.of(beforeTail, JoinedChecksum.of(tail), tail.length);
    content.add(
        ByteBuffer.allocate(8)
            .order(ByteOrder.LITTLE_ENDIAN)
            .putInt(checksum)
            .putInt(head.length + copied.length() + tail.length)
            .array());
    return content;
  }

  /**
   * Compresses the end of the text, to whole bytes.
   *
   * @param start where the end starts
   * @param before the number of bytes before it that it may repeat, which are in the same file
   */
  static byte[] deflate(byte[] text, int start, int before) {
    return deflate(text, start, text.length, before, Deflater.DEFAULT_COMPRESSION, false);
  }

  /** Compresses a part of the text in little time, to whole bytes. */
  static byte[] deflateFast(byte[] text, int start, int end) {
    return deflate(text, start, end, 0, FAST, false);
  }

  private static byte[] deflate(
      byte[] text, int start, int end, int before, int level, boolean isLast) {
    Deflater deflater = new Deflater(level, true);
    try {
      if (before > 0) {
        deflater.setDictionary(text, start - before, before);
      }
      deflater.setInput(text, start, end - start);
      if (isLast) {
        deflater.finish();
      }
      byte[] blocks = new byte[(end - start) / 4 + 64];
      int length = 0;
      int flush = isLast ? Deflater.NO_FLUSH : Deflater.SYNC_FLUSH;
      while (true) {
        length += deflater.deflate(blocks, length, blocks.length - length, flush);
        if (length < blocks.length) {
          return Arrays.copyOf(blocks, length);
        }
        blocks = Arrays.copyOf(blocks, blocks.length * 2);
      }
    } finally {
      deflater.end();
    }
  }
}
