package io.meshwork.internal.ingest.write;

import io.meshwork.internal.table.DataFileEntry;
import java.util.List;
import org.apache.iceberg.io.FileIO;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Deletes files of a commit that certainly failed. */
public final class UncommittedFiles {
  private static final Logger LOG = LoggerFactory.getLogger(UncommittedFiles.class);

  private UncommittedFiles() {}

  /** Deletes data files. Logs failures; maintenance deletes the remaining files later. */
  public static void deleteAll(FileIO io, List<DataFileEntry> files) {
    delete(io, files.stream().map(DataFileEntry::location).toList());
  }

  /** Deletes locations. Ignores missing files and logs other failures. */
  public static void delete(FileIO io, List<String> locations) {
    for (String location : locations) {
      try {
        io.deleteFile(location);
      } catch (org.apache.iceberg.exceptions.NotFoundException missing) {
        LOG.debug("{} does not exist", location);
      } catch (RuntimeException e) {
        LOG.warn(
            "could not delete {}, which no commit references; maintenance deletes it later",
            location);
      }
    }
  }
}
