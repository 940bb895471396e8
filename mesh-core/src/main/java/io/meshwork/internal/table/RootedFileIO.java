package io.meshwork.internal.table;

import io.meshwork.error.BackendException;
import io.meshwork.error.ErrorCode;
import io.meshwork.error.Failure;
import io.meshwork.error.MeshAction;
import io.meshwork.error.MeshAction.Verb;
import io.meshwork.internal.table.MeshTables.LinkedFiles;
import java.util.ArrayList;
import java.util.List;
import org.apache.iceberg.exceptions.NotFoundException;
import org.apache.iceberg.io.BulkDeletionFailureException;
import org.apache.iceberg.io.FileIO;
import org.apache.iceberg.io.FileInfo;
import org.apache.iceberg.io.OutputFile;
import org.apache.iceberg.io.SupportsBulkOperations;
import org.apache.iceberg.io.SupportsPrefixOperations;

/**
 * Restricts writes and deletes to one root, whatever a table's metadata contains. As thread-safe as
 * its delegate.
 */
class RootedFileIO extends ReadThroughFileIO implements SupportsBulkOperations {
  private static final long serialVersionUID = 1L;
  private static final String FILE_SCHEME = "file:";

  private final String root;

  /**
   * Restricts files to a root.
   *
   * @param root without a trailing slash
   */
  RootedFileIO(FileIO files, String root) {
    super(files);
    this.root = root;
  }

  /** Restricts files to a root; it can list files if the delegate can. */
  static RootedFileIO over(FileIO files, String root) {
    return files instanceof SupportsPrefixOperations
        ? new RootedListing(files, root)
        : new RootedFileIO(files, root);
  }

  /** True if a location is below the root and has no relative segment. */
  final boolean contains(String location) {
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

  /** The location with all links resolved, if the files have links. */
  final String target(String location) {
    return files instanceof LinkedFiles links ? links.target(location) : location;
  }

  @Override
  public OutputFile newOutputFile(String location) {
    if (!contains(location)) {
      throw outside(MeshAction.of(Verb.WRITE));
    }
    return files.newOutputFile(location);
  }

  @Override
  public void deleteFile(String location) {
    if (!contains(location)) {
      throw outside(MeshAction.of(Verb.DELETE));
    }
    files.deleteFile(location);
  }

  /** Deletes the files below the root; others count as failed. */
  @Override
  public void deleteFiles(Iterable<String> locations) {
    List<String> inside = new ArrayList<>();
    int failed = 0;
    for (String location : locations) {
      if (contains(location)) {
        inside.add(location);
      } else {
        failed++;
      }
    }
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
        .because("its location leads outside the root of the mesh")
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

    RootedListing(FileIO files, String root) {
      super(files, root);
    }

    @Override
    public Iterable<FileInfo> listPrefix(String prefix) {
      return ((SupportsPrefixOperations) files).listPrefix(prefix);
    }

    @Override
    public void deletePrefix(String prefix) {
      if (!contains(prefix)) {
        throw outside(MeshAction.of(Verb.DELETE));
      }
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
