package io.meshwork.consume;

import java.time.Instant;
import java.util.List;

/**
 * A question for the rows that wait in the quarantines of a product, of all its major versions.
 * Nothing is read before {@link #rows()}. Not thread-safe. {@code MeshClient.waitingRows(..)}
 * creates it; {@code MeshClient.quarantine(..)} streams the quarantine of one version.
 */
public interface WaitingRows {
  /**
   * Reads only the rows for which the filter is true, such as {@code "rules LIKE '%amount%'"}. The
   * last filter wins. Versions whose rules the filter does not know have no such rows.
   */
  WaitingRows where(String filter);

  /**
   * Reads the rows of this major version only. Default: of all.
   *
   * @param number 1 or more
   * @throws io.meshwork.error.InvalidRequestException if less than 1
   */
  WaitingRows majorVersion(int number);

  /**
   * Reads at most this many rows. Default: 1,000.
   *
   * @param rows 0 or more
   * @throws io.meshwork.error.InvalidRequestException if negative
   */
  WaitingRows limit(long rows);

  /**
   * Returns the rows, those of the newest version first, each once.
   *
   * @throws io.meshwork.error.NotFoundException if there is no such product, or not the version
   *     that {@link #majorVersion} names
   * @throws io.meshwork.error.AccessDeniedException if the caller does not act for the owner
   * @throws io.meshwork.error.InvalidRequestException if the filter is valid in no version
   * @throws io.meshwork.error.BackendException if files cannot be read
   */
  List<WaitingRow> rows();

  /**
   * A row that waits. Immutable.
   *
   * @param publishId the publish that contained it
   * @param rowNumber its number in the publish, from 1
   * @param rules the IDs of the rules that it breaks, joined by commas
   * @param reason why it was quarantined, without values
   * @param row the row as a JSON object
   * @param quarantinedAt when it was quarantined, by the mesh's clock
   * @param majors the major versions in whose quarantine it is, the newest first
   */
  record WaitingRow(
      String publishId,
      long rowNumber,
      String rules,
      String reason,
      String row,
      Instant quarantinedAt,
      List<Integer> majors) {
    /** Copies the list. */
    public WaitingRow {
      majors = List.copyOf(majors);
    }

    /** Returns where it is and which rules it breaks, without its values. */
    @Override
    public String toString() {
      return "row "
          + rowNumber
          + " of publish "
          + publishId
          + ", versions "
          + majors
          + ": "
          + rules;
    }
  }
}
