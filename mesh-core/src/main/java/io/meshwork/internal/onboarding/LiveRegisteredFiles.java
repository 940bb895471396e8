package io.meshwork.internal.onboarding;

import io.meshwork.error.ErrorCode;
import io.meshwork.error.Failure;
import io.meshwork.error.InvalidRequestException;
import io.meshwork.error.MeshAction;
import io.meshwork.internal.files.LocalFileIO;
import io.meshwork.internal.table.FileTailHash;
import io.meshwork.internal.table.Manifests;
import io.meshwork.internal.table.MeshTables;
import io.meshwork.internal.table.PublishedFile;
import io.meshwork.internal.table.PublishedFile.ColumnNames;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.apache.iceberg.ManifestFile;
import org.apache.iceberg.Snapshot;
import org.apache.iceberg.Table;
import org.apache.iceberg.exceptions.NotFoundException;
import org.apache.iceberg.io.FileIO;
import org.jspecify.annotations.Nullable;

/** The registered files of which the newest snapshot of a table has all rows. Not thread-safe. */
public final class LiveRegisteredFiles {
  private final Table table;
  private final OnboardedFiles onboarded;
  private final FileIO io;
  private final Map<FileTailHash, Optional<Set<Object>>> inPlace = new HashMap<>();
  private @Nullable Map<String, String> locations;

  /**
   * Creates the registered files of a table, which are read when they are asked for.
   *
   * @param io finds the files
   */
  public LiveRegisteredFiles(Table table, OnboardedFiles onboarded, FileIO io) {
    this.table = table;
    this.onboarded = onboarded;
    this.io = io;
  }

  /**
   * The identities of the registered files with this content, if each is where it was registered,
   * with all its rows in the table, and no two are links of one file. Empty otherwise: one may have
   * been renamed, or its rows erased or replaced.
   */
  public Optional<Set<Object>> inPlace(FileTailHash end) {
    return inPlace.computeIfAbsent(end, this::find);
  }

  private Optional<Set<Object>> find(FileTailHash end) {
    Set<Object> identities = new HashSet<>();
    for (String hash : onboarded.withContent(end)) {
      String location = locations().get(hash);
      if (location == null
          || !exists(location, end.length())
          || !identities.add(MeshTables.identity(io, location))) {
        return Optional.empty();
      }
    }
    return Optional.of(identities);
  }

  private boolean exists(String location, long length) {
    try {
      return io.newInputFile(location).getLength() == length;
    } catch (NotFoundException e) {
      return false;
    } catch (InvalidRequestException e) {
      return false; // in a folder that this process does not read
    }
  }

  /** Where they are, by the hash of the location. */
  private Map<String, String> locations() {
    Map<String, String> cached = locations;
    if (cached == null) {
      cached = read();
      locations = cached;
    }
    return cached;
  }

  private Map<String, String> read() {
    Map<String, String> locationsById = new HashMap<>();
    Snapshot snapshot = table.currentSnapshot();
    ColumnNames names = ColumnNames.of(table);
    if (snapshot == null || names.names() == null) {
      return locationsById;
    }
    for (ManifestFile manifest : Manifests.ofData(table, snapshot)) {
      Manifests.forEach(
          table,
          snapshot,
          manifest,
          file -> {
            if (names.isOfOtherProgram(file.location())) {
              locationsById.put(OnboardedFiles.hash(file.location()), file.location());
            }
          });
    }
    return locationsById;
  }

  /**
   * Requires that this process can read the files: with later ones in a folder that it calls by
   * another name, no process could read all rows.
   *
   * @param later where the later files are
   */
  public void requireReadable(List<String> later, MeshAction action) {
    if (later.stream().noneMatch(LocalFileIO::isReadOnly)) {
      return;
    }
    Set<String> origins = new TreeSet<>(onboarded.origins());
    origins.addAll(PublishedFile.origins(table));
    for (String origin : origins) {
      if (LocalFileIO.isReadOnly(origin) && !isOpen(origin)) {
        throw Failure.of(action)
            .because(
                "its files were registered in "
                    + origin
                    + ", which this process does not read; if the later files were in the same"
                    + " folder under another name, no process could read all rows")
            .state("Nothing was registered.")
            .fix("Open the mesh with the data folder whose name " + origin + " starts with.")
            .invalidRequest(ErrorCode.CONFIG_INVALID);
      }
    }
  }

  private boolean isOpen(String origin) {
    try {
      io.newInputFile(origin + "/_");
      return true;
    } catch (InvalidRequestException e) {
      return false;
    }
  }
}
