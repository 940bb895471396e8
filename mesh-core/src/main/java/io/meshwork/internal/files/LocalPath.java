package io.meshwork.internal.files;

import io.meshwork.error.ErrorCode;
import io.meshwork.error.Failure;
import io.meshwork.error.InvalidRequestException;
import io.meshwork.error.MeshAction;
import io.meshwork.error.MeshAction.Verb;
import java.io.IOException;
import java.io.Serializable;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Converts locations to paths and back: anywhere on the disk, or below one folder and in folders
 * that may only be read. Immutable.
 */
final class LocalPath implements Serializable {
  private static final long serialVersionUID = 1L;
  private static final String SCHEME = "file:";

  /** As text, because paths are not serializable. */
  private final @Nullable String folder;

  /** The real paths of folders that may only be read, by name; engines can serialize the class. */
  private final TreeMap<String, String> readable;

  private LocalPath(@Nullable String folder, Map<String, String> readable) {
    this.folder = folder;
    this.readable = new TreeMap<>(readable);
  }

  static LocalPath anywhere() {
    return new LocalPath(null, Map.of());
  }

  static LocalPath below(Path folder) {
    return new LocalPath(text(folder), Map.of());
  }

  /**
   * Adds a folder that may only be read.
   *
   * @param added without links
   */
  LocalPath reading(String name, Path added) {
    Map<String, String> all = new TreeMap<>(readable);
    all.put(name, text(added));
    return new LocalPath(folder, all);
  }

  /** True if a folder is in one that may only be read, or around it. */
  boolean overlapsReadable(Path added) {
    return readable.values().stream()
        .map(Path::of)
        .anyMatch(folder -> folder.startsWith(added) || added.startsWith(folder));
  }

