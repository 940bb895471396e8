package io.meshwork.internal.diagnosis;

import io.meshwork.error.Finding;
import io.meshwork.error.Finding.Severity;
import io.meshwork.error.FindingCode;
import io.meshwork.internal.session.ClientSession;
import io.meshwork.internal.table.TableFiles;
import io.meshwork.internal.table.TableFolders;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.apache.iceberg.io.FileInfo;

/**
 * Referenced files of a table that a listing of its folder has under another name: through a link,
 * or in another case. Names of files are unique, names of folders are not.
 */
final class AliasedFiles {
  private static final int SAMPLES = 5;

  private final ClientSession session;
  private final String place;
  private final List<String> unlisted;

  /** Listed files that no snapshot references under this name, by their own names. */
  private final Map<String, String> unreferenced = new HashMap<>();

  /** The same files by their locations without case. */
  private final Map<String, String> withoutCase = new HashMap<>();

  /**
   * Compares a table with a listing.
   *
   * @param place where a finding is
   * @param listed the files in the table's folder
   */
  AliasedFiles(
      ClientSession session, String place, TableFiles files, Map<String, FileInfo> listed) {
    this.session = session;
    this.place = place;
    Set<String> referenced = files.locations();
    this.unlisted =
        referenced.stream()
            .filter(file -> !files.isOutside(file) && !listed.containsKey(file))
            .sorted()
            .toList();
    for (String file : listed.keySet()) {
      if (!referenced.contains(file)) {
        unreferenced.put(TableFolders.fileName(file), file);
        withoutCase.put(file.toLowerCase(Locale.ROOT), file);
      }
    }
  }

  /** Returns where a missing file seems to be instead. */
  Optional<String> found(String missing) {
    String sameButCase = withoutCase.get(missing.toLowerCase(Locale.ROOT));
    return Optional.ofNullable(
        sameButCase == null ? unreferenced.get(TableFolders.fileName(missing)) : sameButCase);
  }

  void examine(List<Finding> findings) {
    List<String> differing = new ArrayList<>();
    List<String> linked = new ArrayList<>();
    for (String file : unlisted) {
      boolean differs = found(file).filter(file::equalsIgnoreCase).isPresent();
      boolean isLinked = !differs && !session.tables().target(file).equals(file);
      if ((differs || isLinked) && session.files().newInputFile(file).exists()) {
        (differs ? differing : linked).add(file);
      }
    }
    if (!differing.isEmpty()) {
      findings.add(differ(differing));
    }
    if (!linked.isEmpty()) {
      findings.add(isLinked(linked.get(0)));
    }
  }

  private Finding differ(List<String> files) {
    String first = files.get(0);
    return new Finding(
        FindingCode.FILE_NAME_DIFFERS,
        Severity.WARNING,
        place,
        "Its file "
            + first
            + (files.size() == 1 ? "" : " and " + (files.size() - 1) + " more")
            + " can be read only because this disk ignores case: there, it is "
            + found(first).orElseThrow()
            + ".",
        files.size(),
        files.stream().limit(SAMPLES).toList(),
        "Before the mesh is read from a disk that does not ignore case, move each such file of the"
            + " copy to the folder that diagnosis names there.");
  }

  private Finding isLinked(String file) {
    return new Finding(
        FindingCode.FOLDER_LINKED,
        Severity.WARNING,
        place,
        "Its file "
            + file
            + " is behind a link to "
            + session.tables().target(file)
            + ", inside the mesh's folder. Reads follow the link; backups and maintenance do not.",
        0,
        List.of(file),
        "Move the folder back, or out of the mesh's folder.");
  }
}
