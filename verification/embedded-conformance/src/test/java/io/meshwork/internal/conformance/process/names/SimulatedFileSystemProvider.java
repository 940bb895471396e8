package io.meshwork.internal.conformance.process.names;

import java.io.IOException;
import java.net.URI;
import java.nio.channels.FileChannel;
import java.nio.channels.SeekableByteChannel;
import java.nio.file.AccessDeniedException;
import java.nio.file.AccessMode;
import java.nio.file.CopyOption;
import java.nio.file.DirectoryStream;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileStore;
import java.nio.file.FileSystem;
import java.nio.file.FileSystemAlreadyExistsException;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.FileAttributeView;
import java.nio.file.attribute.PosixFileAttributeView;
import java.nio.file.spi.FileSystemProvider;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The default file system of a JVM, if {@code java.nio.file.spi.DefaultFileSystemProvider} names
 * it. With {@code mesh.names=windows}, drives are folders of {@code mesh.names.base}, except that a
 * database is where SQLite opens it, and a path without a drive is what the JVM reads itself; a dot
 * at the end of a name is dropped, as Windows does, and there are no POSIX permissions. With {@code
 * mesh.names=folding}, paths are those of Linux, and names are found in any case.
 */
public final class SimulatedFileSystemProvider extends FileSystemProvider {
  private final FileSystemProvider linux;
  private final FileSystem real;
  private final SimulatedFileSystem system;
  private final Path base;

  /** Creates the provider; called by the JVM. */
  public SimulatedFileSystemProvider(FileSystemProvider linux) {
    boolean windows = "windows".equals(System.getProperty("mesh.names"));
    this.linux = linux;
    this.real = linux.getFileSystem(URI.create("file:///"));
    this.system = new SimulatedFileSystem(this, real, windows);
    this.base = real.getPath(System.getProperty("mesh.names.base", "/"));
  }

  private interface Call<T> {
    T on(Path path) throws IOException;
  }

  /** Calls Linux, and names the path in failures as the caller does. */
  private <T> T call(Path path, Call<T> call) throws IOException {
    try {
      return call.on(find(path));
    } catch (NoSuchFileException e) {
      throw (IOException) new NoSuchFileException(path.toString()).initCause(e);
    } catch (FileAlreadyExistsException e) {
      throw (IOException) new FileAlreadyExistsException(path.toString()).initCause(e);
    }
  }

  private Path find(Path path) {
    SimulatedPath named = (SimulatedPath) path;
    if (isOfJvm(named)) {
      return real.getPath("/" + String.join("/", named.names()));
    }
    SimulatedPath absolute = (SimulatedPath) path.toAbsolutePath().normalize();
    if (!system.isWindows()) {
      return find(real.getPath("/"), absolute.names());
    } else if (isDatabase(absolute)) {
      return real.getPath(System.getProperty("user.dir"), absolute.toString());
    }
    return find(
        base.resolve(absolute.root().substring(0, 1).toUpperCase(Locale.ROOT)), absolute.names());
  }

  /** True for what the JVM itself reads. */
  boolean isOfJvm(SimulatedPath path) {
    return system.isWindows() && path.root().equals("\\");
  }

  private static boolean isDatabase(Path path) {
    return path.toString().matches(".*\\.db(-wal|-shm|-journal)?");
  }

  private Path find(Path start, List<String> names) {
    Path at = start;
    for (String name : names) {
      String stored = system.isWindows() && name.endsWith(".") ? withoutDot(name) : name;
      at = exists(at.resolve(stored)) ? at.resolve(stored) : inAnyCase(at, stored);
    }
    return at;
  }

  private static String withoutDot(String name) {
    return name.replace(".", "").isEmpty() ? name : name.substring(0, name.length() - 1);
  }

  private boolean exists(Path path) {
    try {
      linux.readAttributes(path, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS);
      return true;
    } catch (IOException e) {
      return false;
    }
  }

  private boolean isFolder(Path path) {
    try {
      return linux.readAttributes(path, BasicFileAttributes.class).isDirectory();
    } catch (IOException e) {
      return false;
    }
  }

  private Path inAnyCase(Path folder, String name) {
    try (DirectoryStream<Path> entries = linux.newDirectoryStream(folder, entry -> true)) {
      for (Path entry : entries) {
        if (entry.getFileName().toString().equalsIgnoreCase(name)) {
          return entry;
        }
      }
    } catch (IOException e) {
      return folder.resolve(name); // the folder does not exist
    }
    return folder.resolve(name);
  }

  /** The path with the names as they are stored. */
  Path realPath(SimulatedPath path) throws IOException {
    checkAccess(path);
    if (!system.isWindows()) {
      return system.getPath(find(path).toRealPath().toString());
    } else if (isDatabase(path) || path.root().length() < 3) {
      return path;
    }
    Path drive = base.resolve(path.root().substring(0, 1).toUpperCase(Locale.ROOT));
    return system.getPath(path.root() + drive.relativize(find(path)));
  }

