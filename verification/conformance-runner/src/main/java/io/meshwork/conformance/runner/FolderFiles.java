package io.meshwork.conformance.runner;

import java.io.IOException;
import java.nio.file.FileSystemLoopException;
import java.nio.file.FileVisitOption;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The files of a folder and its subfolders; links are followed. */
final class FolderFiles {
  private final Path folder;

  FolderFiles(Path folder) {
    this.folder = folder;
  }

  /**
   * Returns the paths in the folder of the files whose names end so, in order.
   *
   * @throws CannotRunException if there are none, or if a subfolder cannot be read
   */
  List<String> endingWith(String... ends) {
    List<String> files = new ArrayList<>();
    try {
      Files.walkFileTree(
          folder,
          EnumSet.of(FileVisitOption.FOLLOW_LINKS),
          Integer.MAX_VALUE,
          new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) {
              String name = name(file);
              if (attributes.isRegularFile() && Arrays.stream(ends).anyMatch(name::endsWith)) {
                files.add(name);
              }
              return FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult visitFileFailed(Path file, IOException failure) {
              // The files of a folder above are listed without the link.
              if (failure instanceof FileSystemLoopException) {
                return FileVisitResult.CONTINUE;
              }
              throw cannotRead(file, failure);
            }

            @Override
            public FileVisitResult postVisitDirectory(Path visited, @Nullable IOException failure) {
              if (failure != null) {
                throw cannotRead(visited, failure);
              }
              return FileVisitResult.CONTINUE;
            }
          });
    } catch (IOException e) {
      throw cannotRead(folder, e);
    }
    if (files.isEmpty()) {
      throw new CannotRunException(
          "The folder " + folder + " holds no " + String.join(" and no ", ends) + " file.");
    }
    files.sort(null);
    return files;
  }

  private String name(Path file) {
    return folder.relativize(file).toString().replace(file.getFileSystem().getSeparator(), "/");
  }

  private static CannotRunException cannotRead(Path place, IOException failure) {
    return new CannotRunException("Cannot read " + place + ": " + failure + ".");
  }
}
