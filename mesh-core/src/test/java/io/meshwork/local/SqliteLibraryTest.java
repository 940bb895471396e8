package io.meshwork.local;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;

class SqliteLibraryTest {
  @Test
  void theDriverLoadsALibraryWhoseFileNameIsUnknown() throws Exception {
    Supplier<String> otherDriver =
        () -> {
          throw new NoClassDefFoundError("org/sqlite/util/LibraryLoaderUtil");
        };
    Supplier<String> otherPlatform =
        () -> {
          throw new IllegalStateException("no entry for this platform");
        };
    for (Supplier<String> name : List.of(otherDriver, otherPlatform, () -> "no-such-file")) {
      assertThat(SqliteLibrary.load(name)).isTrue();
    }
    assertThat(System.getProperty("org.sqlite.lib.path")).isNull();
  }
}
