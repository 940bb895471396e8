package io.meshwork.local;

import io.meshwork.error.BackendException;
import io.meshwork.error.ErrorCode;
import io.meshwork.error.MeshAction;
import io.meshwork.error.MeshAction.Verb;
import io.meshwork.internal.runtime.NativeLibrary;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.sqlite.SQLiteJDBCLoader;
import org.sqlite.util.LibraryLoaderUtil;
import org.sqlite.util.OSInfo;

/**
 * SQLite's native library, which is loaded once per process. On Linux it is unpacked here, into a
 * private folder that is deleted as soon as the library is loaded: the driver would compare the
 * unpacked file with its jar byte by byte, which takes a new process longer than all else that
 * loads the library. Elsewhere, and if that fails, the driver unpacks it.
 */
final class SqliteLibrary {
  private static final String PLACE_SETTING = "org.sqlite.lib.path";
  private static final String NAME_SETTING = "org.sqlite.lib.name";

  private static volatile boolean loaded;

  private SqliteLibrary() {}

  /**
   * Loads the library if it is not loaded yet.
   *
   * @param file the registry, for the message
   * @throws BackendException if it cannot be unpacked or loaded; the message names the settings
   */
  static void requireLoaded(Path file) {
    if (loaded) {
      return;
    }
    Throwable cause = null;
    Thread thread = Thread.currentThread();
    ClassLoader application = thread.getContextClassLoader();
    try {
      // The driver starts a process, whose thread lives for a minute. Without this, the thread
      // would retain the application's class loader for that time.
      thread.setContextClassLoader(ClassLoader.getPlatformClassLoader());
      loaded = load(LibraryLoaderUtil::getNativeLibName);
    } catch (Exception | LinkageError e) {
      // The driver declares no narrower exception.
      cause = e;
    } finally {
      thread.setContextClassLoader(application);
    }
    if (!loaded) {
      throw NativeLibrary.failure(
              MeshAction.of(Verb.OPEN, "the registry '" + file + "'"),
              "SQLite's native library",
              cause)
          .state("Nothing was created.")
          .lasting(ErrorCode.STORAGE_UNWRITABLE);
    }
  }

  /**
   * Loads the library; the driver does it alone where this class cannot.
   *
   * @param fileName the name of its file, which another version of the driver may not give
   */
  static boolean load(Supplier<String> fileName) throws Exception {
    // The driver holds this lock while it reads its settings.
    synchronized (SQLiteJDBCLoader.class) {
      Path library = unpack(fileName);
      if (library == null) {
        return SQLiteJDBCLoader.initialize();
      }
      try {
        System.setProperty(PLACE_SETTING, library.resolveSibling("").toString());
        return SQLiteJDBCLoader.initialize();
      } finally {
        System.clearProperty(PLACE_SETTING);
        delete(library);
      }
    }
  }

  /** Returns the unpacked library in a new folder; null if the driver has to find it. */
  private static @Nullable Path unpack(Supplier<String> fileName) {
    if (!System.getProperty("os.name").equals("Linux")
        || System.getProperty(PLACE_SETTING) != null
        || System.getProperty(NAME_SETTING) != null) {
      return null;
    }
    try {
      String name = fileName.get();
      String system = OSInfo.isMusl() ? "Linux-Musl" : "Linux";
      String resource = "/org/sqlite/native/" + system + "/" + OSInfo.getArchName() + "/" + name;
      try (InputStream packed = SQLiteJDBCLoader.class.getResourceAsStream(resource)) {
        return packed == null ? null : unpack(packed, name);
      }
    } catch (IOException | RuntimeException | LinkageError e) {
      return null; // The application may have another version of the driver.
    }
  }

  private static Path unpack(InputStream packed, String name) throws IOException {
    Path temporary = Path.of(NativeLibrary.folder());
    Path library = Files.createTempDirectory(temporary, "meshwork-sqlite-").resolve(name);
    try {
      Files.copy(packed, library);
      return library;
    } catch (IOException e) {
      delete(library);
      throw e;
    }
  }

  /** Deletes the library and its folder. A loaded library needs no file. */
  private static void delete(Path library) {
    Path folder = library.resolveSibling("");
    try {
      Files.deleteIfExists(library);
      Files.deleteIfExists(folder);
    } catch (IOException e) {
      // It stays until the temporary folder is cleaned.
      folder.toFile().deleteOnExit();
    }
  }
}
