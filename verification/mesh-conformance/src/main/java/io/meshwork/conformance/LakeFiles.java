package io.meshwork.conformance;

import io.meshwork.testkit.InMemoryMesh;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import org.apache.iceberg.io.FileIO;
import org.apache.iceberg.io.FileInfo;
import org.apache.iceberg.io.InputFile;
import org.apache.iceberg.io.OutputFile;
import org.apache.iceberg.io.PositionOutputStream;
import org.apache.iceberg.io.SupportsBulkOperations;
import org.apache.iceberg.io.SupportsPrefixOperations;

/**
 * Files of a mesh, and those of another program below {@link #ROOT}, which can only be read. As
 * thread-safe as the former.
 */
final class LakeFiles implements SupportsPrefixOperations, SupportsBulkOperations {
  /** The start of the locations of the other program's files. */
  static final String ROOT = "root:lake/";

  private static final long serialVersionUID = 1L;

  private final FileIO mesh;
  private final SupportsPrefixOperations lake;

  private LakeFiles(FileIO mesh, SupportsPrefixOperations lake) {
    this.mesh = mesh;
    this.lake = lake;
  }

  /**
   * Returns files of a mesh whose store can list, and these of another program.
   *
   * @param others the bytes of the other program's files, by their names below {@link #ROOT}
   */
  static LakeFiles over(FileIO mesh, SortedMap<String, byte[]> others) {
    SupportsPrefixOperations lake = (SupportsPrefixOperations) InMemoryMesh.files();
    others.forEach(
        (name, bytes) -> {
          try (PositionOutputStream out = lake.newOutputFile(ROOT + name).create()) {
            out.write(bytes);
          } catch (IOException e) {
            throw new UncheckedIOException(e);
          }
        });
    return new LakeFiles(mesh, lake);
  }

  private FileIO ioOf(String location) {
    return location.startsWith(ROOT) ? lake : mesh;
  }

  private static void requireOwn(String location) {
    if (location.startsWith(ROOT)) {
      throw new AssertionError("the file of another program is changed: " + location);
    }
  }

  @Override
  public InputFile newInputFile(String location) {
    return ioOf(location).newInputFile(location);
  }

  @Override
  public InputFile newInputFile(String location, long length) {
    return ioOf(location).newInputFile(location, length);
  }

  @Override
  public OutputFile newOutputFile(String location) {
    requireOwn(location);
    return mesh.newOutputFile(location);
  }

  @Override
  public void deleteFile(String location) {
    requireOwn(location);
    mesh.deleteFile(location);
  }

  @Override
  public void deleteFiles(Iterable<String> locations) {
    List<String> own = new ArrayList<>();
    locations.forEach(own::add);
    own.forEach(LakeFiles::requireOwn);
    if (mesh instanceof SupportsBulkOperations bulk) {
      bulk.deleteFiles(own);
    } else {
      own.forEach(mesh::deleteFile);
    }
  }

  @Override
  public Iterable<FileInfo> listPrefix(String prefix) {
    return ((SupportsPrefixOperations) ioOf(prefix)).listPrefix(prefix);
  }

  @Override
  public void deletePrefix(String prefix) {
    requireOwn(prefix);
    ((SupportsPrefixOperations) mesh).deletePrefix(prefix);
  }

  @Override
  public Map<String, String> properties() {
    return mesh.properties();
  }

  @Override
  public void close() {
    mesh.close();
  }
}
