package io.meshwork.local;

import io.meshwork.error.BackendException;
import io.meshwork.error.ErrorCode;
import java.nio.file.Path;
import org.sqlite.SQLiteJDBCLoader;

/** SQLite's native library, which its driver unpacks into a folder and loads, once a process. */
final class SqliteLibrary {
  private static final String OWN_SETTING = "org.sqlite.tmpdir";
  private static final String SETTING = "java.io.tmpdir";

  private SqliteLibrary() {}

  /**
   * Loads the library if it is not yet.
   *
   * @param file what it is for, for the message
   * @throws BackendException if it cannot be unpacked or run, naming the settings that choose where
   */
  static void requireLoaded(Path file) {
    boolean loaded;
    Throwable cause = null;
    try {
      loaded = SQLiteJDBCLoader.initialize();
    } catch (Exception | LinkageError e) {
      // The driver declares no narrower one.
      loaded = false;
      cause = e;
    }
    if (!loaded) {
      throw BackendException.lasting(
          ErrorCode.STORAGE_UNWRITABLE,
          "Could not open the registry '"
              + file
              + "': SQLite's native library could not be unpacked into '"
              + System.getProperty(OWN_SETTING, System.getProperty(SETTING))
              + "' and loaded from there. Nothing was made. Set the system property "
              + OWN_SETTING
              + " (or "
              + SETTING
              + ") to a folder that this process may write to and that is not mounted noexec; if"
              + " that does not help, the driver has no library for "
              + System.getProperty("os.name")
              + " on "
              + System.getProperty("os.arch")
              + ".",
          cause);
    }
  }
}
