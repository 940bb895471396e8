package io.meshwork.local;

import io.meshwork.error.BackendException;
import io.meshwork.error.ErrorCode;
import io.meshwork.error.Failure;
import io.meshwork.error.InvalidRequestException;
import io.meshwork.error.MeshAction;
import io.meshwork.error.MeshAction.Verb;
import io.meshwork.internal.catalog.RegistryKeys;
import io.meshwork.internal.disk.DesktopFiles;
import io.meshwork.internal.files.LocalFileIO;
import io.meshwork.internal.files.PrivateFolders;
import io.meshwork.internal.ledger.Ledger;
import io.meshwork.internal.ledger.MeshRoot;
import io.meshwork.internal.routing.RoutedRegistry;
import io.meshwork.internal.runtime.ArgumentChecks;
import io.meshwork.internal.runtime.IdGenerator;
import io.meshwork.internal.runtime.MeshRuntime;
import io.meshwork.internal.runtime.Sleeper;
import io.meshwork.registry.Registry;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Set;
import java.util.stream.Stream;

/**
 * The folder of an embedded mesh: {@code registry/mesh.db} is the registry; a mesh of several
 * catalogs also has {@code registry/<catalog>.db} for each. Files are in {@code data}. The marker
 * {@code mesh.json} is written last. A folder with a marker therefore has a registry or has lost
 * it. A folder without a marker that contains only the start of a registry is a mesh whose creation
 * is running or was interrupted. Several processes may create it at the same time.
 *
 * @param registry the open registry, which the caller closes
 * @param path the absolute folder; tables name files relative to it, so it may be moved or copied
 */
record MeshFolder(SqliteRegistry registry, Path path) {
  private static final String REGISTRY = "registry";
  static final String DATABASE = "mesh.db";

  /** The files that SQLite may leave in a registry's folder when its process is terminated. */
  private static final Set<String> REGISTRY_FILES =
      Set.of(DATABASE, DATABASE + "-wal", DATABASE + "-shm", DATABASE + "-journal", TurnFile.NAME);

  static MeshFolder openOrCreate(Path path) {
    Path folder = absolute(path);
    try {
      if (Files.exists(folder.resolve(MeshMarker.NAME))) {
        return openMarked(folder);
      }
      SqliteRegistry.requireUsable(registryFile(folder));
      requireEmptyOrStarted(folder);
      return create(folder);
    } catch (IOException | UncheckedIOException e) {
      throw unwritable(folder, e);
    }
  }

  static MeshFolder openExisting(Path path) {
    Path folder = absolute(path);
    try {
      return openMarked(folder);
    } catch (IOException | UncheckedIOException e) {
      throw unwritable(folder, e);
    }
  }

  static Path absolute(Path path) {
    if (path.toString().isBlank()) {
      throw ArgumentChecks.refused(
          "folder", "is blank", "Set a folder; \".\" is the working directory.");
    }
    return path.toAbsolutePath().normalize();
  }

  static Path registryFile(Path folder) {
    return folder.resolve(REGISTRY).resolve(DATABASE);
  }

  /** Returns the file name of a catalog's registry, which is next to the mesh's. */
  static String file(String catalog) {
    return catalog + ".db";
  }

  /** Opens the registry of a catalog; creates it only if the mesh does not have the catalog. */
  SqliteRegistry registryOf(String catalog) {
    Path file = registryFile(path).resolveSibling(file(catalog));
    boolean exists =
        registry
            .read(new Registry.Key(RegistryKeys.MESH, RoutedRegistry.CATALOGS + catalog))
            .isPresent();
    if (exists && Files.notExists(file)) {
      throw lost(path, file, "is missing");
    }
    return exists ? SqliteRegistry.openExisting(file) : SqliteRegistry.open(file);
  }

  private static MeshFolder openMarked(Path folder) throws IOException {
    requireMarker(folder);
    MeshMarker marker = MeshMarker.read(folder);
    Path file = registryFile(folder);
    if (Files.notExists(file)) {
      throw lost(folder, file, "is missing");
    }
    if (Files.size(file) == 0) {
      throw lost(folder, file, "is empty");
    }
    LocalDisk.requireWritable(file);
    return opened(
        SqliteRegistry.openExisting(file),
        registry -> {
          MeshRoot recorded =
              MeshRoot.find(ledger(registry))
                  .orElseThrow(() -> lost(folder, file, "does not name a mesh"));
          if (!recorded.id().equals(marker.id())) {
            throw lost(folder, file, "belongs to another mesh than " + MeshMarker.NAME);
          }
          return recorded;
        },
        folder);
  }