  private void requirePermitted(FileAttribute<?>... attributes) {
    for (FileAttribute<?> attribute : attributes) {
      if (system.isWindows() && attribute.name().startsWith("posix")) {
        throw new UnsupportedOperationException(attribute.name());
      }
    }
  }

  @Override
  public String getScheme() {
    return "file";
  }

  @Override
  public FileSystem newFileSystem(URI uri, Map<String, ?> environment) {
    throw new FileSystemAlreadyExistsException();
  }

  @Override
  public FileSystem getFileSystem(URI uri) {
    return system;
  }

  @Override
  public Path getPath(URI uri) {
    String path = uri.getPath();
    return system.getPath(system.isWindows() ? path.replaceFirst("^/([A-Za-z]:)", "$1") : path);
  }

  @Override
  public SeekableByteChannel newByteChannel(
      Path path, Set<? extends OpenOption> options, FileAttribute<?>... attributes)
      throws IOException {
    requirePermitted(attributes);
    return call(path, file -> linux.newByteChannel(file, options, attributes));
  }

  @Override
  public FileChannel newFileChannel(
      Path path, Set<? extends OpenOption> options, FileAttribute<?>... attributes)
      throws IOException {
    requirePermitted(attributes);
    return call(
        path,
        file -> {
          if (system.isWindows() && isFolder(file)) {
            throw new AccessDeniedException(path.toString());
          }
          return linux.newFileChannel(file, options, attributes);
        });
  }

  @Override
  public DirectoryStream<Path> newDirectoryStream(
      Path folder, DirectoryStream.Filter<? super Path> filter) throws IOException {
    List<Path> accepted = new ArrayList<>();
    try (DirectoryStream<Path> entries =
        call(folder, file -> linux.newDirectoryStream(file, entry -> true))) {
      for (Path entry : entries) {
        Path named = folder.resolve(entry.getFileName().toString());
        if (filter.accept(named)) {
          accepted.add(named);
        }
      }
    }
    return new DirectoryStream<>() {
      @Override
      public Iterator<Path> iterator() {
        return accepted.iterator();
      }

      @Override
      public void close() {}
    };
  }

  @Override
  public void createDirectory(Path folder, FileAttribute<?>... attributes) throws IOException {
    requirePermitted(attributes);
    call(
        folder,
        file -> {
          linux.createDirectory(file, attributes);
          return file;
        });
  }

  @Override
  public void createLink(Path link, Path existing) throws IOException {
    Path target = find(existing);
    call(
        link,
        file -> {
          linux.createLink(file, target);
          return file;
        });
  }

  @Override
  public void delete(Path path) throws IOException {
    call(
        path,
        file -> {
          linux.delete(file);
          return file;
        });
  }

  @Override
  public void copy(Path source, Path target, CopyOption... options) throws IOException {
    Path to = find(target);
    call(
        source,
        file -> {
          linux.copy(file, to, options);
          return file;
        });
  }

  @Override
  public void move(Path source, Path target, CopyOption... options) throws IOException {
    Path to = find(target);
    call(
        source,
        file -> {
          linux.move(file, to, options);
          return file;
        });
  }

  @Override
  public boolean isSameFile(Path one, Path other) throws IOException {
    return linux.isSameFile(find(one), find(other));
  }

  @Override
  public boolean isHidden(Path path) {
    return false;
  }

  /** With folding names, no mount has an entry, as for the root folder of a chroot. */
  @Override
  public FileStore getFileStore(Path path) throws IOException {
    if (!system.isWindows()) {
      throw new IOException("Mount point not found");
    }
    return call(path, linux::getFileStore);
  }

  @Override
  public void checkAccess(Path path, AccessMode... modes) throws IOException {
    call(
        path,
        file -> {
          linux.checkAccess(file, modes);
          return file;
        });
  }

  @Override
  public <V extends FileAttributeView> @Nullable V getFileAttributeView(
      Path path, Class<V> type, LinkOption... options) {
    return system.isWindows() && type == PosixFileAttributeView.class
        ? null
        : linux.getFileAttributeView(find(path), type, options);
  }

  @Override
  public <A extends BasicFileAttributes> A readAttributes(
      Path path, Class<A> type, LinkOption... options) throws IOException {
    return call(path, file -> linux.readAttributes(file, type, options));
  }

  @Override
  public Map<String, Object> readAttributes(Path path, String names, LinkOption... options)
      throws IOException {
    return call(path, file -> linux.readAttributes(file, names, options));
  }

  @Override
  public void setAttribute(Path path, String name, Object value, LinkOption... options)
      throws IOException {
    call(
        path,
        file -> {
          linux.setAttribute(file, name, value, options);
          return file;
        });
  }

  @Override
  public Path readSymbolicLink(Path path) throws IOException {
    return call(path, file -> system.getPath(linux.readSymbolicLink(file).toString()));
  }
}
