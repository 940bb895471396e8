package io.meshwork.internal.files;

import io.meshwork.error.ErrorCode;
import io.meshwork.error.Failure;
import io.meshwork.error.InvalidRequestException;
import io.meshwork.error.MeshAction;
import io.meshwork.error.MeshAction.Verb;
import java.io.Serializable;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/** Converts locations to paths and back: anywhere on the disk, or below one folder. Immutable. */
final class LocalPath implements Serializable {
  private static final long serialVersionUID = 1L;
  private static final String SCHEME = "file:";

  /** As text, because paths are not serializable. */
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
   * Returns the path of a location.
   *
   * @throws InvalidRequestException if it is not absolute, has another scheme than file, or is
   *     outside the folder
   */
  Path of(String location) {
    return folder == null ? anywhere(location) : below(folder, location);
  }

  /** Returns the canonical location of a path that {@link #of} returned, or of one below it. */
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

  /** Returns the folder that contains all files; null if there is no such folder. */
  @Nullable Path root() {
    return folder == null ? null : Path.of(folder);
  }

  /** Returns the location with all links resolved; unchanged if it is not a file location. */
  String target(String location) {
    try {
      if (folder == null) {
        return MeshTree.real(anywhere(location)).toString();
      }
      Path root = Path.of(folder);
      Path path =
          location.startsWith(LocalFileIO.ROOT + "/")
              ? root.resolve("./" + location.substring(LocalFileIO.ROOT.length() + 1))
              : anywhere(location);
      Path real = MeshTree.real(path.normalize());
      Path realRoot = MeshTree.real(root);
      return real.startsWith(realRoot) && !real.equals(realRoot)
          ? locationOf(root.resolve(realRoot.relativize(real)))
          : real.toString();
    } catch (InvalidPathException | InvalidRequestException e) {
      return location;
    }
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
    throw Failure.of(MeshAction.of(Verb.USE, "a location as a file of the mesh"))
        .because("it is outside the mesh's folder")
        .state("The location was not accessed, and nothing was changed.")
        .fix("Run doctor() to find the table that refers to it.")
        .invalidRequest(ErrorCode.UNSAFE_PATH);
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
      throw Failure.of(MeshAction.of(Verb.USE, "the location '" + location + "' as a local file"))
          .because("it is not an absolute path of a file")
          .fix("Use a path such as /data/mesh/file.")
          .invalidRequest(ErrorCode.INVALID_ARGUMENT);
    }
    return path;
  }
}
