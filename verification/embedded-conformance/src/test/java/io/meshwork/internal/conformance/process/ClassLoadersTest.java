package io.meshwork.internal.conformance.process;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.io.UncheckedIOException;
import java.net.MalformedURLException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.FutureTask;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Resources that remain after an application with its own class loader closes its meshes. */
class ClassLoadersTest {
  /** Loads the class path of the test again. */
  private static final class Application extends URLClassLoader {
    Application(List<URL> urls, ClassLoader parent) {
      super(urls.toArray(URL[]::new), parent);
    }

    /** Returns whether a class is loaded, without loading it. */
    boolean hasLoaded(String name) {
      return findLoadedClass(name) != null;
    }

    long run(Path folder) throws Exception {
      FutureTask<Long> task =
          new FutureTask<>(
              (Callable<Long>)
                  () ->
                      (Long)
                          loadClass("io.meshwork.internal.conformance.process.MeshOfLoader")
                              .getMethod("run", String.class)
                              .invoke(null, folder.toString()));
      Thread thread = new Thread(task, "application");
      thread.setContextClassLoader(this);
      thread.start();
      long rows = task.get();
      thread.join();
      return rows;
    }
  }

  private static List<URL> classPath() {
    return Stream.of(System.getProperty("java.class.path").split(File.pathSeparator, -1))
        .map(ClassLoadersTest::url)
        .toList();
  }

  private static URL url(String path) {
    try {
      return Path.of(path).toUri().toURL();
    } catch (MalformedURLException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static boolean belongsTo(Thread thread, ClassLoader loader) {
    return thread.getContextClassLoader() == loader || thread.getClass().getClassLoader() == loader;
  }

  @Test
  void aClosedMeshLeavesNoThreadAndNoDriver(@TempDir Path folder) throws Exception {
    try (Application application =
        new Application(classPath(), ClassLoader.getPlatformClassLoader())) {
      assertThat(application.run(folder)).isEqualTo(90);

      assertThat(application.hasLoaded("org.sqlite.jdbc4.JDBC4Connection")).isTrue();
      assertThat(application.hasLoaded("org.sqlite.JDBC"))
          .as("the driver registers itself with DriverManager once its class is loaded")
          .isFalse();
      assertThat(Thread.getAllStackTraces().keySet())
          .filteredOn(Thread::isAlive)
          .noneMatch(thread -> belongsTo(thread, application));
    }
  }
}
