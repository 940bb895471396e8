package io.meshwork.local;

import io.meshwork.Mesh;
import io.meshwork.error.Finding;
import io.meshwork.error.Finding.Severity;
import io.meshwork.error.FindingCode;
import java.util.List;

/** The damage of a copy of a mesh. */
final class CopyDamage {
  private CopyDamage() {}

  /**
   * Examines a copy completely.
   *
   * @return errors, places that cannot be listed, because their files were not examined, and names
   *     with which the copy opens only where case is ignored
   */
  static List<Finding> find(Mesh copy) {
    return copy.doctorWithChecksums().findings().stream().filter(CopyDamage::isDamage).toList();
  }

  private static boolean isDamage(Finding finding) {
    return finding.severity() == Severity.ERROR
        || finding.code() == FindingCode.PLACE_NOT_LISTED
        || finding.code() == FindingCode.FILE_NAME_DIFFERS;
  }
}
