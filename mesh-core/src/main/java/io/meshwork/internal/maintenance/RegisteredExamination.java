package io.meshwork.internal.maintenance;

import io.meshwork.error.ErrorCode;
import io.meshwork.error.Finding;
import io.meshwork.error.FindingCode;
import io.meshwork.error.InvalidRequestException;
import io.meshwork.internal.table.CanonicalLocation;
import io.meshwork.internal.table.PublishedFile;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.apache.iceberg.Table;
import org.apache.iceberg.io.InputFile;

/**
 * Examines the files of other programs that a table registered where they are: whether each exists
 * with its length. Names each location once if this process cannot read it, as after a move.
 */
final class RegisteredExamination {
  private static final int SAMPLES = 5;

  private final Table table;
  private final String place;
  private final List<String> origins;

  RegisteredExamination(Table table, String place) {
    this.table = table;
    this.place = place;
    this.origins = PublishedFile.origins(table);
  }

  /** Returns the locations that were not registered. */
  Set<String> without(Set<String> outside) {
    Set<String> others = new TreeSet<>(outside);
    others.removeIf(this::isRegistered);
    return others;
  }

  private boolean isRegistered(String location) {
    return origins.stream().anyMatch(origin -> CanonicalLocation.leadsBelow(origin, location));
  }

  /** Adds findings. */
  void examine(TableFiles files, List<Finding> findings) {
    Map<String, List<String>> missing = new TreeMap<>();
    files
        .content()
        .forEach(
            (location, length) -> {
              if (files.isOutside(location) && isRegistered(location)) {
                String problem = problem(location, length);
                if (!problem.isEmpty()) {
                  missing.computeIfAbsent(problem, absent -> new ArrayList<>()).add(location);
                }
              }
            });
    missing.forEach((problem, locations) -> findings.add(finding(problem, locations)));
  }

  private String problem(String location, long length) {
    try {
      InputFile file = table.io().newInputFile(location);
      if (!file.exists()) {
        return "do not exist";
      }
      return file.getLength() == length ? "" : "have another length than when they were registered";
    } catch (InvalidRequestException e) {
      if (e.errorCode() != ErrorCode.CONFIG_INVALID) {
        throw e;
      }
      return "cannot be found: " + e.getMessage();
    }
  }

  private Finding finding(String problem, List<String> locations) {
    return new Finding(
        problem.startsWith("have") ? FindingCode.FILE_CHANGED : FindingCode.FILE_MISSING,
        Finding.Severity.ERROR,
        place,
        locations.size()
            + (locations.size() == 1 ? " file" : " files")
            + " of other programs that retained snapshots reference "
            + problem,
        locations.size(),
        locations.stream().sorted().limit(SAMPLES).toList(),
        "Restore the files where they were, or open the mesh with readingFrom(..) for the folder"
            + " in which they are now.");
  }
}
