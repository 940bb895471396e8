package io.meshwork.local;

import io.meshwork.error.BackendException;
import io.meshwork.error.ErrorCode;
import io.meshwork.error.Failure;
import io.meshwork.error.MeshAction;
import io.meshwork.error.MeshAction.Verb;
import java.nio.file.Path;
import org.sqlite.SQLiteJDBCLoader;

/** SQLite's native library, which its driver unpacks and loads once per process. */
final class SqliteLibrary {
  private static final String SQLITE_SETTING = "org.sqlite.tmpdir";
  private static final String SETTING = "java.io.tmpdir";

  private SqliteLibrary() {}

  /**
   * Loads the library if it is not loaded yet.
   *
   * @param file the registry, for the message
   * @throws BackendException if it cannot be unpacked or loaded; the message names the settings
   */
  static void requireLoaded(Path file) {
    boolean loaded;
    Throwable cause = null;
    Thread thread = Thread.currentThread();
    ClassLoader application = thread.getContextClassLoader();
    try {
      // The driver starts a process, whose thread the JVM keeps for a minute. Without this, the
      // thread would keep the application's class loader for that time.
      thread.setContextClassLoader(ClassLoader.getPlatformClassLoader());
      loaded = SQLiteJDBCLoader.initialize();
    } catch (Exception | LinkageError e) {
      // The driver declares no narrower exception.
      loaded = false;
      cause = e;
    } finally {
      thread.setContextClassLoader(application);
    }
    if (!loaded) {
      throw Failure.of(MeshAction.of(Verb.OPEN, "the registry '" + file + "'"))
          .because(
              "SQLite's native library could not be unpacked into '"
                  + System.getProperty(SQLITE_SETTING, System.getProperty(SETTING))
                  + "' and loaded from there")
          .state("Nothing was created.")
          .fix(
              "Set the system property "
                  + SQLITE_SETTING
                  + " (or "
                  + SETTING
                  + ") to a writable folder that is not mounted noexec. If the error persists, the driver does not support "
                  + System.getProperty("os.name")
                  + " on "
                  + System.getProperty("os.arch")
                  + ".")
          .cause(cause)
          .lasting(ErrorCode.STORAGE_UNWRITABLE);
    }
  }
}
