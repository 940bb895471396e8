package io.meshwork.internal.replacement;

import java.util.List;
import java.util.Set;

/**
 * Where the rows that an erase removes from {@code main} are stored: in files of all retained
 * snapshots, including branches and tags, which an erase does not change.
 *
 * @param files locations of the files that contain them
 * @param refs branches and tags other than {@code main} that reference such a file
 */
public record ErasedRowLocations(Set<String> files, List<String> refs) {
  /** No row is erased. */
  public static final ErasedRowLocations NONE = new ErasedRowLocations(Set.of(), List.of());
}
