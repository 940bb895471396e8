package io.meshwork.local;

import com.fasterxml.jackson.databind.JsonNode;
import io.meshwork.Mesh;
import io.meshwork.error.BackendException;
import io.meshwork.error.ErrorCode;
import io.meshwork.error.Failure;
import io.meshwork.error.InvalidRequestException;
import io.meshwork.error.MeshAction;
import io.meshwork.error.MeshAction.Verb;
import io.meshwork.internal.catalog.RegistryKeys;
import io.meshwork.internal.disk.DesktopFiles;
import io.meshwork.internal.files.DiskCalls;
import io.meshwork.internal.files.LocalFileIO;
import io.meshwork.internal.files.MeshTree;
import io.meshwork.internal.files.PrivateFolders;
import io.meshwork.internal.ledger.DocumentJson;
import io.meshwork.internal.routing.RoutedRegistry;
import io.meshwork.internal.runtime.PartialChange;
import io.meshwork.internal.table.CanonicalLocation;
import io.meshwork.internal.table.DataPlaces;
import io.meshwork.operation.Operation.Progress;
import io.meshwork.registry.Registry;
import io.meshwork.registry.Registry.Document;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Copies a mesh that is in use, and examines every file of the copy completely. The registry is
 * copied first, as of one moment; each catalog's registry as of another moment. The files that it
 * names exist, never change, and are retained for a day at least, except metadata files of tables,
 * which later commits delete. Therefore these are copied next, and if one is missing, the registry
 * is copied again. Tables that are created after the first registry was copied are left out, unless
 * a copied registry names them. The marker is written last: before that, the copy is not a mesh.
 */
final class MeshBackup {
  private static final int MAX_ATTEMPTS = 10;
  private static final String DATA = "data";
  private static final String ARCHIVE = "archive";

  private static final List<String> FOLDERS = List.of(DATA, ARCHIVE, "blobs");

  private final Path folder;
  private final Path target;

  /** The folders of the places of domains' data, in the folder of the mesh. */
  private final Set<Path> places = new LinkedHashSet<>();

  private final ListedTables tables;
  private final FolderCopy files;

  private MeshBackup(Path folder, Path target, DiskCalls disk, BytesMeter meter) {
    this.folder = folder;
    this.target = target;
    this.tables = new ListedTables(folder);
    this.files = new FolderCopy(folder, target, disk, meter);
    tables.addDataFolder(folder.resolve(DATA));
  }

  static LocalMesh.Copy run(Path source, Path destination, Progress progress) {
    return run(source, destination, DiskCalls.ofSystem(), BytesMeter.of(progress));
  }

  /** Backs up a mesh, with these system calls for the files of the copy. */
  static LocalMesh.Copy run(Path source, Path destination, DiskCalls disk) {
    return run(source, destination, disk, BytesMeter.silent());
  }

  private static LocalMesh.Copy run(
      Path source, Path destination, DiskCalls disk, BytesMeter meter) {
    Path folder = source.toAbsolutePath().normalize();
    Path target = destination.toAbsolutePath().normalize();
    MeshBackup backup = new MeshBackup(folder, target, disk, meter);
    MeshFolder open = MeshFolder.openExisting(folder);
    try (Registry registry = open.registry()) {
      backup.requireCatalogs(registry);
      backup.findPlaces(registry);
      backup.requireOwnPlaces();
      backup.requireEmpty();
      meter.expect(folder, backup.parts());
      backup.copyRegistries();
      for (String part : FOLDERS) {
        backup.copyBelow(folder.resolve(part));
      }
      for (Path place : backup.places) {
        backup.files.copy(place.resolve(DataPlaces.MARKER));
        backup.copyBelow(place.resolve(DATA));
        backup.copyBelow(place.resolve(ARCHIVE));
      }
      MeshMarker.read(folder).write(target);
      meter.end();
    } catch (IOException | UncheckedIOException e) {
      throw Failure.of(MeshAction.of(Verb.BACK_UP, "the mesh in " + folder + " to " + target))
          .because(
              "a file"
                  + backup.placeOf(e)
                  + " cannot be read or written ("
                  + e.getClass().getSimpleName()
                  + ")")
          .state("The target is not a mesh and can be deleted.")
          .fix("Check permissions and the free disk space.")
          .cause(e)
          .lasting(ErrorCode.STORAGE_UNWRITABLE);
    }
    try (Mesh copy = LocalMesh.openExisting(target)) {
      return new LocalMesh.Copy(
          target.toString(), backup.files.files(), backup.files.bytes(), CopyDamage.find(copy));
    }
  }

  /** The folders of files, all of which are copied. */
  private List<Path> parts() {
    List<Path> parts = new ArrayList<>();
    FOLDERS.forEach(part -> parts.add(folder.resolve(part)));
    for (Path place : places) {
      parts.add(place.resolve(DATA));
      parts.add(place.resolve(ARCHIVE));
    }
    return parts;
  }

