package io.meshwork.internal.table;

import io.meshwork.error.BackendException;
import io.meshwork.error.ErrorCode;
import io.meshwork.error.Failure;
import io.meshwork.error.MeshAction;
import io.meshwork.error.MeshAction.Verb;
import io.meshwork.internal.table.MeshTables.LinkedFiles;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;
import org.apache.iceberg.exceptions.NotFoundException;
import org.apache.iceberg.io.BulkDeletionFailureException;
import org.apache.iceberg.io.FileIO;
import org.apache.iceberg.io.FileInfo;
import org.apache.iceberg.io.OutputFile;
import org.apache.iceberg.io.SupportsBulkOperations;
import org.apache.iceberg.io.SupportsPrefixOperations;
import org.jspecify.annotations.Nullable;

/**
 * Restricts writes and deletes to the roots of a mesh, whatever a table's metadata contains, and to
 * places whose markers name the mesh. As thread-safe as its delegate.
 */
class RootedFileIO extends ReadThroughFileIO implements SupportsBulkOperations, UnsyncedFiles {
  private static final long serialVersionUID = 1L;
  private static final String FILE_SCHEME = "file:";

  /** The known roots as text. An engine gets the roots known when it got the files. */
  private final Set<String> roots;

  /** Reads the roots again; null in the copy of an engine. */
  private final transient @Nullable DataPlaces places;

  /** Asks the markers of places; null in the copy of an engine. */
  private final transient @Nullable PlaceGuard guard;

  private RootedFileIO(FileIO files, DataPlaces places, PlaceGuard guard) {
    super(files);
    this.roots = places.known();
    this.places = places;
    this.guard = guard;
  }

  /** Restricts files to the roots of places; it can list files if the delegate can. */
  static RootedFileIO over(FileIO files, DataPlaces places, PlaceGuard guard) {
    return files instanceof SupportsPrefixOperations
        ? new RootedListing(files, places, guard)
        : new RootedFileIO(files, places, guard);
  }

  /** True if a location is below a root and has no relative segment. */
  private boolean contains(String location) {
    if (isBelowAny(location)) {
      return true;
    }
    if (places == null) {
      return false;
    }
    places.refresh();
    return isBelowAny(location);
  }

  @Override
  final void reading(String location) {
    if (guard != null) {
      guard.requireFileReadable(location);
    }
  }

  private void requireOwn(Verb verb, String location) {
    if (guard != null) {
      guard.requireOwn(verb, location);
    }
  }

  private boolean isBelowAny(String location) {
    return roots.stream().anyMatch(root -> isBelow(root, location));
  }

  /**
   * True if a location is below a folder and has no relative segment.
   *
   * @param root the folder, without a trailing slash
   */
  static boolean isBelow(String root, String location) {
    String path = withoutScheme(location);
    String start = withoutScheme(root) + "/";
    if (!path.startsWith(start)) {
      return false;
    }
    for (String segment : path.substring(start.length()).split("[/\\\\]", -1)) {
      if (segment.equals(".") || segment.equals("..")) {
        return false;
      }
    }
    return true;
  }

  /** True for files on disks, where links may lead elsewhere. */
  final boolean hasLinks() {
    return files instanceof LinkedFiles;
  }

  /** The location with all links resolved, if the files have links. */
  final String target(String location) {
    return files instanceof LinkedFiles links ? links.target(location) : location;
  }

  /** What all hard links of a file have in common; the location if the files have no links. */
  final Object identity(String location) {
    return MeshTables.identity(files, location);
  }

  /** Lists the files of a delegate that can list files. */
  final Iterable<FileInfo> list(String folder, Consumer<String> unreadable) {
    requireOwn(Verb.LIST, folder);
    return MeshTables.list((SupportsPrefixOperations) files, folder, unreadable);
  }

  @Override
  public OutputFile newOutputFile(String location) {
    requireWritable(location);
    return files.newOutputFile(location);
  }

  /** A file that is synced when it is closed, if the delegate knows no other. */
  @Override
  public OutputFile newUnsyncedFile(String location) {
    requireWritable(location);
    return files instanceof UnsyncedFiles unsynced
        ? unsynced.newUnsyncedFile(location)
        : files.newOutputFile(location);
  }

  @Override
  public void sync(Collection<String> locations) {
    if (files instanceof UnsyncedFiles unsynced) {
      unsynced.sync(locations);
    }
  }

  private void requireWritable(String location) {
    if (!contains(location)) {
      throw outside(MeshAction.of(Verb.WRITE));
    }
    if (guard != null) {
      guard.beforeWrite(location);
    }
  }

  @Override
  public void deleteFile(String location) {
    if (!contains(location)) {
      throw outside(MeshAction.of(Verb.DELETE));
    }
    requireOwn(Verb.DELETE, location);
    files.deleteFile(location);
  }

  /** Deletes the files below the roots; others count as failed. */
  @Override
  public void deleteFiles(Iterable<String> locations) {
    List<String> all = new ArrayList<>();
    locations.forEach(all::add);
    all.stream().filter(location -> !isBelowAny(location)).findFirst().ifPresent(this::contains);
    List<String> inside = all.stream().filter(this::isBelowAny).toList();
    inside.forEach(location -> requireOwn(Verb.DELETE, location));
    int failed = all.size() - inside.size();
    failed += deleteInside(inside);
    if (failed > 0) {
      throw new BulkDeletionFailureException(failed);
    }
  }

  private int deleteInside(List<String> locations) {
    if (files instanceof SupportsBulkOperations bulk) {
      try {
        bulk.deleteFiles(locations);
        return 0;
      } catch (BulkDeletionFailureException e) {
        return e.numberFailedObjects();
      }
    }
    int failed = 0;
    for (String location : locations) {
      try {
        files.deleteFile(location);
      } catch (NotFoundException e) {
        continue;
      } catch (RuntimeException e) {
        failed++;
      }
    }
    return failed;
  }

  private static BackendException outside(MeshAction action) {
    return Failure.of(action.on("a file of a table"))
        .because("its location leads outside the roots of the mesh")
        .state("The file was not accessed, and nothing was committed.")
        .fix(
            "The table's metadata or properties were changed outside Meshwork: check"
                + " write.data.path and write.metadata.path, or restore the registry from a"
                + " backup.")
        .lasting(ErrorCode.UNSAFE_PATH);
  }

  /** With a delegate that can list files. */
  private static final class RootedListing extends RootedFileIO
      implements SupportsPrefixOperations {
    private static final long serialVersionUID = 1L;

    RootedListing(FileIO files, DataPlaces places, PlaceGuard guard) {
      super(files, places, guard);
    }

    @Override
    public Iterable<FileInfo> listPrefix(String prefix) {
      super.requireOwn(Verb.LIST, prefix);
      return ((SupportsPrefixOperations) files).listPrefix(prefix);
    }

    @Override
    public void deletePrefix(String prefix) {
      if (!super.contains(prefix)) {
        throw outside(MeshAction.of(Verb.DELETE));
      }
      super.requireOwn(Verb.DELETE, prefix);
      ((SupportsPrefixOperations) files).deletePrefix(prefix);
    }
  }

  private static String withoutScheme(String location) {
    if (!location.startsWith(FILE_SCHEME)) {
      return location;
    }
    String path = location.substring(FILE_SCHEME.length());
    return path.startsWith("//") ? path.substring(2) : path;
  }
}
