package io.meshwork.conformance.runner;

import io.meshwork.Mesh;
import io.meshwork.MeshClient;
import io.meshwork.consume.Rows;
import io.meshwork.contract.Contract;
import io.meshwork.error.InvalidRequestException;
import io.meshwork.error.MeshException;
import io.meshwork.local.LocalMesh;
import io.meshwork.product.Principal;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.avro.Schema;
import org.jspecify.annotations.Nullable;

/**
 * The suite {@code contract-types}: each case is a separate product in a temporary local mesh. Its
 * schema becomes a contract, its rows are published as maps, and the rows that a reader receives
 * are compared value by value.
 */
final class ContractTypes implements AutoCloseable {
  private static final Set<String> CODES =
      Set.of(
          "TYPE_UNION",
          "TYPE_NULL",
          "TYPE_RECURSIVE",
          "TYPE_EMPTY_RECORD",
          "TYPE_LOGICAL",
          "TYPE_MAP_KEY",
          "NAME_DUPLICATE",
          "NOT_A_RECORD",
          "NAME_ILLEGAL",
          "DEFAULT_ILLEGAL",
          "DEPTH",
          "FORMAT_V3_REQUIRED");
  private static final String NEEDS_FORMAT_3 = "FORMAT_V3_REQUIRED";

  private final Path folder;
  private final Mesh mesh;
  private final MeshClient client;
  private final @Nullable KeptFiles keep;
  private int products;

  private ContractTypes(Path folder, Mesh mesh, @Nullable Path keep) {
    this.folder = folder;
    this.mesh = mesh;
    this.client = mesh.clientAs(Principal.of("types", "conformance"));
    this.keep = keep == null ? null : new KeptFiles(keep);
  }

  /** Opens a mesh in a new temporary folder, and creates {@code keep} if it is missing. */
  static ContractTypes open(@Nullable Path keep) {
    try {
      if (keep != null) {
        Files.createDirectories(keep);
      }
      Path folder = Files.createTempDirectory("meshwork-conformance-");
      ContractTypes suite = new ContractTypes(folder, LocalMesh.open(folder.resolve("mesh")), keep);
      suite.client.registerDomain("types").owner("types@example.org").commit();
      return suite;
    } catch (IOException e) {
      throw new CannotRunException("Cannot make a folder to work in: " + e + ".");
    }
  }

  /** Returns why a case failed; null if it passed. */
  @Nullable String fault(TypeCase typeCase, String file) {
    if (typeCase.malformed() != null) {
      return typeCase.malformed();
    }
    String product = "types/case-" + ++products;
    try {
      List<Map<String, @Nullable Object>> rows = typeCase.rows();
      return rows == null
          ? faultOfRefusal(product, typeCase)
          : faultOfRows(product, typeCase, file, rows);
    } catch (InvalidValueException e) {
      return e.getMessage();
    } catch (MeshException e) {
      return e.getMessage();
    } catch (RuntimeException | StackOverflowError | IOException e) {
      return "it broke with " + e;
    }
  }

  private @Nullable String faultOfRefusal(String product, TypeCase typeCase) throws IOException {
    String wanted = String.valueOf(typeCase.refused());
    if (!CODES.contains(wanted)) {
      return "there is no code " + wanted + " to refuse a schema with";
    }
    try {
      client.defineProduct(product).contract(contract(typeCase)).tableFormat(2).commit();
    } catch (InvalidRequestException e) {
      Set<String> codes = codes(e);
      return codes.contains(wanted)
          ? null
          : "the schema was refused, with "
              + (codes.isEmpty() ? "no code" : String.join(", ", codes))
              + " instead of "
              + wanted
              + ": "
              + e.getMessage();
    }
    return "the schema was taken and not refused with " + wanted;
  }