  private static MeshFolder create(Path folder) throws IOException {
    PrivateFolders.create(folder);
    PrivateFolders.create(folder.resolve(REGISTRY));
    MeshFolder mesh =
        opened(
            SqliteRegistry.open(registryFile(folder)),
            registry -> MeshRoot.ensure(ledger(registry), LocalFileIO.ROOT),
            folder);
    try {
      if (!Files.exists(folder.resolve(MeshMarker.NAME))) {
        new MeshMarker(MeshRoot.find(ledger(mesh.registry())).orElseThrow().id()).write(folder);
      }
      return mesh;
    } catch (IOException | RuntimeException e) {
      mesh.registry().close();
      throw e;
    }
  }

  /**
   * A ledger for creation only: the caller's clock and IDs are known only when the mesh is open.
   */
  private static Ledger ledger(SqliteRegistry registry) {
    InstantSource clock = MeshRuntime.systemClock();
    return new Ledger(
        registry,
        new MeshRuntime(
            clock,
            IdGenerator.secure(clock),
            Sleeper.real(),
            Runnable::run,
            Duration.ofMinutes(1)));
  }

  /** Reads or creates the root document of a registry. */
  private interface RootReader {
    MeshRoot read(SqliteRegistry registry) throws IOException;
  }

  private static MeshFolder opened(SqliteRegistry registry, RootReader reader, Path folder)
      throws IOException {
    try {
      reader.read(registry).require(LocalFileIO.ROOT);
      return new MeshFolder(registry, folder);
    } catch (IOException | RuntimeException e) {
      registry.close();
      throw e;
    }
  }

  private static void requireMarker(Path folder) throws IOException {
    if (Files.isRegularFile(folder)) {
      throw foreign(folder, "it is a file");
    }
    Path marker = folder.resolve(MeshMarker.NAME);
    if (Files.isRegularFile(marker)) {
      return;
    }
    if (!Files.exists(marker) && !Files.notExists(marker)) {
      throw new IOException("The folder is not readable");
    }
    throw Failure.of(MeshAction.of(Verb.OPEN, "the mesh in " + folder))
        .because("it has no " + MeshMarker.NAME + ", so it is not a mesh")
        .state("Nothing was written.")
        .fix("Check the path. To create a mesh, open an empty folder with LocalMesh.open(..).")
        .invalidRequest(ErrorCode.CONFIG_INVALID);
  }

  private static void requireEmptyOrStarted(Path folder) throws IOException {
    if (Files.notExists(folder)) {
      return;
    }
    if (!Files.exists(folder)) {
      throw new AccessDeniedException(folder.toString());
    }
    if (!Files.isDirectory(folder)) {
      throw foreign(folder, "it is a file");
    }
    // The marker is checked last: another process that creates the mesh may write it in between.
    if (hasOtherContent(folder) && !Files.exists(folder.resolve(MeshMarker.NAME))) {
      throw foreign(folder, "it is not empty and has no " + MeshMarker.NAME);
    }
  }

  private static boolean hasOtherContent(Path folder) throws IOException {
    try (Stream<Path> entries = Files.list(folder)) {
      for (Path entry : entries.toList()) {
        String name = entry.getFileName().toString();
        boolean expected =
            name.equals(REGISTRY)
                ? isStartedRegistry(entry)
                : name.startsWith("." + MeshMarker.NAME) || DesktopFiles.include(name);
        if (!expected) {
          return true;
        }
      }
      return false;
    }
  }

  private static boolean isStartedRegistry(Path entry) throws IOException {
    if (!Files.isDirectory(entry)) {
      return false;
    }
    try (Stream<Path> files = Files.list(entry)) {
      return files
          .map(file -> file.getFileName().toString())
          .allMatch(name -> REGISTRY_FILES.contains(name) || DesktopFiles.include(name));
    }
  }

  private static InvalidRequestException foreign(Path folder, String why) {
    return Failure.of(MeshAction.of(Verb.OPEN, "a mesh in " + folder))
        .because(why)
        .state("Nothing was written.")
        .fix("Use an empty folder, or a folder with a mesh.")
        .invalidRequest(ErrorCode.CONFIG_INVALID);
  }

  private static BackendException lost(Path folder, Path file, String what) {
    return Failure.of(MeshAction.of(Verb.OPEN, "the mesh in " + folder))
        .because("its registry '" + file + "' " + what)
        .state("Nothing was written.")
        .fix("Restore the file from a backup, together with its -wal file if there was one.")
        .lasting(ErrorCode.REGISTRY_CORRUPT);
  }

  private static BackendException unwritable(Path folder, Exception cause) {
    return Failure.of(MeshAction.of(Verb.OPEN, "the mesh in " + folder))
        .because("the folder cannot be read or written (" + cause.getClass().getSimpleName() + ")")
        .fix("Check its permissions and the free disk space.")
        .cause(cause)
        .lasting(ErrorCode.STORAGE_UNWRITABLE);
  }
}
