package io.meshwork.internal.files;

import io.meshwork.internal.runtime.ParallelTasks;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Collection;
import java.util.Collections;
import java.util.EnumSet;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;

/** The calls of the operating system. */
enum SystemCalls implements DiskCalls {
  INSTANCE;

  private static final int MOST_SYNCS_AT_ONCE = 4;

  private static final Set<StandardOpenOption> NEW =
      EnumSet.of(StandardOpenOption.WRITE, StandardOpenOption.CREATE_NEW);

  @Override
  public void createFolder(Path folder) throws IOException {
    Files.createDirectory(folder, permissions(folder, "rwx------"));
  }

  @Override
  public FileChannel createFile(Path file) throws IOException {
    return FileChannel.open(file, NEW, permissions(file, "rw-------"));
  }

  @Override
  public void syncFile(Path file, FileChannel channel) throws IOException {
    channel.force(true);
  }

  /** A file system writes what several threads sync together, often in the time of one sync. */
  @Override
  public void syncFiles(Collection<Path> files) throws IOException {
    Queue<Path> remaining = new ConcurrentLinkedQueue<>(files);
    Runnable syncs =
        () -> {
          for (Path file; (file = remaining.poll()) != null; ) {
            try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
              channel.force(true);
            } catch (IOException e) {
              throw new UncheckedIOException(e);
            }
          }
        };
    try {
      ParallelTasks.run(
          SystemCalls::startThread,
          Collections.nCopies(Math.min(files.size(), MOST_SYNCS_AT_ONCE), syncs));
    } catch (UncheckedIOException e) {
      throw e.getCause();
    }
  }

  private static void startThread(Runnable task) {
    Thread thread = new Thread(task, "mesh-sync");
    thread.setDaemon(true);
    thread.start();
  }

  @Override
  public void link(Path name, Path file) throws IOException {
    Files.createLink(name, file);
  }

  @Override
  public void move(Path from, Path to) throws IOException {
    Files.move(from, to, StandardCopyOption.ATOMIC_MOVE);
  }

  @Override
  public void delete(Path path) throws IOException {
    Files.deleteIfExists(path);
  }

  @Override
  public void syncFolder(Path folder) throws IOException {
    if (!isPosix(folder)) {
      return;
    }
    try (FileChannel channel = FileChannel.open(folder, StandardOpenOption.READ)) {
      channel.force(true);
    }
  }

  private static FileAttribute<?>[] permissions(Path path, String rights) {
    return isPosix(path)
        ? new FileAttribute<?>[] {
          PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString(rights))
        }
        : new FileAttribute<?>[0];
  }

  private static boolean isPosix(Path path) {
    return path.getFileSystem().supportedFileAttributeViews().contains("posix");
  }
}
