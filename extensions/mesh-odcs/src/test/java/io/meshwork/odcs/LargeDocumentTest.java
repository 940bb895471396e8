package io.meshwork.odcs;

import static org.assertj.core.api.Assertions.assertThat;

import io.meshwork.Mesh;
import io.meshwork.MeshClient;
import io.meshwork.contract.Contract;
import io.meshwork.local.LocalMesh;
import io.meshwork.product.Principal;
import java.nio.file.Path;
import java.util.HexFormat;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Documents that are nearly as large as a document of the registry. */
class LargeDocumentTest {
  @TempDir private Path folder;

  @Test
  void aDocumentOf300KilobytesIsAcceptedAndFound() {
    StringBuilder yaml =
        new StringBuilder(
            """
            apiVersion: v3.2.0
            kind: DataContract
            id: large
            version: 1.0.0
            status: active
            schema:
              - name: rows
                properties:
            """);
    Random random = new Random(7);
    for (int column = 0; column < 300; column++) {
      yaml.append("      - name: c").append(column).append("\n        logicalType: integer\n");
      yaml.append("        authoritativeDefinitions:\n          - type: glossary\n");
      yaml.append("            url: https://example.com/").append(column).append('\n');
      yaml.append("            description: word").append(column);
      for (int word = 0; word < 40; word++) {
        byte[] letters = new byte[10];
        random.nextBytes(letters);
        yaml.append(' ').append(HexFormat.of().formatHex(letters));
      }
      yaml.append('\n');
    }
    assertThat(yaml.length()).isBetween(280_000, 320_000);
    Contract contract = OdcsDocument.parse(yaml.toString()).contract();

    try (Mesh mesh = LocalMesh.open(folder.resolve("mesh"))) {
      MeshClient owner = mesh.clientAs(Principal.of("d", "etl"));
      owner.registerDomain("d").owner("d@example.org").commit();
      owner.defineProduct("d/large").contract(contract).commit();

      assertThat(owner.search("word299").results().hits())
          .extracting(hit -> hit.product().toString())
          .containsExactly("d/large");
      assertThat(OdcsExport.of(owner.describe("d/large").contract()).asYaml()).contains("word299");
    }
  }
}
