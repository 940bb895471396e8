package io.meshwork.internal.files;

import java.io.IOException;
import java.nio.file.FileSystemLoopException;
import java.nio.file.FileVisitOption;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;

/**
 * The files of a mesh's folder. Links to folders elsewhere, such as on another disk, are followed.
 * A link to a folder inside the mesh's folder is not, so that each file is visited once.
 */
public final class MeshTree {
  /** Receives the visited files, with the attributes of link targets. */
  @FunctionalInterface
  public interface FileConsumer {
    void accept(Path file, BasicFileAttributes attributes) throws IOException;
  }

  /** The most broken links that lead to each other, as links in a circle do. */
  private static final int MAX_LINKS = 20;

  private MeshTree() {}

  /**
   * Visits all files below a folder, except files that are deleted meanwhile; a broken link has its
   * own attributes.
   *
   * @param root the mesh's folder
   * @param start the root or a path below it, which is followed if it is a link
   * @throws NoSuchFileException if the start is a broken link, or below one
   * @throws IOException if a folder cannot be read
   */
  public static void visit(Path root, Path start, FileConsumer consumer) throws IOException {
    if (Files.notExists(start)) {
      requireNoBrokenLink(root, start);
      return;
    }
    Path realRoot = root.toRealPath();
    Files.walkFileTree(
        start,
        EnumSet.of(FileVisitOption.FOLLOW_LINKS),
        Integer.MAX_VALUE,
        new SimpleFileVisitor<>() {
          @Override
          public FileVisitResult preVisitDirectory(Path folder, BasicFileAttributes attributes)
              throws IOException {
            boolean visitedElsewhere =
                !folder.equals(start)
                    && Files.isSymbolicLink(folder)
                    && folder.toRealPath().startsWith(realRoot);
            return visitedElsewhere ? FileVisitResult.SKIP_SUBTREE : FileVisitResult.CONTINUE;
          }

          @Override
          public FileVisitResult visitFile(Path file, BasicFileAttributes attributes)
              throws IOException {
            if (attributes.isRegularFile() || attributes.isSymbolicLink()) {
              consumer.accept(file, attributes);
            }
            return FileVisitResult.CONTINUE;
          }

          @Override
          public FileVisitResult visitFileFailed(Path file, IOException failure)
              throws IOException {
            return ignoreMissing(failure);
          }
        });
  }

  private static FileVisitResult ignoreMissing(IOException failure) throws IOException {
    if (failure instanceof NoSuchFileException || failure instanceof FileSystemLoopException) {
      return FileVisitResult.CONTINUE;
    }
    throw failure;
  }

  /** Returns the real paths of the folders elsewhere to which links in a mesh's folder lead. */
  static List<Path> linkedFolders(Path root) throws IOException {
    List<Path> linked = new ArrayList<>();
    if (Files.notExists(root)) {
      return linked;
    }
    Path realRoot = root.toRealPath();
    Files.walkFileTree(
        root,
        EnumSet.of(FileVisitOption.FOLLOW_LINKS),
        Integer.MAX_VALUE,
        new SimpleFileVisitor<>() {
          @Override
          public FileVisitResult preVisitDirectory(Path folder, BasicFileAttributes attributes)
              throws IOException {
            if (folder.equals(root) || !Files.isSymbolicLink(folder)) {
              return FileVisitResult.CONTINUE;
            }
            Path real = folder.toRealPath();
            if (real.startsWith(realRoot)) {
              return FileVisitResult.SKIP_SUBTREE;
            }
            linked.add(real);
            return FileVisitResult.CONTINUE;
          }

          @Override
          public FileVisitResult visitFileFailed(Path file, IOException failure)
              throws IOException {
            return ignoreMissing(failure);
          }
        });
    return linked;
  }

  /** Behind a broken link, such as to a disk that is not mounted, files are not just missing. */
  private static void requireNoBrokenLink(Path root, Path start) throws NoSuchFileException {
    for (Path path = start;
        path != null && path.startsWith(root) && !path.equals(root);
        path = path.getParent()) {
      if (Files.isSymbolicLink(path) && Files.notExists(path)) {
        throw new NoSuchFileException(path.toString(), null, "it is a broken link");
      }
    }
  }

  /** Returns a path with its links resolved, also links that lead nowhere now. */
  public static Path real(Path path) {
    return real(path, MAX_LINKS);
  }

  private static Path real(Path path, int links) {
    Path existing = path;
    while (existing != null) {
      try {
        if (links > 0 && Files.isSymbolicLink(existing) && Files.notExists(existing)) {
          Path target = existing.resolveSibling(Files.readSymbolicLink(existing));
          return real(target.resolve(existing.relativize(path)).normalize(), links - 1);
        }
        return existing.toRealPath().resolve(existing.relativize(path)).normalize();
      } catch (IOException e) {
        existing = existing.getParent();
      }
    }
    return path;
  }
}
