package io.meshwork.internal.table;

/** Files to which several locations may lead, by links. Thread-safe. */
public interface LinkedFiles {
  /**
   * The location of the file that a location leads to when all links are followed; nothing needs to
   * be there. A location that means no file is given back as it is.
   */
  String target(String location);
}
