package io.meshwork.local;

import io.meshwork.internal.files.MeshTree;
import java.io.IOException;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The tables that existed before the registries of a mesh were copied, and the tables that the
 * copied registries name. Later ones do not belong to the copy, nor do later metadata files,
 * because a copied registry is older. Not thread-safe.
 */
final class ListedTables {
  /** A table is in the folder of its domain. */
  private static final int TABLE_DEPTH = 2;

  private static final Path LAST_UPDATED = Path.of("_metadata", "last_updated.json");

  private final Path folder;
  private final Set<Path> dataFolders = new LinkedHashSet<>();
  private final Set<Path> tables = new HashSet<>();
  private final Set<Path> metadata = new HashSet<>();
  private final Set<Path> lastUpdated = new HashSet<>();

  /**
   * Creates an empty list.
   *
   * @param folder the folder of the mesh
   */
  ListedTables(Path folder) {
    this.folder = folder;
  }

  /** Adds a folder with the folders of domains, whose files are not listed yet. */
  void addDataFolder(Path data) {
    dataFolders.add(data);
  }

  /** Lists the tables and metadata files that exist now, instead of earlier ones. */
  void list() throws IOException {
    tables.clear();
    metadata.clear();
    lastUpdated.clear();
    for (Path data : dataFolders) {
      MeshTree.visit(folder, data, (file, attributes) -> addListed(data, file));
    }
  }

  private void addListed(Path data, Path file) {
    Path table = table(data, file);
    if (table != null) {
      tables.add(table);
    }
    if (isMetadata(file)) {
      metadata.add(file);
    } else if (file.endsWith(LAST_UPDATED)) {
      lastUpdated.add(file);
    }
  }

  /** Returns the listed files that say what was committed last. */
  Set<Path> lastUpdated() {
    return lastUpdated;
  }

  /** Adds the table of a metadata file that a copied registry names. */
  void addNamed(Path file) {
    for (Path data : dataFolders) {
      Path table = table(data, file);
      if (table != null) {
        tables.add(table);
      }
    }
  }

  /** Returns true for a file that was created too late for the copy. */
  boolean isLater(Path file) {
    if (isMetadata(file) && !metadata.contains(file)) {
      return true;
    }
    for (Path data : dataFolders) {
      Path table = table(data, file);
      if (table != null) {
        return !tables.contains(table);
      }
    }
    return false;
  }

  /** Returns the folder of a table with this file; null if it is in none. */
  private static @Nullable Path table(Path data, Path file) {
    if (!file.startsWith(data)) {
      return null;
    }
    Path name = data.relativize(file);
    return name.getNameCount() > TABLE_DEPTH ? data.resolve(name.subpath(0, TABLE_DEPTH)) : null;
  }

  private static boolean isMetadata(Path file) {
    return file.toString().endsWith(".metadata.json");
  }
}
