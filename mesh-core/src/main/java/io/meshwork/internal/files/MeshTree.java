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
import java.util.EnumSet;

/**
 * The files of a mesh's folder as the mesh sees them: folders that are links to another place, such
 * as another disk, are a part of it. A link to what lies in the folder anyway is not followed, so
 * that each file is seen once.
 */
public final class MeshTree {
  /** Takes the files, with the attributes of what a link leads to. */
  @FunctionalInterface
  public interface FileSink {
    /** Takes one. */
    void take(Path file, BasicFileAttributes attributes) throws IOException;
  }

  private MeshTree() {}

  /**
   * Visits all files below a folder; what goes meanwhile is left out, as are links that lead
   * nowhere.
   *
   * @param root the mesh's folder
   * @param start the root or what lies below it, which is followed if it is a link
   * @throws NoSuchFileException if the start is a link that leads nowhere
   * @throws IOException if a folder cannot be read
   */
  public static void visit(Path root, Path start, FileSink files) throws IOException {
    if (Files.notExists(start)) {
      if (Files.isSymbolicLink(start)) {
        throw new NoSuchFileException(start.toString(), null, "it is a link that leads nowhere");
      }
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
            boolean seenElsewhere =
                !folder.equals(start)
                    && Files.isSymbolicLink(folder)
                    && folder.toRealPath().startsWith(realRoot);
            return seenElsewhere ? FileVisitResult.SKIP_SUBTREE : FileVisitResult.CONTINUE;
          }

          @Override
          public FileVisitResult visitFile(Path file, BasicFileAttributes attributes)
              throws IOException {
            if (attributes.isRegularFile()) {
              files.take(file, attributes);
            }
            return FileVisitResult.CONTINUE;
          }

          @Override
          public FileVisitResult visitFileFailed(Path file, IOException failure)
              throws IOException {
            if (failure instanceof NoSuchFileException
                || failure instanceof FileSystemLoopException) {
              return FileVisitResult.CONTINUE;
            }
            throw failure;
          }
        });
  }

  /** What is there with its links followed, and below that what is not there. */
  public static Path real(Path path) {
    Path there = path;
    while (there != null) {
      try {
        return there.toRealPath().resolve(there.relativize(path)).normalize();
      } catch (IOException e) {
        there = there.getParent();
      }
    }
    return path;
  }
}
