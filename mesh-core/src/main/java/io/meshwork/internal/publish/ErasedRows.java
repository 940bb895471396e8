package io.meshwork.internal.publish;

import java.util.List;
import java.util.Set;

/**
 * Where rows lie that an erase takes from main: in files of any snapshot that is still there, and
 * so on branches and tags, which an erase does not change.
 *
 * @param files locations of the files that hold them
 * @param refs branches and tags beside main that name such a file
 */
record ErasedRows(Set<String> files, List<String> refs) {
  /** Nothing is erased. */
  static final ErasedRows NONE = new ErasedRows(Set.of(), List.of());
}
