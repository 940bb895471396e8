package io.meshwork.cli.internal.file;

import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.FileSystemLoopException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.UUID;
import java.util.regex.Pattern;

/**
 * Writes to a path that the caller names. A file is replaced as a whole, or is as it was before.
 * Links are followed and stay. A pipe, a device, or an open descriptor such as {@code /dev/stdout}
 * is written to. Stateless.
 */
public final class TargetFile {
  private static final int MAX_LINKS = 40;
  private static final Pattern DESCRIPTORS = Pattern.compile("/proc/\\d+/fd");

  private TargetFile() {}

  /** Writes the content. */
  public interface Content {
    /** Writes all of it; the caller closes the stream. */
    void writeTo(OutputStream out) throws IOException;
  }

  /**
   * Writes the content to what is at a path.
   *
   * @throws IOException if it cannot be written completely
   */
  public static void write(Path path, Content content) throws IOException {
    Path target = withoutLinks(path);
    if (!isDescriptor(target) && (!Files.exists(target) || Files.isRegularFile(target))) {
      replace(target, content);
      return;
    }
    try (OutputStream out = open(target)) {
      content.writeTo(out);
    }
  }

  /** Returns what is true of a file if its writing is stopped. */
  public static String whenStopped(Object file) {
    return file + " is complete, or as it was before; a pipe may have a part.";
  }

  private static void replace(Path file, Content content) throws IOException {
    // The name is hidden, so that no collector of files reads an unfinished one.
    Path part = file.resolveSibling("." + file.getFileName() + "." + UUID.randomUUID() + ".part");
    part.toFile().deleteOnExit();
    try {
      try (OutputStream out = Files.newOutputStream(part, StandardOpenOption.CREATE_NEW)) {
        content.writeTo(out);
      }
      Files.move(part, file, StandardCopyOption.REPLACE_EXISTING, StandardCopyOption.ATOMIC_MOVE);
    } finally {
      Files.deleteIfExists(part);
    }
  }

  /** Returns the path at the end of links. A descriptor is one, although Linux shows it as link. */
  private static Path withoutLinks(Path path) throws IOException {
    Path target = inRealFolder(path.toAbsolutePath());
    for (int links = 0; Files.isSymbolicLink(target) && !isDescriptor(target); links++) {
      if (links == MAX_LINKS) {
        throw new FileSystemLoopException(path.toString());
      }
      target = inRealFolder(target.resolveSibling(Files.readSymbolicLink(target)));
    }
    return target;
  }

  private static Path inRealFolder(Path path) throws IOException {
    Path folder = path.getParent();
    return folder == null ? path : folder.toRealPath().resolve(path.getFileName());
  }

  private static boolean isDescriptor(Path path) {
    return DESCRIPTORS.matcher(String.valueOf(path.getParent())).matches();
  }

  private static OutputStream open(Path target) throws IOException {
    String own = "/proc/" + ProcessHandle.current().pid() + "/fd/";
    if (target.toString().equals(own + "1")) {
      return leftOpen(FileDescriptor.out);
    } else if (target.toString().equals(own + "2")) {
      return leftOpen(FileDescriptor.err);
    }
    // A file that others wrote to through the same descriptor retains what they wrote.
    return isDescriptor(target)
        ? Files.newOutputStream(target, StandardOpenOption.WRITE, StandardOpenOption.APPEND)
        : Files.newOutputStream(target, StandardOpenOption.WRITE);
  }

  /** Returns a stream that goes on where the process wrote last, and does not close its output. */
  private static OutputStream leftOpen(FileDescriptor descriptor) {
    return new FilterOutputStream(new FileOutputStream(descriptor)) {
      @Override
      public void write(byte[] bytes, int offset, int length) throws IOException {
        out.write(bytes, offset, length);
      }

      @Override
      public void close() throws IOException {
        flush();
      }
    };
  }
}