  private @Nullable String faultOfRows(
      String product, TypeCase typeCase, String file, List<Map<String, @Nullable Object>> rows)
      throws IOException {
    Contract contract = contract(typeCase);
    define(product, contract);
    Map<String, Schema> columns = new LinkedHashMap<>();
    contract.schema().getFields().forEach(field -> columns.put(field.name(), field.schema()));

    client.publish(product).records(values("rows", columns, rows)).commit();
    keep(product, file, typeCase.id());
    return difference(
        columns,
        values("expect", columns, typeCase.expect() == null ? rows : typeCase.expect()),
        product);
  }

  private Contract contract(TypeCase typeCase) throws IOException {
    Path file = folder.resolve("schema.avsc");
    try {
      Files.writeString(file, typeCase.avro());
    } catch (CharacterCodingException e) {
      throw new InvalidValueException("the schema has half a surrogate pair");
    }
    return Contract.fromAvro(file);
  }

  /** Defines the product with table format 2, or with 3 if 2 does not support the schema. */
  private void define(String product, Contract contract) {
    try {
      client.defineProduct(product).contract(contract).tableFormat(2).commit();
    } catch (InvalidRequestException e) {
      if (!codes(e).equals(Set.of(NEEDS_FORMAT_3))) {
        throw e;
      }
      client.defineProduct(product).contract(contract).tableFormat(3).commit();
    }
  }

  private static Set<String> codes(InvalidRequestException refusal) {
    return refusal.findings().stream()
        .map(finding -> CaseCodes.text(finding.code()))
        .collect(Collectors.toCollection(TreeSet::new));
  }

  private static List<Map<String, @Nullable Object>> values(
      String where, Map<String, Schema> columns, List<Map<String, @Nullable Object>> rows) {
    List<Map<String, @Nullable Object>> values = new ArrayList<>();
    for (Map<String, @Nullable Object> row : rows) {
      Map<String, @Nullable Object> record = new LinkedHashMap<>();
      row.forEach(
          (name, value) -> {
            Schema type = columns.get(name);
            if (type == null) {
              throw new InvalidValueException(
                  where + "[" + values.size() + "] has no such column: " + name);
            }
            try {
              record.put(name, ColumnValue.of(type, value));
            } catch (InvalidValueException e) {
              throw new InvalidValueException(
                  where + "[" + values.size() + "]." + name + ": " + e.getMessage());
            }
          });
      values.add(record);
    }
    return values;
  }

  /**
   * Returns the first difference between the read and the expected rows. Missing columns and fields
   * are expected to be null.
   */
  private @Nullable String difference(
      Map<String, Schema> columns, List<Map<String, @Nullable Object>> expected, String product) {
    int at = 0;
    try (Rows<Map<String, Object>> rows = client.read(product).asMaps().rows()) {
      for (Map<String, Object> row : rows) {
        if (at < expected.size()) {
          if (!List.copyOf(row.keySet()).equals(List.copyOf(columns.keySet()))) {
            return "row " + at + " came back with the columns " + row.keySet();
          }
          for (String column : columns.keySet()) {
            Object wanted = ColumnValue.complete(columns.get(column), expected.get(at).get(column));
            // The equals methods of Float and Double compare bits, and treat all NaN values as
            // equal.
            if (!Objects.equals(wanted, row.get(column))) {
              return "row %d, column %s: expected %s, read %s"
                  .formatted(
                      at, column, ColumnValue.shown(wanted), ColumnValue.shown(row.get(column)));
            }
          }
        }
        at++;
      }
    }
    return at == expected.size() ? null : "expected " + expected.size() + " rows, read " + at;
  }

  private void keep(String product, String file, String id) throws IOException {
    if (keep == null) {
      return;
    }
    List<String> written = client.read(product).files();
    if (written.size() > 1) {
      throw new InvalidValueException(written.size() + " files were written, and one can be kept");
    }
    for (String one : written) {
      keep.keep(Path.of(one), file, id);
    }
  }

  @Override
  public void close() {
    mesh.close();
    try (Stream<Path> paths = Files.walk(folder)) {
      for (Path path : paths.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(path);
      }
    } catch (IOException e) {
      throw new UncheckedIOException("cannot remove the folder " + folder, e);
    }
  }
}
