package io.meshwork.aws.internal.s3;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.core.sync.RequestBody;

/**
 * The bytes of a part: in memory while they are few, then in a temporary file that only this user
 * can read, because a publish may write many files at the same time. Not thread-safe.
 */
final class PartBuffer implements AutoCloseable {
  private static final int FIRST_BYTES = 8 << 10;
  private static final int MAX_MEMORY = 1 << 20;

  private byte[] memory = new byte[0];
  private int size;
  private @Nullable Path file;
  private @Nullable OutputStream toFile;

  int size() {
    return size;
  }

  void write(byte[] source, int offset, int length) throws IOException {
    OutputStream out = toFile;
    if (out == null && size + length > MAX_MEMORY) {
      out = openFile();
    }
    if (out != null) {
      out.write(source, offset, length);
    } else {
      if (size + length > memory.length) {
        int grown = Math.max(Math.max(FIRST_BYTES, size + length), 2 * memory.length);
        memory = Arrays.copyOf(memory, Math.min(MAX_MEMORY, grown));
      }
      System.arraycopy(source, offset, memory, size, length);
    }
    size += length;
  }

  /** Returns the bytes as a body that can be sent again. */
  RequestBody body() throws IOException {
    OutputStream out = toFile;
    Path path = file;
    if (out == null || path == null) {
      return RequestBody.fromBytes(Arrays.copyOf(memory, size));
    }
    out.flush();
    return RequestBody.fromFile(path);
  }

  void clear() throws IOException {
    close();
    size = 0;
  }

  @Override
  public void close() throws IOException {
    OutputStream out = toFile;
    Path path = file;
    toFile = null;
    file = null;
    memory = new byte[0];
    if (out != null) {
      out.close();
    }
    if (path != null) {
      Files.deleteIfExists(path);
    }
  }

  private OutputStream openFile() throws IOException {
    Path path = Files.createTempFile("meshwork-part-", ".tmp");
    file = path;
    OutputStream out = Files.newOutputStream(path, StandardOpenOption.WRITE);
    toFile = out;
    out.write(memory, 0, size);
    memory = new byte[0];
    return out;
  }
}
