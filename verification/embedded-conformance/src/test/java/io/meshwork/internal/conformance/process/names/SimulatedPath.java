package io.meshwork.internal.conformance.process.names;

import java.io.IOException;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.InvalidPathException;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.ProviderMismatchException;
import java.nio.file.WatchEvent;
import java.nio.file.WatchKey;
import java.nio.file.WatchService;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** A path with the syntax of Windows (drives, two separators, forbidden characters) or macOS. */
final class SimulatedPath implements Path {
  private static final String FORBIDDEN = "<>:\"|?*";

  private final SimulatedFileSystem system;
  private final String root;
  private final List<String> names;
  private final String text;

  private SimulatedPath(SimulatedFileSystem system, String root, List<String> names) {
    this.system = system;
    this.root = root;
    this.names = List.copyOf(names);
    this.text = root + String.join(system.getSeparator(), names);
  }

  static SimulatedPath of(SimulatedFileSystem system, String text) {
    String root = "";
    if (system.isWindows() && text.matches("[A-Za-z]:.*")) {
      root = text.substring(0, 2) + (text.matches("..[\\\\/].*") ? "\\" : "");
    } else if (text.startsWith("/") || (system.isWindows() && text.startsWith("\\"))) {
      root = system.getSeparator();
    }
    String rest = text.substring(Math.min(text.length(), root.length()));
    List<String> names = new ArrayList<>();
    for (String name : rest.split(system.isWindows() ? "[\\\\/]+" : "/+", -1)) {
      if (!name.isEmpty()) {
        names.add(checked(system, text, name));
      }
    }
    return new SimulatedPath(system, root, names);
  }

  private static String checked(SimulatedFileSystem system, String text, String name) {
    for (int i = 0; system.isWindows() && i < name.length(); i++) {
      char next = name.charAt(i);
      if (next < ' ' || FORBIDDEN.indexOf(next) >= 0) {
        throw new InvalidPathException(text, "Illegal char <" + next + ">");
      }
    }
    if (system.isWindows() && name.endsWith(" ")) {
      throw new InvalidPathException(text, "Trailing char < >");
    }
    return name;
  }

  private static SimulatedPath cast(Path path) {
    if (path instanceof SimulatedPath other) {
      return other;
    }
    throw new ProviderMismatchException();
  }

  private SimulatedPath with(String newRoot, List<String> newNames) {
    return new SimulatedPath(system, newRoot, newNames);
  }

  List<String> names() {
    return names;
  }

  String root() {
    return root;
  }

  @Override
  public SimulatedFileSystem getFileSystem() {
    return system;
  }

  @Override
  public boolean isAbsolute() {
    return system.isWindows() ? root.length() == 3 : !root.isEmpty();
  }

  @Override
  public @Nullable Path getRoot() {
    return root.isEmpty() ? null : with(root, List.of());
  }

  @Override
  public @Nullable Path getFileName() {
    if (names.isEmpty()) {
      return root.isEmpty() ? this : null;
    }
    return with("", names.subList(names.size() - 1, names.size()));
  }

  @Override
  public @Nullable Path getParent() {
    if (names.size() < 2) {
      return names.isEmpty() ? null : getRoot();
    }
    return with(root, names.subList(0, names.size() - 1));
  }

  @Override
  public int getNameCount() {
    return names.isEmpty() && root.isEmpty() ? 1 : names.size();
  }

  @Override
  public Path getName(int index) {
    return names.isEmpty() ? this : with("", names.subList(index, index + 1));
  }

  @Override
  public Path subpath(int from, int to) {
    return with("", names.subList(from, to));
  }

  private boolean same(String one, String other) {
    return system.isWindows() ? one.equalsIgnoreCase(other) : one.equals(other);
  }

  private boolean same(List<String> some, List<String> others) {
    return some.size() == others.size() && same(String.join("/", some), String.join("/", others));
  }

  @Override
  public boolean startsWith(Path path) {
    return path instanceof SimulatedPath other
        && same(root, other.root)
        && other.names.size() <= names.size()
        && (!other.text.isEmpty() || text.isEmpty())
        && same(names.subList(0, other.names.size()), other.names);
  }

  @Override
  public boolean endsWith(Path path) {
    return path instanceof SimulatedPath other
        && (other.root.isEmpty() || equals(other))
        && other.names.size() <= names.size()
        && same(names.subList(names.size() - other.names.size(), names.size()), other.names);
  }

  @Override
  public Path normalize() {
    List<String> kept = new ArrayList<>();
    for (String name : names) {
      boolean canGoUp = !kept.isEmpty() && !kept.get(kept.size() - 1).equals("..");
      if (name.equals("..") && (canGoUp || !root.isEmpty())) {
        if (canGoUp) {
          kept.remove(kept.size() - 1);
        }
      } else if (!name.equals(".")) {
        kept.add(name);
      }
    }
    return with(root, kept);
  }

  @Override
  public Path resolve(Path path) {
    SimulatedPath other = cast(path);
    if (other.isAbsolute() || text.isEmpty()) {
      return other;
    } else if (!other.root.isEmpty()) {
      return with(root.length() == 3 ? root : other.root, other.names);
    }
    List<String> all = new ArrayList<>(names);
    all.addAll(other.names);
    return with(root, all);
  }

  @Override
  public Path relativize(Path path) {
    SimulatedPath other = cast(path);
    if (!same(root, other.root)) {
      throw new IllegalArgumentException("'other' has different root");
    }
    int common = 0;
    while (common < Math.min(names.size(), other.names.size())
        && same(names.get(common), other.names.get(common))) {
      common++;
    }
    List<String> way = new ArrayList<>();
    names.subList(common, names.size()).forEach(name -> way.add(".."));
    way.addAll(other.names.subList(common, other.names.size()));
    return with("", way);
  }

  @Override
  public URI toUri() {
    String path = toAbsolutePath().toString().replace('\\', '/');
    try {
      return new URI("file", "", path.startsWith("/") ? path : "/" + path, null, null);
    } catch (URISyntaxException e) {
      throw new AssertionError(e);
    }
  }

  @Override
  public Path toAbsolutePath() {
    return isAbsolute() ? this : system.workingFolder().resolve(this);
  }

  @Override
  public Path toRealPath(LinkOption... options) throws IOException {
    SimulatedPath path = system.provider().isOfJvm(this) ? this : (SimulatedPath) toAbsolutePath();
    return system.provider().realPath((SimulatedPath) path.normalize());
  }

  @Override
  public WatchKey register(
      WatchService watcher, WatchEvent.Kind<?>[] events, WatchEvent.Modifier... modifiers) {
    throw new UnsupportedOperationException();
  }

  @Override
  public int compareTo(Path other) {
    return system.isWindows()
        ? text.compareToIgnoreCase(other.toString())
        : text.compareTo(other.toString());
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof SimulatedPath path && same(text, path.text);
  }

  @Override
  public int hashCode() {
    return (system.isWindows() ? text.toLowerCase(Locale.ROOT) : text).hashCode();
  }

  @Override
  public String toString() {
    return text;
  }
}
