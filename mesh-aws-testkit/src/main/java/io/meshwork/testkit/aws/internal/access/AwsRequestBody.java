package io.meshwork.testkit.aws.internal.access;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * The whole body of a request, which is examined before it is forwarded: up to a MiB in memory,
 * else in a temporary file.
 */
public final class AwsRequestBody implements AutoCloseable {
  private static final int MOST_IN_MEMORY = 1 << 20;

  private final byte[] bytes;
  private final @Nullable Path file;

  private AwsRequestBody(byte[] bytes, @Nullable Path file) {
    this.bytes = bytes;
    this.file = file;
  }

  /** Returns a small body. */
  public static AwsRequestBody of(String text) {
    return new AwsRequestBody(text.getBytes(StandardCharsets.UTF_8), null);
  }

  public static AwsRequestBody read(InputStream input) throws IOException {
    byte[] bytes = input.readNBytes(MOST_IN_MEMORY);
    if (bytes.length < MOST_IN_MEMORY) {
      return new AwsRequestBody(bytes, null);
    }
    Path file = Files.createTempFile("mesh-request-", ".body");
    AwsRequestBody body = new AwsRequestBody(new byte[0], file);
    try (OutputStream output = Files.newOutputStream(file)) {
      output.write(bytes);
      input.transferTo(output);
      return body;
    } catch (IOException e) {
      body.close();
      throw e;
    }
  }

  public InputStream open() throws IOException {
    return file == null ? new ByteArrayInputStream(bytes) : Files.newInputStream(file);
  }

  /** Returns the body as text; it is small unless it is the content of an object. */
  public String text() throws IOException {
    return file == null
        ? new String(bytes, StandardCharsets.UTF_8)
        : Files.readString(file, StandardCharsets.UTF_8);
  }

  /** Returns the number of bytes. */
  long length() throws IOException {
    return file == null ? bytes.length : Files.size(file);
  }

  @Override
  public void close() throws IOException {
    if (file != null) {
      Files.deleteIfExists(file);
    }
  }
}
