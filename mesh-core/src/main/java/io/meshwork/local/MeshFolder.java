package io.meshwork.local;

import io.meshwork.error.BackendException;
import io.meshwork.error.ErrorCode;
import io.meshwork.error.Failure;
import io.meshwork.error.InvalidRequestException;
import io.meshwork.error.MeshAction;
import io.meshwork.error.MeshAction.Verb;
import io.meshwork.internal.catalog.RegistryKeys;
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
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Set;
import java.util.stream.Stream;

/**
 * The folder of an embedded mesh: {@code registry/mesh.db} is the registry, in a mesh of several
 * catalogs beside {@code registry/<catalog>.db} of each, files lie under {@code data}, and {@code
 * mesh.json}, which is written last, says that it is one. So a folder with a marker has a registry,
 * or has lost it; and one without is a mesh that somebody is making, or was when he was killed, as
 * long as it holds nothing but that beginning. Several processes may make it at the same time.
 *
 * @param registry the open registry, for the caller to close
 * @param path the folder, absolute; tables name files relative to it, so it may be moved or copied
 */
record MeshFolder(SqliteRegistry registry, Path path) {
  private static final String REGISTRY = "registry";
  static final String DATABASE = "mesh.db";

  /** What SQLite may have in a registry's folder, whenever its process dies. */
  private static final Set<String> REGISTRY_FILES =
      Set.of(DATABASE, DATABASE + "-wal", DATABASE + "-shm", DATABASE + "-journal");

  static MeshFolder openOrMake(Path given) {
    Path folder = absolute(given);
    try {
      if (Files.exists(folder.resolve(MeshMarker.NAME))) {
        return openWhole(folder);
      }
      SqliteRegistry.requireUsable(registryFile(folder));
      requireNothingElse(folder);
      return make(folder);
    } catch (IOException | UncheckedIOException e) {
      throw unwritable(folder, e);
    }
  }

  static MeshFolder openExisting(Path given) {
    Path folder = absolute(given);
    try {
      return openWhole(folder);
    } catch (IOException | UncheckedIOException e) {
      throw unwritable(folder, e);
    }
  }

  private static Path absolute(Path given) {
    if (given.toString().isBlank()) {
      throw ArgumentChecks.refused(
          "folder", "is blank", "Name a folder; \".\" is the one this program runs in.");
    }
    return given.toAbsolutePath().normalize();
  }

  static Path registryFile(Path folder) {
    return folder.resolve(REGISTRY).resolve(DATABASE);
  }

  /** The name of the file of a catalog's registry, beside that of the mesh. */
  static String file(String catalog) {
    return catalog + ".db";
  }

  /** The registry of a catalog; what the mesh has already is never made anew. */
  Registry registryOf(String catalog) {
    Path file = registryFile(path).resolveSibling(file(catalog));
    boolean there =
        registry
            .read(new Registry.Key(RegistryKeys.MESH, RoutedRegistry.CATALOGS + catalog))
            .isPresent();
    if (there && Files.notExists(file)) {
      throw lost(path, file, "is missing");
    }
    return there ? SqliteRegistry.openExisting(file) : SqliteRegistry.open(file);
  }

