package io.meshwork.cli.program;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.meshwork.Mesh;
import io.meshwork.MeshClient;
import io.meshwork.consume.Rows;
import io.meshwork.contract.Contract;
import io.meshwork.local.LocalMesh;
import io.meshwork.product.Principal;
import java.io.IOException;
import java.math.BigDecimal;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.avro.Schema;

/** Proposes, defines, and publishes files with the command, without an option about them. */
final class PeoplesFile {
  /** What a file became. */
  record PublishedFile(
      JsonNode receipt, Contract contract, List<Map<String, Object>> rows, String complaints) {
    /** Returns the column with a name in files, or with a position such as {@code #2}. */
    Schema.Field column(String name) {
      List<Schema.Field> fields = contract.schema().getFields();
      if (name.startsWith("#")) {
        return fields.get(Integer.parseInt(name.substring(1)) - 1);
      }
      return fields.stream()
          .filter(
              field ->
                  field.name().equals(name)
                      || name.equals(field.getObjectProp("meshwork.physicalName")))
          .findFirst()
          .orElseThrow(() -> new AssertionError(name + " in " + contract.schema()));
    }

    /** Returns the kind of a column, such as {@code decimal}. */
    String kind(String name) {
      Schema schema = column(name).schema();
      Schema type =
          schema.isUnion()
              ? schema.getTypes().stream()
                  .filter(each -> each.getType() != Schema.Type.NULL)
                  .findFirst()
                  .orElseThrow()
              : schema;
      String logical = type.getLogicalType() == null ? "" : type.getLogicalType().getName();
      if (logical.contains("timestamp")) {
        return "timestamp";
      } else if (logical.startsWith("time-")) {
        return "time";
      } else if (!logical.isEmpty()) {
        return logical;
      }
      return switch (type.getType()) {
        case INT, LONG -> "integer";
        case FLOAT, DOUBLE -> "number";
        default -> type.getType().getName();
      };
    }

    List<Object> values(String name) {
      List<Object> values = new ArrayList<>();
      rows.forEach(row -> values.add(row.get(column(name).name())));
      return values;
    }

    BigDecimal sum(String name) {
      return values(name).stream()
          .filter(value -> value != null)
          .map(value -> new BigDecimal(value.toString()))
          .reduce(BigDecimal.ZERO, BigDecimal::add);
    }

    void hasCounts(long offered, long accepted, long quarantined) {
      assertThat(receipt.get("offered").asLong()).as("offered").isEqualTo(offered);
      assertThat(receipt.get("accepted").asLong()).as("accepted").isEqualTo(accepted);
      assertThat(receipt.get("quarantined").asLong()).as("quarantined").isEqualTo(quarantined);
      assertThat(rows).hasSize((int) accepted);
    }
  }

  private final Path folder;
  private final TestShell shell;
  private int products;

  private PeoplesFile(Path folder) {
    this.folder = folder;
    this.shell = new TestShell(folder);
    shell.variables.put("MESH", "file:" + folder.resolve("mesh"));
    shell.variables.put("MESH_AS", "sales/etl");
  }

  /** Makes a mesh for the files. */
  static PeoplesFile in(Path folder) {
    PeoplesFile files = new PeoplesFile(folder);
    files.run("init", "file:" + folder.resolve("mesh"));
    files.run("domain", "add", "sales", "--owner", "sales@example.org");
    return files;
  }

  void run(String... arguments) {
    assertThat(shell.run(arguments)).as(() -> shell.out() + shell.err()).isZero();
  }

  TestShell shell() {
    return shell;
  }

  PublishedFile publish(Path file) throws IOException {
    String product = "sales/p" + ++products;
    run("product", "propose", file.toString());
    String complaints = shell.err();
    Path contract =
        Files.writeString(folder.resolve("contract-" + products + ".yaml"), shell.out());
    run(
        "product",
        "define",
        product,
        "--contract",
        contract.toString(),
        "--on-violation",
        "quarantine");
    run("publish", product, file.toString(), "--json");
    JsonNode receipt = shell.json();
    complaints += shell.err();
    try (Mesh mesh = LocalMesh.openExisting(folder.resolve("mesh"))) {
      MeshClient client = mesh.clientAs(Principal.of("sales", "etl"));
      List<Map<String, Object>> all;
      try (Rows<Map<String, Object>> rows = client.read(product).asMaps().rows()) {
        all = rows.stream().toList();
      }
      return new PublishedFile(
          receipt, client.describe(product).versions().get(0).contract(), all, complaints);
    }
  }
}
