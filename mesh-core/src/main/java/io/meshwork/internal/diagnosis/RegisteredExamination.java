package io.meshwork.internal.diagnosis;

import io.meshwork.error.ErrorCode;
import io.meshwork.error.Finding;
import io.meshwork.error.FindingCode;
import io.meshwork.error.InvalidRequestException;
import io.meshwork.internal.onboarding.OnboardedFiles;
import io.meshwork.internal.session.ClientSession;
import io.meshwork.internal.table.CanonicalLocation;
import io.meshwork.internal.table.PublishedFile;
import io.meshwork.internal.table.TableFiles;
import io.meshwork.internal.table.TableName;
import io.meshwork.registry.Registry.Key;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.apache.iceberg.Table;
import org.apache.iceberg.exceptions.NotFoundException;
import org.apache.iceberg.io.FileInfo;
import org.apache.iceberg.io.InputFile;
import org.apache.iceberg.io.SupportsPrefixOperations;
import org.jspecify.annotations.Nullable;

/**
 * Examines the files of other programs that a table registered where they are: whether each exists
 * with its length, and ends as when it was registered. Lists each location once, and names it if
 * this process cannot read it, as after a move.
 */
final class RegisteredExamination {
  private static final int SAMPLES = 5;
  private static final String RESTORE =
      "Restore the files where they were, or open the mesh with the data folder in which"
          + " they are now.";

  private final ClientSession session;
  private final Key pointer;
  private final Table table;
  private final boolean everyFile;
  private final List<String> origins;

  /**
   * Creates an examination.
   *
   * @param everyFile reads the end of each file, not only of files changed at another time
   */
  RegisteredExamination(ClientSession session, Key pointer, Table table, boolean everyFile) {
    this.session = session;
    this.pointer = pointer;
    this.table = table;
    this.everyFile = everyFile;
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
    Map<String, Long> registered = new HashMap<>();
    files
        .content()
        .forEach(
            (location, length) -> {
              if (files.isOutside(location) && isRegistered(location)) {
                registered.put(location, length);
              }
            });
    if (registered.isEmpty()) {
      return;
    }
    Map<String, FileInfo> listed = listed(registered.keySet());
    OnboardedFiles onboarded =
        TableName.at(pointer)
            .map(name -> OnboardedFiles.of(session.ledger(), name.product()))
            .orElse(OnboardedFiles.NONE);
    Map<String, List<String>> columns = new TreeMap<>();
    registered.forEach(
        (location, length) -> {
          String problem = problem(location, length, listed.get(location), onboarded);
          if (!problem.isEmpty()) {
            columns.computeIfAbsent(problem, absent -> new ArrayList<>()).add(location);
          }
        });
    columns.forEach((problem, locations) -> findings.add(finding(problem, locations)));
  }

  /** One list of many files takes fewer requests than a question for each. */
  private Map<String, FileInfo> listed(Set<String> registered) {
    Map<String, FileInfo> listed = new HashMap<>();
    if (table.io() instanceof SupportsPrefixOperations listing) {
      for (String origin : origins) {
        try {
          for (FileInfo file : listing.listPrefix(origin + "/")) {
            if (registered.contains(file.location())) {
              listed.put(file.location(), file);
            }
          }
        } catch (RuntimeException e) {
          // Each file is then looked up, and the reason is a finding.
        }
      }
    }
    return listed;
  }

  private String problem(
      String location, long length, @Nullable FileInfo listed, OnboardedFiles onboarded) {
    try {
      InputFile file = table.io().newInputFile(location);
      if (listed == null && !file.exists()) {
        return "do not exist";
      } else if ((listed == null ? file.getLength() : listed.size()) != length) {
        return "have another length than when they were registered";
      }
      FileInfo now = listed == null ? new FileInfo(location, length, 0) : listed;
      return onboarded
              .mark(location)
              .filter(mark -> everyFile || mark.isOlderThan(now))
              .filter(mark -> mark.differs(table.io(), now))
              .isPresent()
          ? "were overwritten with other files of the same length"
          : "";
    } catch (NotFoundException e) {
      return "do not exist";
    } catch (InvalidRequestException e) {
      if (e.errorCode() != ErrorCode.CONFIG_INVALID) {
        throw e;
      }
      return "cannot be found: " + e.reason();
    }
  }

  private Finding finding(String problem, List<String> locations) {
    boolean changed = problem.startsWith("have") || problem.startsWith("were");
    return new Finding(
        changed ? FindingCode.FILE_CHANGED : FindingCode.FILE_MISSING,
        Finding.Severity.ERROR,
        TableName.format(pointer),
        locations.size()
            + (locations.size() == 1 ? " file" : " files")
            + " of other programs that retained snapshots reference "
            + problem,
        locations.size(),
        locations.stream().sorted().limit(SAMPLES).toList(),
        changed ? RESTORE + " Or replace their rows with publish(..)." : RESTORE);
  }
}
