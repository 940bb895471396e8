package io.meshwork.conformance;

import io.meshwork.Mesh;
import io.meshwork.MeshClient;
import io.meshwork.conformance.CrashScenario.Sale;
import io.meshwork.contract.Contract;
import io.meshwork.internal.files.LocalFileIO;
import io.meshwork.product.Principal;
import io.meshwork.testkit.InMemoryMesh;
import io.meshwork.testkit.MeshPlace;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.apache.iceberg.io.FileIO;
import org.jspecify.annotations.Nullable;

/**
 * A place of a mesh beside files of another program, at {@link #FOLDER}. Some are there when the
 * mesh is opened for the first time, the others later. A copy has its own files. The files must
 * never change: each opening, and the closing, checks that.
 */
final class LakePlace implements MeshPlace {
  /** The location of the files. */
  static final String FOLDER = LakeFiles.ROOT + "sales";

  private static final String NAME = "lake";
  private static final String PRODUCT = "other/sales";

  private final MeshPlace mesh;
  private final @Nullable Path folder;
  private final SortedMap<String, byte[]> early;
  private final SortedMap<String, byte[]> late;
  private boolean opened;

  private LakePlace(
      MeshPlace mesh,
      @Nullable Path folder,
      SortedMap<String, byte[]> early,
      SortedMap<String, byte[]> late,
      boolean opened) {
    this.mesh = mesh;
    this.folder = folder;
    this.early = early;
    this.late = late;
    this.opened = opened;
  }

  /**
   * Returns a place.
   *
   * @param embedded true to have the files in a folder, which only the embedded mesh reads; false
   *     to have them in memory, in front of the files of any mesh
   * @param early the rows of the files that are there at first, by file
   * @param late the rows of the others
   */
  static LakePlace beside(
      MeshPlace mesh, boolean embedded, List<List<Sale>> early, List<List<Sale>> late) {
    return new LakePlace(
        mesh,
        embedded ? newFolder() : null,
        named("a", early),
        named("b", late),
        /* opened= */ false);
  }

  private static SortedMap<String, byte[]> named(String prefix, List<List<Sale>> rows) {
    SortedMap<String, byte[]> files = new TreeMap<>();
    for (int i = 0; i < rows.size(); i++) {
      files.put("sales/" + prefix + i + ".parquet", OtherProgram.file(rows.get(i)));
    }
    return files;
  }

  private static Path newFolder() {
    try {
      return Files.createTempDirectory(NAME);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public Mesh.Builder open() {
    SortedMap<String, byte[]> present = present();
    requireUnchanged();
    opened = true;
    Path disk = folder;
    if (disk == null) {
      return mesh.open().testing().wrapFiles(real -> LakeFiles.over(real, present));
    }
    present.forEach((name, bytes) -> writeOnce(disk.resolve(name), bytes));
    return mesh.open().testing().wrapFiles(real -> ((LocalFileIO) real).reading(NAME, disk));
  }

  private SortedMap<String, byte[]> present() {
    SortedMap<String, byte[]> present = new TreeMap<>(early);
    if (opened) {
      present.putAll(late);
    }
    return present;
  }

  private static void writeOnce(Path file, byte[] bytes) {
    try {
      Files.createDirectories(file.getParent());
      if (!Files.exists(file)) {
        Files.write(file, bytes);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Files in memory cannot be changed. */
  private void requireUnchanged() {
    Path disk = folder;
    if (disk == null) {
      return;
    }
    try (Stream<Path> paths = Files.walk(disk)) {
      for (Path path : paths.filter(Files::isRegularFile).toList()) {
        String name = disk.relativize(path).toString().replace('\\', '/');
        byte[] expected = early.getOrDefault(name, late.get(name));
        if (expected == null || !Arrays.equals(expected, Files.readAllBytes(path))) {
          throw new AssertionError("the file of another program was changed: " + name);
        }
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public Optional<MeshPlace> copy() {
    return mesh.copy()
        .map(
            copied ->
                new LakePlace(copied, folder == null ? null : newFolder(), early, late, opened));
  }

  @Override
  public void crashed() {
    mesh.crashed();
  }

  @Override
  public void close() {
    mesh.close();
    Path disk = folder;
    if (disk == null) {
      return;
    }
    requireUnchanged();
    try (Stream<Path> paths = Files.walk(disk)) {
      for (Path path : paths.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(path);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Writes Parquet files, each once for all places, so that all have the same bytes. */
  private static final class OtherProgram {
    private static final Map<List<Sale>, byte[]> WRITTEN = new HashMap<>();

    static synchronized byte[] file(List<Sale> rows) {
      return WRITTEN.computeIfAbsent(rows, OtherProgram::write);
    }

    private static byte[] write(List<Sale> rows) {
      FileIO store = InMemoryMesh.files();
      try (Mesh mesh = Mesh.builder(InMemoryMesh.registry(), store, "memory:/other").open()) {
        MeshClient program = mesh.clientAs(Principal.of("other", "program"));
        program.registerDomain("other").owner("other@example.org").commit();
        program.defineProduct(PRODUCT).contract(Contract.of(Sale.class)).commit();
        program.publish(PRODUCT).records(rows).commit();
        try (InputStream in =
            store.newInputFile(program.read(PRODUCT).files().get(0)).newStream()) {
          return in.readAllBytes();
        }
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
  }
}
