package io.meshwork.local;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.meshwork.error.Finding;
import io.meshwork.error.Finding.Severity;
import io.meshwork.error.FindingCode;
import io.meshwork.internal.files.LocalFileIO;
import io.meshwork.internal.table.CanonicalLocation;
import io.meshwork.internal.table.PublishedFile;
import java.util.List;

/**
 * The files of other programs that a table registered where they are. A copy of the mesh names them
 * there too: they are not copied. Immutable.
 *
 * @param origins the locations below which they are
 */
record RegisteredFiles(List<String> origins) {
  /** Reads the origins in the metadata of a table. */
  static RegisteredFiles of(ObjectNode metadata) {
    return new RegisteredFiles(
        metadata.path("properties").path(PublishedFile.ORIGINS).asText().lines().toList());
  }

  /** True if the table registered a file in this location. */
  boolean contains(String location) {
    return origins.stream().anyMatch(origin -> CanonicalLocation.leadsBelow(origin, location));
  }

  /**
   * Returns a warning in place of an error about registered files that a folder's mesh cannot find,
   * because a move leaves them where they are; any other finding unchanged.
   */
  static Finding staying(Finding finding) {
    boolean isMissing =
        finding.code() == FindingCode.FILE_MISSING
            && !finding.samples().isEmpty()
            && finding.samples().stream().allMatch(RegisteredFiles::isElsewhere);
    if (!isMissing) {
      return finding;
    }
    return new Finding(
        finding.code(),
        Severity.WARNING,
        finding.where(),
        finding.count()
            + (finding.count() == 1 ? " file" : " files")
            + " of other programs that retained snapshots reference will not be copied.",
        finding.count(),
        finding.samples(),
        "To move their rows too, publish them with files(..) and replaceAll() before.");
  }

  /** No file of a folder's mesh has such a location. */
  private static boolean isElsewhere(String location) {
    return LocalFileIO.isReadOnly(location) || location.contains("://");
  }
}
