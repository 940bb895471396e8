package io.meshwork.internal.table;

import java.io.Serializable;
import java.io.UncheckedIOException;
import java.util.Optional;
import org.apache.iceberg.io.FileIO;

/**
 * The marker of a place of data, by which a process on another host knows that it sees the same
 * place. Immutable.
 *
 * @param location the location of the marker
 * @param text its text
 */
public record MarkerFile(String location, String text) implements Serializable {
  static Optional<MarkerFile> find(FileIO files, String location) {
    return PlaceMarker.text(files, location).map(text -> new MarkerFile(location, text));
  }

  /** Returns true if these files have the same marker. */
  public boolean isIn(FileIO files) {
    try {
      return find(files, location).filter(this::equals).isPresent();
    } catch (UncheckedIOException e) {
      return false;
    }
  }
}
