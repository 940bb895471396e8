package io.meshwork.internal.metadata;

import io.meshwork.error.BackendException;
import io.meshwork.error.ErrorCode;
import io.meshwork.error.Failure;
import io.meshwork.error.InvalidRequestException;
import io.meshwork.error.MeshAction;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.function.Supplier;
import org.apache.iceberg.io.FileIO;
import org.jspecify.annotations.Nullable;

/**
 * A metadata file as stored, and its text. The text is limited: parsing takes many times its
 * length, and a small compressed file may have endless text.
 *
 * @param stored the bytes of the file, which are never changed
 * @param text the JSON; the same bytes if the file is not compressed
 */
public record MetadataContent(byte[] stored, byte[] text) {
  private static final String MORE_MEMORY = "Increase the heap (-Xmx). ";
  private static final String READ_FIX =
      MORE_MEMORY
          + "If the table never had so many snapshots, the file is damaged: restore it from a"
          + " backup.";

  /** The most bytes of text in this process. */
  public static long limit() {
    return limit(Runtime.getRuntime().maxMemory());
  }

  /** The most bytes of text in a heap: 8 MiB have some 6,000 snapshots. */
  public static long limit(long heap) {
    return Math.max(8L << 20, Math.min(heap / 16, 1L << 30));
  }

  /**
   * Reads a file.
   *
   * @param action the attempted action, such as {@code open table a.b_v1}
   * @throws BackendException if the file or its text is longer than a sixteenth of the heap
   * @throws IllegalArgumentException if it cannot be decompressed
   */
  public static MetadataContent read(FileIO files, String location, MeshAction action) {
    return read(files, location, action, limit());
  }

  public static MetadataContent read(FileIO files, String location, MeshAction action, long limit) {
    return inMemory(
        location,
        action,
        () -> {
          byte[] stored = stored(files, location, (int) limit + 1);
          byte[] text = GzipMetadata.text(location, stored, (int) limit + 1);
          if (Math.max(stored.length, text.length) > limit) {
            throw tooLong(
                location,
                action,
                "has more than " + limit + " bytes of text, the limit: a sixteenth of the heap",
                null);
          }
          return new MetadataContent(stored, text);
        });
  }

  /** The content of a new file with this text, in parts: compressed if its name says so. */
  public static List<byte[]> stored(String location, byte[] text) {
    return GzipMetadata.content(location, text);
  }

  /**
   * Parses a file, which takes memory that depends on its text.
   *
   * @throws BackendException if the heap is full
   */
  public static <T> T inMemory(String location, MeshAction action, Supplier<T> parse) {
    try {
      return parse.get();
    } catch (OutOfMemoryError e) {
      throw tooLong(location, action, "takes more memory than the heap has left", e);
    }
  }

  /**
   * Refuses text that this process could not read.
   *
   * @param length the number of bytes of the text
   * @throws InvalidRequestException if it is longer than the limit
   */
  public static void requireShort(long length, long limit, MeshAction action) {
    if (length > limit) {
      throw Failure.of(action)
          .because(
              "its metadata file would have "
                  + length
                  + " bytes of text, and the limit is "
                  + limit
                  + " bytes, a sixteenth of the heap")
          .state("Nothing was committed.")
          .fix(MORE_MEMORY + "Or let maintenance expire the snapshots of the table sooner.")
          .invalidRequest(ErrorCode.LIMIT_EXCEEDED);
    }
  }

  private static byte[] stored(FileIO files, String location, int most) {
    try (InputStream in = files.newInputFile(location).newStream()) {
      return in.readNBytes(most);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static BackendException tooLong(
      String location, MeshAction action, String reason, @Nullable OutOfMemoryError cause) {
    String name = location.substring(location.lastIndexOf('/') + 1);
    return Failure.of(action)
        .because("the metadata file " + name + " " + reason)
        .state("Nothing was changed.")
        .fix(READ_FIX)
        .cause(cause)
        .lasting(ErrorCode.BACKEND_FAILED);
  }
}