  /** Files of another mesh are not copied as if they belonged to this one. */
  private void requireOwnPlaces() throws IOException {
    LocalFileIO locations = LocalFileIO.below(folder);
    String mesh = MeshMarker.read(folder).id();
    DataPlaces.requireNotForeign(locations, mesh, LocalFileIO.ROOT);
    for (Path place : places) {
      DataPlaces.requireMounted(locations, mesh, root(place));
    }
  }

  private String root(Path place) {
    return LocalFileIO.ROOT + "/" + folder.relativize(place);
  }

  /** Returns the place whose file an operation failed on, as a part of a sentence. */
  private String placeOf(Exception failure) {
    Throwable cause = failure instanceof UncheckedIOException ? failure.getCause() : failure;
    if (cause instanceof FileSystemException named && named.getFile() != null) {
      for (Path place : places) {
        if (Path.of(named.getFile()).startsWith(place)) {
          return " of the place of data " + place;
        }
      }
    }
    return "";
  }

  private void requireEmpty() throws IOException {
    Path real = MeshTree.real(target);
    List<Path> parts = new ArrayList<>(List.of(folder));
    FOLDERS.forEach(part -> parts.add(folder.resolve(part)));
    parts.addAll(places);
    for (Path part : parts) {
      if (target.startsWith(part) || real.startsWith(MeshTree.real(part))) {
        throw invalid("it is inside the mesh");
      }
    }
    if (Files.exists(target)) {
      if (!Files.isDirectory(target)) {
        throw invalid("it is a file");
      }
      if (!DesktopFiles.haveAll(target)) {
        throw invalid("it is not empty");
      }
    }
    PrivateFolders.create(target);
  }

  /** Copies the mesh's registry first, because it names the catalogs with their own registries. */
  private void copyRegistries() throws IOException {
    copyRegistry(MeshFolder.DATABASE, true);
    List<String> catalogs;
    try (Registry copy = SqliteRegistry.openExisting(MeshFolder.registryFile(target))) {
      catalogs = RoutedRegistry.catalogs(copy);
    }
    for (String catalog : catalogs) {
      copyRegistry(MeshFolder.file(catalog), false);
    }
  }

  /** Adds the places of all domains. */
  private void findPlaces(Registry main) {
    addPlaces(main);
    for (String catalog : RoutedRegistry.catalogs(main)) {
      Path file = MeshFolder.registryFile(folder).resolveSibling(MeshFolder.file(catalog));
      try (Registry registry = SqliteRegistry.openExisting(file)) {
        addPlaces(registry);
      }
    }
  }

  private void addPlaces(Registry registry) {
    LocalFileIO locations = LocalFileIO.below(folder);
    for (Document domain : domains(registry)) {
      for (JsonNode place :
          DocumentJson.parseObject(domain.key().toString(), domain.json()).path("places")) {
        try {
          Path root = Path.of(locations.address(place.path("root").asText()));
          places.add(root);
          tables.addDataFolder(root.resolve(DATA));
        } catch (InvalidRequestException e) {
          continue; // outside the mesh: the examination of the copy reports it
        }
      }
    }
  }

  /** Rejects a mesh of which a registry is missing. */
  private void requireCatalogs(Registry registry) {
    for (String catalog : RoutedRegistry.catalogs(registry)) {
      Path file = MeshFolder.registryFile(folder).resolveSibling(MeshFolder.file(catalog));
      if (Files.notExists(file)) {
        throw Failure.of(MeshAction.of(Verb.BACK_UP, "the mesh in " + folder + " to " + target))
            .because("the registry '" + file + "' of catalog '" + catalog + "' is missing")
            .state("Nothing was written.")
            .fix(
                "Restore the file from a backup, together with its -wal file if there was one, then"
                    + " back up again.")
            .lasting(ErrorCode.REGISTRY_CORRUPT);
      }
    }
  }

