package io.meshwork.aws.internal.mirror.glue;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.meshwork.contract.Contract;
import io.meshwork.error.Finding;
import io.meshwork.error.FindingCode;
import io.meshwork.internal.mirror.Mirror;
import io.meshwork.internal.mirror.Mirror.FileHold;
import io.meshwork.internal.mirror.Mirror.Image;
import io.meshwork.internal.mirror.Mirror.ProductObjects;
import io.meshwork.internal.mirror.Mirror.Refusal;
import io.meshwork.internal.mirror.Mirror.WantedObjects;
import io.meshwork.internal.mirror.MirroredCatalog;
import io.meshwork.internal.mirror.MirroredCatalog.MirroredDomain;
import io.meshwork.internal.mirror.MirroredCatalog.MirroredTable;
import io.meshwork.internal.runtime.IdGenerator;
import io.meshwork.product.Domain;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.apache.iceberg.Schema;

/**
 * What the data catalog of AWS Glue should have of a catalog of the mesh: a database for each
 * domain, and a table for each major version that consumers read. The content of an object is the
 * JSON of its input in Glue's API. Immutable.
 */
public final class GlueImages {
  public static final String TABLE_TYPE = "table_type";
  public static final String METADATA = "metadata_location";
  public static final String PREVIOUS = "previous_metadata_location";

  /** Prefix of the parameters of the mesh. */
  public static final String OURS = "meshwork.";

  static final String CLASSIFICATION = OURS + "classification";
  private static final int DATABASES = 30;
  private static final int TABLES = 40;
  private static final int MAX_DESCRIPTION = 2048;

  private final String account;
  private final List<Image> images = new ArrayList<>();
  private final List<Refusal> refusals = new ArrayList<>();

  private GlueImages(MirroredCatalog catalog) {
    this.account = catalog.account();
  }

  /** Computes the objects from the registry. */
  public static WantedObjects of(MirroredCatalog catalog) {
    GlueImages images = new GlueImages(catalog);
    String mesh = catalog.meshId();
    catalog.domains().forEach(domain -> images.add(domain, mesh));
    return new WantedObjects(images.images, images.refusals);
  }

  public static String key(String database, String table) {
    return database + "/" + table;
  }

  private void add(MirroredDomain domain, String mesh) {
    images.add(
        Image.of(
            domain.database(),
            DATABASES,
            Optional.empty(),
            Mirror.contentOf(database(domain, mesh)),
            domain.entry().stored().version()));
    for (Finding finding : domain.uncertainty()) {
      refusals.add(Refusal.ofContainer(domain.database(), finding));
    }
    domain.tables().forEach(table -> add(domain, table, mesh));
  }

  /**
   * Returns the objects with the keys of all tables that the only product of a catalog has or had;
   * empty if the catalog has all products.
   */
  public static Optional<ProductObjects> ofProduct(MirroredCatalog catalog) {
    return catalog
        .product()
        .map(
            product ->
                new ProductObjects(
                    catalog.tablesOfProduct().stream()
                        .map(table -> key(table.namespace(), table.table()))
                        .collect(Collectors.toSet()),
                    Set.of()));
  }

  /** Returns true if Glue can show a table: it does not distinguish the case of columns. */
  public static boolean isShown(MirroredTable table) {
    return GlueColumns.sameButForCase(schema(table)).isEmpty();
  }

  private static Schema schema(MirroredTable table) {
    return table.version().schemaWithIds();
  }

  private void add(MirroredDomain domain, MirroredTable table, String mesh) {
    String key = key(domain.database(), table.name().table());
    Schema schema = schema(table);
    Optional<String> same = GlueColumns.sameButForCase(schema);
    if (same.isPresent()) {
      refusals.add(Refusal.ofObject(key, refused(key, same.get())));
      return;
    }
    images.add(
        new Image(
            key,
            TABLES,
            Optional.of(domain.database()),
            Mirror.contentOf(table(domain, table, schema, mesh)),
            basis(domain, table),
            IdGenerator.time(table.position().version()),
            Optional.empty(),
            Optional.of(
                new FileHold(
                    table.name().key(),
                    table.position().metadata(),
                    table.position().snapshot()))));
  }

  private static String basis(MirroredDomain domain, MirroredTable table) {
    return String.join(
        " ",
        domain.entry().stored().version(),
        table.product().stored().version(),
        table.version().majorStored().version(),
        table.version().contractStored().version(),
        table.position().version());
  }

  private Finding refused(String key, String column) {
    return Finding.error(
        FindingCode.COLUMN_CASE,
        "glue " + key + " in " + account,
        "The name of column '"
            + column
            + "' equals another column's but for case, and Glue does not distinguish them."
            + " The table is not mirrored; what was mirrored before stays.",
        "Roll out a major version in which one of the columns has another name.");
  }

  private ObjectNode database(MirroredDomain domain, String mesh) {
    Domain named = domain.entry().domain();
    ObjectNode json = JsonNodeFactory.instance.objectNode();
    json.put("Name", domain.database());
    describe(json, named.description());
    Map<String, String> parameters = new TreeMap<>();
    parameters.put(OURS + "mesh", mesh);
    parameters.put(OURS + "domain", named.name());
    parameters.put(OURS + "owner", named.owner());
    put(json, parameters);
    return json;
  }

  private static ObjectNode table(
      MirroredDomain domain, MirroredTable table, Schema schema, String mesh) {
    Contract contract = table.version().contract();
    ObjectNode json = JsonNodeFactory.instance.objectNode();
    json.put("Name", table.name().table());
    describe(json, table.product().description());
    json.put("TableType", "EXTERNAL_TABLE");
    Map<String, String> parameters = new TreeMap<>();
    parameters.put(TABLE_TYPE, "ICEBERG");
    parameters.put(METADATA, table.position().metadata());
    parameters.put(OURS + "mesh", mesh);
    parameters.put(OURS + "product", table.product().name().toString());
    parameters.put(OURS + "contract", table.version().version().toString());
    parameters.put(
        OURS + "owner",
        table.product().ownOwner().orElseGet(() -> domain.entry().domain().owner()));
    parameters.put(CLASSIFICATION, contract.classification().name());
    put(json, parameters);
    ObjectNode storage = json.putObject("StorageDescriptor");
    // With the slash, so that permissions on orders_v1 do not include orders_v10.
    storage.put("Location", table.position().folder() + "/");
    storage.set("Columns", GlueColumns.of(schema, contract));
    return json;
  }

  private static void describe(ObjectNode json, String description) {
    if (!description.isBlank()) {
      json.put("Description", GlueColumns.shortened(description.strip(), MAX_DESCRIPTION));
    }
  }

  private static void put(ObjectNode json, Map<String, String> parameters) {
    ObjectNode object = json.putObject("Parameters");
    parameters.forEach(
        (name, value) -> {
          if (!value.isEmpty()) {
            object.put(name, value);
          }
        });
  }
}
