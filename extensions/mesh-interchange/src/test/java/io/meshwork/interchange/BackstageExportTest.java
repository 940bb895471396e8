package io.meshwork.interchange;

import static io.meshwork.interchange.ExportedMesh.order;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.meshwork.MeshClient;
import io.meshwork.contract.Contract;
import io.meshwork.product.Principal;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;

/** The mesh as entities of Backstage. */
class BackstageExportTest {
  /** How Backstage checks names; at most 63 characters. */
  private static final String NAME = "[A-Za-z0-9]+([-_.][A-Za-z0-9]+)*";

  /** What Backstage requires of each kind. */
  private static final Map<String, List<String>> REQUIRED =
      Map.of(
          "Group", List.of("type", "children"),
          "Domain", List.of("owner"),
          "System", List.of("owner"),
          "Resource", List.of("type", "owner"));

  @TempDir Path folder;
  private ExportedMesh shop;

  @BeforeEach
  void open() {
    shop = new ExportedMesh(folder.resolve("mesh"));
  }

  @AfterEach
  void close() {
    shop.close();
  }

  @Test
  void entitiesFollowTheRulesOfBackstageAndTheirReferencesExist() {
    shop.publishOrders(order(1, 10));
    shop.publishRevenue();
    MeshClient logistics = shop.mesh.clientAs(Principal.of("logistics", "etl"));
    String longName = "a".repeat(63);
    logistics
        .registerDomain("logistics")
        .description("Ships: what was sold # no comment")
        .owner("Ms. O'Neil & friends (2nd floor)")
        .commit();
    logistics
        .defineProduct("logistics/" + longName)
        .contract(Contract.of(ExportedMesh.Revenue.class))
        .commit();

    Map<String, JsonNode> entities = entities(logistics);

    assertThat(entities).hasSize(3 + 3 + 3 + 3);
    entities.forEach((reference, entity) -> check(reference, entity, entities));
  }

  @Test
  void aProductIsASystemWithAResourceForEachVersion() {
    shop.publishOrders(order(1, 10));
    shop.publishRevenue();
    shop.finance.governance().defineTag("audience", "board", "all").commit();
    shop.finance.access().tag("finance/revenue-by-city").set("audience", "board").commit();

    Map<String, JsonNode> entities = entities(shop.finance);

    assertThat(entities.keySet())
        .containsExactlyInAnyOrder(
            "group:default/orders.at.example.org",
            "group:default/finance.at.example.org",
            "domain:default/commerce",
            "domain:default/finance",
            "system:default/commerce.orders",
            "system:default/finance.revenue-by-city",
            "resource:default/commerce.orders.v1",
            "resource:default/finance.revenue-by-city.v1");
    JsonNode system = entities.get("system:default/finance.revenue-by-city");
    assertThat(system.at("/spec/domain").asText()).isEqualTo("finance");
    assertThat(system.at("/metadata/annotations/meshwork.io~1tags").asText())
        .isEqualTo("audience=board");
    JsonNode resource = entities.get("resource:default/finance.revenue-by-city.v1");
    assertThat(resource.at("/spec/system").asText()).isEqualTo("finance.revenue-by-city");
    assertThat(resource.at("/spec/dependsOn/0").asText())
        .isEqualTo("resource:default/commerce.orders.v1");
    assertThat(entities.get("domain:default/commerce").at("/metadata/description").asText())
        .isEqualTo("Sales of the shop");
  }

  private static void check(String reference, JsonNode entity, Map<String, JsonNode> all) {
    assertThat(entity.path("apiVersion").asText()).isEqualTo("backstage.io/v1alpha1");
    assertThat(entity.at("/metadata/name").asText())
        .as(reference)
        .matches(NAME)
        .hasSizeLessThanOrEqualTo(63);
    JsonNode spec = entity.path("spec");
    assertThat(REQUIRED.get(entity.path("kind").asText())).allMatch(spec::has);
    List<String> references = new ArrayList<>();
    if (spec.has("owner")) {
      references.add(spec.path("owner").asText());
    }
    if (spec.has("domain")) {
      references.add("domain:default/" + spec.path("domain").asText());
    }
    if (spec.has("system")) {
      references.add("system:default/" + spec.path("system").asText());
    }
    spec.path("dependsOn").forEach(each -> references.add(each.asText()));
    assertThat(all.keySet()).as(reference).containsAll(references);
    entity
        .at("/metadata/tags")
        .forEach(tag -> assertThat(tag.asText()).matches("[a-z0-9:+#]+(-[a-z0-9:+#]+)*"));
    entity
        .at("/metadata/annotations")
        .properties()
        .forEach(
            annotation -> {
              assertThat(annotation.getKey()).matches("[a-z.]+/[a-z-]{1,63}");
              assertThat(annotation.getValue().isTextual()).isTrue();
            });
  }

  /** The entities by their references; two with one reference are an error. */
  private static Map<String, JsonNode> entities(MeshClient client) {
    Map<String, JsonNode> entities = new TreeMap<>();
    for (Object document :
        new Load(LoadSettings.builder().build())
            .loadAllFromString(BackstageExport.of(client).asYaml())) {
      JsonNode entity = OfficialSchemas.JSON.valueToTree(document);
      String reference =
          entity.path("kind").asText().toLowerCase(Locale.ROOT)
              + ":default/"
              + entity.at("/metadata/name").asText();
      assertThat(entities.put(reference, entity)).as(reference).isNull();
    }
    return entities;
  }
}
