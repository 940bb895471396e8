package io.meshwork.local;

import io.meshwork.internal.files.LocalFileIO;
import io.meshwork.internal.routing.RoutedRegistry;
import io.meshwork.registry.Registry;
import io.meshwork.registry.Warehouse.Ports;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * The registries of a folder, and the end of writing to them. Writing ends, and is allowed again,
 * in the directory first: without it, no catalog is added, and a move that was interrupted in
 * between is recognized by its state. Not thread-safe.
 */
final class FolderRegistries implements AutoCloseable {
  private final MeshFolder folder;
  private final Map<String, SqliteRegistry> catalogs = new TreeMap<>();

  private FolderRegistries(MeshFolder folder) {
    this.folder = folder;
  }

  /** Opens the registries of an existing mesh. */
  static FolderRegistries open(Path folder) {
    return new FolderRegistries(MeshFolder.openExisting(folder));
  }

  /** Returns the registry that lists the catalogs; of a central mesh, its only one. */
  SqliteRegistry directory() {
    return folder.registry();
  }

  /** Returns the catalogs that the directory lists now. */
  List<String> catalogs() {
    return RoutedRegistry.catalogs(directory());
  }

  SqliteRegistry catalog(String name) {
    return catalogs.computeIfAbsent(name, folder::registryOf);
  }

  /** Returns the stores of the mesh, which share these registries and must not be closed. */
  MeshStores stores() {
    return new MeshStores(
        new Ports(directory(), LocalFileIO.below(folder.path()), LocalFileIO.ROOT), this::catalog);
  }

  /** Returns true if writing has ended at least in the directory. */
  boolean isMoving() {
    return directory().fence().isPresent();
  }

  /** Returns a fence that differs from this one; empty if there is none. */
  Optional<SqliteFence> otherFence(SqliteFence fence) {
    return all().stream()
        .flatMap(registry -> registry.fence().stream())
        .filter(existing -> !existing.equals(fence))
        .findFirst();
  }

  /** Ends writing to the directory, so that no catalog is added. */
  void endWritingToDirectory(SqliteFence fence) {
    directory().endWriting(fence);
  }

  /** Ends writing for all processes. */
  void endWriting(SqliteFence fence) {
    all().forEach(registry -> registry.endWriting(fence));
  }

  /** Allows writing again. */
  void allowWriting() {
    all().stream()
        .filter(registry -> registry.fence().isPresent())
        .forEach(SqliteRegistry::allowWriting);
  }

  /** Returns where the registries whose writing has ended are moved to; empty if none is. */
  List<String> targets() {
    return all().stream()
        .flatMap(registry -> registry.fence().stream())
        .map(SqliteFence::target)
        .distinct()
        .toList();
  }

  /** Returns all registries, the directory first. */
  private List<SqliteRegistry> all() {
    List<SqliteRegistry> all = new ArrayList<>();
    all.add(directory());
    catalogs().forEach(name -> all.add(catalog(name)));
    return all;
  }

  @Override
  public void close() {
    catalogs.values().forEach(Registry::close);
    directory().close();
  }
}
