package io.meshwork.internal.onboarding;

import io.meshwork.error.Finding;
import io.meshwork.error.FindingCode;
import io.meshwork.error.MeshAction;
import io.meshwork.internal.ingest.RowIngestion.ExistingSource;
import io.meshwork.internal.parquet.read.ParquetReader;
import io.meshwork.internal.parquet.schema.UnreadableFileException;
import io.meshwork.internal.table.FileTailHash;
import io.meshwork.internal.table.MeshTables;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.apache.iceberg.exceptions.NotFoundException;
import org.apache.iceberg.io.FileIO;
import org.apache.iceberg.io.FileInfo;
import org.jspecify.annotations.Nullable;

/**
 * The files of a listing that a product did not register yet, under any name. A file with the
 * content of a registered one is that file, renamed, moved, linked, or reached under another name,
 * or a copy of one whose rows were erased or replaced. It counts as another file while each
 * registered one is where it was, with all its rows, and is not a link to it. Immutable.
 */
final class NewFiles {
  private static final int SAMPLES = 5;

  private final OnboardedFiles onboarded;
  private final @Nullable LiveRegisteredFiles now;
  private final FileIO io;
  private final MeshAction action;
  private final Map<String, Map<String, String>> folders;
  private final List<FileInfo> files = new ArrayList<>();
  private final List<String> same = new ArrayList<>();
  private final List<String> equal = new ArrayList<>();
  private final Map<FileTailHash, Copies> copies = new HashMap<>();
  private final Set<String> aware = new HashSet<>();

  /** The files to register that have one content. */
  private record Copies(Set<Object> identities, Set<Map<String, String>> folders) {}

  /**
   * Compares the ends of files whose length a registered file has, or another one of the listing.
   *
   * @param now null for a product that does not exist
   */
  public NewFiles(
      FileIO io,
      ListedFiles listed,
      OnboardedFiles onboarded,
      @Nullable LiveRegisteredFiles now,
      MeshAction action) {
    this.io = io;
    this.onboarded = onboarded;
    this.now = now;
    this.action = action;
    this.folders = listed.folders();
    List<FileInfo> newFiles =
        listed.files().stream().filter(file -> !onboarded.contains(file.location())).toList();
    Map<Long, Integer> lengths = new HashMap<>();
    newFiles.forEach(file -> lengths.merge(file.size(), 1, Integer::sum));
    for (FileInfo file : newFiles) {
      boolean alone = lengths.getOrDefault(file.size(), 0) == 1 && !onboarded.mayHave(file.size());
      if (alone || isAnother(file)) {
        files.add(file);
        aware.add(OnboardedFiles.hash(file.location()));
      } else {
        same.add(file.location());
      }
    }
  }

  /** The files to register. */
  public List<FileInfo> files() {
    return List.copyOf(files);
  }

  /** True if the location with this hash was registered before, or is one of these files. */
  public boolean isAwareOf(String hash) {
    return onboarded.containsHash(hash) || aware.contains(hash);
  }

  private boolean isAnother(FileInfo file) {
    FileTailHash end = end(file);
    Object identity = MeshTables.identity(io, file.location());
    Map<String, String> folder = folders.getOrDefault(file.location(), Map.of());
    boolean registered = now != null && !onboarded.withContent(end).isEmpty();
    Optional<Set<Object>> inPlace =
        now == null || !registered ? Optional.of(Set.of()) : now.inPlace(end);
    if (inPlace.isEmpty() || inPlace.get().contains(identity)) {
      return false;
    }
    Copies others =
        copies.computeIfAbsent(end, absent -> new Copies(new HashSet<>(), new HashSet<>()));
    if (!others.identities().add(identity)) {
      return false;
    }
    boolean isFirst = others.folders().add(folder) && !(registered && folder.isEmpty());
    if (!isFirst && hasRows(file)) {
      equal.add(file.location());
    }
    return true;
  }

  /** Findings on files with the content of others. */
  public List<Finding> findings() {
    List<Finding> findings = new ArrayList<>();
    if (!same.isEmpty()) {
      findings.add(
          finding(
              same,
              "the content was registered under another name, and is not registered again, because"
                  + " its rows would be in the product twice, or erased and replaced ones would be"
                  + " back",
              "Give files that were renamed or moved the names that were registered. Publish those"
                  + " that are others, with equal rows, with files(..), which copies them."));
    }
    if (!equal.isEmpty()) {
      findings.add(
          finding(
              equal,
              "another file has the same content, and both are registered, so that the product has"
                  + " the rows twice",
              "Remove the copies before the files are registered, unless the rows are others."));
    }
    return findings;
  }

  private static Finding finding(List<String> locations, String what, String fix) {
    return new Finding(
        FindingCode.FILE_REGISTERED_BEFORE,
        Finding.Severity.WARNING,
        locations.get(0),
        (locations.size() == 1 ? "" : locations.size() + " files, such as ")
            + locations.get(0)
            + ": "
            + what
            + ".",
        locations.size(),
        locations.stream().limit(SAMPLES).toList(),
        fix);
  }

  private FileTailHash end(FileInfo file) {
    try {
      return FileTailHash.read(io, file);
    } catch (UncheckedIOException | NotFoundException e) {
      throw ExistingSource.notRead(file, action, e);
    }
  }

  private boolean hasRows(FileInfo file) {
    try (ParquetReader opened = ParquetReader.open(io.newInputFile(file.location()))) {
      return opened.rows() > 0;
    } catch (UnreadableFileException e) {
      return false; // the check of the footers refuses it
    } catch (UncheckedIOException | NotFoundException e) {
      throw ExistingSource.notRead(file, action, e);
    }
  }
}