  private static MeshFolder openWhole(Path folder) throws IOException {
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
                  .orElseThrow(() -> lost(folder, file, "does not know of any mesh"));
          if (!recorded.id().equals(marker.id())) {
            throw lost(
                folder, file, "is that of another mesh than its " + MeshMarker.NAME + " names");
          }
          return recorded;
        },
        folder);
  }

  private static MeshFolder make(Path folder) throws IOException {
    PrivateFolders.create(folder);
    PrivateFolders.create(folder.resolve(REGISTRY));
    MeshFolder made =
        opened(
            SqliteRegistry.open(registryFile(folder)),
            registry -> MeshRoot.ensure(ledger(registry), LocalFileIO.ROOT),
            folder);
    try {
      if (!Files.exists(folder.resolve(MeshMarker.NAME))) {
        new MeshMarker(MeshRoot.find(ledger(made.registry())).orElseThrow().id()).write(folder);
      }
      return made;
    } catch (IOException | RuntimeException e) {
      made.registry().close();
      throw e;
    }
  }

  /** For the making alone: the caller's clock and ids are not known before the mesh is open. */
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

  /** Reads of which mesh a registry is. */
  private interface Reading {
    MeshRoot of(SqliteRegistry registry) throws IOException;
  }

  private static MeshFolder opened(SqliteRegistry registry, Reading reading, Path folder)
      throws IOException {
    try {
      reading.of(registry).require(LocalFileIO.ROOT);
      return new MeshFolder(registry, folder);
    } catch (IOException | RuntimeException e) {
      registry.close();
      throw e;
    }
  }

  private static void requireMarker(Path folder) throws IOException {
    Path marker = folder.resolve(MeshMarker.NAME);
    if (Files.isRegularFile(marker)) {
      return;
    }
    if (!Files.exists(marker) && !Files.notExists(marker)) {
      throw new IOException("The folder may not be looked into");
    }
    throw Failure.of(MeshAction.of(Verb.OPEN, "the mesh in " + folder))
        .because("there is no " + MeshMarker.NAME + ", so it is not a mesh")
        .state("Nothing was written.")
        .fix(
            "Check the path. Opening an empty folder makes a mesh (LocalMesh.open; the verb define on the command line).")
        .invalidRequest(ErrorCode.CONFIG_INVALID);
  }

  private static void requireNothingElse(Path folder) throws IOException {
    if (Files.notExists(folder)) {
      return;
    }
    if (!Files.isDirectory(folder)) {
      throw foreign(folder, "it is a file");
    }
    // The marker is looked for after the rest: whoever made the rest meanwhile made it first.
    if (holdsSomethingElse(folder) && !Files.exists(folder.resolve(MeshMarker.NAME))) {
      throw foreign(folder, "it is not empty and has no " + MeshMarker.NAME);
    }
  }

  private static boolean holdsSomethingElse(Path folder) throws IOException {
    try (Stream<Path> entries = Files.list(folder)) {
      for (Path entry : entries.toList()) {
        String name = entry.getFileName().toString();
        boolean ours =
            name.equals(REGISTRY)
                ? isBeginningOfRegistry(entry)
                : name.startsWith("." + MeshMarker.NAME);
        if (!ours) {
          return true;
        }
      }
      return false;
    }
  }

  private static boolean isBeginningOfRegistry(Path entry) throws IOException {
    if (!Files.isDirectory(entry)) {
      return false;
    }
    try (Stream<Path> files = Files.list(entry)) {
      return files.allMatch(file -> REGISTRY_FILES.contains(file.getFileName().toString()));
    }
  }

  private static InvalidRequestException foreign(Path folder, String why) {
    return Failure.of(MeshAction.of(Verb.OPEN, "a mesh in " + folder))
        .because(why)
        .state("Nothing was written.")
        .fix("Name an empty folder, or one that holds a mesh.")
        .invalidRequest(ErrorCode.CONFIG_INVALID);
  }

  private static BackendException lost(Path folder, Path file, String what) {
    return Failure.of(MeshAction.of(Verb.OPEN, "the mesh in " + folder))
        .because("its registry '" + file + "' " + what)
        .state("No new one was made, and nothing was written.")
        .fix("Restore the file from a backup, together with its -wal file if there was one.")
        .lasting(ErrorCode.REGISTRY_CORRUPT);
  }

  private static BackendException unwritable(Path folder, Exception cause) {
    return Failure.of(MeshAction.of(Verb.OPEN, "the mesh in " + folder))
        .because("the folder cannot be read or written (" + cause.getClass().getSimpleName() + ")")
        .fix("Check its rights and the room on the disk.")
        .cause(cause)
        .lasting(ErrorCode.STORAGE_UNWRITABLE);
  }
}
