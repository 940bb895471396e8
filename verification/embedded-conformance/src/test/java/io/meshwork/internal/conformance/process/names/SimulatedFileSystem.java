package io.meshwork.internal.conformance.process.names;

import java.nio.file.FileStore;
import java.nio.file.FileSystem;
import java.nio.file.Path;
import java.nio.file.PathMatcher;
import java.nio.file.WatchService;
import java.nio.file.attribute.UserPrincipalLookupService;
import java.util.List;
import java.util.Set;

/** The file system of {@link SimulatedFileSystemProvider}. */
final class SimulatedFileSystem extends FileSystem {
  private final SimulatedFileSystemProvider provider;
  private final FileSystem linux;
  private final boolean windows;

  SimulatedFileSystem(SimulatedFileSystemProvider provider, FileSystem linux, boolean windows) {
    this.provider = provider;
    this.linux = linux;
    this.windows = windows;
  }

  boolean isWindows() {
    return windows;
  }

  Path workingFolder() {
    return getPath(windows ? "C:\\work" : System.getProperty("user.dir"));
  }

  @Override
  public SimulatedFileSystemProvider provider() {
    return provider;
  }

  @Override
  public void close() {
    throw new UnsupportedOperationException();
  }

  @Override
  public boolean isOpen() {
    return true;
  }

  @Override
  public boolean isReadOnly() {
    return false;
  }

  @Override
  public String getSeparator() {
    return windows ? "\\" : "/";
  }

  @Override
  public Iterable<Path> getRootDirectories() {
    return List.of(getPath(windows ? "C:\\" : "/"));
  }

  @Override
  public Iterable<FileStore> getFileStores() {
    return linux.getFileStores();
  }

  @Override
  public Set<String> supportedFileAttributeViews() {
    return windows
        ? Set.of("basic", "owner", "dos", "acl")
        : Set.of("basic", "owner", "posix", "unix");
  }

  @Override
  public Path getPath(String first, String... more) {
    StringBuilder text = new StringBuilder(first);
    for (String next : more) {
      if (!next.isEmpty()) {
        text.append(text.isEmpty() ? "" : getSeparator()).append(next);
      }
    }
    return SimulatedPath.of(this, text.toString());
  }

  @Override
  public PathMatcher getPathMatcher(String pattern) {
    PathMatcher matcher = linux.getPathMatcher(pattern);
    return path -> matcher.matches(linux.getPath(path.toString().replace('\\', '/')));
  }

  @Override
  public UserPrincipalLookupService getUserPrincipalLookupService() {
    return linux.getUserPrincipalLookupService();
  }

  @Override
  public WatchService newWatchService() {
    throw new UnsupportedOperationException();
  }
}
