package io.meshwork.internal.parquet.read;

import java.io.IOException;
import java.io.InputStream;
import org.brotli.dec.BrotliInputStream;

/** Decompresses Brotli, if the optional library {@code org.brotli:dec} is on the class path. */
final class BrotliPages {
  /** Whether the library is on the class path. */
  static final boolean AVAILABLE = available();

  private BrotliPages() {}

  private static boolean available() {
    try {
      Class.forName("org.brotli.dec.BrotliInputStream", false, BrotliPages.class.getClassLoader());
      return true;
    } catch (ClassNotFoundException e) {
      return false;
    }
  }

  /** Returns the uncompressed bytes of a stream. */
  static InputStream stream(InputStream compressed) throws IOException {
    return new BrotliInputStream(compressed);
  }
}
