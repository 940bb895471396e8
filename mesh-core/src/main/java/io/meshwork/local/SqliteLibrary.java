package io.meshwork.local;

import io.meshwork.error.BackendException;
import io.meshwork.error.ErrorCode;
import io.meshwork.error.Failure;
import io.meshwork.error.MeshAction;
import io.meshwork.error.MeshAction.Verb;
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
    Thread thread = Thread.currentThread();
    ClassLoader application = thread.getContextClassLoader();
    try {
      // The driver runs a process to learn where it is, whose thread the JVM keeps for a minute: it
      // must not hold on to the application until then.
      thread.setContextClassLoader(ClassLoader.getPlatformClassLoader());
      loaded = SQLiteJDBCLoader.initialize();
    } catch (Exception | LinkageError e) {
      // The driver declares no narrower one.
      loaded = false;
      cause = e;
    } finally {
      thread.setContextClassLoader(application);
    }
    if (!loaded) {
      throw Failure.of(MeshAction.of(Verb.OPEN, "the registry '" + file + "'"))
          .because(
              "SQLite's native library could not be unpacked into '"
                  + System.getProperty(OWN_SETTING, System.getProperty(SETTING))
                  + "' and loaded from there")
          .state("Nothing was made.")
          .fix(
              "Set the system property "
                  + OWN_SETTING
                  + " (or "
                  + SETTING
                  + ") to a folder that this process may write to and that is not mounted noexec; if that does not help, the driver has no library for "
                  + System.getProperty("os.name")
                  + " on "
                  + System.getProperty("os.arch")
                  + ".")
          .cause(cause)
          .lasting(ErrorCode.STORAGE_UNWRITABLE);
    }
  }
}
