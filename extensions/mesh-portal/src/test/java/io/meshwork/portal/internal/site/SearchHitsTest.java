package io.meshwork.portal.internal.site;

import static org.assertj.core.api.Assertions.assertThat;

import io.meshwork.Mesh;
import io.meshwork.MeshClient;
import io.meshwork.portal.SmallMesh;
import io.meshwork.product.Principal;
import java.time.Duration;
import org.junit.jupiter.api.Assertions;
import org.junit.jupiter.api.Test;

/** All hits of a search, in several calls. */
class SearchHitsTest {
  @Test
  void productsThatAreDefinedBetweenTwoCallsDoNotHoldItUp() {
    try (Mesh mesh = SmallMesh.open()) {
      MeshClient owner = mesh.clientAs(Principal.of("commerce", "etl"));
      Assertions.assertTimeoutPreemptively(
          Duration.ofSeconds(30),
          () ->
              assertThat(
                      SearchHits.read(
                          offset -> {
                            if (offset == 1) {
                              SmallMesh.define(owner, "commerce/articles", "First by name");
                            }
                            return owner.search("").offset(offset).limit(1).results();
                          }))
                  .extracting(hit -> hit.product().toString())
                  .contains("commerce/orders", "finance/revenue"));
    }
  }
}
