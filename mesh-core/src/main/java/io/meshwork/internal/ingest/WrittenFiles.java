package io.meshwork.internal.ingest;

import io.meshwork.internal.table.DataFileEntry;
import java.util.List;
import org.apache.iceberg.io.FileIO;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Takes files away that were written for a commit which certainly did not happen. */
public final class WrittenFiles {
  private static final Logger LOG = LoggerFactory.getLogger(WrittenFiles.class);

  private WrittenFiles() {}

  /** Deletes data files, as far as that goes; what stays is found by its publish's id later. */
  public static void deleteAll(FileIO io, List<DataFileEntry> files) {
    delete(io, files.stream().map(DataFileEntry::location).toList());
  }

  /** Deletes locations, as far as that goes; a missing one is fine. */
  static void delete(FileIO io, List<String> locations) {
    for (String location : locations) {
      try {
        io.deleteFile(location);
      } catch (org.apache.iceberg.exceptions.NotFoundException missing) {
        LOG.debug("{} was never published into place", location);
      } catch (RuntimeException e) {
        LOG.warn("could not delete {}, which no commit names; cleaning finds it later", location);
      }
    }
  }
}
