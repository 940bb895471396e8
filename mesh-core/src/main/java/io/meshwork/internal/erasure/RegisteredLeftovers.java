package io.meshwork.internal.erasure;

import io.meshwork.error.BackendException;
import io.meshwork.error.InvalidRequestException;
import io.meshwork.internal.leftovers.DataFolder;
import io.meshwork.internal.onboarding.OnboardedFiles;
import io.meshwork.internal.runtime.Deadline;
import io.meshwork.internal.session.ClientSession;
import io.meshwork.internal.table.FileTailHash;
import io.meshwork.internal.table.PublishedFile;
import io.meshwork.internal.table.TableName;
import java.io.UncheckedIOException;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.apache.iceberg.Table;
import org.apache.iceberg.exceptions.NotFoundException;
import org.apache.iceberg.io.FileInfo;
import org.apache.iceberg.io.SupportsPrefixOperations;

/**
 * Files of other programs that a product registered, and that none of its snapshots has now: their
 * rows were replaced or erased, and the mesh never deletes them. They are read where they are, also
 * if their program renamed them.
 */
record RegisteredLeftovers(
    ClientSession session, ErasureRequest request, ErasureScan scan, Deadline deadline) {
  /**
   * What was found.
   *
   * @param files the files that contain the rows, or may
   * @param unexamined the files that could not be examined, or folders of them
   */
  record Found(Set<String> files, Set<String> unexamined) {
    Found {
      files = Set.copyOf(files);
      unexamined = Set.copyOf(unexamined);
    }

    /** Adds a sentence about each. */
    void addTo(Set<String> sentences) {
      files.forEach(file -> sentences.add(sentence(file)));
      unexamined.forEach(
          place ->
              sentences.add(
                  "Files of other programs that no snapshot has could not be examined: "
                      + place
                      + "."));
    }
  }

  /** What a proof says about a file. */
  static String sentence(String file) {
    return "The file of another program " + file + " contains the rows.";
  }

  /**
   * Reads these files.
   *
   * @throws io.meshwork.error.BackendException if the store fails
   */
  Found find() {
    OnboardedFiles registered = OnboardedFiles.of(session.ledger(), request.product());
    Set<String> files = new TreeSet<>();
    // Files of purged major versions have no table by which they could be read.
    Set<String> unexamined = new TreeSet<>(registered.origins());
    Set<String> retained = new HashSet<>();
    List<TableName> tables = scan.tables().stream().filter(name -> !name.quarantine()).toList();
    for (TableName name : tables) {
      Table table = session.tables().load(name);
      if (!PublishedFile.origins(table).isEmpty() && retained.isEmpty()) {
        tables.forEach(each -> retained.addAll(scan.scan(each).files()));
      }
      for (String origin : PublishedFile.origins(table)) {
        unexamined.remove(origin);
        for (FileInfo file : listed(origin, unexamined)) {
          deadline.check(request.action());
          if (retained.contains(file.location()) || !isRegistered(file, registered, unexamined)) {
            continue;
          }
          if (scan.holdsUnreferenced(name, ErasureLeftovers.dataFile(file))) {
            files.add(file.location());
          } else if (scan.filterColumns(name).stream()
              .anyMatch(column -> file.location().contains("/" + column + "="))) {
            unexamined.add(file.location()); // its folder has the value
          }
        }
      }
    }
    return new Found(files, unexamined);
  }

  /** True for a file that was registered, also under another name. */
  private boolean isRegistered(FileInfo file, OnboardedFiles registered, Set<String> unexamined) {
    if (registered.contains(file.location())) {
      return true;
    }
    try {
      return registered.mayHave(file.size())
          && !registered.withContent(FileTailHash.read(session.files(), file)).isEmpty();
    } catch (NotFoundException e) {
      return false;
    } catch (UncheckedIOException e) {
      unexamined.add(file.location());
      return false;
    }
  }

  private List<FileInfo> listed(String origin, Set<String> unexamined) {
    try {
      if (session.files() instanceof SupportsPrefixOperations listing) {
        return DataFolder.list(listing, origin + "/", unexamined::add);
      }
    } catch (BackendException e) {
      if (!(e.getCause() instanceof InvalidRequestException)) {
        throw e;
      }
      // This mesh was moved, or is open without the folder.
    }
    unexamined.add(origin);
    return List.of();
  }
}
