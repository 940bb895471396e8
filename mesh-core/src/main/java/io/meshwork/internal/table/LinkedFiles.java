package io.meshwork.internal.table;

/** Files that several locations may lead to through symbolic links. Thread-safe. */
public interface LinkedFiles {
  /**
   * The location with all links resolved. The file need not exist. A location that is not that of a
   * file is returned unchanged.
   */
  String target(String location);
}
