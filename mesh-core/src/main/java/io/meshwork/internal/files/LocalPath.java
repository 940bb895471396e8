package io.meshwork.internal.files;

import io.meshwork.error.ErrorCode;
import io.meshwork.error.InvalidRequestException;
import java.nio.file.Path;

/** Turns locations into paths. */
final class LocalPath {
  private static final String SCHEME = "file:";

  private LocalPath() {}

  /**
   * The path of a location.
   *
   * @throws InvalidRequestException if it is not absolute, or of another scheme than file
   */
  static Path of(String location) {
    String text = location;
    if (text.startsWith(SCHEME)) {
      text = text.substring(SCHEME.length());
      if (text.startsWith("//")) {
        text = text.substring(2);
      }
    }
    Path path = Path.of(text);
    if (!path.isAbsolute() || path.getNameCount() == 0) {
      throw new InvalidRequestException(
          ErrorCode.INVALID_ARGUMENT,
          "Cannot use the location '"
              + location
              + "' as a local file: it is no absolute path below the root. Give one such as"
              + " /data/mesh/file.");
    }
    return path;
  }
}
