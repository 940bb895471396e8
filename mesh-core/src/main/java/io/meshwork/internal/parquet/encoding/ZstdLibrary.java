package io.meshwork.internal.parquet.encoding;

import com.github.luben.zstd.util.Native;
import io.meshwork.error.ErrorCode;
import io.meshwork.error.InvalidRequestException;
import io.meshwork.error.MeshAction;
import io.meshwork.error.MeshAction.Verb;
import io.meshwork.internal.runtime.NativeLibrary;
import java.nio.file.Path;

/**
 * The native library of zstd, which is loaded once per process, from the folder that SQLite's
 * library is unpacked into too. Thread-safe.
 */
public final class ZstdLibrary {
  private static volatile boolean loaded;

  private ZstdLibrary() {}

  /**
   * Loads the library if it is not loaded yet; called before any class of zstd is initialized.
   *
   * @throws InvalidRequestException if it cannot be unpacked or loaded; the message names the
   *     settings
   */
  public static void requireLoaded() {
    if (loaded) {
      return;
    }
    try {
      String own = System.getProperty("ZstdTempFolder");
      Native.load(Path.of(own == null ? NativeLibrary.folder() : own).toFile());
      loaded = true;
    } catch (RuntimeException | LinkageError e) {
      throw NativeLibrary.failure(
              MeshAction.of(Verb.READ, "or write a compressed page"), "the library of zstd", e)
          .invalidRequest(ErrorCode.CONFIG_INVALID);
    }
  }
}