  /**
   * Copies one registry with the metadata files that it names.
   *
   * @param first true for the first registry, before which the metadata files are listed
   */
  private void copyRegistry(String name, boolean first) throws IOException {
    Path from = MeshFolder.registryFile(folder).resolveSibling(name);
    Path copy = MeshFolder.registryFile(target).resolveSibling(name);
    PrivateFolders.create(FolderCopy.folderOf(copy));
    Document missingBefore = null;
    for (int attempts = 1; attempts <= MAX_ATTEMPTS; attempts++) {
      Files.deleteIfExists(copy);
      if (first) {
        tables.list();
        for (Path lastUpdated : tables.lastUpdated()) {
          files.copy(lastUpdated); // copied later, it could name a commit that the copy lacks
        }
      }
      new SqliteFile(from, SqliteRegistry.BUSY_TIMEOUT).copyInto(copy);
      LocalDisk.makePrivate(copy);
      allowWriting(copy);
      files.sync(copy);
      Document missing = copyNamedMetadata(copy);
      if (missing == null) {
        files.count(copy);
        return;
      }
      // A file that a newer copy of the registry still names was not deleted by a commit.
      if (missingBefore != null && missingBefore.equals(missing)) {
        requireMarkerBeside(metadataLocation(missing));
        throw lost(missing);
      }
      missingBefore = missing;
    }
    throw Failure.of(MeshAction.of(Verb.BACK_UP, "the mesh in " + folder))
        .because("concurrent commits deleted metadata of a table each time before it was copied")
        .state("The content of " + target + " is not a mesh and can be deleted.")
        .fix("Try again when there are fewer commits.")
        .passing(ErrorCode.BACKEND_FAILED);
  }

  /** The copy is another mesh than the moved one, so its registry has no fence. */
  private static void allowWriting(Path copy) {
    try (SqliteRegistry registry = SqliteRegistry.openExisting(copy)) {
      if (registry.fence().isPresent()) {
        registry.allowWriting();
      }
    }
  }

  /** Copies metadata, and returns the first pointer whose metadata file is missing, or null. */
  private @Nullable Document copyNamedMetadata(Path copy) throws IOException {
    LocalFileIO locations = LocalFileIO.below(folder);
    try (Registry registry = SqliteRegistry.openExisting(copy)) {
      addPlaces(registry);
      for (Document pointer : pointers(registry)) {
        Path file;
        try {
          file = Path.of(locations.address(metadataLocation(pointer)));
        } catch (InvalidRequestException e) {
          continue; // outside the mesh: the examination of the copy reports it
        }
        if (file.startsWith(folder)) {
          tables.addNamed(file);
          if (!files.copy(file)) {
            return pointer;
          }
        }
      }
      return null;
    }
  }

  /** A file is not lost if the disk of its place is not mounted. */
  private void requireMarkerBeside(String location) throws IOException {
    LocalFileIO locations = LocalFileIO.below(folder);
    Path file = Path.of(locations.address(location));
    for (Path place : places) {
      if (file.startsWith(place)) {
        try {
          DataPlaces.requireMarker(locations, MeshMarker.read(folder).id(), root(place));
        } catch (BackendException e) {
          throw PartialChange.of(e, "The target is not a mesh and can be deleted.");
        }
      }
    }
  }

  private static String metadataLocation(Document pointer) {
    return DocumentJson.parseObject(pointer.key().toString(), pointer.json())
        .path("metadataLocation")
        .asText();
  }

  private BackendException lost(Document pointer) {
    String sort = pointer.key().sort();
    return Failure.of(MeshAction.of(Verb.BACK_UP, "the mesh in " + folder))
        .because(
            "the metadata file "
                + metadataLocation(pointer)
                + " of table "
                + sort.substring(RegistryKeys.TABLES.length())
                + " in "
                + pointer.key().partition()
                + " is missing, but the registry names it")
        .state("The content of " + target + " is not a mesh and can be deleted.")
        .fix("Restore the file from an earlier backup, then back up again.")
        .lasting(ErrorCode.DATA_DAMAGED);
  }

  private static List<Document> pointers(Registry registry) {
    List<Document> pointers = new ArrayList<>();
    for (Document domain : domains(registry)) {
      String name = domain.key().sort().substring(RegistryKeys.DOMAINS.length());
      for (Document card : all(registry, name, RegistryKeys.PRODUCTS)) {
        String product = card.key().sort().substring(RegistryKeys.PRODUCTS.length());
        pointers.addAll(all(registry, name + "/" + product, RegistryKeys.TABLES));
      }
    }
    return pointers;
  }

  /** Each registry has the domains of its catalog in the same partition. */
  private static List<Document> domains(Registry registry) {
    return all(registry, RegistryKeys.MESH, RegistryKeys.DOMAINS);
  }

  private static List<Document> all(Registry registry, String partition, String prefix) {
    List<Document> all = new ArrayList<>();
    String cursor = null;
    do {
      Registry.Page page = registry.list(partition, prefix, cursor);
      all.addAll(page.documents());
      cursor = page.nextCursor();
    } while (cursor != null);
    return all;
  }

  private void copyBelow(Path part) throws IOException {
    files.copyBelow(
        part,
        file ->
            tables.isLater(file) || CanonicalLocation.isUnfinished(file.getFileName().toString()));
  }

  private InvalidRequestException invalid(String why) {
    return Failure.of(MeshAction.of(Verb.BACK_UP, "the mesh in " + folder + " to " + target))
        .because(why)
        .state("Nothing was written.")
        .fix("Use an empty or missing folder.")
        .invalidRequest(ErrorCode.CONFIG_INVALID);
  }
}
