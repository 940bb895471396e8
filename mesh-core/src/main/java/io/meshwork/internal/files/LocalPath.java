package io.meshwork.internal.files;

import io.meshwork.error.ErrorCode;
import io.meshwork.error.InvalidRequestException;
import java.io.Serializable;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/** Turns locations into paths and back: anywhere on the disk, or below one folder. Immutable. */
final class LocalPath implements Serializable {
  private static final long serialVersionUID = 1L;
  private static final String SCHEME = "file:";

  /** As text, since paths are not serializable. */
  private final @Nullable String folder;

  private LocalPath(@Nullable String folder) {
    this.folder = folder;
  }

  static LocalPath anywhere() {
    return new LocalPath(null);
  }

  static LocalPath below(Path folder) {
    return new LocalPath(folder.toAbsolutePath().normalize().toString());
  }

  /**
   * The path of a location.
   *
   * @throws InvalidRequestException if it is not absolute, or of another scheme than file; below a
   *     folder, if it leads out of the folder
   */
  Path of(String location) {
    return folder == null ? anywhere(location) : below(folder, location);
  }

  /** The location of a path that {@link #of} gave, or of one below that, in one spelling. */
  String locationOf(Path path) {
    if (folder == null) {
      return path.toString();
    }
    StringBuilder location = new StringBuilder(LocalFileIO.ROOT);
    for (Path step : Path.of(folder).relativize(path)) {
      location.append('/').append(step);
    }
    return location.toString();
  }

  private static Path below(String folder, String location) {
    Path root = Path.of(folder);
    Path path =
        location.startsWith(LocalFileIO.ROOT + "/")
            ? root.resolve(location.substring(LocalFileIO.ROOT.length() + 1))
            : anywhere(location);
    if (path.normalize().equals(path) && path.startsWith(root) && !path.equals(root)) {
      return path;
    }
    throw new InvalidRequestException(
        ErrorCode.UNSAFE_PATH,
        "Cannot use a location as a file of the mesh: it leads out of the mesh's folder. It was not"
            + " followed, and nothing was changed. doctor() says which table names it.");
  }

  private static Path anywhere(String location) {
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
