package io.meshwork.internal.parquet.encoding;

import com.github.luben.zstd.util.Native;
import io.meshwork.error.ErrorCode;
import io.meshwork.error.InvalidRequestException;
import io.meshwork.error.MeshAction;
import io.meshwork.error.MeshAction.Verb;
import io.meshwork.internal.runtime.NativeLibrary;
import java.io.File;

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
      if (System.getProperty("ZstdTempFolder") == null) {
        Native.load(new File(NativeLibrary.folder()));
      } else {
        Native.load();
      }
      loaded = true;
    } catch (RuntimeException | LinkageError e) {
      throw NativeLibrary.failure(
              MeshAction.of(Verb.READ, "or write a compressed page"), "the library of zstd", e)
          .invalidRequest(ErrorCode.CONFIG_INVALID);
    }
  }
}