  private static String text(Path path) {
    return path.toAbsolutePath().normalize().toString();
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

  /**
   * Returns the path of a location to read: one that {@link #of} returns, or one in a folder that
   * may only be read.
   *
   * @throws InvalidRequestException also if no such folder has the name in the location, or the
   *     location is in another store
   */
  Path ofReadable(String location) {
    if (LocalFileIO.isReadOnly(location)) {
      return inReadable(location.substring(LocalFileIO.READ_ONLY_ROOT.length()));
    }
    if (location.contains("://") && !location.startsWith(SCHEME)) {
      throw Failure.of(MeshAction.of(Verb.READ, "a file of another program"))
          .because("it was registered in another store, and this mesh reads local files only")
          .state("The file was not accessed.")
          .fix("Use the mesh of which this is a copy, or move the copy to that store.")
          .invalidRequest(ErrorCode.CONFIG_INVALID);
    }
    if (folder != null && !location.startsWith(LocalFileIO.ROOT)) {
      Path path = anywhere(location).normalize();
      if (!path.startsWith(Path.of(folder))) {
        Path start = granted(path);
        if (start != null) {
          return start;
        }
      }
    }
    return of(location);
  }

  private Path inReadable(String named) {
    String[] parts = named.split("/", 2);
    String root = readable.get(parts[0]);
    if (root == null) {
      throw Failure.of(MeshAction.of(Verb.READ, "files in the data folder '" + parts[0] + "'"))
          .because(
              "this process opened the mesh without the data folder '"
                  + parts[0]
                  + (readable.isEmpty() ? "'" : "', and with " + readable.keySet()))
          .fix("Open the mesh with the data folder '" + parts[0] + "'.")
          .invalidRequest(ErrorCode.CONFIG_INVALID);
    }
    Path start = Path.of(root);
    Path path = parts.length == 1 ? start : PathText.below(start, parts[1]);
    if (!path.normalize().equals(path) || !path.startsWith(start)) {
      throw outside();
    }
    requireInside(path, start, parts[0]);
    return path;
  }

  /** The path in a read-only folder, which may be named through a link; null if it is in none. */
  private @Nullable Path granted(Path path) {
    String name = readableName(path);
    Path inside = path;
    if (name == null) {
      inside = MeshTree.real(path);
      name = readableName(inside);
    }
    if (name == null) {
      return null;
    }
    requireInside(inside, Path.of(readable.get(name)), name);
    return inside;
  }

  /** Links in a read-only folder must not lead out of it. */
  private static void requireInside(Path path, Path start, String name) {
    Path real = MeshTree.real(path);
    if (!real.startsWith(start)) {
      throw Failure.of(MeshAction.of(Verb.READ, "'" + path + "'"))
          .because(
              "a link leads from it to '" + real + "', outside the read-only root '" + name + "'")
          .state("The location was not accessed, and nothing was changed.")
          .fix("Move the files into the folder of the root, or open the mesh with a root for them.")
          .invalidRequest(ErrorCode.UNSAFE_PATH);
    }
  }

  /** The name of the innermost read-only folder with a path; null if there is none. */
  private @Nullable String readableName(Path path) {
    String nearest = null;
    int length = -1;
    for (Map.Entry<String, String> each : readable.entrySet()) {
      if (path.startsWith(Path.of(each.getValue())) && each.getValue().length() > length) {
        nearest = each.getKey();
        length = each.getValue().length();
      }
    }
    return nearest;
  }

  /** Returns the canonical location of a path that {@link #of} returned, or of one below it. */
  String locationOf(Path path) {
    if (folder == null) {
      return path.toString();
    }
    String name = path.startsWith(Path.of(folder)) ? null : readableName(path);
    String start = name == null ? LocalFileIO.ROOT : LocalFileIO.READ_ONLY_ROOT + name;
    StringBuilder location = new StringBuilder(start);
    for (Path step : Path.of(name == null ? folder : readable.get(name)).relativize(path)) {
      if (!step.toString().isEmpty()) {
        location.append('/').append(step);
      }
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
              ? PathText.below(root, "./" + location.substring(LocalFileIO.ROOT.length() + 1))
              : anywhere(location);
      Path real = MeshTree.real(path.normalize());
      Path realRoot = MeshTree.real(root);
      return real.startsWith(realRoot) && !real.equals(realRoot)
          ? locationOf(root.resolve(realRoot.relativize(real)))
          : real.toString();
    } catch (InvalidRequestException e) {
      return location;
    }
  }

  /** The real folder of a file below the root, if a link below the root leads there. */
  Optional<Path> folderBehindLinks(String location) {
    Path root = root();
    Path parent = root == null ? null : below(root.toString(), location).getParent();
    if (root == null || parent == null || !parent.startsWith(root)) {
      return Optional.empty();
    }
    for (Path folder = parent;
        folder != null && !folder.equals(root);
        folder = folder.getParent()) {
      if (isLink(folder)) {
        return Optional.of(MeshTree.real(parent));
      }
    }
    return Optional.empty();
  }

  /** True also for a junction of Windows. */
  private static boolean isLink(Path path) {
    try {
      BasicFileAttributes attributes =
          Files.readAttributes(path, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS);
      return attributes.isSymbolicLink() || attributes.isOther();
    } catch (IOException e) {
      return false; // it does not exist yet
    }
  }

  private static Path below(String folder, String location) {
    Path root = Path.of(folder);
    Path path =
        location.startsWith(LocalFileIO.ROOT + "/")
            ? PathText.below(root, location.substring(LocalFileIO.ROOT.length() + 1))
            : anywhere(location);
    if (path.normalize().equals(path) && path.startsWith(root) && !path.equals(root)) {
      return path;
    }
    throw outside();
  }

  private static InvalidRequestException outside() {
    return Failure.of(MeshAction.of(Verb.USE, "a location as a file of the mesh"))
        .because("it is outside the mesh's folder")
        .state("The location was not accessed, and nothing was changed.")
        .fix(
            "To onboard files, open the mesh with the data folder that contains them."
                + " Otherwise, run doctor() to find the table that refers to the location.")
        .invalidRequest(ErrorCode.UNSAFE_PATH);
  }

  private static Path anywhere(String location) {
    Path path = PathText.of(location);
    if (!path.isAbsolute() || path.getNameCount() == 0) {
      throw Failure.of(MeshAction.of(Verb.USE, "the location '" + location + "' as a local file"))
          .because("it is not an absolute path of a file")
          .fix("Use a path such as /data/mesh/file.")
          .invalidRequest(ErrorCode.INVALID_ARGUMENT);
    }
    return path;
  }
}
