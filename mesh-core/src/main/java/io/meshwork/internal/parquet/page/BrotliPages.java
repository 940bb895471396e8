package io.meshwork.internal.parquet.page;

import java.io.IOException;
import java.io.InputStream;
import org.brotli.dec.BrotliInputStream;

/**
 * Decompresses Brotli by the optional library {@code org.brotli:dec}. Without that library, the JVM
 * cannot link this class, so that nothing but {@link #stream} belongs here.
 */
final class BrotliPages {
  private BrotliPages() {}

  /** Returns the uncompressed bytes of a stream. */
  static InputStream stream(InputStream compressed) throws IOException {
    return new BrotliInputStream(compressed);
  }
}
