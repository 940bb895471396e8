package io.meshwork.odcs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.meshwork.publish.Publish.FileFormat;
import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;

class OdcsProposalTest {
  private static ContractProposal trips() throws Exception {
    return ContractProposal.from(
        Path.of(
            Objects.requireNonNull(
                    OdcsProposalTest.class.getResource("/green_tripdata_2024-01.parquet"))
                .toURI()));
  }

  private static ContractProposal orders() {
    StringBuilder csv = new StringBuilder("id,day,at,local,amount,no,key,time,flag,text\n");
    for (int i = 0; i < 20; i++) {
      csv.append("NO-")
          .append(i)
          .append(",2026-01-01,2026-01-01T10:00:00Z,2026-01-01T10:00:00,")
          .append(i)
          .append(".25,no,123e4567-e89b-12d3-a456-4266141740")
          .append(10 + i)
          .append(",10:00:00,true,\"a: # 'b' \"\"😀\"\"\n\"\n");
    }
    return ContractProposal.fromCsv(
        new ByteArrayInputStream(csv.toString().getBytes(StandardCharsets.UTF_8)),
        FileFormat.csv());
  }

  private static ContractProposal nested() {
    return ContractProposal.fromJson(
        new ByteArrayInputStream(
            "{\"a\": {\"b\": [[{\"c\": 1.5}]]}, \"m\": {}, \"e\": []}"
                .getBytes(StandardCharsets.UTF_8)));
  }

  private static JsonNode read(String yaml) {
    Load yamlReader = new Load(LoadSettings.builder().build());
    return new ObjectMapper().valueToTree(yamlReader.loadFromString(yaml));
  }

  private static JsonNode property(JsonNode document, String name) {
    for (JsonNode each : document.at("/schema/0/properties")) {
      if (each.path("name").asText().equals(name)) {
        return each;
      }
    }
    throw new AssertionError(name);
  }

  @Test
  void aProposalIsAValidOdcsDocument() throws Exception {
    assumeTrue(
        Files.exists(OdcsSchema.place()),
        "the JSON Schema of ODCS is beside the project or at the path in meshwork.odcs.schema");
    OdcsSchema schema = OdcsSchema.read();
    for (ContractProposal proposal : List.of(trips(), orders(), nested())) {
      JsonNode document = read(proposal.asYaml());
      assertThat(schema.faults(document)).as(proposal.asYaml()).isEmpty();

      ((ObjectNode) document.at("/schema/0/properties/0")).put("mustBe", 1);
      assertThat(schema.faults(document)).as("the check finds faults").isNotEmpty();
    }
  }

  @Test
  void typesAndRulesAreMapped() throws Exception {
    JsonNode document = read(trips().asYaml());

    assertThat(document.path("name").asText()).isEqualTo("green_tripdata");
    assertThat(document.path("status").asText()).isEqualTo("draft");
    assertThat(document.path("version").asText()).isEqualTo("1.0.0");
    JsonNode rate = property(document, "RatecodeID");
    assertThat(rate.path("physicalType").asText()).isEqualTo("double");
    assertThat(rate.path("required").asBoolean(true)).isFalse();
    assertThat(rate.has("quality")).isFalse();
    JsonNode flag = property(document, "store_and_fwd_flag").at("/quality/0");
    assertThat(flag.at("/arguments/validValues")).hasToString("[\"N\",\"Y\"]");
    assertThat(flag.path("severity").asText()).isEqualTo("warning");
    JsonNode pickup = property(document, "lpep_pickup_datetime");
    assertThat(pickup.path("logicalType").asText()).isEqualTo("timestamp");
    assertThat(pickup.at("/logicalTypeOptions/timezone").asBoolean(true)).isFalse();
  }

  @Test
  void textsThatYamlWouldTakeForSomethingElseAreQuoted() {
    String yaml = orders().asYaml();
    JsonNode document = read(yaml);

    assertThat(yaml).contains("    name: \"no\"\n").contains("- \"no\"\n");
    assertThat(property(document, "text").at("/quality/0/arguments/validValues/0").asText())
        .isEqualTo("a: # 'b' \"😀\"\n");
    assertThat(document.at("/schema/0/quality/0/arguments/properties")).hasToString("[\"id\"]");
    assertThat(property(document, "amount").path("physicalType").asText())
        .isEqualTo("decimal(18,2)");
    assertThat(property(document, "at").at("/logicalTypeOptions/timezone").asBoolean()).isTrue();
    assertThat(property(document, "key").at("/logicalTypeOptions/format").asText())
        .isEqualTo("uuid");
  }
}
