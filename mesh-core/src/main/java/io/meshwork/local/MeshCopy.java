package io.meshwork.local;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.meshwork.internal.ledger.MeshRoot;
import io.meshwork.internal.routing.RoutedRegistry;
import io.meshwork.internal.table.CanonicalLocation;
import io.meshwork.internal.table.DataPlaces;
import io.meshwork.local.DocumentRelocation.CopiedMesh;
import io.meshwork.product.Principal;
import io.meshwork.registry.Registry.Document;
import io.meshwork.registry.Registry.Key;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Consumer;
import org.apache.iceberg.io.FileInfo;
import org.apache.iceberg.io.SupportsPrefixOperations;

/**
 * Copies a mesh to other stores, while it is in use: the registry that it is opened with, then the
 * registries of the catalogs that the copy lists. Then the documents of the copy get their new
 * locations and accounts. Until the last commit, the copy cannot be opened. Not thread-safe.
 */
final class MeshCopy {
  private final MeshStores from;
  private final MeshStores to;
  private final RegistryCopy.Settings settings;
  private final FileCopy files;
  private final RegistryCopy directory;
  private final Map<String, RegistryCopy> catalogs = new TreeMap<>();

  MeshCopy(MeshStores from, MeshStores to, RegistryCopy.Settings settings) {
    this(from, to, settings, BytesMeter.silent());
  }

  MeshCopy(MeshStores from, MeshStores to, RegistryCopy.Settings settings, BytesMeter meter) {
    this.from = from;
    this.to = to;
    this.settings = settings;
    this.files = new FileCopy(from.files(), to.files(), meter);
    this.directory =
        new RegistryCopy(from.directory(), to.directory(), from.root(), files, settings);
  }

  FileCopy files() {
    return files;
  }

  /**
   * Marks the new places of data as belonging to this mesh, unless they are marked. The old ones
   * must not belong to another mesh, and their disks must be mounted.
   *
   * @param mesh the mesh that is copied
   * @throws io.meshwork.error.InvalidRequestException if a place cannot be one of the copy, belongs
   *     to another mesh, or contains data without a marker
   * @throws io.meshwork.error.BackendException if a marker cannot be written
   */
  void claimPlaces(MeshRoot mesh) {
    for (String root : settings.relocation().oldRoots()) {
      if (!root.equals(from.root())) {
        DataPlaces.requireMounted(from.files(), mesh.id(), root);
        DataPlaces.claim("to", to.ports(), mesh.id(), settings.relocation().newRoot(root));
      }
    }
  }

  /**
   * Copies documents and files.
   *
   * @throws io.meshwork.error.BackendException if a store cannot be read or written, or a file that
   *     a registry names is missing
   */
  void run() {
    copy(
        () -> {
          forEachRegistry(RegistryCopy::run);
          copyArchives();
        });
  }

  private void copy(Runnable step) {
    try {
      step.run();
    } catch (UncheckedIOException e) {
      throw files.failed(e);
    }
  }

  private void copyArchives() {
    for (String root : settings.relocation().oldRoots()) {
      copyFolder(DataPlaces.archiveFolder(root) + "/");
    }
  }

  /**
   * Copies documents and files of the registries that have no new locations yet. The documents of
   * others are complete: they are read only.
   *
   * @throws io.meshwork.error.BackendException as {@link #run}
   */
  void runUnrelocated() {
    copy(
        () -> {
          forEachRegistry(
              registry -> {
                if (registry.isRelocated()) {
                  registry.readOnly();
                } else {
                  registry.run();
                }
              });
          copyArchives();
        });
  }

  /** Copies the files for tools that read files only, which commits replace. */
  void copyLastUpdates() {
    copy(() -> forAll(RegistryCopy::copyLastUpdates));
  }

  /**
   * Returns the first registry of the copy with entries that the original does not have, in words;
   * empty if there is none.
   *
   * @param isContinued true to ignore the entries of a relocation that was begun
   */
  Optional<String> findChanged(boolean isContinued) {
    if (directory.isChanged(isContinued)) {
      return Optional.of("the registry of the mesh");
    }
    return RoutedRegistry.catalogs(from.directory()).stream()
        .filter(name -> catalog(name).isChanged(isContinued))
        .findFirst()
        .map(name -> "the registry of the catalog '" + name + "'");
  }

  /**
   * Changes the documents of the copy, the directory's last. The mesh can be opened afterwards.
   *
   * @param by who copies the mesh, for the logs
   * @param separateConsumers true if the copy stores separately what domains record as consumers
   * @param additions further documents of the directory
   */
  void relocate(
      MeshRoot mesh, Principal by, boolean separateConsumers, Map<Key, ObjectNode> additions) {
    List<Document> governance = new ArrayList<>();
    forAll(registry -> governance.addAll(registry.governance()));
    List<String> accounts =
        governance.stream()
            .map(document -> settings.accounts().key(document.key()).sort())
            .filter(sort -> sort.startsWith(AccountNames.ACCOUNTS))
            .map(sort -> sort.substring(AccountNames.ACCOUNTS.length()))
            .distinct()
            .toList();
    CopiedMesh copied =
        new CopiedMesh(
            new MeshRoot(mesh.id(), settings.relocation().newRoot()),
            settings.relocation(),
            settings.accounts(),
            by,
            new PlaceOwners(to.files(), accounts),
            new NotifierPositions(governance),
            separateConsumers);
    catalogs.forEach((name, registry) -> registry.relocate(name, Map.of(), copied));
    directory.relocate(null, additions, copied);
  }

  /** Runs a step for the directory, and then for each catalog that the directory listed there. */
  private void forEachRegistry(Consumer<RegistryCopy> step) {
    step.accept(directory);
    for (Document document : directory.governance()) {
      String sort = document.key().sort();
      if (sort.startsWith(RoutedRegistry.CATALOGS)) {
        step.accept(catalog(sort.substring(RoutedRegistry.CATALOGS.length())));
      }
    }
  }

  private void forAll(Consumer<RegistryCopy> step) {
    step.accept(directory);
    catalogs.values().forEach(step);
  }

  private RegistryCopy catalog(String name) {
    return catalogs.computeIfAbsent(
        name,
        absent ->
            new RegistryCopy(from.catalog(name), to.catalog(name), from.root(), files, settings));
  }

  private void copyFolder(String folder) {
    if (from.files() instanceof SupportsPrefixOperations listing) {
      Set<String> locations = new LinkedHashSet<>();
      for (FileInfo file : listing.listPrefix(folder)) {
        boolean isEmpty = file.size() == 0; // torn, or a link that leads nowhere
        if (!isEmpty && !CanonicalLocation.isUnfinished(file.location())) {
          locations.add(file.location());
        }
      }
      locations.forEach(
          file ->
              files.copy(
                  file, settings.accounts().partition(settings.relocation().location(file))));
    }
  }
}
