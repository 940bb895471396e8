package io.meshwork.walk;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.apache.avro.file.DataFileStream;
import org.apache.avro.generic.GenericData;
import org.apache.avro.generic.GenericDatumReader;
import org.apache.avro.generic.GenericRecord;
import org.apache.avro.io.EncoderFactory;

/** Files below a folder. Links are files here: they are not followed. */
final class FileTree {
  private FileTree() {}

  /** The state of a file: its length, and an identity that a rewrite changes. */
  record State(long bytes, Object identity) {}

  /** Creates an empty folder, in memory where the system has such folders. */
  static Path temporary(String name) throws IOException {
    Path memory = Path.of("/dev/shm");
    return Files.isWritable(memory)
        ? Files.createTempDirectory(memory, name)
        : Files.createTempDirectory(name);
  }

  static SortedMap<Path, State> of(Path root) {
    SortedMap<Path, State> files = new TreeMap<>();
    try {
      Files.walkFileTree(
          root,
          new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) {
              Object key = attributes.fileKey();
              files.put(file, new State(attributes.size(), key == null ? file : key));
              return FileVisitResult.CONTINUE;
            }
          });
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return files;
  }

  /** Files that were written get the walk's time, as if its clock were that of the system. */
  static void setTime(Path file, Instant time) throws IOException {
    if (!Files.isSymbolicLink(file)) {
      Files.setLastModifiedTime(file, FileTime.from(time));
    }
  }

  static List<Path> folders(Path root, String pattern) throws IOException {
    if (Files.notExists(root)) {
      return List.of();
    }
    try (Stream<Path> all = Files.walk(root)) {
      return all.filter(
              path ->
                  Files.isDirectory(path, LinkOption.NOFOLLOW_LINKS)
                      && path.getFileName().toString().matches(pattern))
          .sorted()
          .toList();
    }
  }

  /** Moves the files of a folder back to where they were, beside files that are there now. */
  static void merge(Path from, Path to) throws IOException {
    if (Files.notExists(from, LinkOption.NOFOLLOW_LINKS)) {
      return;
    }
    if (!Files.isDirectory(from, LinkOption.NOFOLLOW_LINKS)) {
      if (Files.notExists(to, LinkOption.NOFOLLOW_LINKS)) {
        Files.createDirectories(to.getParent());
        Files.move(from, to);
      }
      return;
    }
    Files.createDirectories(to);
    try (Stream<Path> children = Files.list(from)) {
      for (Path child : children.sorted().toList()) {
        merge(child, to.resolve(child.getFileName().toString()));
      }
    }
    try (Stream<Path> leftovers = Files.list(from)) {
      if (leftovers.findAny().isEmpty()) {
        Files.delete(from);
      }
    }
  }

  static void copy(Path from, Path to) throws IOException {
    try (Stream<Path> all = Files.walk(from)) {
      for (Path path : all.sorted().toList()) {
        Files.copy(
            path,
            to.resolve(from.relativize(path).toString()),
            LinkOption.NOFOLLOW_LINKS,
            java.nio.file.StandardCopyOption.COPY_ATTRIBUTES);
      }
    }
  }

  static void delete(Path root) {
    try (Stream<Path> all = Files.walk(root)) {
      for (Path path : all.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(path);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Returns true if a text is in a data file's statistics or pages, or in a manifest's bounds. */
  static boolean contains(Path file, String text) {
    byte[] wanted = text.getBytes(StandardCharsets.UTF_8);
    try {
      String name = file.getFileName().toString();
      if (Files.isSymbolicLink(file)) {
        return false;
      }
      if (!name.endsWith(".avro")) {
        return contains(Files.readAllBytes(file), wanted);
      }
      try (DataFileStream<GenericRecord> records =
          new DataFileStream<>(Files.newInputStream(file), new GenericDatumReader<>())) {
        for (GenericRecord entry : records) {
          var bytes = new java.io.ByteArrayOutputStream();
          var encoder = EncoderFactory.get().binaryEncoder(bytes, /* reuse= */ null);
          new org.apache.avro.generic.GenericDatumWriter<GenericRecord>(
                  records.getSchema(), GenericData.get())
              .write(entry, encoder);
          encoder.flush();
          if (contains(bytes.toByteArray(), wanted)) {
            return true;
          }
        }
      }
      return false;
    } catch (IOException | RuntimeException e) {
      return false; // cut off: what it has cannot be read by anybody
    }
  }

  private static boolean contains(byte[] bytes, byte[] wanted) {
    for (int at = 0; at + wanted.length <= bytes.length; at++) {
      if (bytes[at] == wanted[0]
          && Arrays.equals(bytes, at, at + wanted.length, wanted, 0, wanted.length)) {
        return true;
      }
    }
    return false;
  }
}
