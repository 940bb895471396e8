package io.meshwork.examples.shop;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.meshwork.Mesh;
import io.meshwork.MeshClient;
import io.meshwork.card.Health;
import io.meshwork.discovery.MeshHealth;
import io.meshwork.examples.story.StoryRun;
import io.meshwork.local.LocalMesh;
import io.meshwork.portal.Portal;
import io.meshwork.product.Classification;
import io.meshwork.product.Principal;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ShopTest {
  @TempDir private Path folder;

  @Test
  void theShopLeavesAMeshAndASiteInWhichTheSameProductsAreLate() throws Exception {
    StoryRun run = StoryRun.of(Shop.class, folder);

    assertThat(run.code()).as(run.err()).isZero();
    assertThat(run.words())
        .containsExactly(
            "published", "late", "violated", "requested", "announced", "impact", "portal", "owner");
    assertThat(run.result().fieldNames())
        .toIterable()
        .containsExactly("domains", "products", "late", "violated", "pages", "bytesSpared");
    assertThat(run.result().get("domains").asInt()).isEqualTo(4);
    assertThat(run.result().get("products").asInt()).isEqualTo(12);
    assertThat(run.result().get("bytesSpared").asLong()).isPositive();
    Path site = folder.resolve("mesh/site");
    for (String question : List.of("what", "who", "schema", "promise", "now")) {
      assertThat(Files.readString(site.resolve("product/commerce/orders.html")))
          .contains("data-question=\"" + question + "\"");
    }
    assertThat(
            Files.readString(
                folder.resolve("mesh/site-of-commerce/product/commerce/customers.html")))
        .contains("id=\"quarantine\"", "matches.email");
    assertThat(Files.readString(site.resolve("rollouts.html")))
        .contains("Version 2 replaces version 1", "All domains call it a quantity", "logistics")
        .doesNotContain("finance/revenue</th>", "logistics, without a subscription", "agreed");
    assertThat(Files.readString(folder.resolve("mesh/site-of-commerce/rollouts.html")))
        .contains(
            "finance/revenue",
            "logistics, without a subscription",
            "for 3 of 3 consumers",
            "agreed");
    JsonNode index = new ObjectMapper().readTree(site.resolve("index.json").toFile());
    assertThat(index.get("products")).hasSize(12);
    assertThat(Files.readString(site.resolve("product/commerce/catalog.html")))
        .contains("UNKNOWN", "<dt>Updated</dt><dd> unknown</dd>");
    try (Mesh mesh = LocalMesh.builder(folder.resolve("mesh/mesh")).open()) {
      assertThat(mesh.doctor().findings())
          .as("only the catalog is lost")
          .isNotEmpty()
          .allSatisfy(finding -> assertThat(finding.where()).contains("commerce.catalog_v1"));
      assertThat(mesh.clientAs(Principal.of("commerce", "etl")).health().products())
          .extracting(Health::status)
          .contains(Health.Status.values());
      assertThat(
              mesh.clientAs(ShopMesh.VISITOR)
                  .lineage("logistics/stock")
                  .upstream(1)
                  .downstream(1)
                  .graph()
                  .edges())
          .as("a circle")
          .extracting(edge -> edge.from() + " to " + edge.to())
          .contains(
              "logistics/stock to logistics/replenishment",
              "logistics/replenishment to logistics/stock");
      assertThat(mesh.clientAs(ShopMesh.VISITOR).describe("commerce/customers").classification())
          .isEqualTo(Classification.RESTRICTED);
      assertThat(inputsOfOrders(mesh.clientAs(ShopMesh.VISITOR))).isEmpty();
      assertThat(inputsOfOrders(mesh.clientAs(Principal.of("commerce", "etl"))))
          .containsExactly("commerce/customers");
      Portal.of(mesh.clientAs(Principal.of("commerce", "etl"))).writeTo(folder.resolve("owner"));
      MeshHealth health = mesh.clientAs(ShopMesh.VISITOR).health();
      assertThat(health.count(Health.Status.LATE)).isEqualTo(run.result().get("late").asInt());
    }
  }

  private static List<String> inputsOfOrders(MeshClient viewer) {
    return viewer.lineage("commerce/orders").upstream(1).graph().edges().stream()
        .map(edge -> edge.from().toString())
        .toList();
  }
}
