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
import io.meshwork.internal.files.LocalFileIO;
import io.meshwork.internal.files.PrivateFolders;
import io.meshwork.internal.ledger.DocumentJson;
import io.meshwork.internal.ledger.MeshRoot;
import io.meshwork.internal.routing.RoutedRegistry;
import io.meshwork.internal.runtime.IdGenerator;
import io.meshwork.internal.runtime.MeshRuntime;
import io.meshwork.internal.runtime.PartialChange;
import io.meshwork.internal.runtime.Sleeper;
import io.meshwork.internal.table.DataPlaces;
import io.meshwork.product.Principal;
import io.meshwork.registry.Registry;
import io.meshwork.registry.Registry.Document;
import io.meshwork.registry.Warehouse.Ports;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/** Copies a mesh of another backend to a folder. The marker is written last. */
final class StoreBackup {
  private static final Principal BY = Principal.of("mesh", "backup");
  private static final Duration LIMIT = Duration.ofHours(24);

  private final MeshStores mesh;
  private final Path target;
  private final InstantSource clock;

  StoreBackup(MeshStores mesh, Path target, InstantSource clock) {
    this.mesh = mesh;
    this.target = target.toAbsolutePath().normalize();
    this.clock = clock;
  }

  LocalMesh.Copy run() {
    MeshRoot root = mesh.mesh().orElseThrow(() -> refused("no mesh exists at " + mesh.root()));
    root.require(mesh.root());
    FileCopy files;
    try {
      requireEmpty();
      PrivateFolders.create(target);
      Map<String, String> roots = roots(root);
      try (MeshStores folder = newStores()) {
        MeshCopy copy =
            new MeshCopy(
                mesh,
                folder,
                new RegistryCopy.Settings(
                    new Relocation(root.root(), roots),
                    new AccountNames(Map.of()),
                    new MeshRuntime(
                        clock, IdGenerator.secure(clock), Sleeper.real(), Runnable::run, LIMIT)));
        copy.claimPlaces(root);
        copy.run();
        copy.copyLastUpdates();
        copy.relocate(root, BY, false, Map.of());
        files = copy.files();
      }
      new MeshMarker(root.id()).write(target);
    } catch (BackendException e) {
      throw PartialChange.of(e, "The target is not a mesh and can be deleted.");
    } catch (IOException | UncheckedIOException e) {
      throw Failure.of(action())
          .because("a file cannot be read or written (" + e.getClass().getSimpleName() + ")")
          .state("The target is not a mesh and can be deleted.")
          .fix("Check permissions and the free disk space.")
          .cause(e)
          .lasting(ErrorCode.STORAGE_UNWRITABLE);
    }
    try (Mesh copy = LocalMesh.existing(target).clock(clock).open()) {
      return new LocalMesh.Copy(
          target.toString(), files.files(), files.bytes(), CopyDamage.find(copy));
    }
  }

  private MeshStores newStores() {
    Path file = MeshFolder.registryFile(target);
    return new MeshStores(
        new Ports(SqliteRegistry.open(file), LocalFileIO.below(target), LocalFileIO.ROOT),
        catalog -> SqliteRegistry.open(file.resolveSibling(MeshFolder.file(catalog))));
  }

  /** Returns the new roots: a place of data becomes a folder of the copy with its name. */
  private Map<String, String> roots(MeshRoot root) {
    Map<String, String> roots = new TreeMap<>();
    roots.put(root.root(), LocalFileIO.ROOT);
    addPlaces(mesh.directory(), roots);
    RoutedRegistry.catalogs(mesh.directory())
        .forEach(catalog -> addPlaces(mesh.catalog(catalog), roots));
    return roots;
  }

  private static void addPlaces(Registry registry, Map<String, String> roots) {
    for (Document domain : DocumentCopy.read(registry, RegistryKeys.MESH)) {
      if (domain.key().sort().startsWith(RegistryKeys.DOMAINS)) {
        for (JsonNode place : DocumentJson.parse(domain).path("places")) {
          String old = place.path("root").asText();
          roots.computeIfAbsent(old, absent -> LocalFileIO.ROOT + "/" + folder(old));
        }
      }
    }
  }

  /** Returns the folder of a place; no bucket has an underscore in its name. */
  private static String folder(String root) {
    String name =
        root.substring(root.lastIndexOf('/') + 1).toLowerCase(Locale.ROOT).replace('.', '-');
    return DataPlaces.isReserved(name) ? name + "_place" : name;
  }

  private void requireEmpty() throws IOException {
    if (Files.notExists(target)) {
      return;
    }
    if (!Files.isDirectory(target)) {
      throw refused("the target is a file");
    }
    if (!DesktopFiles.haveAll(target)) {
      throw refused("the target is not empty");
    }
  }

  private InvalidRequestException refused(String why) {
    return Failure.of(action())
        .because(why)
        .state("Nothing was written.")
        .fix("Name a mesh, and use an empty or missing folder.")
        .invalidRequest(ErrorCode.CONFIG_INVALID);
  }

  private MeshAction action() {
    return MeshAction.of(Verb.BACK_UP, "the mesh at " + mesh.root() + " to " + target);
  }
}
