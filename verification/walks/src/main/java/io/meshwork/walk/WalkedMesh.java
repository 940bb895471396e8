package io.meshwork.walk;

import io.meshwork.Mesh;
import io.meshwork.MeshClient;
import io.meshwork.consume.Read;
import io.meshwork.consume.Rows;
import io.meshwork.error.MeshException;
import io.meshwork.local.LocalMesh;
import io.meshwork.product.Principal;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.avro.generic.GenericRecord;
import org.jspecify.annotations.Nullable;

/** A mesh in a folder with what it must have, and a disk. */
final class WalkedMesh implements AutoCloseable {
  final String name;
  final Path folder;
  final Path disk;
  MeshModel model = new MeshModel();
  private final Path lake;
  private final InstantSource clock;
  private long process;
  private @Nullable Mesh open;

  /** A registry file, with what it knows. */
  record SavedRegistry(byte[] bytes, byte[] log, MeshModel model) {}

  WalkedMesh(String name, Path root, InstantSource clock, long seed) throws IOException {
    this.name = name;
    this.folder = root.resolve(name);
    this.disk = Files.createDirectories(root.resolve("disks").resolve(name));
    this.lake = root.resolve("lakes").resolve("trips");
    this.clock = clock;
    this.process = seed;
  }

  Mesh mesh() {
    if (open == null) {
      open = process("trips", lake);
    }
    return open;
  }

  /** Opens the mesh in another process, which may call the lake's folder otherwise. */
  Mesh process(String lakeName, Path lakeFolder) {
    process += 1_000_003;
    return LocalMesh.builder(folder, Map.of(lakeName, lakeFolder))
        .clock(clock)
        .testing()
        .idSeed(process)
        .testing()
        .sleeper(time -> {})
        .open();
  }

  MeshClient etl(String domain) {
    return mesh().clientAs(Principal.of(domain, "etl"));
  }

  MeshClient etl(MeshModel.Product product) {
    return etl(product.domain());
  }

  @Override
  public void close() {
    if (open != null) {
      open.close();
      open = null;
    }
  }

  SavedRegistry save() throws IOException {
    mesh();
    Path log = log();
    return new SavedRegistry(
        Files.readAllBytes(registry()),
        Files.exists(log) ? Files.readAllBytes(log) : new byte[0],
        model.copy());
  }

  void restore(SavedRegistry saved) throws IOException {
    close();
    Files.deleteIfExists(registry().resolveSibling("mesh.db-shm"));
    Files.write(registry(), saved.bytes());
    Files.write(log(), saved.log());
    model = saved.model().copy();
  }

  private Path registry() {
    return folder.resolve("registry").resolve("mesh.db");
  }

  private Path log() {
    return registry().resolveSibling("mesh.db-wal");
  }

  /** Returns the rows in the quarantine as text, or nothing if reading is refused. */
  static Optional<List<String>> quarantined(MeshClient client, MeshModel.Product product) {
    List<String> texts = new ArrayList<>();
    try (Rows<GenericRecord> rows = client.quarantine(product.name).rows()) {
      rows.forEach(row -> texts.add(String.valueOf(row.get("row"))));
    } catch (MeshException e) {
      return Optional.empty();
    }
    return Optional.of(texts);
  }

  /** Returns the IDs of the rows, or nothing if reading is refused; the reason goes to a list. */
  static Optional<List<Long>> ids(
      MeshClient client, MeshModel.Product product, List<String> refusals) {
    List<Long> ids = new ArrayList<>();
    Read<Map<String, Object>> read = client.read(product.name).asMaps();
    try (Rows<Map<String, Object>> rows =
        (product.rolledOut && !product.purged ? read.majorVersion(1) : read).rows()) {
      rows.forEach(row -> ids.add((Long) row.get("id")));
    } catch (MeshException e) {
      refusals.add(String.valueOf(e.getMessage()));
      return Optional.empty();
    }
    Collections.sort(ids);
    return Optional.of(ids);
  }
}
