package io.meshwork.engine;

import io.meshwork.Mesh;
import io.meshwork.MeshClient;
import io.meshwork.consume.Rows;
import io.meshwork.contract.Contract;
import io.meshwork.contract.Rule;
import io.meshwork.internal.catalog.RegistryKeys;
import io.meshwork.internal.runtime.IdGenerator;
import io.meshwork.local.LocalMesh;
import io.meshwork.product.Principal;
import io.meshwork.product.ProductName;
import io.meshwork.registry.Registry;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Stream;
import org.apache.avro.SchemaBuilder;
import org.apache.iceberg.DataFile;
import org.apache.iceberg.Table;
import org.apache.iceberg.catalog.TableIdentifier;
import org.apache.iceberg.data.GenericRecord;
import org.apache.iceberg.data.parquet.GenericParquetWriter;
import org.apache.iceberg.io.DataWriter;
import org.apache.iceberg.parquet.Parquet;

/** A mesh in a folder with one product, opened by the SDK and by catalogs as engines do. */
final class EngineFixture implements AutoCloseable {
  static final String PRODUCT = "mobility/green-trips";
  static final TableIdentifier TABLE = TableIdentifier.of("mobility", "green_trips_v1");
  static final TableIdentifier QUARANTINE =
      TableIdentifier.of("mobility", "green_trips_v1_quarantine");

  static final Contract COLUMNS =
      Contract.of(
          SchemaBuilder.record("trip")
              .fields()
              .requiredLong("id")
              .optionalDouble("fare")
              .optionalString("code")
              .endRecord());

  final Path folder;
  final Mesh mesh;
  final MeshClient owner;

  EngineFixture(Path folder, Rule... rules) {
    this.folder = folder;
    this.mesh = LocalMesh.open(folder);
    this.owner = mesh.clientAs(Principal.of("mobility", "etl"));
    owner.registerDomain("mobility").owner("trips@example.org").commit();
    owner
        .defineProduct(PRODUCT)
        .contract(rules.length == 0 ? COLUMNS : COLUMNS.require(rules))
        .commit();
  }

  /** A trip as a map, for the SDK. */
  static Map<String, Object> trip(long id, Double fare, String code) {
    Map<String, Object> trip = new HashMap<>();
    trip.put("id", id);
    trip.put("fare", fare);
    trip.put("code", code);
    return trip;
  }

  MeshCatalog catalog(String principal) {
    return catalog(principal, Map.of());
  }

  MeshCatalog catalog(String principal, Map<String, String> others) {
    Map<String, String> properties = new HashMap<>(others);
    properties.put("warehouse", folder.toString());
    properties.put("meshwork.principal", principal);
    properties.put("cache-enabled", "false");
    MeshCatalog catalog = new MeshCatalog();
    catalog.initialize("mesh", properties);
    return catalog;
  }

  /** Sets the state of the product's major version, by hand. */
  void setState(String state) {
    AtomicReference<Registry> registry = new AtomicReference<>();
    Mesh other =
        LocalMesh.builder(folder)
            .testing()
            .wrapRegistry(
                real -> {
                  registry.set(real);
                  return real;
                })
            .open();
    try (other) {
      Registry.Key key = RegistryKeys.major(ProductName.of(PRODUCT), 1);
      Registry.Document before = registry.get().read(key).orElseThrow();
      registry
          .get()
          .commit(
              Registry.Transaction.attempt(IdGenerator.secure(Instant::now).next())
                  .replace(
                      key,
                      before
                          .json()
                          .replaceAll("\"state\":\"[A-Z]+\"", "\"state\":\"" + state + '"'),
                      before.version())
                  .build());
    }
  }

  /** The ids that the SDK reads, sorted. */
  List<Long> ids() {
    try (Rows<Map<String, Object>> rows = owner.read(PRODUCT).asMaps().rows()) {
      return rows.stream().map(row -> (Long) row.get("id")).sorted().toList();
    }
  }

  /** A data file as engines write them, by Iceberg's own writer. Rows are id, fare, code. */
  static DataFile write(Table table, Object[]... rows) {
    String location = table.locationProvider().newDataLocation(UUID.randomUUID() + ".parquet");
    return write(table, location, rows);
  }

  static DataFile write(Table table, String location, Object[]... rows) {
    try {
      DataWriter<org.apache.iceberg.data.Record> writer =
          Parquet.writeData(table.io().newOutputFile(location))
              .forTable(table)
              .createWriterFunc(GenericParquetWriter::create)
              .build();
      try (writer) {
        for (Object[] values : rows) {
          GenericRecord row = GenericRecord.create(table.schema());
          for (int i = 0; i < values.length; i++) {
            row.set(i, values[i]);
          }
          writer.write(row);
        }
      }
      return writer.toDataFile();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  static Object[] row(Object... values) {
    return Arrays.copyOf(values, 3);
  }

  /** Every file of the mesh but the registry's. */
  TreeSet<String> files() {
    try (Stream<Path> files = Files.walk(folder.resolve("data"))) {
      TreeSet<String> names = new TreeSet<>();
      files.filter(Files::isRegularFile).forEach(file -> names.add(file.toString()));
      return names;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public void close() {
    mesh.close();
  }
}
