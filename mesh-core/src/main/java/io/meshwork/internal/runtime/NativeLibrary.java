package io.meshwork.internal.runtime;

import com.github.luben.zstd.util.Native;
import io.meshwork.error.ErrorCode;
import io.meshwork.error.Failure;
import io.meshwork.error.InvalidRequestException;
import io.meshwork.error.MeshAction;
import io.meshwork.error.MeshAction.Verb;
import java.io.File;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * What native libraries have in common: where they are unpacked, and why that fails. That of zstd
 * is loaded here, once per process. Thread-safe.
 */
public final class NativeLibrary {
  private static final String FOLDER_SETTING = "org.sqlite.tmpdir";
  private static final String TEMPORARY_SETTING = "java.io.tmpdir";

  private static volatile boolean zstdLoaded;

  private NativeLibrary() {}

  /**
   * Loads the library of zstd if it is not loaded yet; called before any class of zstd is
   * initialized.
   *
   * @throws InvalidRequestException if it cannot be unpacked or loaded; the message names the
   *     settings
   */
  public static void requireZstd() {
    if (zstdLoaded) {
      return;
    }
    try {
      if (System.getProperty("ZstdTempFolder") == null) {
        Native.load(new File(folder()));
      } else {
        Native.load();
      }
      zstdLoaded = true;
    } catch (RuntimeException | LinkageError e) {
      throw failure(
              MeshAction.of(Verb.READ, "or write a compressed page"), "the library of zstd", e)
          .invalidRequest(ErrorCode.CONFIG_INVALID);
    }
  }

  /** Returns the folder in which each library is unpacked. */
  public static String folder() {
    return System.getProperty(FOLDER_SETTING, System.getProperty(TEMPORARY_SETTING));
  }

  /**
   * Returns the failure of an action for which a library could not be loaded, without a state.
   *
   * @param name the library, such as {@code SQLite's native library}
   * @param cause what the loader threw; null if it gave no reason
   */
  public static Failure failure(MeshAction action, String name, @Nullable Throwable cause) {
    for (Throwable each = cause; each != null; each = each.getCause()) {
      if (each instanceof IllegalCallerException) {
        return Failure.of(action)
            .because("this JVM denies native access, which " + name + " needs")
            .fix("Start Java with --enable-native-access=ALL-UNNAMED.")
            .cause(each);
      }
    }
    Failure failure =
        Failure.of(action)
            .because(
                name
                    + " could not be unpacked into '"
                    + folder()
                    + "' and loaded from there"
                    + reason(cause))
            .fix(
                "Set the system property "
                    + FOLDER_SETTING
                    + " (or "
                    + TEMPORARY_SETTING
                    + ") to a writable folder that is not mounted noexec. If the error persists, the"
                    + " library does not support "
                    + System.getProperty("os.name")
                    + " on "
                    + System.getProperty("os.arch")
                    + ".");
    return failure.cause(cause);
  }

  private static String reason(@Nullable Throwable cause) {
    if (cause == null || cause.getMessage() == null) {
      return "";
    }
    String first = cause.getMessage().lines().findFirst().orElse("").strip();
    return first.isEmpty() ? "" : String.format(Locale.ROOT, " (%s)", first);
  }
}
