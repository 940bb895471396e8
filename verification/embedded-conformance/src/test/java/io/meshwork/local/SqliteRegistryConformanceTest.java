package io.meshwork.local;

import io.meshwork.conformance.RegistryConformance;
import io.meshwork.registry.Registry;
import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.io.TempDir;

class SqliteRegistryConformanceTest extends RegistryConformance {
  @TempDir private Path folder;

  @Override
  protected Registry registry() {
    return SqliteRegistry.open(file());
  }

  @Override
  protected Optional<Address> address() {
    return Optional.of(new Address(FileOpener.class, file().toString()));
  }

  private Path file() {
    return folder.resolve("registry").resolve("mesh.db");
  }

  static final class FileOpener implements Opener {
    @Override
    public Registry open(String location) {
      return SqliteRegistry.open(Path.of(location));
    }
  }
}
